"""Keeping a session in the browser: when it ends, whatever becomes of it."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.secret import Secret
from cognito_auth.sessions import Session, SetCookie
from cognito_auth.states import Tokens
from cognito_auth.web import Request, WebOptions
from cognito_auth.web.cookie_sessions import CookieSessions
from cognito_auth.web.keeper import Held
from cognito_auth.web.vault import Vault
from tests.support.scripted import NOW, SETTINGS, Scripted

OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),), session_lifetime=100)
KEEPER: Final = CookieSessions(OPTIONS, Vault(OPTIONS.secrets, SETTINGS))
SESSION: Final = Session(username="ana", tokens=Tokens(access_token="new", refresh_token="next"))


def request(cookies: tuple[SetCookie, ...] = ()) -> Request:
    headers = [("Host", "app.example.com"), *(("Cookie", f"{cookie.name}={cookie.value}") for cookie in cookies)]
    return Request(method="GET", scheme="https", headers=tuple(headers))


def found(cookies: tuple[SetCookie, ...], now: float) -> Held | None:
    return Scripted(now=now).run(KEEPER.find(request(cookies)))


def test_it_ends_when_it_was_to_end() -> None:
    cookies = Scripted(now=NOW).run(KEEPER.begin(request(), SESSION))
    for moment in (NOW, NOW + 60.5, NOW + 99.9):
        held = found(cookies, moment)
        assert held is not None
        assert held.ends_at == NOW + 100
        cookies = Scripted(now=moment).run(KEEPER.keep(request(), held, SESSION)).cookies
    assert found(cookies, NOW + 100) is None


def test_one_that_ends_while_it_is_renewed_has_ended() -> None:
    late = Held(session=SESSION, ends_at=int(NOW) - 5)
    assert found(Scripted(now=NOW).run(KEEPER.keep(request(), late, SESSION)).cookies, NOW) is None


def test_only_sessions_in_a_browser_are_kept_there() -> None:
    with pytest.raises(LookupError):
        Scripted().run(KEEPER.keep(request(), Held(session=SESSION), SESSION))
