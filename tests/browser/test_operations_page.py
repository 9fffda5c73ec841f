"""The page at ``/_local/operations``, used by hand in a real browser."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import httpx
import pytest

from tests.browser.conftest import Tab
from tests.support.local_server import Server, local_server

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD: Final = "Correct-Horse-7"
ROLES: Final[tuple[Literal["button", "link"], ...]] = ("button", "link")


def visit(tab: Tab, pool: Server) -> Page:
    tab.page.goto(f"{pool.endpoint}/_local/")
    tab.page.get_by_role("link", name="operations").click()
    tab.page.locator("#operation option").first.wait_for(state="attached")
    return tab.page


def send(page: Page, operation: str, **parameters: str) -> Any:
    """Choose an operation, fill in its parameters by their labels, send, and give what the page shows."""
    page.get_by_label("Operation", exact=True).select_option(operation)
    for name, value in parameters.items():
        control = page.get_by_label(re.compile(rf"^{name} "))
        control.select_option(value) if control.evaluate("e => e.tagName") == "SELECT" else control.fill(value)
    with page.expect_response(lambda reply: "Action=" in reply.url):
        page.get_by_role("button", name="Send").click()
    page.locator("#body:visible").wait_for()
    return json.loads(page.locator("#body").inner_text())


def status(page: Page) -> str:
    return page.locator("#status").inner_text()


def test_operations_of_users_and_administrators(tab: Tab, pool: Server, screenshot: Path) -> None:
    page = visit(tab, pool)
    given = {
        "ClientId": pool.client_id,
        "Username": "ana",
        "Password": PASSWORD,
        "UserAttributes": '[{"Name": "email", "Value": "ana+1@example.org"}]',
    }
    signed_up = send(page, "SignUp", **given)
    assert (status(page), signed_up["UserConfirmed"]) == ("200 OK", False)
    again = send(page, "SignUp", **given)
    assert (status(page), again["__type"]) == ("400 Bad Request", "UsernameExistsException")
    assert page.locator("#status").get_attribute("class") == "refused"
    confirmed = send(page, "AdminConfirmSignUp", UserPoolId=pool.user_pool_id, Username="ana")
    assert (status(page), confirmed) == ("200 OK", {})
    group = {"UserPoolId": pool.user_pool_id, "GroupName": "a'b(c)!*", "Precedence": "3", "Description": "ü & more + <b>"}
    made = send(page, "CreateGroup", **group)["Group"]
    assert {name: str(made[name]) for name in group} == group
    user = send(page, "AdminGetUser", UserPoolId=pool.user_pool_id, Username="ana")
    assert user["UserStatus"] == "CONFIRMED"
    page.screenshot(path=screenshot, full_page=True)
    assert screenshot.stat().st_size > 0
    assert not tab.complaints
    assert page.locator("b").count() == 0
    assert {httpx.URL(address).netloc.decode() for address in tab.addresses} == {httpx.URL(pool.endpoint).netloc.decode()}
    assert page.url == f"{pool.endpoint}/_local/operations"


def test_signatures_are_true_and_by_the_clock_of_the_pool(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG")
    with local_server("--access-key-id", "AKIDEXAMPLE", "--region", "eu-west-1") as pool:
        pool.move(40 * 86400)
        page = visit(tab, pool)
        refused = send(page, "ListUserPools", MaxResults="5")
        assert refused["__type"] == "UnrecognizedClientException"
        page.get_by_label("Access key id").fill("AKIDEXAMPLE")
        assert send(page, "ListUserPools", MaxResults="5")["__type"] == "InvalidSignatureException"
        page.get_by_label("Secret access key").fill("wJalrXUtnFEMI/K7MDENG")
        assert [listed["Id"] for listed in send(page, "ListUserPools", MaxResults="5")["UserPools"]] == [pool.user_pool_id]
        name = "ü a=b&c"
        given = {"UserPoolId": pool.user_pool_id, "Username": "ana", "GroupName": "g"}
        described = send(page, "CreateGroup", Description=name, UserPoolId=pool.user_pool_id, GroupName="g")["Group"]
        assert described["Description"] == name
        assert send(page, "AdminAddUserToGroup", **given)["__type"] == "UserNotFoundException"
        assert not tab.complaints


def test_every_operation_has_a_form_that_a_screen_reader_and_a_phone_can_use(tab: Tab, pool: Server) -> None:
    page = visit(tab, pool)
    page.set_viewport_size({"width": 360, "height": 640})
    names = page.locator("#operation option").all_inner_texts()
    document = httpx.get(f"{pool.endpoint}/_local/openapi.json").json()
    assert [f"/?Action={name}" for name in names] == list(document["paths"])
    for name in names:
        page.get_by_label("Operation", exact=True).select_option(name)
        described = document["paths"][f"/?Action={name}"]["get"]
        wanted = [parameter["name"] for parameter in described["parameters"] if "name" in parameter]
        controls = "#parameters [name]"
        found: Any = page.evaluate(f"Array.from(document.querySelectorAll({controls!r}), e => [e.name, e.labels.length])")
        assert found == [[wanted_name, 1] for wanted_name in wanted], name
        assert page.locator("#keys").is_visible() == bool(described["security"])
        assert page.locator("#summary").inner_text() == described["summary"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert not tab.complaints


def test_required_parameters_are_asked_for_before_anything_is_sent(tab: Tab, pool: Server) -> None:
    page = visit(tab, pool)
    page.get_by_label("Operation", exact=True).select_option("CreateGroup")
    before = len(tab.addresses)
    page.get_by_role("button", name="Send").click()
    assert page.locator("#parameters :invalid").count() == 2
    assert len(tab.addresses) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes(tab: Tab, pool: Server, scheme: Any) -> None:
    tab.page.emulate_media(color_scheme=scheme)
    page = visit(tab, pool)
    dark: Any = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    color: Any = page.evaluate("getComputedStyle(document.body).color")
    assert dark == (scheme == "dark")
    assert color == ("rgb(255, 255, 255)" if dark else "rgb(0, 0, 0)")


@contextmanager
def site(html: str) -> Generator[str]:
    """A web site with one page, on another port of the same machine; gives its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("policy", ["", "no-referrer"])
