"""The operations of the Cognito user pools API as typed, frozen values.

``client.send(SignUp(username="ana", password="..."))`` returns a `SignUpReply`. What the settings know (pool, client, secret
hash) is left out by the caller. `OPERATIONS` maps every operation's name on the wire to its class; the embedded pool reads the
same classes from the other side. It is made when it is first asked for, since making some two hundred classes takes a process
longer than anything else here, and most need few of them.

Source: the ``cognito-idp`` API reference, https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .structure import NoReply, Operation, Structure, reply_type

if TYPE_CHECKING:
    from .operations import OPERATIONS

AnyOperation: TypeAlias = Operation[Any]

__all__ = ["OPERATIONS", "AnyOperation", "NoReply", "Operation", "Structure", "reply_type"]


def __getattr__(name: str) -> Any:
    if name != "OPERATIONS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .operations import OPERATIONS

    globals()[name] = OPERATIONS
    return OPERATIONS
