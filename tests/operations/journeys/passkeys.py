"""Passkeys, with an authenticator in software: registering, listing, signing in, deleting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cognito_auth.local import SoftwareAuthenticator

from ..registry import journey
from ..world import FLOWS, HOUR, App, World

ORIGIN: Final = "https://app.example.org"
PARTY: Final = "example.org"
CHOICE: Final = [*FLOWS, "ALLOW_USER_AUTH"]
ALLOWED: Final = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}}
BOTH: Final = ("", "Admin")


def with_passkeys(world: World, party: str | None = PARTY) -> App:
    """A pool with passkeys, and an app client for them."""
    app = world.new(client={"ExplicitAuthFlows": CHOICE}, Policies=ALLOWED)
    if party is not None:
        configure(app, party)
    return app


def configure(app: App, party: str) -> None:
    app.call("SetUserPoolMfaConfig", WebAuthnConfiguration={"RelyingPartyId": party, "UserVerification": "required"})


def new_credential(app: App, token: str, origin: str = ORIGIN) -> tuple[SoftwareAuthenticator, dict[str, Any]]:
    """A passkey for a registration that has begun."""
    authenticator = SoftwareAuthenticator(origin)
    options = app.call("StartWebAuthnRegistration", AccessToken=token)["CredentialCreationOptions"]
    return authenticator, authenticator.create(options)


def registered(app: App, token: str) -> SoftwareAuthenticator:
    """A passkey of the user's."""
    authenticator, credential = new_credential(app, token)
    assert app.call("CompleteWebAuthnRegistration", AccessToken=token, Credential=credential) == {}
    return authenticator


def ask(app: App, prefix: str, username: str, **parameters: str) -> Mapping[str, Any]:
    """Begin a sign-in by choice."""
    given = app.parameters(username, **parameters)
    return app.call(f"{prefix}InitiateAuth", AuthFlow="USER_AUTH", AuthParameters=given)


@journey("StartWebAuthnRegistration", "CompleteWebAuthnRegistration", "ListWebAuthnCredentials")
def register(world: World) -> None:
    app = with_passkeys(world)
    _, token = app.member()
    options = app.call("StartWebAuthnRegistration", AccessToken=token)["CredentialCreationOptions"]
    assert options["rp"]["id"] == PARTY
    assert options["authenticatorSelection"]["userVerification"] == "required"
    credential = SoftwareAuthenticator(ORIGIN).create(options)
    assert app.call("CompleteWebAuthnRegistration", AccessToken=token, Credential=credential) == {}
    (found,) = app.call("ListWebAuthnCredentials", AccessToken=token)["Credentials"]
    assert (found["CredentialId"], found["RelyingPartyId"]) == (credential["id"], PARTY)
    assert (found["AuthenticatorAttachment"], found["AuthenticatorTransports"]) == ("platform", ["internal"])
    assert found["FriendlyCredentialName"]
    assert abs(found["CreatedAt"] - app.tools.now()) < HOUR
    again = app.call("StartWebAuthnRegistration", AccessToken=token)["CredentialCreationOptions"]
    assert [each["id"] for each in again["excludeCredentials"]] == [credential["id"]]


