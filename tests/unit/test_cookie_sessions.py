"""Sessions that are in the browser alone: found, kept, renewed and ended by nothing but its cookies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Final

import pytest

from cognito_auth.effects import Finish, Flow, Share
from cognito_auth.errors import NotSignedIn
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Session, SetCookie
from cognito_auth.sessions.stored import StoredSession
from cognito_auth.states import Tokens
from cognito_auth.web import Request, WebOptions
from cognito_auth.web.cookie_sessions import CookieSessions
from cognito_auth.web.keeper import Held
from cognito_auth.web.vault import Vault
from tests.support.scripted import NOW, SETTINGS, Scripted

NEW_SECRET: Final = Secret("new-0123456789-abcdefghijklmnopqrstuvwxyz")
OLD_SECRET: Final = Secret("old-0123456789-abcdefghijklmnopqrstuvwxyz")
OPTIONS: Final = WebOptions(secrets=(NEW_SECRET, OLD_SECRET), session_lifetime=600.9, cookie=CookiePolicy(name="shop"))
SESSION: Final = Session(username="ana", tokens=Tokens(access_token="old", refresh_token="once"), proofs=("SMS_MFA",))
TOKENS: Final = Tokens(access_token="new", refresh_token="next")
NAME: Final = "__Host-shop.0"


def keeper(*secrets: Secret) -> CookieSessions:
    options = replace(OPTIONS, secrets=secrets or OPTIONS.secrets)
    return CookieSessions(options, Vault(options.secrets, SETTINGS))


def sent(cookies: Iterable[SetCookie] = (), *, scheme: str = "https", host: str = "app.example.com") -> Request:
    headers = tuple(("Cookie", f"{cookie.name}={cookie.value}") for cookie in cookies)
    return Request(method="GET", scheme=scheme, headers=(("Host", host), *headers))


def begun(session: Session = SESSION, request: Request | None = None, *secrets: Secret) -> tuple[SetCookie, ...]:
    return Scripted().run(keeper(*secrets).begin(request or sent(), session))


def kept(session: Session = SESSION) -> Held:
    return Held(session=session, ends_at=int(NOW) + 600)


def found(request: Request, now: float = NOW) -> Held | None:
    return Scripted(now=now).run(keeper().find(request))


def test_what_was_begun_is_found_until_its_lifetime_ends() -> None:
    (cookie,) = begun()
    assert (cookie.name, cookie.max_age, cookie.secure) == (NAME, 600, True)
    assert found(sent([cookie]), NOW + 599) == kept()
    assert found(sent([cookie]), NOW + 600) is None


def test_on_this_machine_cookies_need_no_https() -> None:
    request = sent(scheme="http", host="localhost:5000")
    (cookie,) = begun(request=request)
    assert (cookie.name, cookie.secure) == ("shop.0", False)
    assert found(sent([cookie], scheme="http", host="localhost:5000")) == kept()
    assert found(sent([cookie])) is None


@pytest.mark.parametrize("value", ["", "1.", "1.nonsense", "2.nonsense"])
def test_what_holds_no_session_is_nobodys(value: str) -> None:
    assert found(sent([SetCookie(name=NAME, value=value, max_age=60, secure=True)])) is None
    assert found(sent()) is None


def test_what_was_sealed_for_something_else_is_no_session() -> None:
    for purpose, content in (("state", b"{}"), ("session", b"{}")):
        value = Scripted().run(Vault(OPTIONS.secrets, SETTINGS).seal(content, purpose, 60))
        assert found(sent([SetCookie(name=NAME, value=f"1.{value}", max_age=60, secure=True)])) is None


def test_a_session_that_an_older_secret_sealed_is_sealed_anew() -> None:
    old = begun(SESSION, None, OLD_SECRET)
    held = found(sent(old))
    assert held is not None
    assert held.session == SESSION
    assert Scripted().run(keeper(NEW_SECRET).find(sent(held.cookies))) == kept()
    assert [cookie.name for cookie in held.cookies] == [NAME]


def test_a_shorter_session_leaves_no_piece_of_a_longer_one() -> None:
    long = begun(replace(SESSION, tokens=Tokens(access_token="".join(map(str, range(3000))))))
    assert len(long) > 1
    assert [cookie.max_age for cookie in begun(request=sent(long))] == [600] + [0] * (len(long) - 1)


def test_keeping_is_setting_the_cookies_anew() -> None:
    changed = replace(SESSION, proofs=("PASSWORD",))
    renewed = Scripted().run(keeper().keep(sent(begun()), kept(), changed))
    assert renewed.session == changed
    assert found(sent(renewed.cookies)) == kept(changed)


def test_a_session_ends_when_it_was_to_however_often_it_is_kept() -> None:
    held = found(sent(begun()), NOW + 300)
    assert held is not None
    renewed = Scripted(now=NOW + 300).run(keeper().keep(sent(begun()), held, SESSION))
    assert found(sent(renewed.cookies), NOW + 599) == kept()
    assert found(sent(renewed.cookies), NOW + 600) is None


def test_a_session_that_ends_while_it_is_renewed_has_ended() -> None:
    renewed = Scripted(now=NOW + 700).run(keeper().keep(sent(begun()), kept(), SESSION))
    assert found(sent(renewed.cookies), NOW + 700) is None


def test_only_sessions_in_the_browser_are_kept_there() -> None:
    with pytest.raises(LookupError, match=r"^the session is not in the browser$"):
        Scripted().run(keeper().keep(sent(), Held(session=SESSION), SESSION))


def test_a_refresh_replaces_the_tokens_and_nothing_else() -> None:
    asked: list[Session] = []

    def refreshing(session: Session) -> Flow[Session]:
        asked.append(session)
        yield from ()
        return Session(username="another", tokens=TOKENS)

    driver = Scripted()
    renewed = driver.run(keeper().renew(sent(begun()), kept(), refreshing))
    assert asked == [SESSION]
    assert renewed.session == replace(SESSION, tokens=TOKENS)
    assert found(sent(renewed.cookies)) == kept(renewed.session)
    (share,) = (effect for effect in driver.asked if isinstance(effect, Share))
    assert share.key == ("refresh", sha256(b"once").hexdigest())
    assert any(isinstance(effect, Finish) for effect in driver.asked)


def test_without_a_refresh_token_the_session_has_expired() -> None:
    held = kept(replace(SESSION, tokens=Tokens(access_token="old")))

    def never(_: Session) -> Flow[Session]:
        yield from ()
        raise AssertionError("there was nothing to ask with")

    with pytest.raises(NotSignedIn) as caught:
        Scripted().run(keeper().renew(sent(begun()), held, never))
    assert str(caught.value) == "the session has expired"


def test_the_server_knows_of_no_session() -> None:
    stored = StoredSession(id="a", owner="b", content=b"", created_at=NOW, seen_at=NOW, expires_at=NOW, idle_lifetime=1)
    assert Scripted().run(keeper().list_of("ana")) == ()
    assert Scripted().run(keeper().remove(stored)) is None
    assert Scripted().run(keeper().remove_all("ana")) == 0


def test_ending_deletes_the_cookies_that_were_sent_and_those_that_will_be() -> None:
    def deleted(cookies: Iterable[SetCookie], held: Held | None) -> list[tuple[str, int]]:
        return [(cookie.name, cookie.max_age) for cookie in Scripted().run(keeper().end(sent(cookies), held))]

    (cookie,) = begun()
    second = replace(cookie, name="__Host-shop.1")
    assert deleted([], None) == []
    assert deleted([cookie], None) == [(NAME, 0)]
    assert deleted([cookie], kept()) == [(NAME, 0)]
    assert deleted([cookie], Held(session=SESSION, cookies=(cookie, second))) == [(NAME, 0), ("__Host-shop.1", 0)]
    assert deleted([cookie], Held(session=SESSION, cookies=(cookie, replace(second, max_age=0)))) == [(NAME, 0)]
    (on_this_machine,) = Scripted().run(
        keeper().end(sent([replace(cookie, name="shop.0")], scheme="http", host="localhost"), None)
    )
    assert (on_this_machine.name, on_this_machine.secure) == ("shop.0", False)
