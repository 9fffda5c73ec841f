"""The examples of ``docs/local-pool.md`` about the query form and signatures, run as they are written."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.support.local_server import local_server
from tests.support.requirements import require_or_skip

PAGE: Final = Path(__file__).parents[2] / "docs" / "local-pool.md"


def block(section: str, language: str) -> str:
    """The first block of a language in a section of the page."""
    text = PAGE.read_text().partition(f"## {section}\n")[2]
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_curl() -> None:
    require_or_skip(shutil.which("curl"), "no curl is installed")
    with local_server() as server:
        script = block("One line of curl", "bash").replace("http://127.0.0.1:9229", server.endpoint)
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.count("ana@example.org") == 2
    assert "__type" not in done.stdout


@pytest.mark.parametrize(
    ("section", "printed"),
    [
        ("Signatures", ["UserPool("]),
        ("Triggers", ["True", "the name is reserved"]),
        ("In tests", ["as before", "TooManyRequestsException"]),
    ],
)
def test_python(section: str, printed: list[str]) -> None:
    """All examples of a section, one after the other, as a reader would type them."""
    text = PAGE.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    source = "".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(source, str(PAGE), "exec"), {})
    for words in printed:
        assert words in shown.getvalue()
