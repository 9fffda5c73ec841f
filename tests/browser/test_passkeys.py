"""Passkeys on the examples' page, in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.authenticator import WITNESS, Authenticator, asked, until
from tests.browser.conftest import Tab
from tests.browser.hands import PASSWORD, assert_nothing_leaks, environment, press, see, sign_in, sign_up
from tests.support.example import FRAMEWORKS, Example, example
from tests.support.local_server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

DOCUMENTATION: Final = Path(__file__).parents[2] / "docs" / "passkeys.md"
OLD_BROWSER: Final = """
delete PublicKeyCredential.parseCreationOptionsFromJSON;
delete PublicKeyCredential.parseRequestOptionsFromJSON;
delete PublicKeyCredential.prototype.toJSON;
delete PublicKeyCredential.signalUnknownCredential;
"""
MANAGER: Final = 'PublicKeyCredential.prototype.toJSON = () => { throw new TypeError("Illegal invocation"); };'
"""What the credentials of some password managers do."""


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
    """Leave the view of passkeys and sign out, which leaves the name in the form."""
    press(page, "Back")
    see(page, "h1", "Hello ana")
    press(page, "Sign out")
    see(page, "#notice", "You are signed out.")


def wait_for_the_passkey(page: Page, authenticator: Authenticator) -> None:
    """Register a passkey and sign out: the form offers it, and no finger is there to take the offer."""
    register(page)
    authenticator.finger(there=False)
    sign_out(page)
    until(page, "conditional")


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
        wait_for_the_passkey(page, authenticator)
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
        wait_for_the_passkey(page, authenticator)
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
        wait_for_the_passkey(page, authenticator)
        press(page, "Sign in with a passkey")
        until(page, "dialog")
        page.get_by_role("button", name="Create an account").click()  # while the page waits for the passkey
        until(page, "dialog", "AbortError")
        see(page, "h1", "Create an account")
        assert page.locator("#error").text_content() == ""
        assert_nothing_leaks(tab, application.url)


def test_the_choice_of_a_passkey(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        wait_for_the_passkey(page, authenticator)
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


def test_a_passkey_that_proves_nothing(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    """Picked in a field or in a dialog, it is refused, and is not tried again by itself."""
    page = tab.page
    with ana_signed_in(tab, pool) as application:
        register(page)
        authenticator.forge()
        sign_out(page)
        see(page, "#error", "That is not authorized.")
        assert asked(page) == [("conditional", "picked")]
        press(page, "Sign in with a passkey")
        until(page, "dialog", "picked")
        see(page, "#error", "That is not authorized.")
        sign_in(page, "ana")
        see(page, "h1", "Hello ana")
        assert len(asked(page)) == 2
        assert tab.refusals.count("POST /auth/challenge 401") == 2
        assert_nothing_leaks(tab, application.url)


def test_refusals_have_the_codes_of_the_server(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    page = tab.page
    outcome = "(error) => [error instanceof passkeys.PasskeyError, error.code, error.status, error.message]"
    with ana_signed_in(tab, pool):
        register(page)

        def refusal(call: str) -> list[Any]:
            script = f"import('/auth/passkeys.js').then((passkeys) => passkeys.{call}.catch({outcome}))"
            found: list[Any] = page.evaluate(script)
            return found

        unknown = refusal("remove({ credential_id: 'x', relying_party_id: 'localhost' })")
        assert unknown == [True, "passkey_not_found", 404, "There is no such passkey."]
        page.context.set_offline(True)
        assert refusal("list()")[:2] == [True, "unreachable"]
        page.context.set_offline(False)
        page.context.clear_cookies()
        assert refusal("list()")[:3] == [True, "not_signed_in", 401]
        assert refusal("register()")[:3] == [True, "not_signed_in", 401]
        assert refusal("signIn('')")[:3] == [True, "bad_request", 400]
        assert len(authenticator.passkeys()) == 1
        assert not tab.complaints


def test_an_api_client_in_a_browser(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    """Tokens in place of a session, sent along as the page says."""
    page = tab.page
    with ana_signed_in(tab, pool):
        register(page)
        page.context.clear_cookies()
        count = page.evaluate(
            "import('/auth/passkeys.js').then(async ({ config, signIn, list }) => {"
            "const { access_token } = await signIn('ana', { delivery: 'tokens' });"
            "config.request = { headers: { Authorization: `Bearer ${access_token}` } };"
            "return (await list()).length; })"
        )
        assert count == 1
        assert page.context.cookies() == []
        assert authenticator.passkeys()
        assert not tab.complaints


def test_the_page_of_the_documentation(tab: Tab, pool: Server, authenticator: Authenticator) -> None:
    """The page as it is written there, in the place of the example's own."""
    page = tab.page
    found = re.search(r"^```html\n(.*?)^```$", DOCUMENTATION.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    with ana_signed_in(tab, pool) as application:
        page.route(application.url, lambda route: route.fulfill(body=found[1], content_type="text/html"))
        page.goto(application.url)
        page.get_by_label("User name").fill("ana")
        page.get_by_label("Password").fill("Wrong-Horse-7")
        press(page, "Sign in")
        see(page, "output", "Incorrect username or password.")
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        press(page, "Add a passkey")
        page.get_by_role("button", name="Remove Passkey 1").wait_for()
        authenticator.finger(there=False)
        with page.expect_navigation():
            press(page, "Sign out")  # the page loads anew, and remembers the name
        until(page, "conditional")
        authenticator.finger()
        press(page, "Sign in with a passkey")
        page.get_by_role("button", name="Remove Passkey 1").wait_for()
        page.reload()
        page.get_by_role("button", name="Remove Passkey 1").wait_for()
        assert asked(page) == [("conditional", "picked")]
        press(page, "Remove Passkey 1")
        page.get_by_role("button", name="Remove Passkey 1").wait_for(state="detached")
        with page.expect_navigation():
            press(page, "Sign out")
        press(page, "Sign in with a passkey")
        see(page, "output", "There is more to answer: SELECT_CHALLENGE")
        assert authenticator.passkeys() == []
        assert not tab.complaints
