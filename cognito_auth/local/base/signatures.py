"""Whether a request's AWS Signature Version 4 is true.

A pool that was given no keys asks for the right form alone: any key pair will do, as with other local stand-ins for AWS, and a
client that forgot to sign is found. A pool that was given keys computes the signature itself, as the service does, and takes
no other.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from ...secret import Secret
from ...signing import AwsCredentials
from . import faults
from .aws_signature import ALGORITHM, SERVICE, Signature, read
from .request import Request

_WINDOW: Final = 900  # seconds that the clocks of client and service may differ, and that a request is good for
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_STAMP_FORM: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z", re.ASCII)
_TERMINATOR: Final = "aws4_request"


class Signatures:
    """Checks signatures against these keys; against their form alone when there are none."""

    def __init__(self, credentials: Iterable[AwsCredentials], region: str) -> None:
        self._keys: Final = {known.access_key_id: known for known in credentials}
        self._region: Final = region

    def check(self, request: Request, now: float) -> None:
        """Raises `Fault` for a request without signature, or with one that is not right; ``now`` is in seconds."""
        signature = read(request)
        if not self._keys:
            return
        known = self._keys.get(signature.access_key_id)
        if known is None or not _same_token(known.session_token, signature.security_token):
            raise faults.UNRECOGNIZED_CLIENT
        if signature.region != self._region:
            raise faults.INVALID_SIGNATURE(f"Credential should be scoped to a valid region, not '{signature.region}'.")
        time = _check_time(signature, datetime.fromtimestamp(now, UTC))
        for name in _to_be_signed(request, signature):
            raise faults.INVALID_SIGNATURE(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
        computed = expected(request, signature, time=time, secret=known.secret_access_key.reveal())
        if not hmac.compare_digest(computed, signature.digits):
            raise faults.SIGNATURE_WRONG


def expected(request: Request, signature: Signature, *, time: str, secret: str) -> str:
    """The signature that the request would have if it was signed with ``secret``, in hexadecimal digits."""
    scope = (signature.date, signature.region, SERVICE, _TERMINATOR)
    digest = hashlib.sha256(canonical_request(request, signature).encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = _hmac(key, part)
    return _hmac(key, "\n".join((ALGORITHM, time, "/".join(scope), digest))).hex()


def canonical_request(request: Request, signature: Signature) -> str:
    """The one form that a request has however it was sent; the payload is always the body that arrived."""
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signature.signed_headers)
    fields = sorted((_encoded(name), _encoded(value)) for name, value in request.fields if name != "X-Amz-Signature")
    return "\n".join(
        (
            request.method,
            quote(request.path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in fields),
            headers,
            ";".join(signature.signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _same_token(known: Secret | None, given: str | None) -> bool:
    return known == (Secret(given) if given is not None else None)


def _to_be_signed(request: Request, signature: Signature) -> Iterator[str]:
    """The headers that the signature has to cover and does not."""
    wanted = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    return iter(sorted(wanted - set(signature.signed_headers)))


def _check_time(signature: Signature, now: datetime) -> str:
    """The time of signing, once it is known to lie within the window and on the day of the scope."""
    stamp = signature.time
    if stamp is None:
        raise faults.INCOMPLETE_SIGNATURE("Authorization header requires existence of a 'X-Amz-Date' header.")
    signed_at = _parsed(stamp)
    if signature.date != stamp[:8]:
        raise faults.INVALID_SIGNATURE(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{signature.date}' != '{stamp[:8]}', from '{stamp}'."
        )
    life = min(_WINDOW, signature.expires or _WINDOW)
    earliest, latest = now - timedelta(seconds=life), now + timedelta(seconds=_WINDOW)
    if signed_at < earliest.replace(microsecond=0):
        raise faults.SIGNATURE_EXPIRED(stamp, _shown(earliest), _shown(now), _span(life))
    if signed_at > latest:
        raise faults.SIGNATURE_EARLY(stamp, _shown(latest), _shown(now), _span(_WINDOW))
    return stamp


def _parsed(stamp: str) -> datetime:
    malformed = faults.INCOMPLETE_SIGNATURE(f"Date must be in ISO-8601 'basic format'. Got '{stamp[:40]}'.")
    if not _STAMP_FORM.fullmatch(stamp):
        raise malformed
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise malformed from None


def _shown(moment: datetime) -> str:
    return moment.strftime(_STAMP)


def _span(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
