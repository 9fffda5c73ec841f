"""The string maps that sign-in requests carry: AuthParameters and ChallengeResponses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from . import faults

Parameters: TypeAlias = Mapping[str, str]


def demand(parameters: Parameters, name: str) -> str:
    """The value of a parameter. Raises `Fault` when it is absent or empty."""
    value = parameters.get(name)
    if not value:
        raise faults.MISSING_PARAMETER(name)
    return value
