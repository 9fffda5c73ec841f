"""Every operation that the pool carries out, with its handler."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..api import AnyOperation
from ..retry import is_read
from .base.handlers import Handler, Handlers
from .pools import clients, domains, mfa, pools, resource_servers, schema
from .sign_in import (
    auth_factors,
    challenges,
    devices,
    initiate,
    mfa_preference,
    passkeys,
    refresh,
    sign_up_session,
    software_token,
    user_sessions,
)
from .users import (
    account,
    auth_events,
    groups,
    listing,
    providers,
    removal,
    sign_up,
    user_attributes,
    user_status,
    users,
    verification,
)

HANDLERS: Final[Handlers] = MappingProxyType(
    {
        operation: handler
        for module in (
            account,
            auth_events,
            auth_factors,
            challenges,
            clients,
            devices,
            domains,
            groups,
            initiate,
            listing,
            mfa_preference,
            mfa,
            passkeys,
            pools,
            providers,
            refresh,
            removal,
            resource_servers,
            schema,
            sign_up,
            sign_up_session,
            software_token,
            user_attributes,
            user_sessions,
            user_status,
            users,
            verification,
        )
        for operation, handler in module.HANDLERS.items()
    }
)
BY_NAME: Final[Mapping[str, tuple[type[AnyOperation], Handler]]] = MappingProxyType(
    {operation.__name__: (operation, handler) for operation, handler in HANDLERS.items()}
)
READING: Final = frozenset(operation for name, (operation, _) in BY_NAME.items() if is_read(name))
"""Operations that change nothing."""
