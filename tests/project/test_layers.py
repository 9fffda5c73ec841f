"""Who imports whom: each layer only what stands below it, and what is pure neither clock nor socket nor framework."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CORE: Final = ROOT / "cognito_auth"
LOCAL: Final = CORE / "local"
ADAPTERS: Final = ROOT / "adapters"

LAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("base64url", "errors", "events", "secret"),
    ("config", "observer"),
    ("effects",),
    ("api", "modexp", "secret_hash"),
    ("completion", "pagination", "retry", "srp"),
    ("exchange", "states"),
    ("steps",),
    ("transitions",),
    ("flows",),
    ("tokens",),
    ("user",),
    ("guards",),
    ("sessions",),
    ("web",),
    ("forking",),
    ("otel", "signing", "stores"),
    ("client",),
    ("bulk", "local"),
    ("cli",),
    ("__main__",),
)
"""From the ground up. What stands on one level does not know each other."""

LOCAL_LAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("authenticator", "clock", "store"),
    ("base",),
    ("users",),
    ("sign_in",),
    ("pools",),
    ("injection", "operations"),
    ("pool",),
    ("http",),
)
"""Those of the embedded pool."""

IMPURE: Final = frozenset({"forking", "otel", "signing", "stores", "client", "bulk", "local", "cli", "__main__"})
ALLOWED_LIBRARIES: Final = frozenset({"cryptography", "jwt", "segno"})
"""What pure modules may import besides the standard library: arithmetic, no I/O."""
FORBIDDEN: Final = frozenset(
    {"anyio", "asyncio", "concurrent", "ftplib", "http", "httpx", "io", "multiprocessing", "os", "pathlib", "platform"}
    | {"queue", "random", "sched", "secrets", "select", "selectors", "shutil", "signal", "smtplib", "socket", "socketserver"}
    | {"sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request", "uuid"}
)
CLOCKS: Final = frozenset({"now", "utcnow", "today"})
"""Methods of dates and times that read a clock."""

ADAPTER_IMPORTS: Final = {
    "cognito_auth_flask": {"cognito_auth", "flask", "werkzeug", "httpx"},
    "cognito_auth_starlette": {"cognito_auth", "starlette", "anyio", "httpx"},
    "cognito_auth_fastapi": {"cognito_auth", "cognito_auth_starlette", "fastapi", "starlette", "httpx"},
}
"""Besides the standard library. httpx is there for the type of a transport that is passed through."""


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if path != CORE / "__init__.py")


def layer(path: Path, folder: Path = CORE) -> str:
    """The layer that a file of the folder belongs to."""
    first = path.relative_to(folder).parts[0]
    return first.removesuffix(".py")


def imported(source: str, package: tuple[str, ...]) -> Iterator[str]:
    """The absolute names that a module of ``package`` imports, those inside functions and for type checkers included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def within(name: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a dotted name is, or is below, one of ``names``."""
    parts = name.split(".")
    return any(".".join(parts[:size]) in names for size in range(1, len(parts) + 1))


def trespasses(
    source: str, package: tuple[str, ...], own: str, *, top: str = "cognito_auth", layers: tuple[tuple[str, ...], ...] = LAYERS
) -> list[str]:
    """The imports of a module in layer ``own`` of ``top`` by which it reaches up, or out of the core."""
    level = {name: number for number, names in enumerate(layers) for name in names}
    found: list[str] = []
    for name in imported(source, package):
        target = name.removeprefix(f"{top}.").partition(".")[0] if name.startswith(f"{top}.") else own
        if (target != own and level[target] >= level[own]) or name.partition(".")[0] in ADAPTER_IMPORTS:
            found.append(name)
    return found


def impurities(source: str, package: tuple[str, ...]) -> list[str]:
    """What a pure module must not have: I/O, clocks, chance, frameworks."""
    allowed = {*sys.stdlib_module_names, *ALLOWED_LIBRARIES, "cognito_auth"}
    found = [name for name in imported(source, package) if within(name, FORBIDDEN) or not within(name, allowed)]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=name)) if name in CLOCKS:
                found.append(f"{name}()")
            case ast.Call(func=ast.Name(id="open" | "print" | "input" | "__import__" | "import_module" as name)):
                found.append(f"{name}()")
            case _:
                pass
    return found


def package_of(path: Path, base: Path) -> tuple[str, ...]:
    return path.relative_to(base).parts[:-1]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_module_has_a_layer() -> None:
    assert {layer(path) for path in modules(CORE)} == {name for names in LAYERS for name in names}


@pytest.mark.parametrize("path", modules(CORE), ids=name_of)
def test_a_layer_knows_only_what_stands_below(path: Path) -> None:
    assert trespasses(path.read_text(), package_of(path, ROOT), layer(path)) == []


LOCAL_MODULES: Final = [path for path in modules(LOCAL) if path != LOCAL / "__init__.py"]


def test_every_module_of_the_pool_has_a_layer() -> None:
    assert {layer(path, LOCAL) for path in LOCAL_MODULES} == {name for names in LOCAL_LAYERS for name in names}


@pytest.mark.parametrize("path", LOCAL_MODULES, ids=name_of)
def test_a_layer_of_the_pool_knows_only_what_stands_below(path: Path) -> None:
    own = layer(path, LOCAL)
    found = trespasses(path.read_text(), package_of(path, ROOT), own, top="cognito_auth.local", layers=LOCAL_LAYERS)
    assert found == []


@pytest.mark.parametrize("path", [path for path in modules(CORE) if layer(path) not in IMPURE], ids=name_of)
def test_pure_modules(path: Path) -> None:
    assert impurities(path.read_text(), package_of(path, ROOT)) == []


@pytest.mark.parametrize("adapter", sorted(ADAPTER_IMPORTS))
def test_adapters(adapter: str) -> None:
    allowed = {*ADAPTER_IMPORTS[adapter], adapter, *sys.stdlib_module_names}
    for path in modules(ADAPTERS / adapter):
        assert [name for name in imported(path.read_text(), package_of(path, ADAPTERS)) if not within(name, allowed)] == []


def test_there_is_no_other_adapter() -> None:
    assert {path.name for path in ADAPTERS.iterdir() if path.name != "__pycache__"} == set(ADAPTER_IMPORTS)


PLANTED: Final = {
    "import httpx": ["httpx"],
    "import os.path": ["os.path"],
    "from urllib import request": ["urllib.request"],
    "from urllib.request import urlopen": ["urllib.request.urlopen"],
    "from concurrent.futures import Future": ["concurrent.futures.Future"],
    "def later() -> None:\n    import time": ["time"],
    "from flask import Flask": ["flask.Flask"],
    "from datetime import datetime\ndatetime.now()": ["now()"],
    "from datetime import date\ndate.today()": ["today()"],
    "open('x')": ["open()"],
    "from cognito_auth.config import Settings": [],
    "from cryptography.exceptions import InvalidTag": [],
    "from urllib.parse import quote": [],
    "import json, hashlib": [],
}


@pytest.mark.parametrize("source", PLANTED)
def test_impurities_are_found(source: str) -> None:
    assert impurities(source, ("cognito_auth", "sessions")) == PLANTED[source]


REACHING: Final = {
    "from ..web import Reply": ["cognito_auth.web.Reply"],
    "from .. import web": ["cognito_auth.web"],
    "from ..guards import group": [],
    "from .seal import Sealer": [],
    "from ..client.blocking import CognitoClient": ["cognito_auth.client.blocking.CognitoClient"],
    "import cognito_auth.web": ["cognito_auth.web"],
    "from cognito_auth_flask import CognitoAuth": ["cognito_auth_flask.CognitoAuth"],
    "def later() -> None:\n    from ..local import Clock": ["cognito_auth.local.Clock"],
}


@pytest.mark.parametrize("source", REACHING)
def test_reaching_up_is_found(source: str) -> None:
    assert trespasses(source, ("cognito_auth", "sessions"), "sessions") == REACHING[source]
