"""A value for every setting of an app client, what each is by default, and the clients to try them on."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth.api.clients import (
    AnalyticsConfiguration,
    CreateUserPoolClient,
    DescribeUserPoolClient,
    RefreshTokenRotation,
    TokenValidityUnits,
    UpdateUserPoolClient,
    UserPoolClient,
)
from cognito_auth.api.pool_settings import SchemaAttribute
from cognito_auth.api.resource_servers import CreateResourceServer, ResourceServerScope

from .support import App, new_app

PINPOINT: Final = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0a1b"
ROLE: Final = "arn:aws:iam::123456789012:role/pinpoint"
SETTINGS: Final[dict[str, Any]] = {
    "refresh_token_validity": 2,
    "access_token_validity": 20,
    "id_token_validity": 3600,
    "token_validity_units": TokenValidityUnits(access_token="minutes", id_token="seconds", refresh_token="hours"),
    "read_attributes": ("email", "name", "sub"),
    "write_attributes": ("email", "name"),
    "explicit_auth_flows": ("ALLOW_USER_PASSWORD_AUTH",),
    "supported_identity_providers": ("COGNITO",),
    "callback_urls": ("https://example.com/in", "myapp://in"),
    "logout_urls": ("https://example.com/out", "http://localhost:8000/out"),
    "default_redirect_uri": "myapp://in",
    "allowed_oauth_flows": ("code", "implicit"),
    "allowed_oauth_scopes": ("openid", "email", "orders/read"),
    "allowed_oauth_flows_user_pool_client": True,
    "analytics_configuration": AnalyticsConfiguration(
        application_id="0a1b", role_arn=ROLE, external_id="e", user_data_shared=True
    ),
    "prevent_user_existence_errors": "ENABLED",
    "enable_token_revocation": False,
    "enable_propagate_additional_user_context_data": True,
    "auth_session_validity": 15,
    "refresh_token_rotation": RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=10),
}
"""A value for every setting that CreateUserPoolClient and UpdateUserPoolClient both have."""
DEFAULTS: Final[dict[str, Any]] = {
    **dict.fromkeys(SETTINGS),
    "refresh_token_validity": 30,
    "token_validity_units": TokenValidityUnits(),
    "allowed_oauth_flows_user_pool_client": False,
    "prevent_user_existence_errors": "LEGACY",
    "enable_token_revocation": True,
    "enable_propagate_additional_user_context_data": False,
    "auth_session_validity": 3,
}


def pool() -> App:
    """A pool whose users need a mail address, with a resource server."""
    app = new_app(pool={"schema": (SchemaAttribute(name="email", required=True, mutable=True),)})
    scopes = (ResourceServerScope(scope_name="read", scope_description="Read"),)
    app.send(CreateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="Orders", scopes=scopes))
    return app


def create(app: App, **options: Any) -> UserPoolClient:
    made = app.send(CreateUserPoolClient(user_pool_id=app.pool_id, client_name="c", **options)).user_pool_client
    assert made is not None
    return made


def describe(app: App, client_id: str | None = None) -> UserPoolClient:
    request = DescribeUserPoolClient(user_pool_id=app.pool_id, client_id=client_id or app.client_id)
    found = app.send(request).user_pool_client
    assert found is not None
    return found


def update(app: App, client_id: str | None = None, **options: Any) -> UserPoolClient:
    request = UpdateUserPoolClient(user_pool_id=app.pool_id, client_id=client_id or app.client_id, **options)
    made = app.send(request).user_pool_client
    assert made is not None
    return made


def shown(client: UserPoolClient) -> dict[str, Any]:
    return {name: getattr(client, name) for name in SETTINGS}
