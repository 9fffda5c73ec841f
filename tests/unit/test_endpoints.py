"""What endpoints answer where Cognito's own answer is out of the ordinary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.auth import RespondToAuthChallenge
from cognito_auth.api.sign_up import SignUpReply
from cognito_auth.errors import AccessDenied, KeysUnavailable, NotAuthorized, ProtocolError, TooManyRequests, TransportError
from cognito_auth.guards import group
from cognito_auth.secret import Secret
from cognito_auth.sessions import Session
from cognito_auth.sessions.stored import CreateSession, StoredSession
from cognito_auth.states import Confirmed, SignedIn, Tokens
from cognito_auth.stores import MemoryStore
from cognito_auth.web import Request, ServerSessions, WebAuth, WebOptions
from cognito_auth.web.endpoints.concealing import prove_to_nobody
from cognito_auth.web.endpoints.ending import revoked
from cognito_auth.web.endpoints.outcome import hand_over, tell
from cognito_auth.web.endpoints.sign_up import sign_up
from cognito_auth.web.endpoints.site_sessions import end
from cognito_auth.web.route import Authenticated, Call

from ..support.scripted import NOW, SETTINGS, Scripted, run
from ..support.users import user

AUTH: Final = WebAuth(SETTINGS, WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),)))


REQUEST: Final = Request(method="POST", scheme="https", headers=(("Host", "app.example.com"),))


def call(**body: Any) -> Call:
    return Call(auth=AUTH, request=REQUEST, visit=AUTH.watch.visit(REQUEST), body=body)


def test_a_pool_may_confirm_who_signs_up_by_itself() -> None:
    confirmed = SignUpReply(user_confirmed=True, user_sub="3f1c2a5e")
    reply = run(sign_up(call(username="ana", password="Correct-horse-9")), confirmed)
    assert reply.document == {"status": "confirmed"}


def test_a_sign_in_leads_to_tokens_or_a_challenge() -> None:
    with pytest.raises(ProtocolError, match="Confirmed"):
        run(tell(call(), Confirmed(username="ana", session=None), "cookie"))


def test_without_a_refresh_token_there_is_nothing_to_revoke() -> None:
    driver = Scripted()
    assert not driver.run(revoked(SignedIn(username="ana", tokens=Tokens(access_token="a"))))
    assert driver.operations == []


def test_a_sign_out_that_cognito_does_not_hear_of_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    signed_in = SignedIn(username="ana", tokens=Tokens(access_token="a-token", refresh_token="r-token"))
    assert not run(revoked(signed_in), TransportError("away"))
    assert caplog.messages == ["sign-out is not complete: away"]


def test_a_proof_for_nobody_is_in_vain_and_nobody_is_told() -> None:
    driver = Scripted([NotAuthorized("NotAuthorizedException", "Incorrect username or password.")])
    driver.run(prove_to_nobody("nobody", "Correct-horse-9"))
    assert [type(sent) for sent in driver.operations] == [RespondToAuthChallenge]


@pytest.mark.parametrize("error", [TooManyRequests("TooManyRequestsException", "slow down"), TransportError("away")])
def test_a_proof_for_nobody_fails_where_one_for_somebody_would(error: Exception) -> None:
    with pytest.raises(type(error)):
        run(prove_to_nobody("nobody", "Correct-horse-9"), error)


def test_only_guarded_routes_know_who_asks() -> None:
    with pytest.raises(LookupError, match="not guarded"):
        _ = call().user


def test_who_is_admitted_need_not_be_watched() -> None:
    with pytest.raises(AccessDenied):
        Scripted().run(AUTH.admit(Authenticated(user=user()), group("admin")))


def test_tokens_are_handed_over_without_what_there_is_not() -> None:
    tokens = Tokens(access_token="a")
    reply = run(hand_over(call(), SignedIn(username="ana", tokens=tokens), "tokens"))
    assert set(reply.document or {}) == {"status", "username", "access_token", "token_type", "expires_in"}


def test_a_session_is_ended_whatever_the_store_holds_of_it() -> None:
    """One that does not open, and one whose tokens tell nothing and cannot be revoked."""
    store = MemoryStore()
    auth = WebAuth(SETTINGS, replace(AUTH.options, sessions=ServerSessions(store=store)))
    run(auth.keeper.begin(REQUEST, Session(username="3f1c2a5e", tokens=Tokens(access_token="old"))))
    spoilt = StoredSession(
        id="x", owner="3f1c2a5e", content=b"", created_at=NOW, seen_at=NOW, expires_at=NOW + 60, idle_lifetime=60
    )
    store.carry_out(CreateSession(spoilt))
    asked = Call(
        auth=auth,
        request=REQUEST,
        visit=auth.watch.visit(REQUEST),
        body={"others": True},
        who=Authenticated(user=user()),
    )
    driver = Scripted()
    reply = driver.run(end(asked))
    assert reply.document is not None
    assert len(reply.document["sessions"]) == 2
    assert driver.operations == []
    assert run(auth.keeper.list_of("3f1c2a5e")) == ()


def test_it_starts_with_the_key_set_where_that_is_wished() -> None:
    driver = Scripted()
    driver.run(AUTH.start())
    assert driver.asked == []
    with pytest.raises(KeysUnavailable):
        run(WebAuth(SETTINGS, replace(AUTH.options, check_at_start=True)).start(), KeysUnavailable("away"))
