"""What verifying a token costs, as a multiple of the bare RSA signature check.

Run it with ``python -m benchmarks.verify``. Every candidate takes its turn in every round, in one process, so that whatever
slows the machine down slows all of them; only the ratios mean anything. Each token is a new string in each round, as it would
come out of a request: nothing is found again because it is the same object.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_auth.effects import Flow
from cognito_auth.errors import CognitoAuthError
from cognito_auth.tokens import AccessToken, TokenVerifier
from tests.support.drive import World
from tests.support.tokens import (
    ABSENT,
    ISSUER,
    NEW_ISSUER,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    private_key,
    signed,
    verifier,
)

NOW: Final = time.time()
PUBLIC_KEY: Final = private_key().public_key()
PADDING: Final = PKCS1v15()
HASH: Final = SHA256()
TIMES: Final[dict[str, Any]] = {"auth_time": int(NOW) - 60, "iat": int(NOW) - 60, "exp": int(NOW) + 3600}


@dataclass(frozen=True, slots=True)
class Sample:
    """A token, and its parts for whoever wants no more than a signature check."""

    token: str
    signing_input: bytes
    signature: bytes

    @classmethod
    def of(cls, token: str) -> Sample:
        signing_input, _, signature = token.rpartition(".")
        return cls(token, signing_input.encode(), urlsafe_b64decode(signature + "=="))

    def again(self) -> Sample:
        """The same in new objects."""
        return Sample(self.token.encode().decode(), self.signing_input, self.signature)


Verify = Callable[[Sample], object]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to verify. ``prepare`` is called before each round and not measured."""

    name: str
    prepare: Callable[[list[Sample]], Verify]


def bare(_: list[Sample]) -> Verify:
    return lambda sample: PUBLIC_KEY.verify(sample.signature, sample.signing_input, PADDING, HASH)


def pyjwt(_: list[Sample]) -> Verify:
    options: Any = {"require": ["exp", "iat", "iss"], "verify_aud": False}
    issuers = [ISSUER, NEW_ISSUER]
    return lambda sample: jwt.decode(sample.token, PUBLIC_KEY, algorithms=["RS256"], issuer=issuers, leeway=30, options=options)


def loaded(remember: list[str]) -> TokenVerifier:
    """A verifier as in a process that has been running for a while: it has keys, and its memory is full of these tokens."""
    made = verifier(remember=len(remember))
    World().run(made.load_keys())
    for token in remember:
        made.check_access_token(token, NOW)
    return made


def first_seen(samples: list[Sample]) -> Verify:
    check = loaded(others(len(samples))).check_access_token
    return lambda sample: check(sample.token, NOW)


def remembered(samples: list[Sample]) -> Verify:
    check = loaded([sample.token for sample in samples]).check_access_token
    return lambda sample: check(sample.token, NOW)


@cache
def others(count: int) -> list[str]:
    return [signed(access_claims(**TIMES, username=f"other-{number:030}")) for number in range(count)]


def run(flow: Flow[AccessToken]) -> AccessToken:
    """The least that a driver can do: two clocks."""
    try:
        next(flow)
        flow.send(NOW)
        flow.send(0.0)
    except StopIteration as done:
        token: AccessToken = done.value
        return token
    raise RuntimeError("the flow asked for more than two clocks")


def first_seen_by_flow(samples: list[Sample]) -> Verify:
    return flow_of(loaded(others(len(samples))))


def remembered_by_flow(samples: list[Sample]) -> Verify:
    return flow_of(loaded([sample.token for sample in samples]))


def flow_of(made: TokenVerifier) -> Verify:
    return lambda sample: run(made.access_token(sample.token))


def refused(spoil: Callable[[str], str]) -> Callable[[list[Sample]], Verify]:
    """Bad tokens of the same length."""

    def prepare(samples: list[Sample]) -> Verify:
        check = loaded(others(len(samples))).check_access_token
        bad = {sample.token: spoil(sample.token) for sample in samples}

        def verify(sample: Sample) -> None:
            try:
                check(bad[sample.token], NOW)
            except CognitoAuthError:
                return
            raise RuntimeError("a bad token passed")

        return verify

    return prepare


