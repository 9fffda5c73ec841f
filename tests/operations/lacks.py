"""Journeys that the embedded pool does not carry out as Cognito does, and why.

Each must fail: one that passes fails the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

POOL_LACKS: Final[Mapping[str, str]] = MappingProxyType({})
"""What the embedded pool lacks: of these journeys, nothing."""
