"""Drives choice-based sign-in and passkeys as a client does."""

from __future__ import annotations

import json
from typing import Any, Final

from cognito_auth.api.auth import AdminInitiateAuth, AdminRespondToAuthChallenge, AuthReply, InitiateAuth
from cognito_auth.api.passkeys import (
    CompleteWebAuthnRegistration,
    ListWebAuthnCredentials,
    StartWebAuthnRegistration,
    WebAuthnCredentialDescription,
)
from cognito_auth.api.pool_mfa import SetUserPoolMfaConfig, WebAuthnConfiguration
from cognito_auth.api.pool_settings import SignInPolicy, SmsConfiguration, UserPoolPolicy
from cognito_auth.local import SoftwareAuthenticator

from .support import FLOWS, App, new_app

CHOICE: Final = (*FLOWS, "ALLOW_USER_AUTH")
EVERYTHING: Final = ("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")
SMS: Final = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")
PARTY: Final = "example.com"
ORIGIN: Final = "https://app.example.com"
MULTI: Final = "MULTI_FACTOR_WITH_USER_VERIFICATION"


def policy(*factors: str) -> UserPoolPolicy:
    return UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=factors))


def choice_app(*factors: str, pool: dict[str, Any] | None = None, **client: Any) -> App:
    """An app whose pool lets a sign-in begin with any of the factors, everything by default."""
    settings = {"policies": policy(*(factors or EVERYTHING)), **(pool or {})}
    options: dict[str, Any] = {"explicit_auth_flows": CHOICE, **client}
    return new_app(None, pool=settings, **options)


def passkey_app(*, pool: dict[str, Any] | None = None, party: str = PARTY, **configuration: Any) -> App:
    """An app with the user ana, in a pool with passkeys for a relying party."""
    app = choice_app(pool=pool)
    configure(app, relying_party_id=party, **configuration)
    app.create_user()
    return app


def configure(app: App, **configuration: Any) -> None:
    wanted = WebAuthnConfiguration(**configuration)
    app.send(SetUserPoolMfaConfig(user_pool_id=app.pool_id, web_authn_configuration=wanted))


def begin(app: App, username: str = "ana", *, session: str | None = None, **parameters: str) -> AuthReply:
    """Begin a sign-in by choice."""
    given = app.parameters(username, **parameters)
    return app.send(InitiateAuth(client_id=app.client_id, auth_flow="USER_AUTH", auth_parameters=given, session=session))


def prefer(app: App, challenge: str, username: str = "ana", **parameters: str) -> AuthReply:
    """Begin with a preferred challenge."""
    return begin(app, username, PREFERRED_CHALLENGE=challenge, **parameters)


def admin_begin(app: App, username: str = "ana", **parameters: str) -> AuthReply:
    given = app.parameters(username, **parameters)
    request = AdminInitiateAuth(user_pool_id=app.pool_id, client_id=app.client_id, auth_flow="USER_AUTH", auth_parameters=given)
    return app.send(request)


def admin_reply_to(app: App, challenge: AuthReply, username: str = "ana", **responses: str) -> AuthReply:
    request = AdminRespondToAuthChallenge(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        challenge_name=challenge.challenge_name or "",
        session=challenge.session,
        challenge_responses=app.parameters(username, **responses),
    )
    return app.send(request)


def offered(app: App, username: str = "ana") -> tuple[str, ...]:
    """What a user may begin with."""
    reply = begin(app, username)
    assert (reply.challenge_name, reply.challenge_parameters) == ("SELECT_CHALLENGE", {})
    return reply.available_challenges or ()


def options_of(challenge: AuthReply) -> dict[str, Any]:
    options: dict[str, Any] = json.loads((challenge.challenge_parameters or {})["CREDENTIAL_REQUEST_OPTIONS"])
    return options


def creation_options(app: App, access: str | None) -> Any:
    return app.send(StartWebAuthnRegistration(access_token=access or "")).credential_creation_options


def complete(app: App, access: str | None, credential: dict[str, Any]) -> None:
    app.send(CompleteWebAuthnRegistration(access_token=access or "", credential=credential))


def register(app: App, access: str | None = None, authenticator: SoftwareAuthenticator | None = None) -> SoftwareAuthenticator:
    """Register a passkey of ana's, or of whoever has the token."""
    access = access or app.tokens().access_token
    authenticator = authenticator or SoftwareAuthenticator(ORIGIN)
    complete(app, access, authenticator.create(creation_options(app, access)))
    return authenticator


def listed_passkeys(app: App, access: str | None) -> tuple[WebAuthnCredentialDescription, ...]:
    return app.send(ListWebAuthnCredentials(access_token=access or "")).credentials


def use(app: App, authenticator: SoftwareAuthenticator, username: str = "ana") -> AuthReply:
    """Sign in with a passkey."""
    challenge = prefer(app, "WEB_AUTHN", username)
    return app.reply_to(challenge, username, CREDENTIAL=authenticator.get(json.dumps(options_of(challenge))))
