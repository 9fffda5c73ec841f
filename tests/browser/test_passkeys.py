"""Passkeys on the examples' page, in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.conftest import Tab
from tests.browser.hands import PASSWORD, assert_nothing_leaks, environment, press, see, sign_in, sign_up
from tests.support.example import FRAMEWORKS, Example, example
from tests.support.local_server import Server

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

PAUSE: Final = 50  # milliseconds between two looks at the page
PATIENCE: Final = 200  # looks until something that was expected counts as missing
WITNESS: Final = """
window.asked = [];
const { get } = CredentialsContainer.prototype;
CredentialsContainer.prototype.get = function (options) {
  const request = { mediation: options.mediation ?? "dialog", outcome: "waits" };
  window.asked.push(request);
  const outcome = get.call(this, options);
  outcome.then(() => (request.outcome = "picked"), (error) => (request.outcome = error.name));
  return outcome;
};
"""
"""Notes what the browser is asked for, and what becomes of it."""
OLD_BROWSER: Final = """
delete PublicKeyCredential.parseCreationOptionsFromJSON;
delete PublicKeyCredential.parseRequestOptionsFromJSON;
delete PublicKeyCredential.prototype.toJSON;
delete PublicKeyCredential.signalUnknownCredential;
"""
MANAGER: Final = 'PublicKeyCredential.prototype.toJSON = () => { throw new TypeError("Illegal invocation"); };'
"""What the credentials of some password managers do."""


class Authenticator:
    """What unlocks the device: a finger that is there, and is the right one, unless the test says otherwise.

    A request that begins while the finger is away waits for one for ever, as Chromium has it.
    """

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        given = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        given |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        self._id: str = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": given})["authenticatorId"]

    def finger(self, *, there: bool = True, right: bool = True) -> None:
        self._send("setAutomaticPresenceSimulation", enabled=there)
        self._send("setUserVerified", isUserVerified=right)

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("getCredentials")["credentials"]
        return found

    def lose(self) -> None:
        """Forget every passkey."""
        self._send("clearCredentials")

    def _send(self, command: str, **members: Any) -> Any:
        return self._session.send(f"WebAuthn.{command}", {"authenticatorId": self._id, **members})


@pytest.fixture
def authenticator(tab: Tab) -> Authenticator:
    tab.page.add_init_script(WITNESS)
    return Authenticator(tab.page)


@contextmanager
def ana_signed_in(tab: Tab, pool: Server, framework: str = "fastapi") -> Generator[Example]:
    """An example where Ana has just signed up and in, with her password."""
    with example(framework, environment(pool)) as application:
        tab.page.goto(application.url)
        sign_up(tab.page, pool, "ana")
        sign_in(tab.page, "ana")
        see(tab.page, "h1", "Hello ana")
        yield application


def register(page: Page) -> None:
    press(page, "Passkeys")
    see(page, "h1", "Passkeys")
    press(page, "Register a passkey")
    see(page, "#notice", "Your passkey is registered.")


def sign_out(page: Page) -> None:
    """Sign out, and see that a passkey is offered for the name that is left in the form."""
    press(page, "Back")
    see(page, "h1", "Hello ana")
    press(page, "Sign out")
    see(page, "#notice", "You are signed out.")


def until(page: Page, mediation: str, outcome: str = "waits") -> None:
    """Wait until this is what became of the newest request. (The page's policy forbids what playwright would do for it.)"""
    for _ in range(PATIENCE):
        if asked(page)[-1:] == [(mediation, outcome)]:
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(f"the browser was asked for {asked(page)}")


def asked(page: Page) -> list[tuple[str, str]]:
    """What the browser was asked for since the page was loaded, and what became of it."""
    found: list[dict[str, str]] = page.evaluate("asked")
    return [(each["mediation"], each["outcome"]) for each in found]


def there_and_back(tab: Tab, pool: Server, framework: str, authenticator: Authenticator) -> None:
    """The life of a passkey: registered, used, listed, deleted, and of no use any more."""
    page = tab.page
    with ana_signed_in(tab, pool, framework) as application:
        register(page)
        assert page.locator("#passkeys li").count() == 1
        assert [each["rpId"] for each in authenticator.passkeys()] == ["localhost"]
        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        authenticator.finger()
        press(page, "Sign in with a passkey")
        see(page, "h1", "Hello ana")
        assert asked(page) == [("conditional", "AbortError"), ("dialog", "picked")]
        press(page, "GET /hello")
        see(page, "#result", "Hello ana!")

        press(page, "Passkeys")
        see(page, "#passkeys li", "Passkey 1")
        press(page, "Delete Passkey 1")
        see(page, "#notice", "Passkey 1 is deleted.")
        assert page.locator("#passkeys li").count() == 0
        sign_out(page)
        press(page, "Sign in with a passkey")
        see(page, "h1", "Choose how to sign in")
        assert page.locator("#choices input").evaluate_all("all => all.map(each => each.value)") == ["PASSWORD_SRP", "PASSWORD"]
        assert len(asked(page)) == 2
        assert page.evaluate("fetch('/auth/me').then(reply => reply.status)") == 401
        assert_nothing_leaks(tab, application.url)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_passkey_is_registered_used_listed_and_deleted(
    framework: str, tab: Tab, pool: Server, authenticator: Authenticator
) -> None:
    there_and_back(tab, pool, framework, authenticator)
    assert authenticator.passkeys() == [], "the browser was told that the passkey is of no use"


@pytest.mark.parametrize("script", [OLD_BROWSER, MANAGER], ids=["old browser", "password manager"])
def test_where_the_browser_does_not_read_and_write_json(
    script: str, tab: Tab, pool: Server, authenticator: Authenticator
) -> None:
    tab.page.add_init_script(script)
    there_and_back(tab, pool, "fastapi", authenticator)


def test_the_form_offers_the_passkey_of_whoever_is_named(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        register(page)
        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        see(page, "h1", "Sign in")  # nothing but the offer; what is typed next takes its place
        page.reload()
        name = page.locator("form:visible").get_by_label("User name")
        name.fill("eva")
        name.blur()
        page.wait_for_load_state("networkidle")
        see(page, "h1", "Sign in")
        authenticator.finger()
        name.fill("ana")
        name.blur()
        see(page, "h1", "Hello ana")
        assert asked(page)[-1] == ("conditional", "picked")
        assert all(mediation == "conditional" for mediation, _ in asked(page))
        assert_nothing_leaks(tab, application.url)


def test_a_password_ends_the_offer(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        register(page)
        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        sign_in(page, "ana", "Wrong-Horse-7")
        see(page, "#error", "Incorrect username or password.")
        until(page, "conditional")  # anew
        sign_in(page, "ana")
        see(page, "h1", "Hello ana")
        assert asked(page) == [("conditional", "AbortError")] * 2
        assert_nothing_leaks(tab, application.url)


def test_the_offer_lapses_with_its_challenge(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool):
        register(page)
        authenticator.finger(there=False)
        page.clock.install()
        sign_out(page)
        until(page, "conditional")
        page.clock.run_for(170_000)
        assert asked(page) == [("conditional", "waits")]
        page.clock.run_for(20_000)
        until(page, "conditional", "AbortError")
        see(page, "h1", "Sign in")
        assert page.locator("#error").text_content() == ""
        assert not tab.complaints


def test_what_a_person_refuses(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    """A wrong finger refuses as a person does who closes the dialog: browsers tell pages no more."""
    page, cancelled = tab.page, "No passkey was used"
    with ana_signed_in(tab, pool) as application:
        press(page, "Passkeys")
        authenticator.finger(right=False)
        press(page, "Register a passkey")
        see(page, "#error", cancelled)
        assert page.locator("#passkeys li").count() == 0
        authenticator.finger()
        press(page, "Register a passkey")
        see(page, "#notice", "Your passkey is registered.")
        press(page, "Register a passkey")
        see(page, "#error", "There is a passkey for this account here already.")

        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        authenticator.lose()
        authenticator.finger()
        press(page, "Sign in with a passkey")
        see(page, "#error", cancelled)
        see(page, "h1", "Sign in")
        assert ("dialog", "NotAllowedError") in asked(page)
        assert page.locator("[aria-invalid]").count() == 0
        sign_in(page, "ana")
        see(page, "h1", "Hello ana")
        assert_nothing_leaks(tab, application.url)


def test_who_goes_elsewhere_ends_the_dialog(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        register(page)
        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        press(page, "Sign in with a passkey")
        until(page, "dialog")
        press(page, "Create an account")
        until(page, "dialog", "AbortError")
        see(page, "h1", "Create an account")
        assert page.locator("#error").text_content() == ""
        assert_nothing_leaks(tab, application.url)


def test_the_choice_of_a_passkey(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        register(page)
        authenticator.finger(there=False)
        sign_out(page)
        until(page, "conditional")
        press(page, "Sign in another way")
        see(page, "h1", "Choose how to sign in")
        authenticator.finger(right=False)
        page.get_by_label("Passkey").check()
        press(page, "Go on")
        see(page, "#error", "No passkey was used")
        see(page, "h1", "Sign in")
        authenticator.finger(there=False)
        press(page, "Sign in another way")
        see(page, "h1", "Choose how to sign in")
        authenticator.finger()
        page.get_by_label("Passkey").check()
        press(page, "Go on")
        see(page, "h1", "Hello ana")
        assert_nothing_leaks(tab, application.url)


def test_a_browser_without_passkeys(tab: Tab, pool: Server) -> None:
    page = tab.page
    page.add_init_script("delete window.PublicKeyCredential;")
    with ana_signed_in(tab, pool) as application:
        press(page, "Passkeys")
        see(page, "h1", "Passkeys")
        assert page.locator("[data-passkeys]:visible").count() == 0
        press(page, "Back")
        press(page, "Sign out")
        see(page, "#notice", "You are signed out.")
        assert page.locator("[data-passkeys]:visible").count() == 0
        refused = page.evaluate(
            "import('/auth/passkeys.js').then(async ({ signIn, register, autofill, supported, autofillSupported }) => ["
            "supported(), await autofillSupported(), await autofill('ana'), await signIn('ana').catch((error) => error.code),"
            "await register().catch((error) => error.code)])"
        )
        assert refused == [False, False, None, "not_supported", "not_supported"]
        sign_in(page, "ana", PASSWORD)
        see(page, "h1", "Hello ana")
        assert_nothing_leaks(tab, application.url)


def test_an_address_that_the_passkeys_do_not_belong_to(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        page.goto(application.url.replace("localhost", "127.0.0.1"))
        sign_in(page, "ana")
        see(page, "h1", "Hello ana")
        press(page, "Passkeys")
        press(page, "Register a passkey")
        see(page, "#error", "This site's passkeys do not work at this address.")
        assert authenticator.passkeys() == []
        assert not tab.complaints
