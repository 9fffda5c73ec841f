"""The documentation: its Python compiles, every name that it imports from here exists, and every endpoint is listed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from cognito_auth.web import ROUTES, Route

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
BLOCK: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[pytest.ParameterSet]:
    """Each block of Python, padded so that errors name the line of the page."""
    for page in PAGES:
        text = page.read_text()
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start(1))
            yield pytest.param("\n" * line + found[1], page, id=f"{page.relative_to(ROOT)}:{line + 1}")


BLOCKS: Final = list(blocks())


def test_the_readme_has_some() -> None:
    assert any(block.values[1] == PAGES[0] for block in BLOCKS)


@pytest.mark.parametrize(("source", "page"), BLOCKS)
def test_it_compiles(source: str, page: Path) -> None:
    compile(source, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.mark.parametrize(("source", "page"), BLOCKS)
def test_what_it_imports_is_there(source: str, page: Path) -> None:
    for node in ast.walk(ast.parse(source, str(page))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cognito_auth"):
            module = import_module(node.module or "")
            for alias in node.names:
                assert hasattr(module, alias.name), f"{page.name}:{node.lineno}: {node.module}.{alias.name}"


ROW: Final = re.compile(r"^\| `(GET|POST|PUT|PATCH|DELETE) ([a-z/.]+)` \|([^|]*)\|", re.MULTILINE)


def test_every_endpoint_is_listed_once_and_nothing_else() -> None:
    listed = [(method, path) for method, path, _ in ROW.findall((ROOT / "docs" / "endpoints.md").read_text())]
    assert sorted(listed) == sorted((route.method, route.path) for route in ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_member_of_a_body_is_listed(route: Route) -> None:
    rows = ROW.findall((ROOT / "docs" / "endpoints.md").read_text())
    (cell,) = [body for method, path, body in rows if (method, path) == (route.method, route.path)]
    for member in route.members:
        assert f"`{member.name}`" in cell
        assert not member.required or f"`{member.name}`?" not in cell
    assert bool(cell.strip()) == bool(route.members)


LINK: Final = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(page.read_text()):
        if "://" not in target:
            found = page.parent / target if target else page
            assert found.exists(), target
            assert not heading or heading in anchors(found), f"{target}#{heading}"


def anchors(page: Path) -> set[str]:
    """The names that headings of a page have in addresses."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}
