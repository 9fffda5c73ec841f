"""What a person does on the examples' page, and what the page must not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.browser.conftest import Tab
from tests.support.local_server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD: Final = "Correct-Horse-7"
FLOWS: Final = "USER_SRP_AUTH,USER_AUTH"


def environment(pool: Server, user_pool_id: str = "", client_id: str = "", flows: str = FLOWS) -> dict[str, str]:
    """An example's, by default for the pool that the server made at its start."""
    return {
        "COGNITO_ENDPOINT": pool.endpoint,
        "COGNITO_USER_POOL_ID": user_pool_id or pool.user_pool_id,
        "COGNITO_CLIENT_ID": client_id or pool.client_id,
        "COGNITO_AUTH_FLOWS": flows,
        "COGNITO_AUTH_SECRET": "only-for-tests-0123456789-abcdefghij",
    }


def submit(page: Page, heading: str, button: str, **fields: str) -> None:
    """Fill in the form with ``heading`` and press its button; fields are named by their labels."""
    settle(page)
    form = page.locator("form:visible", has=page.get_by_role("heading", name=heading))
    for label, value in fields.items():
        form.get_by_label(label.replace("_", " "), exact=True).fill(value)
    form.get_by_role("button", name=button, exact=True).click()


def settle(page: Page) -> None:
    """Wait until the page is done with what was pressed before: until then it takes nothing else."""
    page.locator("[aria-busy]").wait_for(state="detached")


def press(page: Page, name: str) -> None:
    settle(page)
    page.get_by_role("button", name=name, exact=True).click()


def see(page: Page, selector: str, text: str) -> None:
    page.locator(selector).filter(has_text=text, visible=True).wait_for()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    submit(page, "Sign in", "Sign in", User_name=username, Password=password)


def sign_up(page: Page, pool: Server, username: str) -> None:
    """Create an account and confirm it."""
    press(page, "Create an account")
    address = f"{username}@example.org"
    submit(page, "Create", "Create the account", User_name=username, Email_address=address, Password=PASSWORD)
    see(page, "h1", "Confirm your account")
    submit(page, "Confirm", "Confirm", Code=pool.code(username))
    see(page, "#notice", "Your account is confirmed.")


def assert_nothing_leaks(tab: Tab, url: str) -> None:
    """The page asked nobody else, and nothing secret is in its address, its storage, or where a script could read it."""
    assert tab.page.url == f"{url}/"
    assert {address.startswith(f"{url}/") and "?" not in address for address in tab.addresses} == {True}
    held: Any = tab.page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert held == ["", 0, 0]
    assert not tab.complaints