BASE: Final = Candidate("cryptography: bare RSA-2048 check", bare)
CANDIDATES: Final = (
    BASE,
    Candidate("first seen", first_seen),
    Candidate("first seen, as a flow", first_seen_by_flow),
    Candidate("remembered", remembered),
    Candidate("remembered, as a flow", remembered_by_flow),
    Candidate("refused: signature of zeros", refused(lambda token: token[:-340] + "A" * 340)),
    Candidate("refused: garbage", refused(lambda token: token[::-1].replace(".", "-"))),
    Candidate("PyJWT: decode, key given", pyjwt),
)


def bad_tokens() -> Iterator[tuple[str, str]]:
    def access(**changes: Any) -> str:
        return signed(access_claims(**{**TIMES, **changes}))

    head, payload, signature = access().split(".")
    root = base64url(compact(access_claims(**TIMES, username="root")))
    yield "payload of another token", f"{head}.{root}.{signature}"
    yield "alg none", f"{base64url(compact(header(alg='none')))}.{payload}.{signature}"
    yield "crit in the header", signed(access_claims(**TIMES), header(crit=["exp"]))
    yield "foreign issuer", access(iss="https://stranger.example/pool")
    yield "another app client", access(client_id="another")
    yield "an ID token", signed(id_claims(**TIMES))
    yield "no exp", access(exp=ABSENT)
    yield "exp is true", access(exp=True)
    yield "nbf in an hour", access(nbf=int(NOW) + 3600)
    yield "a claim twice", signed(compact(access_claims(**TIMES))[:-1] + b',"exp":9999999999}')


def measure(candidate: Candidate, samples: list[Sample]) -> float:
    """Microseconds for each token of one round."""
    mine = [sample.again() for sample in samples]
    verify = candidate.prepare(samples)
    gc.collect()
    gc.disable()
    begin = time.perf_counter_ns()
    for sample in mine:
        verify(sample)
    end = time.perf_counter_ns()
    gc.enable()
    return (end - begin) / len(mine) / 1000


def report(rounds: list[dict[str, float]]) -> None:
    print(f"{'':36}{'ratio':>8}{'p10-p90':>16}{'us':>9}")
    for candidate in CANDIDATES:
        ratios = [took[candidate.name] / took[BASE.name] for took in rounds]
        deciles = statistics.quantiles(ratios, n=10, method="inclusive")
        spread = f"{deciles[0]:.3f}-{deciles[-1]:.3f}"
        typical = statistics.median(took[candidate.name] for took in rounds)
        print(f"{candidate.name:36}{statistics.median(ratios):8.3f}{spread:>16}{typical:9.2f}")


def accepts(verify: Verify, token: str) -> bool:
    try:
        verify(Sample.of(token))
    except Exception:  # whatever it is, the token was not accepted
        return False
    return True


def report_refusals() -> None:
    some = [Sample.of(signed(access_claims(**TIMES)))]
    judges = {"bare": bare(some), "PyJWT": pyjwt(some), "ours": first_seen(some)}
    print(f"\n{'':36}" + "".join(f"{name:>9}" for name in judges))
    for name, token in bad_tokens():
        verdicts = ("accepts" if accepts(verify, token) else "refuses" for verify in judges.values())
        print(f"{name:36}" + "".join(f"{verdict:>9}" for verdict in verdicts))


def main() -> None:
    parser = argparse.ArgumentParser(description="What verifying a token costs, compared with the bare RSA check.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--tokens", type=int, default=300, help="distinct tokens in each round")
    given = parser.parse_args()
    samples = [Sample.of(signed(access_claims(**TIMES, username=f"user-{number:031}"))) for number in range(given.tokens)]
    print(f"{given.rounds} rounds of {given.tokens} access tokens of {len(samples[0].token)} bytes\n")
    report([{candidate.name: measure(candidate, samples) for candidate in CANDIDATES} for _ in range(given.rounds)])
    report_refusals()


if __name__ == "__main__":
    main()
