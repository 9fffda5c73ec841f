"""What an application may choose about the endpoints, and what it is told when it cannot work."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth import Secret, Settings, WebOptions
from cognito_auth.errors import ConfigurationError
from cognito_auth.sessions import CookiePolicy
from cognito_auth.stores import MemoryStore
from cognito_auth.web import Request, ServerSessions, WebAuth

SECRET: Final = Secret("correct horse battery staple 0123456789")


def options(**given: Any) -> WebOptions:
    return WebOptions(secrets=(SECRET,), **given)


@pytest.mark.parametrize(
    "origin",
    [
        "https://A.example",
        "https://a.example:443",
        "https://a.example/",
        "https://a.example/path",
        "https://user@a.example",
        "http://a.example",
        "http://localhost:80",
        "a.example",
        "null",
        "*",
        "",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    for setting in ("trusted_origins", "cors_origins"):
        with pytest.raises(ConfigurationError) as caught:
            options(**{setting: frozenset({origin})})
        assert str(caught.value) == f"{origin!r} is no origin; it must look like 'https://www.example.com'"


@pytest.mark.parametrize("origin", ["https://a.example", "https://a.example:8443", "http://localhost:3000", "http://[::1]"])
def test_an_origin_as_browsers_send_it_is_taken(origin: str) -> None:
    assert options(trusted_origins=frozenset({origin})).origins == {origin}
    assert options(public_url=origin).origins == {origin}


def test_an_origin_is_trusted_or_an_api_clients_but_not_both() -> None:
    origins = frozenset({"https://a.example"})
    assert options(cors_origins=origins).origins == frozenset()
    for trusted in ({"trusted_origins": origins}, {"public_url": "https://a.example"}):
        with pytest.raises(ConfigurationError) as caught:
            options(cors_origins=origins, **trusted)
        assert str(caught.value) == "'https://a.example' can be trusted with sessions or be among cors_origins, but not both"
    assert options(cors_origins=origins, deliveries=("tokens",)).cors_origins == origins
    with pytest.raises(ConfigurationError) as caught:
        options(cors_origins=origins, deliveries=("cookie",))
    assert str(caught.value) == "cors_origins are for clients that get tokens, which deliveries does not offer"


@pytest.mark.parametrize(
    "page",
    ["sign-in", "//evil.example", "/\\evil.example", "https://evil.example", "/sign-in?a=b", "/sign-in#a", "/a b", "/%2fa"],
)
def test_a_sign_in_page_that_is_no_path_on_this_site_is_refused(page: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        options(sign_in_page=page)
    assert str(caught.value) == f"sign_in_page is {page!r}; it must be a path on this site, such as '/sign-in'"


@pytest.mark.parametrize("page", ["", "/", "/sign-in", "/a/b"])
def test_sign_in_pages(page: str) -> None:
    assert options(sign_in_page=page).sign_in_page == page


@pytest.mark.parametrize(
    ("public_url", "scheme", "host", "secure"),
    [
        ("", "http", "localhost", False),
        ("", "https", "localhost", True),
        ("https://www.example.com", "http", "localhost", True),
        ("http://localhost:5000", "https", "www.example.com", False),
    ],
)
def test_the_public_url_says_whether_cookies_are_secure(public_url: str, scheme: str, host: str, *, secure: bool) -> None:
    request = Request(method="GET", scheme=scheme, headers=(("Host", host),))
    assert options(public_url=public_url).is_secure(request) is secure


def test_every_trusted_origin_and_the_sites_own_may_send() -> None:
    trusted = frozenset({"https://a.example", "https://b.example"})
    assert options(trusted_origins=trusted).origins == trusted
    assert options(trusted_origins=trusted, public_url="https://c.example").origins == trusted | {"https://c.example"}


def test_the_cookie_of_a_device_is_like_that_of_the_session() -> None:
    cookie = CookiePolicy(name="shop", same_site="Strict")
    assert options(cookie=cookie).device_cookie == CookiePolicy(name="shop_device", same_site="Strict")


@pytest.mark.parametrize("prefix", ["", "/", "auth", "/auth/", "//auth", "/a//b"])
def test_a_prefix_that_cannot_work_is_refused(prefix: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        options(prefix=prefix)
    assert str(caught.value) == f"prefix is {prefix!r}; it must look like '/auth'"


@pytest.mark.parametrize("prefix", ["/a", "/auth", "/a/b"])
def test_prefixes(prefix: str) -> None:
    assert options(prefix=prefix).prefix == prefix


@pytest.mark.parametrize("deliveries", [(), ("cookies",), ("cookie", "header")])
def test_a_delivery_that_there_is_not_is_refused(deliveries: tuple[Any, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        options(deliveries=deliveries)
    assert str(caught.value) == f"deliveries is {deliveries!r}; choose from 'cookie' and 'tokens'"


@pytest.mark.parametrize(
    "proxies",
    [
        ("",),
        ("*",),
        ("localhost",),
        ("10.0.0.1/8",),
        ("10.0.0.0/33",),
        ("10.0.0.0/8", "nonsense"),
        ("10.0.0.1:80",),
        ("[::1]",),
        ("0.0.0.0/0",),
        ("::/0",),
        "10.0.0.0/8",
    ],
)
def test_proxies_that_are_no_networks_are_refused(proxies: Any) -> None:
    with pytest.raises(ConfigurationError, match="trusted_proxies"):
        options(trusted_proxies=proxies)


def test_from_mapping() -> None:
    read = WebOptions.from_mapping(
        {
            "COGNITO_AUTH_SECRET": f"{SECRET.reveal()}, another secret of more than 32 characters",
            "COGNITO_AUTH_PREFIX": "/account",
            "COGNITO_AUTH_PUBLIC_URL": "https://www.example.com/",
            "COGNITO_AUTH_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::1",
            "COGNITO_AUTH_AUDIENCES": "https://orders.example, bills",
            "COGNITO_AUTH_CORS_ORIGINS": "https://a.example, https://b.example",
            "COGNITO_AUTH_SIGN_IN_PAGE": "/sign-in",
        }
    )
    assert read.secrets == (SECRET, Secret("another secret of more than 32 characters"))
    assert (read.prefix, read.public_url) == ("/account", "https://www.example.com")
    assert read.trusted_proxies == ("10.0.0.0/8", "2001:db8::1")
    assert read.audiences == {"https://orders.example", "bills"}
    assert read.cors_origins == {"https://a.example", "https://b.example"}
    assert read.sign_in_page == "/sign-in"
    assert SECRET.reveal() not in repr(read)
    with pytest.raises(ConfigurationError) as caught:
        WebOptions.from_mapping({})
    assert str(caught.value) == "COGNITO_AUTH_SECRET must be set"


@pytest.mark.parametrize("secret", [SECRET, SECRET.reveal()], ids=["kept", "text"])
def test_from_a_mapping_that_says_no_more_than_it_must(secret: object) -> None:
    assert WebOptions.from_mapping({"COGNITO_AUTH_SECRET": secret, "COGNITO_AUTH_PREFIX": ""}) == options()


def test_stores_are_no_text_and_are_given_beside_the_mapping() -> None:
    sessions, limits = ServerSessions(store=MemoryStore()), MemoryStore()
    read = WebOptions.from_mapping({"COGNITO_AUTH_SECRET": SECRET}, sessions=sessions, limits=limits)
    assert read.sessions is sessions
    assert read.limits is limits


@pytest.mark.parametrize("url", ["https://www.example.com/X", "https://www.example.com/a/", "www.example.com"])
def test_a_public_url_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is no origin"):
        WebOptions.from_mapping({"COGNITO_AUTH_SECRET": SECRET, "COGNITO_AUTH_PUBLIC_URL": url})


def test_audiences_are_those_of_the_verifier() -> None:
    settings = Settings(user_pool_id="eu-west-1_AbCdEfGhI", client_id="client1")
    assert WebAuth(settings, options(audiences=frozenset({"bills"}))).verifier.audiences == {"bills"}
    assert WebAuth(settings, options()).verifier.audiences == frozenset()
