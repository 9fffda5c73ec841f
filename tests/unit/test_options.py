"""What an application may choose about the endpoints, and what it is told when it cannot work."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth import Secret, Settings, WebOptions
from cognito_auth.errors import ConfigurationError
from cognito_auth.web import WebAuth

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
        with pytest.raises(ConfigurationError, match="origin"):
            options(**{setting: frozenset({origin})})


@pytest.mark.parametrize("origin", ["https://a.example", "https://a.example:8443", "http://localhost:3000", "http://[::1]"])
def test_an_origin_as_browsers_send_it_is_taken(origin: str) -> None:
    assert options(trusted_origins=frozenset({origin})).origins == {origin}
    assert options(public_url=origin).origins == {origin}


def test_an_origin_is_trusted_or_an_api_clients_but_not_both() -> None:
    origins = frozenset({"https://a.example"})
    assert options(cors_origins=origins).origins == frozenset()
    for trusted in ({"trusted_origins": origins}, {"public_url": "https://a.example"}):
        with pytest.raises(ConfigurationError, match="not both"):
            options(cors_origins=origins, **trusted)
    with pytest.raises(ConfigurationError, match="deliveries"):
        options(cors_origins=origins, deliveries=("cookie",))


@pytest.mark.parametrize(
    "page",
    ["sign-in", "//evil.example", "/\\evil.example", "https://evil.example", "/sign-in?a=b", "/sign-in#a", "/a b", "/%2fa"],
)
def test_a_sign_in_page_that_is_no_path_on_this_site_is_refused(page: str) -> None:
    with pytest.raises(ConfigurationError, match="sign_in_page"):
        options(sign_in_page=page)


@pytest.mark.parametrize("prefix", ["", "/", "auth", "/auth/", "//auth", "/a//b"])
def test_a_prefix_that_cannot_work_is_refused(prefix: str) -> None:
    with pytest.raises(ConfigurationError, match="prefix"):
        options(prefix=prefix)


@pytest.mark.parametrize("deliveries", [(), ("cookies",), ("cookie", "header")])
def test_a_delivery_that_there_is_not_is_refused(deliveries: tuple[Any, ...]) -> None:
    with pytest.raises(ConfigurationError, match="deliveries"):
        options(deliveries=deliveries)


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
    with pytest.raises(ConfigurationError, match="COGNITO_AUTH_SECRET"):
        WebOptions.from_mapping({})


def test_audiences_are_those_of_the_verifier() -> None:
    settings = Settings(user_pool_id="eu-west-1_AbCdEfGhI", client_id="client1")
    assert WebAuth(settings, options(audiences=frozenset({"bills"}))).verifier.audiences == {"bills"}
    assert WebAuth(settings, options()).verifier.audiences == frozenset()
