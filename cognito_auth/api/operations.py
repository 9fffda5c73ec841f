"""The table of all operations, which loads every module that has some."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from . import (
    account,
    auth,
    clients,
    devices,
    domains,
    groups,
    mfa,
    passkeys,
    pool_mfa,
    pools,
    providers,
    resource_servers,
    sessions,
    sign_up,
    users,
)
from .structure import Operation

_MODULES: Final = (
    account,
    auth,
    clients,
    devices,
    domains,
    groups,
    mfa,
    passkeys,
    pool_mfa,
    pools,
    providers,
    resource_servers,
    sessions,
    sign_up,
    users,
)

OPERATIONS: Final[Mapping[str, type[Operation[Any]]]] = MappingProxyType(
    {
        name: cast("type[Operation[Any]]", value)
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Operation) and value is not Operation
    }
)
"""Every operation's class by its name on the wire."""
