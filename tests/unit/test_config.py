"""Settings: what is derived, what is refused, and with which sentence."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.config import Settings, is_loopback, is_trustworthy_url
from cognito_auth.errors import ConfigurationError
from cognito_auth.secret import Secret

POOL: Final = "eu-west-1_AbCdEfGhI"
CLIENT: Final = "1example23456789"
CLIENT_SECRET: Final = "9j3examplesecret0123456789"


def settings(**members: Any) -> Settings:
    given: dict[str, Any] = {"user_pool_id": POOL, "client_id": CLIENT, **members}
    return Settings(**given)


@pytest.mark.parametrize(
    ("given", "region", "endpoint", "issuers"),
    [
        pytest.param(
            {},
            "eu-west-1",
            "https://cognito-idp.eu-west-1.amazonaws.com",
            {
                f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}",
                f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{POOL}",
            },
            id="both-issuers",
        ),
        pytest.param(
            {"user_pool_id": "cn-north-1_AbC"},
            "cn-north-1",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn",
            {
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC",
                "https://issuer-cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC",
            },
            id="china",
        ),
        pytest.param(
            {"user_pool_id": "us-gov-west-1_AbC"},
            "us-gov-west-1",
            "https://cognito-idp.us-gov-west-1.amazonaws.com",
            {
                "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC",
                "https://issuer-cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC",
            },
            id="gov",
        ),
        pytest.param(
            {"endpoint": "http://localhost:9229/"},
            "eu-west-1",
            "http://localhost:9229",
            {f"http://localhost:9229/{POOL}"},
            id="endpoint",
        ),
        pytest.param(
            {"endpoint": "https://vpce.example.com", "issuer": "https://issuer.example.com/pool"},
            "eu-west-1",
            "https://vpce.example.com",
            {"https://issuer.example.com/pool"},
            id="endpoint-and-issuer",
        ),
        pytest.param(
            {"endpoint": "https://cognito-idp-fips.eu-west-1.amazonaws.com"},
            "eu-west-1",
            "https://cognito-idp-fips.eu-west-1.amazonaws.com",
            {
                f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}",
                f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{POOL}",
            },
            id="fips",
        ),
        pytest.param(
            {"user_pool_id": "local_AbC", "region": "eu-north-1"},
            "eu-north-1",
            "https://cognito-idp.eu-north-1.amazonaws.com",
            {
                "https://cognito-idp.eu-north-1.amazonaws.com/local_AbC",
                "https://issuer-cognito-idp.eu-north-1.amazonaws.com/local_AbC",
            },
            id="region",
        ),
    ],
)
def test_derived(given: dict[str, Any], region: str, endpoint: str, issuers: set[str]) -> None:
    made = settings(**given)
    assert (made.region, made.endpoint, set(made.issuers)) == (region, endpoint, issuers)


@pytest.mark.parametrize(
    ("given", "jwks_uri"),
    [
        pytest.param({}, f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}/.well-known/jwks.json", id="convention"),
        pytest.param({"endpoint": "http://[::1]:80"}, f"http://[::1]:80/{POOL}/.well-known/jwks.json", id="endpoint"),
        pytest.param({"issuer": "https://i.example/p"}, "https://i.example/p/.well-known/jwks.json", id="issuer"),
        pytest.param({"issuer": "https://i.example/p", "jwks_uri": "https://k.example/"}, "https://k.example/", id="given"),
    ],
)
def test_key_set_address(given: dict[str, Any], jwks_uri: str) -> None:
    assert settings(**given).jwks_uri == jwks_uri


def test_pool_name() -> None:
    assert settings().pool_name == "AbCdEfGhI"
    assert settings(user_pool_id="a_b_c1", region="eu-west-1").pool_name == "c1"


POOL_LOOKS_LIKE: Final = "but a pool id looks like 'eu-west-1_AbCdEfGhI'"
FLOWS: Final = "USER_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH, CUSTOM_AUTH"
REFUSED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "pool-empty": ({"user_pool_id": ""}, f"user_pool_id is '', {POOL_LOOKS_LIKE}"),
    "pool-without-region": ({"user_pool_id": "AbC"}, f"user_pool_id is 'AbC', {POOL_LOOKS_LIKE}"),
    "pool-with-newline": ({"user_pool_id": f"{POOL}\n"}, f"user_pool_id is '{POOL}\\n', {POOL_LOOKS_LIKE}"),
    "pool-with-path": ({"user_pool_id": "eu-west-1_a/b"}, f"user_pool_id is 'eu-west-1_a/b', {POOL_LOOKS_LIKE}"),
    "pool-too-long": (
        {"user_pool_id": f"eu-west-1_{'a' * 46}"},
        f"user_pool_id is 'eu-west-1_{'a' * 46}', {POOL_LOOKS_LIKE}",
    ),
    "client-empty": ({"client_id": ""}, "client_id is '', but a client id is 1 to 128 letters and digits"),
    "client-with-blank": ({"client_id": "a b"}, "client_id is 'a b', but a client id is 1 to 128 letters and digits"),
    "refresh-flow": (
        {"refresh_flow": "REFRESH_TOKEN"},
        "refresh_flow is 'REFRESH_TOKEN'; choose from GetTokensFromRefreshToken, REFRESH_TOKEN_AUTH",
    ),
    "secret-plain": (
        {"client_secret": CLIENT_SECRET},
        "client_secret is a plain string; wrap it as Secret('...'), so that it is never shown by accident",
    ),
    "secret-short": (
        {"client_secret": Secret(CLIENT_SECRET[:15])},
        "client_secret does not look like one: 16 to 256 printable characters without blanks",
    ),
    "secret-with-newline": (
        {"client_secret": Secret(f"{CLIENT_SECRET}\n")},
        "client_secret does not look like one: 16 to 256 printable characters without blanks",
    ),
    "region-odd": ({"region": "Europe"}, "region is 'Europe', but a region looks like 'eu-west-1'"),
    "region-with-host": ({"region": "a.b/eu-west-1"}, "region is 'a.b/eu-west-1', but a region looks like 'eu-west-1'"),
    "endpoint-plain": (
        {"endpoint": "http://cognito.example.com"},
        "endpoint is 'http://cognito.example.com'; it must be https, or http on this machine",
    ),
    "endpoint-no-url": (
        {"endpoint": "cognito.example.com"},
        "endpoint is 'cognito.example.com'; it must be https, or http on this machine",
    ),
    "endpoint-brackets": ({"endpoint": "https://["}, "endpoint is 'https://['; it must be https, or http on this machine"),
    "keys-plain": (
        {"jwks_uri": "http://keys.example.com"},
        "jwks_uri is 'http://keys.example.com'; it must be https, or http on this machine",
    ),
    "issuer-plain": (
        {"issuer": "http://issuer.example.com"},
        "jwks_uri is 'http://issuer.example.com/.well-known/jwks.json'; it must be https, or http on this machine",
    ),
    "no-flow": ({"auth_flows": ()}, f"auth_flows is (); choose from {FLOWS}"),
    "other-flow": (
        {"auth_flows": ("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH")},
        f"auth_flows is ('USER_SRP_AUTH', 'REFRESH_TOKEN_AUTH'); choose from {FLOWS}",
    ),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(**{"client_secret": Secret(CLIENT_SECRET), **given})
    assert str(caught.value) == sentence
    assert CLIENT_SECRET[:23] not in str(caught.value)


def test_the_secret_is_never_shown() -> None:
    made = settings(client_secret=Secret(CLIENT_SECRET))
    assert CLIENT_SECRET not in f"{made!r} {made}"
    assert made.client_secret == Secret(CLIENT_SECRET)


MAPPING: Final = {
    "COGNITO_USER_POOL_ID": POOL,
    "COGNITO_CLIENT_ID": CLIENT,
    "COGNITO_CLIENT_SECRET": CLIENT_SECRET,
    "COGNITO_REGION": "eu-central-1",
    "COGNITO_ENDPOINT": "https://e.example",
    "COGNITO_ISSUER": "https://i.example",
    "COGNITO_JWKS_URI": "https://k.example/keys",
    "COGNITO_AUTH_FLOWS": "USER_PASSWORD_AUTH, USER_SRP_AUTH",
    "PATH": "/bin",
}


def test_from_mapping() -> None:
    assert Settings.from_mapping(MAPPING) == Settings(
        user_pool_id=POOL,
        client_id=CLIENT,
        client_secret=Secret(CLIENT_SECRET),
        region="eu-central-1",
        endpoint="https://e.example",
        issuer="https://i.example",
        jwks_uri="https://k.example/keys",
        auth_flows=("USER_PASSWORD_AUTH", "USER_SRP_AUTH"),
    )


def test_from_mapping_with_what_is_needed() -> None:
    least = {"COGNITO_USER_POOL_ID": POOL, "COGNITO_CLIENT_ID": CLIENT}
    assert Settings.from_mapping(least) == settings()
    blank = dict.fromkeys(MAPPING.keys() - least.keys(), "")
    assert Settings.from_mapping({**blank, **least}) == settings()
    wrapped = Settings.from_mapping(
        {**least, "COGNITO_CLIENT_SECRET": Secret(CLIENT_SECRET), "COGNITO_AUTH_FLOWS": ["USER_PASSWORD_AUTH"]}
    )
    assert wrapped == settings(client_secret=Secret(CLIENT_SECRET), auth_flows=("USER_PASSWORD_AUTH",))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID must be set"),
        ({"COGNITO_USER_POOL_ID": POOL}, "COGNITO_CLIENT_ID must be set"),
        ({"COGNITO_CLIENT_ID": CLIENT, "COGNITO_USER_POOL_ID": ""}, "COGNITO_USER_POOL_ID must be set"),
    ],
    ids=["nothing", "no-client", "no-pool"],
)
def test_from_mapping_without_what_is_needed(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_mapping(given)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("url", "trustworthy"),
    [
        ("https://example.com", True),
        ("https://example.com:8443/path", True),
        ("HTTPS://EXAMPLE.COM", True),
        ("http://localhost", True),
        ("http://LOCALHOST:80", True),
        ("http://pool.localhost", True),
        ("http://127.0.0.1:9229", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:9229", True),
        ("http://example.com", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://0.0.0.0", False),
        ("http://10.0.0.1", False),
        ("ftp://localhost", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://user@example.com", False),
        ("https://:password@example.com", False),
        ("http://localhost@example.com", False),
        ("https://example.com?", False),
        ("https://example.com/#", False),
        ("https://[::1", False),
        ("https://example.com:port", False),
        ("https://example.com:99999", False),
        ("https://example.com:0", False),
        ("", False),
    ],
)
def test_trustworthy_addresses(url: str, *, trustworthy: bool) -> None:
    assert is_trustworthy_url(url) is trustworthy


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("localhost.", False),
        ("notlocalhost", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback
