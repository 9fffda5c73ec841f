"""What is refused, and how: credentials that are missing, wrong, or not enough; keys that cannot be had."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .servers import Answer, Pairs, Sent, Server
from .sites import Site

INVALID: Final = 'Bearer error="invalid_token", error_description="The access token is not valid."'


def asked_with(server: Server, *headers: tuple[str, str], path: str = "/private") -> Answer:
    return server.answer(Sent(method="GET", path=path, headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Authorization", "Basic YW5hOnBhc3N3b3Jk")],
        [("X-Forwarded-User", "ana")],
        [("Cookie", "access_token=nonsense")],
    ],
    ids=["nothing", "another scheme", "a proxy's word", "another's cookie"],
)
@pytest.mark.parametrize("path", ["/private", "/admin", "/auth/me"])
def test_no_credentials(server: Server, headers: Pairs, path: str) -> None:
    answer = refused(asked_with(server, *headers, path=path), 401, "not_signed_in")
    assert answer.header("www-authenticate") == "Bearer"


@pytest.mark.parametrize("path", ["/private?access_token={}", "/auth/me?access_token={}"])
def test_a_token_in_the_query_counts_for_nothing(api_client: ApiClient, path: str) -> None:
    api_client.login()
    refused(asked_with(api_client.server, path=path.format(api_client.access_token)), 401, "not_signed_in")


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", "a.b.c", "a b", "\xe9", "." * 5000, "eyJhbGciOiJub25lIn0.e30.", "x" * 20_000],
    ids=["empty", "nonsense", "three parts", "two words", "not ascii", "dots", "unsigned", "too long"],
)
def test_bad_tokens(server: Server, token: str) -> None:
    answer = refused(asked_with(server, ("Authorization", f"Bearer {token}")), 401, "invalid_token")
    assert answer.header("www-authenticate") == INVALID


def test_a_token_that_was_changed(api_client: ApiClient) -> None:
    api_client.login()
    header, payload, signature = (api_client.access_token or "").split(".")
    changed = f"{header}.{payload}.{signature[:-8]}{'A' * 8}"
    refused(asked_with(api_client.server, ("Authorization", f"Bearer {changed}")), 401, "invalid_token")
    accepted(asked_with(api_client.server, ("Authorization", f"bearer {header}.{payload}.{signature}")))


def test_an_id_token_is_no_access_token(api_client: ApiClient) -> None:
    id_token = api_client.login().json["id_token"]
    refused(asked_with(api_client.server, ("Authorization", f"Bearer {id_token}")), 401, "invalid_token")


def test_a_token_of_another_client(api_client: ApiClient, open_site: Open) -> None:
    api_client.login()
    world = api_client.site.world
    other = open_site(replace(api_client.site, settings=world.settings(confidential=False)))
    refused(asked_with(other, *api_client.credentials("GET")), 401, "invalid_token")


def test_an_expired_token(api_client: ApiClient) -> None:
    api_client.login()
    api_client.site.world.move(3700)
    answer = refused(api_client.visit("/private"), 401, "token_expired")
    assert (
        answer.header("www-authenticate") == 'Bearer error="invalid_token", error_description="The access token has expired."'
    )
    accepted(api_client.refresh())
    accepted(api_client.visit("/private"))


def test_rights_that_are_missing(api_client: ApiClient) -> None:
    api_client.login()
    expected = {
        "/admin": 'Bearer error="insufficient_scope"',
        "/orders": 'Bearer error="insufficient_scope", scope="orders/read"',
        "/staff-orders": 'Bearer error="insufficient_scope"',  # for a scope would not be enough
    }
    for path, challenge in expected.items():
        answer = refused(api_client.visit(path), 403, "forbidden")
        assert answer.header("www-authenticate") == challenge


def test_a_bearer_token_goes_before_a_session(browser: Browser) -> None:
    browser.login()
    accepted(browser.visit("/private"))
    headers = [*browser.credentials("GET"), ("Authorization", "Bearer nonsense")]
    refused(browser.server.answer(Sent(method="GET", path="/private", headers=headers)), 401, "invalid_token")


def test_deliveries_that_are_not_offered(site: Site, open_site: Open) -> None:
    username = site.world.name()
    site.world.create_user(site.settings, username)
    tokens_only = site.with_options(deliveries=("tokens",))
    cookies_only = site.with_options(deliveries=("cookie",))

    client = ApiClient(site=tokens_only, server=open_site(tokens_only), username=username)
    browser = Browser(site=cookies_only, server=open_site(cookies_only), username=username)
    accepted(client.login())
    accepted(browser.login())
    refused(client.auth("login", username=username, password="x", delivery="cookie"), 400, "bad_request")
    refused(browser.auth("login", username=username, password="x", delivery="tokens"), 400, "bad_request")
    refused(asked_with(browser.server, *client.credentials("GET")), 401, "not_signed_in")
    refused(asked_with(client.server, *browser.credentials("GET")), 401, "not_signed_in")


def test_signing_out_everywhere_wants_the_access_token(api_client: ApiClient) -> None:
    api_client.login()
    api_client.access_token = None
    refused(api_client.auth("logout", refresh_token=api_client.envelope, everywhere=True), 400, "bad_request")
    accepted(api_client.auth("logout", refresh_token=api_client.envelope), revoked=True)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that is taken and where nobody listens: connections to it are refused."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_keys_that_cannot_be_had(api_client: ApiClient, open_site: Open, deaf_port: int) -> None:
    api_client.login()
    site = api_client.site
    jwks_uri = f"http://127.0.0.1:{deaf_port}/jwks.json"
    cut_off = open_site(replace(site, settings=replace(site.settings, jwks_uri=jwks_uri), online=False))
    for path in ("/private", "/auth/me"):
        answer = refused(asked_with(cut_off, *api_client.credentials("GET"), path=path), 503, "keys_unavailable")
        assert int(answer.header("retry-after") or "") > 0


def test_a_pool_that_cannot_be_reached(browser: Browser, open_site: Open, deaf_port: int) -> None:
    site = browser.site
    endpoint = f"http://127.0.0.1:{deaf_port}"
    cut_off = replace(site, settings=replace(site.settings, endpoint=endpoint), online=False)
    browser.server = open_site(cut_off)
    answer = refused(browser.login(), 503, "service_unavailable")
    assert answer.header("retry-after") == "5"