def test_pages_of_other_sites_reach_neither_the_page_nor_the_query_form(tab: Tab, pool: Server, policy: str) -> None:
    """An image, a frame, a script, a form and a link; without a referrer too."""
    page = tab.page
    fetch = f"fetch('{pool.endpoint}/?Action=SignUp', {{mode: 'no-cors'}}).then(reply => reply.type, error => error.name)"
    with site(evil(pool, policy)) as address:
        page.goto(address, wait_until="networkidle")
        assert page.evaluate(fetch) in ("opaque", "TypeError")
        for role in ROLES:
            page.goto(address, wait_until="networkidle")
            with page.expect_navigation():
                page.get_by_role(role).click()
            assert "cross_site_request" in page.content()
    assert httpx.get(f"{pool.endpoint}/_local/outbox").json()["messages"] == []
    refused = [refusal.rpartition(" ")[2] for refusal in tab.refusals if "Action=SignUp" in refusal]
    assert len(refused) >= 3 + 2  # a frame on each of three visits, a form, a link; the others' replies no browser shows
    assert set(refused) == {"403"}


def evil(pool: Server, policy: str) -> str:
    """A page that does what it can to sign somebody up."""
    members = {"Action": "SignUp", "ClientId": pool.client_id, "Password": PASSWORD, "Username": "mallory"}
    given = members | {"UserAttributes.member.1.Name": "email", "UserAttributes.member.1.Value": "m@example.org"}
    address = str(httpx.URL(pool.endpoint, params=given)).replace("&", "&amp;")
    fields = "".join(f'<input name="{name}" value="{value}">' for name, value in given.items())
    return (
        f'<!doctype html><meta name="referrer" content="{policy}"><link rel="icon" href="data:,">'
        f'<img src="{address}"><iframe src="{address}"></iframe><script src="{address}"></script><a href="{address}">link</a>'
        f'<form action="{pool.endpoint}/" method="get">{fields}<button>go</button></form>'
    )
