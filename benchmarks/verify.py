"""What verifying a token costs, as a multiple of the bare RSA-2048 signature check; and who refuses what.

Every candidate refuses or accepts ten bad tokens first, so that it is known what its figure buys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from jwt import PyJWTError

from cognito_auth.errors import CognitoAuthError, TokenTooLarge
from cognito_auth.tokens import AccessToken, KeyWanted, jws
from cognito_auth.tokens.claims import make
from cognito_auth.tokens.strict import read_object

from .measuring import Candidate, Table, at_most, each, side_by_side
from .reports import Grid, Report, main
from .samples import MEGABYTE, access_token, access_tokens, bad_tokens, garbage, megabyte, unknown_key, zero_signature
from .verifiers import Verify, bare, floor, installed, ours, ours_as_a_flow, pyjwt

TOKENS: Final = 600
REMEMBERED: Final = 500
ROUNDS: Final = 100
BASE: Final = "cryptography: bare RSA-2048 check"
FLOOR: Final = "the same, base64 and json.loads, nothing checked"


def refusing(verify: Verify) -> Verify:
    """A verifier of tokens that are all bad."""

    def refuse(token: str) -> None:
        try:
            verify(token)
        except (CognitoAuthError, KeyWanted, PyJWTError):
            return
        raise RuntimeError("a bad token passed")

    return refuse


def accepts(verify: Verify, token: str) -> bool:
    """Whether a candidate takes the token for good."""
    try:
        verify(token)
    except Exception:  # whatever it is, the token was not accepted
        return False
    return True


def refusals(judges: Mapping[str, Verify]) -> Grid:
    """Who refuses which bad token; all must accept a good one."""
    good = access_token()
    for name, verify in judges.items():
        if not accepts(verify, good):
            raise RuntimeError(f"{name} refuses a good token")
    rows = tuple(
        (fault, *("accepts" if accepts(verify, token) else "refuses" for verify in judges.values()))
        for fault, token in bad_tokens()
    )
    return Grid(title="Who refuses what", columns=tuple(judges), rows=rows)


def first_seen(peers: Mapping[str, Verify], effort: float) -> Table:
    """The whole check. Ours has a full memory, which has forgotten each token by the time that it comes round again."""
    tokens, others = access_tokens(TOKENS), access_tokens(REMEMBERED, "other")
    candidates = [
        Candidate(BASE, each(bare, tokens)),
        Candidate(FLOOR, each(floor, tokens)),
        Candidate("cognito-auth", each(ours(others), tokens), at_most(1.5)),
        Candidate("cognito-auth, as a flow", each(ours_as_a_flow(others), tokens)),
        *(Candidate(name, each(verify, tokens)) for name, verify in peers.items()),
    ]
    return side_by_side("Verify a first-seen token", candidates, rounds=rounds(effort))


def remembered(effort: float) -> Table:
    """Tokens that were checked before."""
    tokens = access_tokens(TOKENS)
    known = dict.fromkeys(tokens, 0)
    candidates = [
        Candidate(BASE, each(bare, tokens)),
        Candidate("a dictionary's look-up of the token", each(known.__getitem__, tokens)),
        Candidate("cognito-auth", each(ours(tokens), tokens), at_most(0.10)),
        Candidate("cognito-auth, as a flow", each(ours_as_a_flow(tokens), tokens)),
    ]
    return side_by_side("Verify a remembered token; its claims are read-only", candidates, rounds=rounds(effort))


def parts(effort: float) -> Table:
    """Where the time of a first-seen token goes: each part of the check by itself, warm, on the same tokens."""
    tokens = access_tokens(TOKENS)
    taken = {token: jws.parse(token) for token in tokens}
    decoded = {token: jws.decode(payload) for token, (_, _, payload, _) in taken.items()}
    claims = {token: jws.claims(payload) for token, (_, _, payload, _) in taken.items()}
    candidates = [
        Candidate(BASE, each(bare, tokens)),
        Candidate("take the token apart", each(jws.parse, tokens)),
        Candidate("decode the signature", each(lambda token: jws.decode(taken[token][3]), tokens)),
        Candidate("decode the payload", each(lambda token: jws.decode(taken[token][2]), tokens)),
        Candidate("read the payload as strict JSON, frozen", each(lambda token: read_object(decoded[token]), tokens)),
        Candidate("of that, json.loads alone", each(lambda token: json.loads(decoded[token]), tokens)),
        Candidate("check the claims' types", each(lambda token: make(AccessToken, token, claims[token]), tokens)),
    ]
    note = "The whole is more than its parts: after an RSA check, the processor has forgotten most of what Python needs."
    return side_by_side("The parts of a first-seen check", candidates, rounds=rounds(effort), notes=(note,))


SPOILT: Final[dict[str, tuple[Callable[[str], str], float | None]]] = {
    "garbage": (garbage, 0.35),
    "unknown kid": (unknown_key, 0.35),
    f"{MEGABYTE:,} bytes": (megabyte, 0.1),
    "signature of zeros": (zero_signature, None),
}


def refused(effort: float) -> Table:
    """What a bad token costs whoever gets it."""
    tokens = access_tokens(100)
    judge, theirs = refusing(ours(access_tokens(REMEMBERED, "other"))), refusing(pyjwt())
    candidates = [Candidate(BASE, each(bare, tokens))]
    for fault, (spoil, limit) in SPOILT.items():
        bad = [spoil(token) for token in (tokens[:20] if spoil is megabyte else tokens)]
        candidates.append(Candidate(f"cognito-auth: {fault}", each(judge, bad), at_most(limit) if limit else None))
        candidates.append(Candidate(f"PyJWT, key given: {fault}", each(theirs, bad)))
    return side_by_side("Refuse a bad token", candidates, rounds=rounds(effort))


def parts_of_refusals(effort: float) -> Table:
    """Where the time of the two refusals goes that are to be cheapest."""
    tokens = access_tokens(100)
    unknown = [unknown_key(token) for token in tokens]
    taken = {token: jws.parse(token) for token in unknown}
    candidates = [
        Candidate(BASE, each(bare, tokens)),
        Candidate("too long: raise the error with its sentence, and catch it", each(refusing(too_large), tokens)),
        Candidate("unknown kid: take the token apart", each(jws.parse, unknown)),
        Candidate(
            "unknown kid: decode the header, and all rules for it", each(lambda token: jws.key_id(taken[token][0]), unknown)
        ),
        Candidate("unknown kid: look the rest over", each(lambda token: jws.require_encoded(*taken[token][2:]), unknown)),
    ]
    return side_by_side("The parts of a refusal", candidates, rounds=rounds(effort))


def too_large(token: str) -> None:
    """Refuse a token as too long, whatever it is."""
    raise TokenTooLarge(f"the token is {len(token)} characters long; at most {MEGABYTE} are read")


def rounds(effort: float) -> int:
    """How many rounds an effort is worth."""
    return max(10, int(ROUNDS * effort))


def run(effort: float) -> Report:
    """All tables."""
    peers, skipped = installed()
    judges = {"bare check": bare, "cognito-auth": ours(()), **peers}
    return Report(
        name="verify",
        grids=(refusals(judges),),
        tables=(first_seen(peers, effort), parts(effort), remembered(effort), refused(effort), parts_of_refusals(effort)),
        skipped=tuple(skipped),
    )


if __name__ == "__main__":
    main(run, __doc__)
