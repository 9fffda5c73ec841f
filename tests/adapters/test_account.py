"""What journeys do not come by: bodies that are none, deleting while the session is renewed, the own device."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.users import AdminDeleteUser
from cognito_auth.api.wire import to_json
from cognito_auth.flows import confirm_device, sign_in
from cognito_auth.local import SoftwareAuthenticator
from cognito_auth.states import SignedIn

from ..scenarios.world import HOUR, NEW_PASSWORD, PASSWORD, WEAK_PASSWORD
from .conftest import Open
from .expectations import accepted, refused, register
from .faces import FACES, ApiClient, Browser, accepted_cookie
from .servers import Sent, Server
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


@pytest.mark.parametrize("attributes", [{}, {"nickname": "x" * 2049}, {"nickname": None}, ["nickname"], "nickname"])
def test_attributes_that_are_none(api_client: ApiClient, attributes: object) -> None:
    api_client.login()
    refused(api_client.auth("account_change", attributes=attributes), 400, "bad_request")


def test_a_preference_that_is_none(api_client: ApiClient) -> None:
    api_client.login()
    refused(api_client.auth("mfa_preference"), 400, "bad_request")


def test_an_account_is_deleted_as_its_session_is_renewed(browser: Browser) -> None:
    """No piece of the renewed session is left over, though it has more than the browser knows of."""
    browser.login()
    before = set(browser.cookies)
    world, settings = browser.site.world, browser.site.settings
    for number in range(16):
        group = hashlib.sha512(str(number).encode()).hexdigest()
        world.ensure_group(settings, group)
        world.add_to_group(settings, browser.username, group)
    world.move(1.1 * HOUR)
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


def test_an_account_that_an_administrator_deleted(framework: str, site: Site, open_site: Open) -> None:
    """Endpoints tell it as credentials that are not good any more."""
    for face in FACES.values():
        visitor = face(site=site, server=open_site(site), username=site.world.name())
        register(visitor)
        accepted(visitor.login(), status="signed_in")
        site.world.send(site.settings, AdminDeleteUser(username=visitor.username))
        for name in ("account", "account_delete", "mfa", "sessions", "mfa_totp_remove"):
            refused(visitor.auth(name), 401, "access_token_rejected")
        wanted = {"previous_password": PASSWORD, "new_password": NEW_PASSWORD}
        refused(visitor.auth("password_change", **wanted), 401, "access_token_rejected")
        refused(visitor.refresh(), 401, "access_token_rejected")
        refused(visitor.login(), 401, "incorrect_credentials")


def test_passkeys_that_are_none(site: Site, open_site: Open) -> None:
    site = replace(site, settings=site.world.settings("choice", confidential=True))
    browser = Browser(site=site, server=open_site(site), username=site.world.name())
    register(browser)
    accepted(browser.login())
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"deeper": deep}
    options = accepted(browser.auth("passkeys_options")).json["options"]
    refused(browser.auth("passkeys_register", credential=deep), 400, "bad_request")
    refused(browser.auth("passkeys_register", credential="x"), 400, "bad_request")
    refused(browser.auth("passkeys_register", credential={"x": float("nan")}), 400, "bad_request")
    refused(browser.auth("passkeys_register", credential={"x": "\ud83d"}), 400, "bad_request")
    refused(browser.auth("passkeys_register", credential={}), 400, "invalid_parameter")
    elsewhere = SoftwareAuthenticator("https://example.org").create(options)
    refused(browser.auth("passkeys_register", credential=to_json(elsewhere)), 502, "service_error")
    refused(browser.auth("passkeys_delete", credential_id="x"), 404, "passkey_not_found")


def test_a_password_that_breaks_a_rule_is_told_which(api_client: ApiClient) -> None:
    api_client.login()
    wanted = {"previous_password": PASSWORD, "new_password": WEAK_PASSWORD}
    refusal = refused(api_client.auth("password_change", **wanted), 400, "invalid_password")
    assert "uppercase" in refusal.json["error"]["message"]


def test_signing_up_creates(site: Site, server: Server) -> None:
    stranger = Browser(site=site, server=server, username=site.world.name())
    signing_up = {"username": stranger.username, "password": PASSWORD, "attributes": {"email": "ana@example.com"}}
    assert accepted(stranger.auth("signup", **signing_up), 201, status="confirmation_required").json["state"]


@pytest.mark.parametrize(
    "body",
    [
        {"code": "123456"},
        {"code": "123456", "username": "ana", "state": "x"},
        {"code": "123456", "username": "ana", "sign_in": True},
        {"code": "123456", "username": "ana", "delivery": "pigeon"},
        {"username": "ana"},
    ],
    ids=["whose", "two names", "nothing to sign in with", "no such delivery", "no code"],
)
def test_confirmations_that_are_none(api_client: ApiClient, body: dict[str, Any]) -> None:
    refused(api_client.auth("signup_confirm", **body), 400, "bad_request")


def test_a_confirmation_by_a_state_of_another_kind(site: Site, server: Server, api_client: ApiClient) -> None:
    api_client.login()
    for state in ("nonsense", api_client.envelope):
        refused(api_client.auth("signup_confirm", state=state, code="123456", sign_in=True), 400, "invalid_state")
