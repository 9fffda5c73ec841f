"""The page about events, logs and measurements says what the code does."""

from __future__ import annotations

import logging
import re
from dataclasses import fields
from pathlib import Path
from typing import Final

from cognito_auth.events import EVENT_NAMES, SecurityEvent

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "observability.md").read_text()
EVENT: Final = re.compile(r"^\| `(\w+)` \| (INFO|WARNING) \| \S", re.MULTILINE)
LOGGER: Final = re.compile(r'getLogger\("([\w.]+)"\)')


def test_every_event_is_listed_with_its_level() -> None:
    levels = {name: logging.getLevelName(SecurityEvent(name=name, time=0.0).level) for name in EVENT_NAMES}
    assert EVENT.findall(PAGE) == list(levels.items())


def test_every_member_is_listed() -> None:
    table = PAGE.partition("| member |")[2].partition("\n\n")[0]
    listed = [name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert listed == [field.name for field in fields(SecurityEvent)]


def test_every_logger_is_listed() -> None:
    named = {name for path in (ROOT / "cognito_auth").rglob("*.py") for name in LOGGER.findall(path.read_text())}
    assert named == {"cognito_auth", "cognito_auth.keys", "cognito_auth.security"}
    assert all(f"| `{name}` |" in PAGE for name in named)
