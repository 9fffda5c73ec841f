"""The server's half of SRP-6a, beside the client's in `cognito_auth.srp`, whose names it uses.

Pure: ``b`` comes from outside, and where state is kept between the two messages is the caller's business.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import Final

from ... import srp
from ...errors import ProtocolError
from ...modexp import G, N, Power

SALT_BYTES: Final = 16
_CLOCK: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse_srp_a(text: str) -> int:
    """The client's public value. Raises `ProtocolError` when it is no number, or zero modulo N, which would fix the key."""
    A = srp.parse_hex(text, "SRP_A")  # noqa: N806
    if A % N == 0:
        raise ProtocolError("SRP_A is zero modulo N")
    return A


def exponent(random: bytes) -> int:
    """The secret ``b`` that ``random`` makes; the top bit is set, so that no draw is short."""
    return int.from_bytes(random) | 1 << (8 * len(random) - 1)


def public_value(v: int, b: int, *, power: Power | None = None) -> int:
    """SRP's ``B``."""
    return (srp.multiplier() * v + (power or srp.default_power())(G, b)) % N


def server_key(A: int, B: int, v: int, b: int, *, power: Power | None = None) -> bytes:  # noqa: N803
    """The session key as the server computes it. Raises `ProtocolError` when the scrambler is zero."""
    raised = power or srp.default_power()
    u = srp.scrambler(A, B)
    if u == 0:
        raise ProtocolError("the SRP scrambler is zero")
    return srp.session_key(u, raised(A * raised(v, u) % N, b))


def proves(key: bytes, identity: srp.Identity, secret_block: bytes, when: str, claim: str) -> bool:
    """Whether ``claim``, in base64, is the client's signature with this key."""
    expected = srp.signature(key, identity, secret_block, when)
    try:
        given = b64decode(claim, validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(expected, given)


def is_timestamp(text: str) -> bool:
    """Whether ``text`` has exactly the form of ``TIMESTAMP``, weekday included."""
    found = _CLOCK.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        return False
    day, hour, minute, second, year = (int(part) for part in found.groups()[1:])
    try:
        moment = datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return False
    return srp.timestamp(moment.timestamp()) == text
