"""What journeys do not come by: deleting without a body, or while the session is renewed, and the own device."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.flows import confirm_device, sign_in
from cognito_auth.states import SignedIn

from ..scenarios.world import HOUR, PASSWORD
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser, accepted_cookie
from .servers import Sent
from .sites import Site

DELETING: Final = ("account", "mfa/totp", "mfa/sms", "mfa/email")
JSON: Final = ("Content-Type", "application/json")


@pytest.mark.parametrize("path", DELETING)
@pytest.mark.parametrize("body", [b"", b"{}"], ids=["no body", "an empty object"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_deleting_needs_no_body(api_client: ApiClient, path: str, body: bytes, *, chunked: bool) -> None:
    api_client.login()
    headers = [*api_client.credentials("DELETE"), *([JSON] if body else [])]
    accepted(
        api_client.server.answer(
            Sent(method="DELETE", path=f"/auth/{path}", headers=headers, body=body, chunked=chunked and bool(body))
        )
    )


REFUSED_BODIES: Final[Mapping[str, tuple[bytes, int, str]]] = {
    "a member": (b'{"everything": true}', 400, "bad_request"),
    "no JSON": (b"{", 400, "bad_request"),
    "too much": (b" " * 40_000, 413, "body_too_large"),
}


@pytest.mark.parametrize("path", DELETING)
@pytest.mark.parametrize(("body", "status", "code"), REFUSED_BODIES.values(), ids=REFUSED_BODIES)
def test_deleting_takes_nothing(api_client: ApiClient, path: str, body: bytes, status: int, code: str) -> None:
    api_client.login()
    headers = [*api_client.credentials("DELETE"), JSON]
    sent = Sent(method="DELETE", path=f"/auth/{path}", headers=headers, body=body)
    refused(api_client.server.answer(sent), status, code)
    accepted(api_client.auth("account"), username=api_client.username)


@pytest.mark.parametrize("attributes", [{"nickname": "x" * 2049}, {"nickname": None}, ["nickname"], "nickname"])
def test_attributes_that_are_none(api_client: ApiClient, attributes: object) -> None:
    api_client.login()
    refused(api_client.auth("account_change", attributes=attributes), 400, "bad_request")


def test_an_account_is_deleted_as_its_session_is_renewed(browser: Browser) -> None:
    """No piece of the renewed session is left over, though it has more than the browser knows of."""
    browser.login()
    before = set(browser.cookies)
    world, settings = browser.site.world, browser.site.settings
    for number in range(16):
        group = hashlib.sha512(str(number).encode()).hexdigest()
        world.ensure_group(settings, group)
        world.add_to_group(settings, browser.username, group)
    world.cognito.clock.move(1.1 * HOUR)
    deleted = accepted(browser.auth("account_delete"), status="deleted", cookie_cleared=True)
    cookies = [accepted_cookie(line) for line in deleted.every("set-cookie")]
    names = {name for name, _ in cookies}
    assert names > before, "the renewed session is longer"
    assert len(names) == len(cookies), "each is set once"
    assert all(value is None for _, value in cookies)


def test_the_device_of_the_token_is_the_current_one(site: Site, open_site: Open) -> None:
    site = replace(site, settings=site.world.settings("tracked"))
    username = site.world.name()
    site.world.create_user(site.settings, username)
    visitor = ApiClient(site=site, server=open_site(site), username=username)
    with site.client() as client:
        state = client.run(sign_in(username, PASSWORD))
        assert isinstance(state, SignedIn)
        key = client.run(confirm_device(state)).key
    visitor.access_token = state.tokens.access_token
    (device,) = accepted(visitor.auth("devices")).json["devices"]
    assert (device["device_key"], device["current"], device["name"]) == (key, True, None)
    assert device["authenticated_at"] >= device["created_at"] > 0
    accepted(visitor.auth("devices_forget", device_key=key), status="forgotten", current=True)
