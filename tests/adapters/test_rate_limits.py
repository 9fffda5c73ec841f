"""Limits on how often somebody tries, on each framework: met before Cognito is asked, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth.effects import Store, StoreOperation
from cognito_auth.errors import StoreUnavailable
from cognito_auth.stores import Allowed, RateLimits
from cognito_auth.web.rate_limits import Family

from ..scenarios.world import PASSWORD
from ..support.redis_server import redis_server
from .conftest import Open
from .expectations import accepted, challenged, refused, register, set_up_app
from .faces import ROUTE, ApiClient, Browser, Face
from .servers import Answer, Sent, Server
from .sites import Site

TWICE: Final = Allowed(name="2/minute")
FROM_ONE_PLACE: Final = Allowed(address="2/minute")
WRONG: Final = "Wr0ng-password"
NEW: Final = "An0ther-password"

Try = Callable[[Browser], Answer]


def limited(site: Site, family: Family, allowed: Allowed) -> Site:
    """The site with a limit on one kind of request."""
    off = Allowed()
    others: dict[Family, Allowed] = {"sign_in": off, "answer": off, "sign_up": off, "code": off}
    return site.with_options(limits=RateLimits.in_memory(allowed={**others, family: allowed}))


def visitor(site: Site, open_site: Open, username: str | None = None) -> Browser:
    """A browser, by default of somebody with an account."""
    browser = Browser(site=site, server=open_site(site), username=username or site.world.name())
    if username is None:
        register(browser)
    return browser


def told_to_wait(answer: Answer) -> None:
    refused(answer, 429, "too_many_attempts")
    assert 1 <= int(answer.header("retry-after") or 0) <= 61
    assert not answer.every("set-cookie")


def confirmation(browser: Browser) -> Answer:
    return browser.auth("signup_confirm", username=browser.username, code="000000")


def reset(browser: Browser) -> Answer:
    return browser.auth("password_reset", username=browser.username, code="000000", new_password=NEW)


def registration(browser: Browser) -> Answer:
    return browser.auth("signup", username=browser.username, password=PASSWORD, attributes={"email": "ana@example.com"})


def named(endpoint: str) -> Try:
    return lambda browser: browser.auth(endpoint, username=browser.username)


ANYBODY: Final[dict[str, tuple[Family, Try]]] = {
    "login": ("sign_in", lambda browser: browser.login(WRONG)),
    "signup": ("sign_up", registration),
    "signup_confirm": ("answer", confirmation),
    "password_reset": ("answer", reset),
    "signup_resend": ("code", named("signup_resend")),
    "password_forgot": ("code", named("password_forgot")),
}
"""Endpoints that are open to everybody, by what they are counted with, and a try at each."""


@pytest.mark.parametrize(("family", "attempt"), ANYBODY.values(), ids=ANYBODY)
def test_a_user_name(site: Site, open_site: Open, family: Family, attempt: Try) -> None:
    """Whether or not there is such a user, and however the name is written."""
    site = limited(site, family, TWICE)
    known = visitor(site, open_site)
    nobody = replace(known, username=site.world.name("nobody"))
    for browser in (known, nobody):
        first, second = attempt(browser), attempt(replace(browser, username=f" {browser.username.upper()}"))
        assert {first.status, second.status}.isdisjoint({429, 500, 503})
    answers = [attempt(known), attempt(nobody)]
    for answer in answers:
        told_to_wait(answer)
    assert answers[0].body == answers[1].body
    assert attempt(replace(known, username=site.world.name("other"))).status != 429


@pytest.mark.parametrize(("family", "attempt"), ANYBODY.values(), ids=ANYBODY)
def test_an_address(site: Site, open_site: Open, family: Family, attempt: Try) -> None:
    browser = visitor(limited(site, family, FROM_ONE_PLACE), open_site)
    tries = [attempt(replace(browser, username=site.world.name("nobody"))) for _ in range(3)]
    assert [answer.status == 429 for answer in tries] == [False, False, True]
    told_to_wait(tries[-1])


def test_answers_to_a_challenge(site: Site, open_site: Open) -> None:
    site = limited(site, "answer", Allowed(name="4/minute"))
    browser = visitor(site, open_site)
    accepted(browser.login())
    secret = set_up_app(browser)
    browser.logout()
    codes = [browser.answer(challenged(browser.login(), "SOFTWARE_TOKEN_MFA"), code=code) for code in ("000000", "000001")]
    # Setting the app up took two, and whoever answers is known by another name than whoever is signed in.
    assert [code.status for code in codes] == [400, 400]
    asked = browser.login()
    assert browser.answer(asked, code="000002").status == 400
    assert browser.answer(asked, code="000003").status == 400
    told_to_wait(browser.answer(asked, code=browser.totp(secret)))


def test_a_state_that_does_not_open_counts_for_nobody(site: Site, open_site: Open) -> None:
    browser = visitor(limited(site, "answer", Allowed(address="1/minute", name="1/minute")), open_site)
    for _ in range(3):
        refused(browser.auth("challenge", state="nonsense", answer={"code": "1"}), 400, "invalid_state")


GUARDED: Final[dict[str, tuple[Family, dict[str, Any]]]] = {
    "password_change": ("answer", {"previous_password": WRONG, "new_password": NEW}),
    "mfa_totp_verify": ("answer", {"code": "000000"}),
    "account_verification": ("code", {"attribute": "email"}),
    "account_verification_confirm": ("answer", {"attribute": "email", "code": "000000"}),
}


@pytest.mark.parametrize("endpoint", GUARDED)
def test_whoever_is_signed_in(site: Site, open_site: Open, endpoint: str) -> None:
    family, members = GUARDED[endpoint]
    site = limited(site, family, TWICE)
    browser, other = visitor(site, open_site), visitor(site, open_site)
    for each in (browser, other):
        accepted(each.login())
    tries = [browser.auth(endpoint, **members) for _ in range(3)]
    assert [answer.status == 429 for answer in tries] == [False, False, True]
    told_to_wait(tries[-1])
    assert other.auth(endpoint, **members).status != 429


def test_each_kind_is_counted_by_itself(site: Site, open_site: Open) -> None:
    browser = visitor(limited(site, "sign_in", TWICE), open_site)
    for _ in range(2):
        refused(browser.login(WRONG), 401, "incorrect_credentials")
    told_to_wait(browser.login())
    accepted(browser.auth("password_forgot", username=browser.username))


def test_cognito_is_not_asked(site: Site, open_site: Open) -> None:
    """The right password does not open what too many wrong ones have closed, and the pool does not know of the tries."""
    site = replace(limited(site, "sign_in", Allowed(name="1/hour")), online=False)
    browser = visitor(site, open_site, site.world.name("nobody"))
    assert browser.login().status == 503, "there is nobody to ask"
    told_to_wait_an_hour = browser.login()
    refused(told_to_wait_an_hour, 429, "too_many_attempts")
    assert 3590 <= int(told_to_wait_an_hour.header("retry-after") or 0) <= 3601


def test_signing_in_does_not_give_new_tries(site: Site, open_site: Open) -> None:
    browser = visitor(limited(site, "sign_in", TWICE), open_site)
    for _ in range(2):
        accepted(browser.login())
    told_to_wait(browser.login())


def test_addresses_are_those_that_trusted_proxies_vouch_for(site: Site, open_site: Open) -> None:
    site = limited(site, "code", FROM_ONE_PLACE)

    def statuses(server: Server, *addresses: str) -> list[int]:
        return [forgot(server, site.world.name(), address).status for address in addresses]

    believed = open_site(site.with_options(trusted_proxies=("127.0.0.1",)))
    assert statuses(believed, "192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.1", "192.0.2.2") == [200, 200, 200, 429, 200]
    assert statuses(believed, "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1") == [200, 200, 429, 200]
    assert statuses(open_site(limited(site, "code", FROM_ONE_PLACE)), "192.0.2.5", "192.0.2.6", "192.0.2.7") == [200, 200, 429]


def forgot(server: Server, username: str, address: str) -> Answer:
    headers = [("Content-Type", "application/json"), ("X-Forwarded-For", address)]
    body = f'{{"username": "{username}"}}'.encode()
    return server.answer(Sent(method="POST", path=f"/auth/{ROUTE['password_forgot'].path}", headers=headers, body=body))


def test_api_clients_are_limited_too(site: Site, open_site: Open) -> None:
    site = limited(site, "sign_in", TWICE)
    client: Face = ApiClient(site=site, server=open_site(site), username=site.world.name("nobody"))
    assert [client.login(WRONG).status for _ in range(3)] == [401, 401, 429]


def test_nothing_is_limited_unless_that_is_chosen(browser: Browser) -> None:
    assert {browser.auth("password_forgot", username="somebody").status for _ in range(15)} == {200}


def test_redis_that_goes_away_stops_nobody(site: Site, open_site: Open, tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis:
        limits = RateLimits(redis.url, allowed={"sign_in": TWICE}, timeout=0.5)
        browser = visitor(site.with_options(limits=limits), open_site)
        accepted(browser.login())
        redis.stop()
        for _ in range(2):
            accepted(browser.login())
        told_to_wait(browser.login())


class Away(Store):
    """Somebody's own counting, which cannot be asked."""

    def carry_out(self, operation: StoreOperation[Any]) -> Any:
        raise StoreUnavailable("away")

    async def carry_out_async(self, operation: StoreOperation[Any]) -> Any:
        raise StoreUnavailable("away")


def test_a_store_that_cannot_count_and_says_so_lets_nobody_in(site: Site, open_site: Open) -> None:
    browser = visitor(site.with_options(limits=Away()), open_site)
    answer = browser.login()
    refused(answer, 503, "service_unavailable")
