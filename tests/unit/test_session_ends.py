"""Sessions that cannot go on: what is answered, and that the browser is rid of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.effects import Report
from cognito_auth.errors import NotSignedIn, TokenMalformed
from cognito_auth.secret import Secret
from cognito_auth.sessions import Session
from cognito_auth.states import Tokens
from cognito_auth.stores import MemoryStore
from cognito_auth.web import BrowserSessions, Request, ServerSessions, WebAuth, WebOptions
from cognito_auth.web.refusals import Refused
from tests.support.scripted import SETTINGS, Scripted


def request(*headers: tuple[str, str]) -> Request:
    return Request(method="GET", scheme="https", headers=(("Host", "app.example.com"), *headers))


TOKENS: Final = Tokens(access_token="old", refresh_token="once")


def web(sessions: BrowserSessions | ServerSessions) -> WebAuth:
    return WebAuth(SETTINGS, WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),), sessions=sessions))


@pytest.mark.parametrize(
    "sessions", [BrowserSessions(), ServerSessions(store=MemoryStore())], ids=["in the browser", "on the server"]
)
def test_a_session_without_a_refresh_token_is_not_renewed(sessions: BrowserSessions | ServerSessions) -> None:
    auth = web(sessions)
    session = Session(username="ana", tokens=Tokens(access_token="old"))
    (cookie,) = Scripted().run(auth.keeper.begin(request(), session))
    returning = request(("Cookie", f"{cookie.name}={cookie.value}"))
    held = Scripted().run(auth.keeper.find(returning))
    assert held is not None
    assert held.session == session
    with pytest.raises(Refused, match="expired") as caught:
        Scripted().run(auth.renew(returning, held, auth.watch.visit(returning)))
    assert isinstance(caught.value.error, NotSignedIn)
    assert [(each.name, each.max_age) for each in caught.value.cookies] == [(cookie.name, 0)]


def test_who_adopts_what_another_got_reports_no_refresh() -> None:
    auth = web(ServerSessions(store=MemoryStore()))
    (cookie,) = Scripted().run(auth.keeper.begin(request(), Session(username="ana", tokens=TOKENS)))
    returning = request(("Cookie", f"{cookie.name}={cookie.value}"))
    held, late = (Scripted().run(auth.keeper.find(returning)) for _ in range(2))
    assert held is not None
    assert late is not None
    changed = replace(late.session, tokens=replace(TOKENS, access_token="new"))
    Scripted().run(auth.keeper.keep(returning, late, changed))
    driver = Scripted()
    with pytest.raises(Refused) as caught:
        driver.run(auth.renew(returning, held, auth.watch.visit(returning)))
    assert isinstance(caught.value.error, TokenMalformed), "what was adopted is verified"
    assert driver.operations == []
    assert not any(isinstance(effect, Report) for effect in driver.asked)
