"""Sign a web application's people in with Amazon Cognito.

The names here are what applications use most; each lives in the module that `_HOME` names, which is imported when the name is
first used, so that ``import cognito_auth`` costs next to nothing. Flows are in `cognito_auth.flows`, operations in
`cognito_auth.api`, errors in `cognito_auth.errors`, the embedded pool in `cognito_auth.local`.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it: loading `typing` for it would take longer than all else here
if TYPE_CHECKING:
    from typing import Any, Final

    from .client import AsyncCognitoClient as AsyncCognitoClient
    from .client import AwsCredentials as AwsCredentials
    from .client import CognitoClient as CognitoClient
    from .config import Settings as Settings
    from .errors import CognitoAuthError as CognitoAuthError
    from .guards import Requirement as Requirement
    from .guards import all_groups as all_groups
    from .guards import any_group as any_group
    from .guards import group as group
    from .guards import mfa as mfa
    from .guards import person as person
    from .guards import recent as recent
    from .guards import scope as scope
    from .guards import signed_in as signed_in
    from .secret import Secret as Secret
    from .tokens import AccessToken as AccessToken
    from .tokens import IdToken as IdToken
    from .tokens import TokenVerifier as TokenVerifier
    from .user import User as User
    from .web import WebOptions as WebOptions

__version__: Final = "0.1.0"

_HOME: Final = {
    "AccessToken": "tokens",
    "AsyncCognitoClient": "client",
    "AwsCredentials": "client",
    "CognitoAuthError": "errors",
    "CognitoClient": "client",
    "IdToken": "tokens",
    "Requirement": "guards",
    "Secret": "secret",
    "Settings": "config",
    "TokenVerifier": "tokens",
    "User": "user",
    "WebOptions": "web",
    "all_groups": "guards",
    "any_group": "guards",
    "group": "guards",
    "mfa": "guards",
    "person": "guards",
    "recent": "guards",
    "scope": "guards",
    "signed_in": "guards",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return [*_HOME, "__version__"]
