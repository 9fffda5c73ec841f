"""Tests that need a tool that is not everywhere (node, a browser, Redis): skipped without it, unless all are demanded."""

from __future__ import annotations

import os

import pytest

REQUIRE_ALL = "COGNITO_AUTH_REQUIRE_ALL"


def require_or_skip(condition: object, reason: str) -> None:
    """Skip the test with ``reason`` when ``condition`` is false; fail it where the environment says that nothing is skipped."""
    if condition:
        return
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason} ({REQUIRE_ALL} is set)")
    pytest.skip(reason)


def skip_without(condition: object, reason: str) -> None:
    """Skip the test with ``reason`` when ``condition`` is false, even where nothing else is skipped.

    For data that is not handed on with the project, which a clean checkout cannot have.
    """
    if not condition:
        pytest.skip(reason)
