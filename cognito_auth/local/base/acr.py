"""The names of a pool's four levels of authentication assurance (``acr``, OpenID Connect Core 1.0, section 2).

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AcrLevelConfigType.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...api.pool_settings import AcrLevelConfig
from ..store.records import Pool
from . import faults

LEVELS: Final = (1, 2, 3, 4)
DEFAULT_NAMES: Final[Mapping[str, AcrLevelConfig]] = MappingProxyType(
    {f"Level{level}": AcrLevelConfig(acr_value=f"urn:cognito:loa:{level}") for level in LEVELS}
)
"""What the levels are called unless the pool calls them otherwise."""


def effective_names(given: Mapping[str, AcrLevelConfig] | None) -> Mapping[str, AcrLevelConfig]:
    """The names of all levels, some of them given. Raises `Fault` for a level that there is not, or two of one name."""
    for level in given or ():
        if level not in DEFAULT_NAMES:
            raise faults.ACR_LEVEL(level)
    names = {**DEFAULT_NAMES, **(given or {})}
    if len({each.acr_value for each in names.values()}) < len(names):
        raise faults.ACR_NAME
    return names


def name_of(pool: Pool, level: int) -> str:
    """What the pool calls a level, from 1 to 4."""
    return (pool.settings.acr_configuration or DEFAULT_NAMES)[f"Level{level}"].acr_value


def level_named(pool: Pool, name: str) -> int | None:
    """The level that the pool calls so, if it calls one so."""
    return next((level for level in LEVELS if name_of(pool, level) == name), None)
