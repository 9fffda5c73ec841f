"""The JavaScript module for passkeys: short enough to be read, needing nothing but a browser, and documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.local_server import local_server

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = (ROOT / "cognito_auth" / "web" / "static" / "passkeys.js").read_text()
PAGE: Final = ROOT / "docs" / "passkeys.md"
COMMENT: Final = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL)
REACHING_OUT: Final = re.compile(r"\bimport\b(?!\.meta)|\brequire\b|\beval\b|\bFunction\b|innerHTML|Storage|document\b")
"""Other modules, text that becomes code or markup, and what outlives the page."""


def reaching_out(source: str) -> list[str]:
    return REACHING_OUT.findall(COMMENT.sub("", source))


def test_it_is_short() -> None:
    lines = SOURCE.splitlines()
    assert len(lines) < 150
    assert max(map(len, lines)) <= 128


def test_it_imports_nothing() -> None:
    assert reaching_out(SOURCE) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('import { a } from "./b.js";', ["import"]),
        ('const b = await import("./b.js"); // import', ["import"]),
        ("/* import */ new URL('.', import.meta.url)", []),
        ('const a = "https://a/import";', ["import"]),
        ("localStorage.a = 1", ["Storage"]),
    ],
)
def test_what_is_looked_for_is_found(planted: str, found: list[str]) -> None:
    assert reaching_out(planted) == found


def python_blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def run(program: str, **environment: str) -> str:
    """What a program prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_settings_that_the_page_gives() -> None:
    """They make a pool in which the embedded pool's own rules find nothing wrong."""
    with local_server() as server:
        printed = run(
            f"{python_blocks()[0]}    print(client.send(DescribeUserPool(user_pool_id=pool.id)).user_pool.policies)\n".replace(
                "import CreateUserPool\n", "import CreateUserPool, DescribeUserPool\n"
            ),
            COGNITO_ENDPOINT=server.endpoint,
            COGNITO_USER_POOL_ID=server.user_pool_id,
            COGNITO_CLIENT_ID=server.client_id,
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",
        )
    assert "'WEB_AUTHN'" in printed


def test_the_test_that_the_page_gives() -> None:
    assert run(python_blocks()[1]) == "{'status': 'signed_in', 'username': 'ana'}\n"


def test_every_export_is_documented() -> None:
    exported = re.findall(r"^export (?:const|class|(?:async )?function) (\w+)", SOURCE, re.MULTILINE)
    assert len(exported) == SOURCE.count("export ")
    section = PAGE.read_text().partition("## The module\n")[2].partition("| code | when |")[0]
    assert re.findall(r"^\| `(\w+)[^`]*` \|", section, re.MULTILINE) == exported


def test_every_reason_is_documented() -> None:
    reasons = re.findall(r'\["(\w+)", "[A-Z]', SOURCE) + re.findall(r'explained\(cause, "(\w+)"', SOURCE)
    section = PAGE.read_text().partition("| code | when |")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(reasons)
