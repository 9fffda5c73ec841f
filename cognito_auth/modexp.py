"""Powers modulo SRP's prime: two back ends that agree, one fast.

``cryptography`` offers no modular exponentiation, but it offers finite-field Diffie-Hellman, whose shared secret in a group
with prime ``N`` is exactly ``base ** exponent mod N``, computed by OpenSSL about ten times faster than by Python's `pow` and in
constant time. It is used where it is correct: for bases from 2 to N - 2 and exponents from 2 to below half the group's order,
where the result can be neither 0 nor 1. Everything else, and everything when OpenSSL refuses or ``cryptography`` has dropped
Diffie-Hellman, is computed by `pow`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.dh import DHParameterNumbers

Power: TypeAlias = Callable[[int, int], int]
"""``(base, exponent) -> base ** exponent mod N``, for non-negative exponents."""

N: Final = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
"""The 3072-bit safe prime of RFC 3526, group 15."""
G: Final = 2
"""The group's generator."""

_SUBGROUP_ORDER: Final = N >> 1


def python_power(base: int, exponent: int) -> int:
    """``base ** exponent mod N`` by Python's own arithmetic."""
    return pow(base, exponent, N)


class OpenSslPower:
    """``base ** exponent mod N`` by OpenSSL's Diffie-Hellman; raises `ImportError` where ``cryptography`` has none."""

    _parameters: DHParameterNumbers

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import dh
        from cryptography.utils import CryptographyDeprecationWarning

        self._dh: Final = dh
        # Newer releases warn that Diffie-Hellman will go one day, at every use. Whoever runs this library cannot act on it,
        # and `pow` takes over when the day comes; so the warning is silenced, for this module only.
        self._filter: Final = ("ignore", None, CryptographyDeprecationWarning, re.compile(re.escape(__name__)), 0)
        self._silence()
        self._parameters = dh.DHParameterNumbers(N, G)

    def __call__(self, base: int, exponent: int) -> int:
        """``base ** exponent mod N``."""
        base %= N
        if not (2 <= base <= N - 2 and 2 <= exponent < _SUBGROUP_ORDER):
            return python_power(base, exponent)
        self._silence()
        try:
            # OpenSSL does not read the public half of the private key here, so any element of the group will do.
            private = self._dh.DHPrivateNumbers(exponent, self._dh.DHPublicNumbers(G, self._parameters)).private_key()
            shared = private.exchange(self._dh.DHPublicNumbers(base, self._parameters).public_key())
        except (ValueError, Warning):
            return python_power(base, exponent)
        return int.from_bytes(shared)

    def _silence(self) -> None:
        # Test runners reset the filters; adding one that is there already would make every other module's warnings show again.
        if self._filter not in warnings.filters:
            warnings.filterwarnings("ignore", category=self._filter[2], module=self._filter[3].pattern)


def fastest_power() -> Power:
    """OpenSSL's arithmetic where it can be had, else Python's."""
    try:
        return OpenSslPower()
    except (ImportError, AttributeError, Warning):
        return python_power
