"""Every operation that the pool carries out, with its handler."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..api import AnyOperation
from ..api.account import GetUser
from ..api.users import AdminGetUser
from . import (
    account,
    challenges,
    clients,
    groups,
    mfa_preference,
    pools,
    refresh,
    sign_in,
    sign_up,
    software_token,
    users,
)
from .handlers import Handler, Handlers

HANDLERS: Final[Handlers] = MappingProxyType(
    {
        operation: handler
        for module in (
            account,
            challenges,
            clients,
            groups,
            mfa_preference,
            pools,
            refresh,
            sign_in,
            sign_up,
            software_token,
            users,
        )
        for operation, handler in module.HANDLERS.items()
    }
)
BY_NAME: Final[Mapping[str, tuple[type[AnyOperation], Handler]]] = MappingProxyType(
    {operation.__name__: (operation, handler) for operation, handler in HANDLERS.items()}
)
READING: Final = frozenset({GetUser, AdminGetUser})
"""Operations that change nothing."""
