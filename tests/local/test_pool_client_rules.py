"""Settings of an app client that do not go together, or that name what its pool does not have."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.clients import AnalyticsConfiguration, RefreshTokenRotation, TokenValidityUnits
from cognito_auth.api.pool_settings import SchemaAttribute

from .client_settings import PINPOINT, ROLE, create, pool, update
from .support import new_app, refusal

OAUTH: Final[dict[str, Any]] = {
    "allowed_oauth_flows_user_pool_client": True,
    "allowed_oauth_flows": ("code",),
    "allowed_oauth_scopes": ("openid",),
    "callback_urls": ("https://example.com/in",),
}
MACHINE: Final[dict[str, Any]] = {
    "allowed_oauth_flows_user_pool_client": True,
    "allowed_oauth_flows": ("client_credentials",),
    "allowed_oauth_scopes": ("orders/read",),
}
READ: Final = "InvalidParameter: Invalid read attributes specified while creating a client"
WRITE: Final = "InvalidParameter: Invalid write attributes specified while creating a client"
RANGE: Final = "InvalidParameter: Invalid range for token validity."
ORDER: Final = (
    "InvalidParameter: Access and Id Token expiration times must be less than or equal to refresh token expiration times."
)
ANALYTICS: Final = (
    "InvalidParameter: Invalid analytics configuration given, "
    "either <application arn> or <application id, role arn, external id> are valid"
)
INCOMPLETE: Final = (
    "InvalidParameter: AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
)


def lives(token: str, amount: int, unit: str | None = None) -> dict[str, Any]:
    return {f"{token}_validity": amount, "token_validity_units": TokenValidityUnits(**{token: unit})}


REFUSED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "two kinds of flows": (
        {"explicit_auth_flows": ("ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH")},
        "InvalidParameter: Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    ),
    "rotation and refresh flow": (
        {
            "explicit_auth_flows": ("ALLOW_REFRESH_TOKEN_AUTH",),
            "refresh_token_rotation": RefreshTokenRotation(feature="ENABLED"),
        },
        "InvalidParameter: ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refresh token rotation",
    ),
    "reads unknown": ({"read_attributes": ("custom:x",)}, READ),
    "writes unknown": ({"write_attributes": ("email", "custom:x")}, WRITE),
    "does not write required": ({"write_attributes": ("name",)}, WRITE),
    "writes sub": ({"write_attributes": ("email", "sub")}, WRITE),
    "writes a flag": ({"write_attributes": ("email", "email_verified")}, WRITE),
    "short access": (lives("access_token", 299, "seconds"), RANGE),
    "long access": (lives("access_token", 25), RANGE),
    "short ID": (lives("id_token", 4, "minutes"), RANGE),
    "long ID": (lives("id_token", 2, "days"), RANGE),
    "short refresh": (lives("refresh_token", 59, "minutes"), RANGE),
    "long refresh": (lives("refresh_token", 3651), RANGE),
    "access beyond refresh": (
        {
            "access_token_validity": 121,
            "refresh_token_validity": 2,
            "token_validity_units": TokenValidityUnits(access_token="minutes", refresh_token="hours"),
        },
        ORDER,
    ),
    "ID beyond refresh": (
        {
            "id_token_validity": 121,
            "refresh_token_validity": 2,
            "token_validity_units": TokenValidityUnits(id_token="minutes", refresh_token="hours"),
        },
        ORDER,
    ),
    "context without secret": (
        {"enable_propagate_additional_user_context_data": True},
        "InvalidParameter: Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
    ),
    "analytics by ARN and role": (
        {"analytics_configuration": AnalyticsConfiguration(application_arn=PINPOINT, role_arn=ROLE)},
        ANALYTICS,
    ),
    "analytics without role": (
        {"analytics_configuration": AnalyticsConfiguration(application_id="0a1b", external_id="e")},
        ANALYTICS,
    ),
    "default redirect": (
        {"callback_urls": ("https://example.com/in",), "default_redirect_uri": "https://example.com/in/"},
        "InvalidParameter: The default redirect URI https://example.com/in/ is not in the callback URIs list.",
    ),
    "flows without OAuth": (
        {**OAUTH, "allowed_oauth_flows_user_pool_client": False},
        "InvalidParameter: AllowedOAuthFlows needs AllowedOAuthFlowsUserPoolClient to be true",
    ),
    "OAuth without flows": ({**OAUTH, "allowed_oauth_flows": None}, INCOMPLETE),
    "OAuth without scopes": ({**OAUTH, "allowed_oauth_scopes": ()}, INCOMPLETE),
    "OAuth without callback": (
        {**OAUTH, "callback_urls": ()},
        "InvalidOAuthFlow: CallbackUrls can not be empty when code flow or implicit flow is selected",
    ),
    "machine and code": (
        {**OAUTH, "allowed_oauth_flows": ("client_credentials", "code")},
        "InvalidOAuthFlow: client_credentials flow can not be selected along with code flow or implicit flow.",
    ),
    "machine without secret": (
        MACHINE,
        "InvalidOAuthFlow: client_credentials flow can not be selected if client does not have a client secret.",
    ),
    "unknown scope": ({**OAUTH, "allowed_oauth_scopes": ("Cognito",)}, "ScopeDoesNotExist: Invalid scope requested: Cognito"),
    "another server's scope": (
        {**OAUTH, "allowed_oauth_scopes": ("stock/read",)},
        "ScopeDoesNotExist: Invalid scope requested: stock/read",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_settings_that_do_not_go_together(case: str) -> None:
    options, text = REFUSED[case]
    app = pool()
    assert refusal(create, app, **options) == text
    assert refusal(update, app, **options) == text


@pytest.mark.parametrize("scope", ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"])
def test_machines_have_no_scopes_of_people(scope: str) -> None:
    app = pool()
    text = f"InvalidOAuthFlow: {scope} is not supported with client_credentials flow"
    assert refusal(create, app, generate_secret=True, **{**MACHINE, "allowed_oauth_scopes": ("orders/read", scope)}) == text
    made = create(app, **{**OAUTH, "allowed_oauth_scopes": (scope,)})
    assert made.allowed_oauth_scopes == (scope,)
    assert create(app, generate_secret=True, **MACHINE).allowed_oauth_scopes == ("orders/read",)


def test_only_the_pool_itself_is_an_identity_provider() -> None:
    app = pool()
    text = f"InvalidParameter: The provider Google does not exist for User Pool {app.pool_id}"
    assert refusal(create, app, supported_identity_providers=("COGNITO", "Google")) == text


def test_analytics_by_arn_alone() -> None:
    analytics = AnalyticsConfiguration(application_arn=PINPOINT, user_data_shared=False)
    assert create(pool(), analytics_configuration=analytics).analytics_configuration == analytics
    every = AnalyticsConfiguration(application_arn=PINPOINT, application_id="0a1b", role_arn=ROLE, external_id="e")
    assert refusal(create, pool(), analytics_configuration=every) == ANALYTICS


def test_attributes_that_only_developers_write() -> None:
    app = new_app(pool={"schema": (SchemaAttribute(name="x", developer_only_attribute=True, mutable=True),)})
    assert create(app, read_attributes=("dev:custom:x",)).read_attributes == ("dev:custom:x",)
    assert refusal(create, app, write_attributes=("dev:custom:x",)) == WRITE


def test_lives_at_their_limits() -> None:
    app = pool()
    shortest = TokenValidityUnits(access_token="minutes", id_token="seconds", refresh_token="minutes")
    made = create(app, access_token_validity=5, id_token_validity=300, refresh_token_validity=60, token_validity_units=shortest)
    assert (made.access_token_validity, made.id_token_validity, made.refresh_token_validity) == (5, 300, 60)
    longest = TokenValidityUnits(access_token="days", id_token="hours", refresh_token="seconds")
    made = create(
        app, access_token_validity=1, id_token_validity=24, refresh_token_validity=315_360_000, token_validity_units=longest
    )
    assert made.refresh_token_validity == 315_360_000


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("http://example.com/in", "http://example.com/in cannot use the HTTP protocol."),
        ("http://localhost.com/", "http://localhost.com/ cannot use the HTTP protocol."),
        ("http://localhost@example.com/", "http://localhost@example.com/ cannot use the HTTP protocol."),
        ("HTTP://127.0.0.1.example.com", "HTTP://127.0.0.1.example.com cannot use the HTTP protocol."),
        ("http://192.168.1.50:5001/", "http://192.168.1.50:5001/ cannot use the HTTP protocol."),
        ("https://example.com/#in", "https://example.com/#in cannot use fragment"),
        ("myapp://in#", "myapp://in# cannot use fragment"),
        ("/in", "/in is not an absolute URI"),
        ("example.com/in", "example.com/in is not an absolute URI"),
        ("https:///in", "https:///in is not an absolute URI"),
        ("https://[::1/in", "https://[::1/in is not an absolute URI"),
        ("myapp:", "myapp: is not an absolute URI"),
        ("javascript:alert(1)", "javascript:alert(1) is not an absolute URI"),
        ("DATA:text/html,x", "DATA:text/html,x is not an absolute URI"),
    ],
)
def test_uris_that_nobody_is_sent_to(uri: str, text: str) -> None:
    app = pool()
    assert refusal(create, app, callback_urls=("https://example.com", uri)) == f"InvalidParameter: {text}"
    assert refusal(create, app, logout_urls=(uri,)) == f"InvalidParameter: {text}"


def test_uris_that_people_are_sent_to() -> None:
    uris = (
        *("https://example.com", "https://example.com:8443/in?a=b", "myapp://in", "com.example.app:/in"),
        *("http://localhost", "http://localhost:3000/in", "http://127.0.0.1:1/", "http://[::1]:8000/in"),
    )
    made = create(pool(), callback_urls=uris, logout_urls=uris)
    assert made.callback_urls == made.logout_urls == uris


@pytest.mark.parametrize(
    ("options", "member"),
    [
        ({"callback_urls": tuple(f"https://example.com/{n}" for n in range(101))}, "callbackURLs"),
        ({"logout_urls": tuple(f"https://example.com/{n}" for n in range(101))}, "logoutURLs"),
        ({"allowed_oauth_scopes": tuple(f"orders/{n}" for n in range(51))}, "allowedOAuthScopes"),
        ({"auth_session_validity": 2}, "authSessionValidity"),
        ({"auth_session_validity": 16}, "authSessionValidity"),
    ],
    ids=["callbacks", "logouts", "scopes", "short session", "long session"],
)
def test_what_is_too_many_or_too_much(options: dict[str, Any], member: str) -> None:
    assert f"at '{member}' failed to satisfy constraint" in refusal(create, pool(), **options)
