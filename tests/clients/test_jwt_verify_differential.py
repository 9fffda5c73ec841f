"""Against aws-jwt-verify, unchanged, in node: whatever we accept of thousands of changed tokens, it accepts too.

`DEVIATIONS` is the whole list of what we accept and it does not.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth.errors import TokenError
from cognito_auth.tokens import IdToken, KeyWanted, TokenVerifier, VerifiedToken
from tests.clients.node import Node
from tests.support.drive import World
from tests.support.mutations import KINDS, LEEWAY, MUTATIONS, drawn
from tests.support.tokens import CLIENT_ID, NEW_ISSUER, POOL_ID, jwk, key_set, signed, verifier

EACH: Final = 1000
"""Tokens of each kind of mutation."""

DEVIATIONS: Final[Mapping[str, Callable[[VerifiedToken], bool]]] = {
    # It is not read of the kind of token that it does not belong to, so it may be anything.
    "scope of an ID token": lambda token: isinstance(token, IdToken) and not isinstance(token.claims.get("scope", ""), str),
}


@pytest.fixture(scope="module")
def ours() -> TokenVerifier:
    made = verifier(leeway=LEEWAY, remember=0)
    World(key_set()).run(made.load_keys())
    return made


def accepted(ours: TokenVerifier, kind: str, token: str) -> VerifiedToken | None:
    check = {"access": ours.check_access_token, "id": ours.check_id_token}[kind]
    try:
        return check(token, time.time())
    except (TokenError, KeyWanted):
        return None


def theirs(node: Node, folder: Path, tokens: list[tuple[str, str]]) -> list[dict[str, Any]]:
    file = folder / "tokens.json"
    given = {"jwks": {"keys": [jwk()]}, "userPoolId": POOL_ID, "clientId": CLIENT_ID, "graceSeconds": LEEWAY, "tokens": tokens}
    file.write_text(json.dumps(given))
    judged: dict[str, Any] = node.run("differential.mjs", {"file": str(file)})["judged"]
    outcomes: list[dict[str, Any]] = judged["outcomes"]
    return outcomes


def test_changed_tokens(node: Node, ours: TokenVerifier, tmp_path: Path) -> None:
    good = [(kind, signed(claims)) for kind, claims in KINDS.items()]
    tokens = good + [case for strategy in MUTATIONS.values() for case in drawn(strategy, EACH)]
    outcomes = theirs(node, tmp_path, tokens)
    found: Counter[str] = Counter()
    for (kind, token), outcome in zip(tokens, outcomes, strict=True):
        mine = accepted(ours, kind, token)
        if mine is None:
            found["only they" if "sub" in outcome else "neither"] += 1
        elif "sub" in outcome:
            assert outcome["sub"] == mine.sub
            found["both"] += 1
        else:
            assert outcome["error"] == "JwtParseError"
            assert any(holds(mine) for holds in DEVIATIONS.values()), mine.claims
            found["only we"] += 1
    assert outcomes[0] == outcomes[1] == {"sub": KINDS["id"]["sub"]}
    # A comparison of tokens that nobody accepts would be one of nothing.
    assert found["both"] > len(tokens) / 10
    assert found["neither"] > len(tokens) / 10


@pytest.mark.parametrize(
    ("kind", "claims"),
    [("id", {"scope": []}), ("id", {"scope": None})],
    ids=repr,
)
def test_deviations(node: Node, ours: TokenVerifier, tmp_path: Path, kind: str, claims: dict[str, Any]) -> None:
    token = signed({**KINDS[kind], **claims})
    mine = accepted(ours, kind, token)
    assert mine is not None
    assert any(holds(mine) for holds in DEVIATIONS.values())
    assert theirs(node, tmp_path, [(kind, token)]) == [{"error": "JwtParseError"}]


def test_both_forms_of_the_issuer(node: Node, ours: TokenVerifier, tmp_path: Path) -> None:
    token = signed({**KINDS["access"], "iss": NEW_ISSUER})
    assert accepted(ours, "access", token)
    assert "sub" in theirs(node, tmp_path, [("access", token)])[0]
