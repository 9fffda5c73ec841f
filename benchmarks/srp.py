"""A sign-in's arithmetic on the client: this library's beside pycognito's, in one run.

    python benchmarks/srp.py [--rounds 40]

Each round measures every variant once, one after the other, so that a busy machine slows them all alike; what counts is the
ratio within a round. A sign-in is the ephemeral key pair and the proof of the password; ``pow`` alone is the floor of any
implementation that computes with Python's integers at the size of exponents that this library draws.
"""

from __future__ import annotations

import argparse
import sys
from base64 import b64encode
from collections.abc import Callable
from os import urandom
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

from pycognito.aws_srp import AWSSRP

from cognito_auth import srp
from cognito_auth.modexp import G, N, Power, python_power

TARGET: Final = 0.08
"""The ratio to pycognito that this library is to stay below."""

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


def pycognitos() -> None:
    """A sign-in with pycognito; no network: the client that it wants is never called."""
    made: Any = AWSSRP
    exchange = made(NAME, PASSWORD, POOL_ID, "client1", client=object())
    exchange.process_challenge(CHALLENGE, exchange.get_auth_params())


def powers_alone() -> None:
    """The three powers of a sign-in by `pow`, with exponents of the sizes that this library's have."""
    a = int.from_bytes(urandom(srp.EPHEMERAL_BYTES)) | 1 << 255
    x, u = a >> 1, a ^ 0x55
    pow(G, a, N)
    pow(B - pow(G, x, N), a + u * x, N)


VARIANTS: Final[dict[str, Callable[[], None]]] = {
    "pycognito": pycognitos,
    "this library": ours(srp.default_power()),
    "this library, Python's pow": ours(python_power),
    "pow alone": powers_alone,
}


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds of each variant in each round, after one that only warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for number in range(rounds + 1):
        for name, variant in VARIANTS.items():
            started = perf_counter()
            variant()
            if number:
                seconds[name].append(perf_counter() - started)
    return seconds


def main() -> int:
    """Print the table; fails when the median ratio is above the target."""
    parser = argparse.ArgumentParser(description="A sign-in's SRP arithmetic beside pycognito's.")
    parser.add_argument("--rounds", type=int, default=40, help="rounds to measure (default: %(default)s)")
    seconds = measure(max(2, parser.parse_args().rounds))
    base = seconds["pycognito"]
    print(f"{'':28}{'median':>10}{'ratio':>9}{'quartiles':>18}")
    for name, times in seconds.items():
        ratios = [mine / theirs for mine, theirs in zip(times, base, strict=True)]
        low, _, high = quantiles(ratios, n=4)
        print(f"{name:28}{1000 * median(times):>7.2f} ms{median(ratios):>9.4f}{f'{low:.4f} - {high:.4f}':>18}")
    ratio = median(mine / theirs for mine, theirs in zip(seconds["this library"], base, strict=True))
    print(f"\nratio to pycognito: {ratio:.4f} (target: at most {TARGET})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
