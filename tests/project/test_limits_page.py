"""The page about limits lists those that hold by default, and the endpoints that are counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from cognito_auth.stores.rate_limits import ALLOWED
from cognito_auth.web import ROUTES

PAGE: Final = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
ROW: Final = re.compile(
    r"^\| `(\w+)` \| (.+?) \| (\d+) a minute, (\d+) an hour \| (\d+) a minute, (\d+) an hour \|$", re.MULTILINE
)


def test_every_limit_is_listed() -> None:
    listed = {kind: tuple(numbers) for kind, _, *numbers in ROW.findall(PAGE)}
    held = {
        kind: tuple(re.findall(r"(\d+)/(?:minute|hour)", f"{allowed.address};{allowed.name}"))
        for kind, allowed in ALLOWED.items()
    }
    assert listed == held


def test_every_endpoint_that_is_counted_is_listed() -> None:
    listed = {(path, kind) for kind, cell, *_ in ROW.findall(PAGE) for path in re.findall(r"`([a-z/]+)`", cell)}
    assert listed == {(route.path, route.limited.family) for route in ROUTES if route.limited}
