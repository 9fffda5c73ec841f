"""The tests that a page of the documentation names, as ``tests/a/test_b.py::test_c`` or ``tests/a/test_b.py::TestD::test_e``.

A page that says where something is held is only as good as these names: `exists` tells whether there is such a test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)::(\w+(?:::\w+)?)`")


def named_tests(text: str) -> Iterator[tuple[Path, str]]:
    """Each test that a text names in backquotes: its file, from the project's root on, and its name there."""
    for path, name in _NAMED.findall(text):
        yield Path(path), name


def exists(path: Path, name: str) -> bool:
    """Whether the file, from the project's root on, has a test of this name that pytest collects."""
    return (ROOT / path).is_file() and name in _tests(ROOT / path)


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(), str(path))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    inside = {f"{each.name}::{name}" for each in classes for name in _functions(each.body)}
    return frozenset({*_functions(tree.body), *inside})


def _functions(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node.name
