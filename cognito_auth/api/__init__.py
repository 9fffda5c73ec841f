"""The operations of the Cognito user pools API as typed, frozen values.

``client.send(SignUp(username="ana", password="..."))`` returns a `SignUpReply`. What the settings know (pool, client, secret
hash) is left out by the caller. `OPERATIONS` maps every operation's name on the wire to its class; the embedded pool reads the
same classes from the other side.

Source: the ``cognito-idp`` API reference, https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

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
from .structure import NoReply, Operation, Structure, reply_type

AnyOperation: TypeAlias = Operation[Any]

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

OPERATIONS: Final[Mapping[str, type[AnyOperation]]] = MappingProxyType(
    {
        name: cast("type[AnyOperation]", value)
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Operation) and value is not Operation
    }
)
"""Every operation's class by its name on the wire."""

__all__ = ["OPERATIONS", "AnyOperation", "NoReply", "Operation", "Structure", "reply_type"]