@journey("ListWebAuthnCredentials")
def pages(world: World) -> None:
    app = with_passkeys(world)
    _, token = app.member()
    for _ in range(3):
        registered(app, token)
    first = app.call("ListWebAuthnCredentials", AccessToken=token, MaxResults=2)
    rest = app.call("ListWebAuthnCredentials", AccessToken=token, MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert first["Credentials"] + rest["Credentials"] == app.call("ListWebAuthnCredentials", AccessToken=token)["Credentials"]
    app.refused("InvalidParameter", "ListWebAuthnCredentials", AccessToken=token, NextToken="nonsense")


@journey("DeleteWebAuthnCredential")
def delete(world: World) -> None:
    app = with_passkeys(world)
    _, token = app.member()
    registered(app, token)
    (found,) = app.call("ListWebAuthnCredentials", AccessToken=token)["Credentials"]
    given = {"AccessToken": token, "CredentialId": found["CredentialId"]}
    assert app.call("DeleteWebAuthnCredential", **given) == {}
    assert app.call("ListWebAuthnCredentials", AccessToken=token)["Credentials"] == []
    app.refused("ResourceNotFound", "DeleteWebAuthnCredential", **given)


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def sign_in(world: World) -> None:
    app = with_passkeys(world)
    username, token = app.member()
    authenticator = registered(app, token)
    for prefix in BOTH:
        assert "WEB_AUTHN" in ask(app, prefix, username)["AvailableChallenges"]
        challenge = ask(app, prefix, username, PREFERRED_CHALLENGE="WEB_AUTHN")
        assert challenge["ChallengeName"] == "WEB_AUTHN"
        answer = authenticator.get(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
        tokens = app.answer(challenge, username, prefix=prefix, CREDENTIAL=answer)["AuthenticationResult"]
        assert app.call("GetUser", AccessToken=tokens["AccessToken"])["Username"] == username
        later = app.answer(ask(app, prefix, username), username, prefix=prefix, ANSWER="WEB_AUTHN")
        used = app.parameters(username, CREDENTIAL=answer)
        replayed = {"ChallengeName": "WEB_AUTHN", "Session": later["Session"], "ChallengeResponses": used}
        app.refused("NotAuthorized", f"{prefix}RespondToAuthChallenge", **replayed)


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def sign_in_by_code(world: World) -> None:
    app = with_passkeys(world)
    username = app.user()
    for prefix in BOTH:
        challenge = ask(app, prefix, username, PREFERRED_CHALLENGE="EMAIL_OTP")
        assert challenge["ChallengeName"] == "EMAIL_OTP"
        code = app.code(username)
        assert len(code) == 8
        assert "AccessToken" in app.answer(challenge, username, prefix=prefix, EMAIL_OTP_CODE=code)["AuthenticationResult"]


@journey("StartWebAuthnRegistration", "CompleteWebAuthnRegistration")
def too_many(world: World) -> None:
    app = with_passkeys(world)
    username, token = app.member()
    for _ in range(20):
        _, credential = new_credential(app, token)
        app.call("CompleteWebAuthnRegistration", AccessToken=token, Credential=credential)
    app.refused("LimitExceeded", "StartWebAuthnRegistration", AccessToken=token)
    (first, *_) = app.call("ListWebAuthnCredentials", AccessToken=token)["Credentials"]
    app.call("DeleteWebAuthnCredential", AccessToken=token, CredentialId=first["CredentialId"])
    registered(app, app.tokens(username)["AccessToken"])


@journey("StartWebAuthnRegistration", "CompleteWebAuthnRegistration")
def not_enabled(world: World) -> None:
    app = world.app
    _, token = app.member()
    app.refused("WebAuthnNotEnabled", "StartWebAuthnRegistration", AccessToken=token)
    app.refused("WebAuthnNotEnabled", "CompleteWebAuthnRegistration", AccessToken=token, Credential={})


@journey("StartWebAuthnRegistration")
def not_configured(world: World) -> None:
    app = with_passkeys(world, None)
    _, token = app.member()
    app.refused("WebAuthnConfigurationMissing", "StartWebAuthnRegistration", AccessToken=token)


@journey("CompleteWebAuthnRegistration")
def not_accepted(world: World) -> None:
    app = with_passkeys(world)
    username, token = app.member()
    complete: dict[str, Any] = {"AccessToken": token, "Credential": {}}
    app.refused("WebAuthnChallengeNotFound", "CompleteWebAuthnRegistration", **complete)
    _, elsewhere = new_credential(app, token, "https://app.example.net")
    app.refused("WebAuthnOriginNotAllowed", "CompleteWebAuthnRegistration", **complete | {"Credential": elsewhere})
    app.refused("InvalidParameter", "CompleteWebAuthnRegistration", **complete)
    _, credential = new_credential(app, token)
    complete["Credential"] = credential
    other = app.with_client().tokens(username)["AccessToken"]
    app.refused("WebAuthnClientMismatch", "CompleteWebAuthnRegistration", **complete | {"AccessToken": other})
    configure(app, "app.example.org")
    app.refused("WebAuthnRelyingPartyMismatch", "CompleteWebAuthnRegistration", **complete)
    configure(app, PARTY)
    broken = {**credential, "id": "AAAA"}
    app.refused("WebAuthnCredentialNotSupported", "CompleteWebAuthnRegistration", **complete | {"Credential": broken})
    app.tools.move(HOUR / 2)
    app.refused("WebAuthnChallengeNotFound", "CompleteWebAuthnRegistration", **complete)
