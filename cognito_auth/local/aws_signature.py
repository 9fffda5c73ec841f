"""Whether an administrator's request carries an AWS Signature Version 4.

The form is checked and the truth is not: the pool knows no AWS credentials, so any key pair will do, as with other local
stand-ins for AWS. What it finds is a client that forgot to sign, which would fail against AWS as well.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
"""

from __future__ import annotations

import re
from typing import Final

from . import faults

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_SERVICE: Final = "cognito-idp"
_CREDENTIAL: Final = re.compile(r"[^/\s]+/[0-9]{8}/[^/\s]+/([^/\s]+)/aws4_request")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")
_REQUIRED: Final = ("Credential", "Signature", "SignedHeaders")
_MAX_LENGTH: Final = 8192


def check(authorization: str | None) -> None:
    """Raises `Fault` when the ``Authorization`` header is missing or is not such a signature for this service."""
    if not authorization:
        raise faults.TOKEN_MISSING
    algorithm, _, rest = authorization.strip().partition(" ")
    if algorithm != _ALGORITHM or len(authorization) > _MAX_LENGTH:
        raise faults.INCOMPLETE_SIGNATURE(f"Authorization header must begin with '{_ALGORITHM}'.")
    given: dict[str, str] = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        given[name] = value
    missing = [f"Authorization header requires '{name}' parameter." for name in _REQUIRED if not given.get(name)]
    if missing:
        raise faults.INCOMPLETE_SIGNATURE(" ".join(missing))
    credential = _CREDENTIAL.fullmatch(given["Credential"])
    if credential is None:
        raise faults.INCOMPLETE_SIGNATURE("Credential must have the form key/date/region/service/aws4_request.")
    if credential[1] != _SERVICE:
        raise faults.INVALID_SIGNATURE(f"Credential should be scoped to correct service: '{_SERVICE}'.")
    if not _SIGNATURE.fullmatch(given["Signature"]):
        raise faults.INVALID_SIGNATURE("Signature must be 64 hexadecimal digits.")
