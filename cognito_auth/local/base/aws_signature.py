"""The AWS Signature Version 4 that a request carries: in its ``Authorization`` header, or, presigned, in its query.

This module reads it and knows what form it has to have; whether it is true is for `cognito_auth.local.base.signatures`.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from . import faults
from .request import Request

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "cognito-idp"
MAX_EXPIRES: Final = 604_800
"""The longest life, in seconds, that a presigned request may claim."""
PARAMETERS: Final = frozenset(
    {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    }
)
"""What a presigned query has besides the operation's parameters."""

_CREDENTIAL: Final = re.compile(r"([^/\s]+)/([0-9]{8})/([^/\s]+)/([^/\s]+)/aws4_request", re.ASCII)
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")
_IN_HEADER: Final = ("Credential", "Signature", "SignedHeaders")
_IN_QUERY: Final = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature", "X-Amz-SignedHeaders")
_MAX_LENGTH: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a signature says of itself."""

    access_key_id: str
    date: str
    """The day of its scope, ``YYYYMMDD``."""
    region: str
    signed_headers: tuple[str, ...]
    digits: str = field(repr=False)
    time: str | None
    """When the request was signed, as it says: ``YYYYMMDDTHHMMSSZ``."""
    security_token: str | None = field(repr=False)
    presigned: bool
    expires: int | None = None
    """For how many seconds a presigned request says it is good."""


def read(request: Request) -> Signature:
    """The signature of a request. Raises `Fault` when there is none, or none of the right form for this service."""
    header = request.headers.get("authorization")
    query = {name: value for name, value in request.fields if name in PARAMETERS}
    if header and query:
        raise faults.INCOMPLETE_SIGNATURE("Only one of the Authorization header and the query may have a signature.")
    if query:
        return _presigned(query)
    if not header:
        raise faults.TOKEN_MISSING
    return _header(header, request.headers)


def _header(header: str, headers: Mapping[str, str]) -> Signature:
    algorithm, _, rest = header.strip().partition(" ")
    if algorithm != ALGORITHM or len(header) > _MAX_LENGTH:
        raise faults.INCOMPLETE_SIGNATURE(f"Authorization header must begin with '{ALGORITHM}'.")
    parts = [part.strip().partition("=") for part in rest.split(",")]
    given = {name: value for name, _, value in parts}
    missing = [f"Authorization header requires '{name}' parameter." for name in _IN_HEADER if not given.get(name)]
    if missing:
        raise faults.INCOMPLETE_SIGNATURE(" ".join(missing))
    if len(given) != len(parts):
        raise faults.INCOMPLETE_SIGNATURE("Authorization header has a parameter more than once.")
    access_key_id, date, region = _scope(given["Credential"])
    return Signature(
        access_key_id=access_key_id,
        date=date,
        region=region,
        signed_headers=tuple(given["SignedHeaders"].split(";")),
        digits=_digits(given["Signature"]),
        time=headers.get("x-amz-date"),
        security_token=headers.get("x-amz-security-token"),
        presigned=False,
    )


def _presigned(query: Mapping[str, str]) -> Signature:
    missing = [f"AWS query-string parameters must include '{name}'." for name in _IN_QUERY if not query.get(name)]
    if missing:
        raise faults.INCOMPLETE_SIGNATURE(" ".join([*missing, "Re-examine the query-string parameters."]))
    if query["X-Amz-Algorithm"] != ALGORITHM:
        raise faults.INCOMPLETE_SIGNATURE(f"X-Amz-Algorithm must be '{ALGORITHM}'.")
    access_key_id, date, region = _scope(query["X-Amz-Credential"])
    return Signature(
        access_key_id=access_key_id,
        date=date,
        region=region,
        signed_headers=tuple(query["X-Amz-SignedHeaders"].split(";")),
        digits=_digits(query["X-Amz-Signature"]),
        time=query["X-Amz-Date"],
        security_token=query.get("X-Amz-Security-Token"),
        presigned=True,
        expires=_expires(query.get("X-Amz-Expires")),
    )


def _scope(credential: str) -> tuple[str, str, str]:
    found = _CREDENTIAL.fullmatch(credential)
    if found is None:
        raise faults.INCOMPLETE_SIGNATURE("Credential must have the form key/date/region/service/aws4_request.")
    access_key_id, date, region, service = found.groups()
    if service != SERVICE:
        raise faults.INVALID_SIGNATURE(f"Credential should be scoped to correct service: '{SERVICE}'.")
    return access_key_id, date, region


def _digits(text: str) -> str:
    if not _SIGNATURE.fullmatch(text):
        raise faults.INVALID_SIGNATURE("Signature must be 64 hexadecimal digits.")
    return text


def _expires(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not 1 <= int(text) <= MAX_EXPIRES:
        raise faults.INCOMPLETE_SIGNATURE(f"X-Amz-Expires must be a number of seconds from 1 to {MAX_EXPIRES}.")
    return int(text)
