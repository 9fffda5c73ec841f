"""A sign-in's arithmetic on the client, as a share of pycognito's.

A sign-in is the ephemeral key pair and the proof of the password. The powers alone are the floor of any implementation that
computes with exponents of the size that this library draws.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from os import urandom
from typing import Final

from cognito_auth import srp
from cognito_auth.modexp import G, N, Power, python_power

from .measuring import MILLISECONDS, Candidate, at_most, side_by_side, timed
from .peers import Missing, named, peer
from .reports import Report, main

POOL_ID: Final = "eu-west-1_Ab1Cd2Ef3"
NAME: Final = "3f1c2a5e-8b7d-4c60-9a2f-0123456789ab"
PASSWORD: Final = "Corr3ct-Horse!"
SALT: Final = 0x5A375ACC21260756BE44BA4EFC620F1C
B: Final = pow(G, 0x361C67A3D4FD38E47B745042428689E1, N)
BLOCK: Final = bytes(range(256)) * 4
NOW: Final = 1_800_000_000.0

IDENTITY: Final = srp.Identity(POOL_ID.partition("_")[2], NAME)
CHALLENGE: Final = {
    "USERNAME": NAME,
    "USER_ID_FOR_SRP": NAME,
    "SALT": f"{SALT:x}",
    "SRP_B": f"{B:x}",
    "SECRET_BLOCK": b64encode(BLOCK).decode(),
}


def ours(power: Power) -> Callable[[], None]:
    """A sign-in with this library, by one of its two ways to raise to a power."""

    def sign_in() -> None:
        pair = srp.ephemeral(urandom(srp.EPHEMERAL_BYTES), power=power)
        challenge = srp.Challenge.parse(CHALLENGE["SALT"], CHALLENGE["SRP_B"], BLOCK)
        srp.claim_signature(pair, IDENTITY, PASSWORD, challenge, srp.timestamp(NOW), power=power)

    return sign_in


def pycognitos() -> Callable[[], None]:
    """A sign-in with pycognito; no network: the client that it wants is never called. Raises `Missing`."""
    made = peer("pycognito.aws_srp", "pycognito").AWSSRP

    def sign_in() -> None:
        exchange = made(NAME, PASSWORD, POOL_ID, "client1", client=object())
        exchange.process_challenge(CHALLENGE, exchange.get_auth_params())

    return sign_in


def powers_alone(power: Power) -> Callable[[], None]:
    """The three powers of a sign-in, with exponents of the sizes that this library's have."""

    def compute() -> None:
        a = int.from_bytes(urandom(srp.EPHEMERAL_BYTES)) | 1 << 255
        x, u = a >> 1, a ^ 0x55
        power(G, a)
        power((B - power(G, x)) % N, a + u * x)

    return compute


def run(effort: float) -> Report:
    """The one table."""
    try:
        theirs = pycognitos()
    except Missing as missing:
        return Report(name="srp", skipped=(str(missing),))
    candidates = [
        Candidate(named("pycognito"), timed(theirs)),
        Candidate("cognito-auth", timed(ours(srp.default_power())), at_most(0.06)),
        Candidate("cognito-auth, by Python's pow", timed(ours(python_power))),
        Candidate("Python's pow alone, at this library's exponents", timed(powers_alone(python_power))),
        Candidate("OpenSSL's alone, likewise", timed(powers_alone(srp.default_power()))),
    ]
    table = side_by_side("The arithmetic of a sign-in by SRP", candidates, rounds=max(10, int(40 * effort)), unit=MILLISECONDS)
    return Report(name="srp", tables=(table,))


if __name__ == "__main__":
    main(run, __doc__)
