"""Whatever a client sends gets a reply of Cognito's form, and never a 5xx."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_auth.api.structure import members
from cognito_auth.local.operations import BY_NAME

from .support import SENT, new_app

APP: Final = new_app(pool={"mfa_configuration": "ON"}, generate_secret=True)
APP.create_user()
SESSION: Final = APP.password_auth().session or ""
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
VALUES: Final[dict[str, list[Any]]] = {
    "UserPoolId": [APP.pool_id],
    "ClientId": [APP.client_id],
    "Username": ["ana"],
    "AuthFlow": ["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "ADMIN_USER_PASSWORD_AUTH"],
    "ChallengeName": ["PASSWORD_VERIFIER", "MFA_SETUP", "SMS_MFA", "NEW_PASSWORD_REQUIRED"],
    "Session": [SESSION],
    "SecretHash": [APP.hashed("ana")],
    "ClientSecret": [APP.secret],
}
NAMES: Final = (
    *("SRP_A", "PASSWORD", "REFRESH_TOKEN", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    *("NEW_PASSWORD", "SMS_MFA_CODE", "EMAIL", "ANSWER"),
)
PARAMETERS: Final = st.dictionaries(st.sampled_from(NAMES), st.text(), max_size=6).map(
    lambda given: {"USERNAME": "ana", "SECRET_HASH": APP.hashed("ana"), **given}
)
TEXTS: Final = st.text() | st.from_regex(r"[A-Za-z0-9_=-]{0,40}(\.[A-Za-z0-9_=-]{0,40}){0,5}", fullmatch=True)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(BY_NAME)))
    body: dict[str, Any] = {}
    for member in members(BY_NAME[name][0]):
        kinds = [TEXTS, JSON]
        if member.wire_name in VALUES:
            kinds = [st.sampled_from(VALUES[member.wire_name])] * 4 + kinds
        if member.wire_name in ("AuthParameters", "ChallengeResponses"):
            kinds = [PARAMETERS] * 4 + kinds
        if member.required or draw(st.booleans()):
            body[member.wire_name] = draw(st.one_of(kinds))
    return name, body


@settings(max_examples=300, deadline=None)
@given(requests())
def test_any_request(request: tuple[str, dict[str, Any]]) -> None:
    name, body = request
    reply = APP.cognito.call(name, json.dumps(body).encode(), sent=SENT)
    assert reply.status in (200, 400), body
    if reply.status == 400:
        assert json.loads(reply.body)["__type"].endswith("Exception")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BY_NAME)), st.binary(max_size=200))
def test_any_body(name: str, body: bytes) -> None:
    assert APP.cognito.call(name, body, sent=SENT).status in (200, 400)
