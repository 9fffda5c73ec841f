"""SRP-6a as Cognito speaks it: proving a password without sending it, for users and for devices.

The protocol is RFC 5054's with Cognito's own choices: integers are hashed in their shortest signed big-endian form, the user's
identity is hashed together with a group name (the pool's, or the device group's key), the session key is HKDF's of 16 bytes,
and the client proves itself by a signature over names, a block that the server made, and a timestamp. Names follow RFC 5054:
``a`` and ``A`` are the client's ephemeral pair, ``B`` is the server's, ``x`` the password's hash, ``v`` the verifier, ``u`` the
scrambler, ``S`` the shared secret.

Pure: randomness and time come in as arguments. What both halves of the protocol compute stands here; the server's half is in
`cognito_auth.local`.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Final

from .errors import ProtocolError
from .modexp import G, N, Power, fastest_power

EPHEMERAL_BYTES: Final = 32
"""Size of the secret exponent: twice the strength of the group, as RFC 5054 section 3.1 asks."""

DEVICE_PASSWORD_BYTES: Final = 40
"""Size of the random password that a device gets."""
DEVICE_SALT_BYTES: Final = 16

_INFO: Final = b"Caldera Derived Key\x01"
_MAX_HEX: Final = 2 * len(N.to_bytes(384)) + 2
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose password is proved: a user (``group`` is the pool's name) or a device (``group`` is the device group's key)."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """The client's key pair for one sign-in."""

    a: int = field(repr=False)
    A: int

    @property
    def srp_a(self) -> str:
        """The public half as ``SRP_A`` goes over the wire."""
        return f"{self.A:x}"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the server answered to ``SRP_A``."""

    salt: int
    B: int
    secret_block: bytes = field(repr=False)

    @classmethod
    def parse(cls, salt: str, srp_b: str, secret_block: bytes) -> Challenge:
        """Read ``SALT`` and ``SRP_B``; raises `ProtocolError` for anything that is not a hexadecimal number of fitting size."""
        return cls(salt=parse_hex(salt, "SALT"), B=parse_hex(srp_b, "SRP_B"), secret_block=secret_block)


@dataclass(frozen=True, slots=True)
class DeviceVerifier:
    """What ConfirmDevice registers a device with, in base64: ``DeviceSecretVerifierConfig``."""

    password_verifier: str = field(repr=False)
    salt: str


def pad(number: int) -> bytes:
    """The shortest signed big-endian form of a non-negative integer: a zero byte leads where the top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def parse_hex(text: str, name: str) -> int:
    """The integer that ``text`` is in hexadecimal; raises `ProtocolError`, which names the parameter."""
    if not 0 < len(text) <= _MAX_HEX or not _HEX_DIGITS.issuperset(text):
        raise ProtocolError(f"{name} is not a hexadecimal number of at most {_MAX_HEX} digits")
    return int(text, 16)


@cache
def multiplier() -> int:
    """SRP's ``k``."""
    return _hash_to_int(pad(N) + pad(G))


@cache
def default_power() -> Power:
    """The arithmetic that is used unless another is passed in."""
    return fastest_power()


def ephemeral(random: bytes, *, power: Power | None = None) -> Ephemeral:
    """The key pair that ``random`` makes; at least `EPHEMERAL_BYTES` unpredictable bytes."""
    if len(random) < EPHEMERAL_BYTES:
        raise ValueError(f"an SRP exponent needs {EPHEMERAL_BYTES} bytes")
    # The top bit is set, so that no draw is short and A can be neither 0 nor 1.
    a = int.from_bytes(random) | 1 << (8 * len(random) - 1)
    return Ephemeral(a=a, A=(power or default_power())(G, a))


def password_hash(identity: Identity, password: str, salt: int) -> int:
    """SRP's ``x``."""
    inner = hashlib.sha256(f"{identity.group}{identity.name}:{password}".encode()).digest()
    return _hash_to_int(pad(salt) + inner)


def verifier(identity: Identity, password: str, salt: int, *, power: Power | None = None) -> int:
    """SRP's ``v``: what the server keeps in place of the password."""
    return (power or default_power())(G, password_hash(identity, password, salt))


def device_password(random: bytes) -> str:
    """The password of a new device, in base64, which the client keeps; of `DEVICE_PASSWORD_BYTES` unpredictable bytes."""
    if len(random) < DEVICE_PASSWORD_BYTES:
        raise ValueError(f"a device's password needs {DEVICE_PASSWORD_BYTES} bytes")
    return b64encode(random).decode()


def device_verifier(identity: Identity, password: str, salt: bytes, *, power: Power | None = None) -> DeviceVerifier:
    """What the server keeps of a device's password; ``salt`` is `DEVICE_SALT_BYTES` random bytes.

    ``identity`` has the device group's key and the device's, as ``NewDeviceMetadata`` gives them.
    """
    number = int.from_bytes(salt)
    v = verifier(identity, password, number, power=power)
    return DeviceVerifier(password_verifier=b64encode(pad(v)).decode(), salt=b64encode(pad(number)).decode())


def scrambler(A: int, B: int) -> int:  # noqa: N803
    """SRP's ``u``."""
    return _hash_to_int(pad(A) + pad(B))


def session_key(u: int, S: int) -> bytes:  # noqa: N803
    """The 16-byte key that both sides derive (HKDF-SHA-256, RFC 5869, with salt ``u`` and one block)."""
    extracted = hmac.digest(pad(u), pad(S), hashlib.sha256)
    return hmac.digest(extracted, _INFO, hashlib.sha256)[:16]


def signature(key: bytes, identity: Identity, secret_block: bytes, when: str) -> bytes:
    """The proof: an HMAC over the names, the server's block and the timestamp."""
    message = identity.group.encode() + identity.name.encode() + secret_block + when.encode()
    return hmac.digest(key, message, hashlib.sha256)


def client_key(
    pair: Ephemeral, identity: Identity, password: str, challenge: Challenge, *, power: Power | None = None
) -> bytes:
    """The session key as the client computes it.

    Raises `ProtocolError` when the server's ``B`` or the scrambler is zero: with either, the proof would show nothing, or
    give the password away (RFC 5054, section 2.5.3).
    """
    raised = power or default_power()
    if challenge.B % N == 0:
        raise ProtocolError("the server's SRP_B is zero modulo N")
    u = scrambler(pair.A, challenge.B)
    if u == 0:
        raise ProtocolError("the SRP scrambler is zero")
    x = password_hash(identity, password, challenge.salt)
    base = (challenge.B - multiplier() * raised(G, x)) % N
    return session_key(u, raised(base, pair.a + u * x))


def claim_signature(
    pair: Ephemeral, identity: Identity, password: str, challenge: Challenge, when: str, *, power: Power | None = None
) -> str:
    """``PASSWORD_CLAIM_SIGNATURE``: the client's proof, in base64. Raises `ProtocolError` as `client_key` does."""
    key = client_key(pair, identity, password, challenge, power=power)
    return b64encode(signature(key, identity, challenge.secret_block, when)).decode()


def timestamp(now: float) -> str:
    """``TIMESTAMP``: seconds since the epoch as ``Sun Mar 8 04:05:06 UTC 2026``, in English whatever the locale, the day
    without a leading zero."""
    moment = datetime.fromtimestamp(int(now), UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {month} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"


def _hash_to_int(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest())
