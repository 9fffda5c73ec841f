"""What the pool answers: an HTTP reply in the AWS JSON 1.1 form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ...api.structure import NoReply, Structure
from ...api.wire import CONTENT_TYPE, to_wire
from .faults import Fault

_WITHOUT_BODY: Final = frozenset(
    {
        "AdminAddUserToGroup",
        "AdminDeleteUser",
        "AdminForgetDevice",
        "AdminRemoveUserFromGroup",
        "DeleteGroup",
        "DeleteResourceServer",
        "DeleteUser",
        "DeleteUserPool",
        "DeleteUserPoolClient",
        "ForgetDevice",
    }
)
"""Operations whose model has no reply at all; the others answer an empty object."""
_HEADER_LENGTH: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, headers and body of a reply; the body may hold tokens, so that ``repr`` leaves it out."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def success(operation: str, value: Structure, request_id: str) -> Reply:
    """The reply that carries a value."""
    empty = isinstance(value, NoReply) and operation in _WITHOUT_BODY
    body = b"" if empty else json.dumps(to_wire(value), separators=(",", ":")).encode()
    return Reply(status=200, headers={"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": request_id}, body=body)


def failure(fault: Fault, request_id: str) -> Reply:
    """The reply that carries an error."""
    document = {"__type": fault.code, **({"message": fault.message} if fault.message else {})}
    headers = {
        "Content-Type": CONTENT_TYPE,
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": f"{fault.code}:",
        "x-amzn-ErrorMessage": _header_text(fault.message),
    }
    return Reply(status=fault.status, headers=headers, body=json.dumps(document, separators=(",", ":")).encode())


def _header_text(text: str) -> str:
    # A header holds printable ASCII and ends in no space (RFC 9110, section 5.5); the text may repeat what the caller sent.
    return "".join(character if " " <= character <= "~" else "?" for character in text[:_HEADER_LENGTH]).strip()
