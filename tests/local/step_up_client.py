"""Drives sign-ins that are to reach a level of authentication, by whatever factors the user has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from cognito_auth import srp
from cognito_auth.api.auth import AuthenticationResult, AuthReply
from cognito_auth.api.mfa import EmailMfaSettings, SetUserMFAPreference, SmsMfaSettings, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import EmailConfiguration
from cognito_auth.local import SoftwareAuthenticator

from .choice_client import EVERYTHING, ORIGIN, PARTY, SMS, admin_begin, begin, choice_app, complete, configure, creation_options
from .support import PASSWORD, App, claims, signed_in

LOA: Final = "urn:cognito:loa:{}"
VERIFIED: Final = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": "+15550004321",
    "phone_number_verified": "true",
}
SENDER: Final = EmailConfiguration(
    email_sending_account="DEVELOPER", source_arn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
)
MFA: Final = {"mfa_configuration": "OPTIONAL", "sms_configuration": SMS, "email_configuration": SENDER}
"""Settings of a pool in which users may switch on every second factor."""


@dataclass
class Ana:
    """A user with several factors, and how she uses each."""

    app: App
    secret: str = ""
    """Of her authenticator app."""
    authenticator: SoftwareAuthenticator = field(default_factory=lambda: SoftwareAuthenticator(ORIGIN))
    _access: str | None = None

    def with_app(self, *, preferred: bool = True) -> Ana:
        access = self.access
        self.secret = self.app.set_up_totp(access)
        settings = SoftwareTokenMfaSettings(enabled=True, preferred_mfa=preferred)
        self.app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=settings))
        return self

    def with_mail(self) -> Ana:
        settings = EmailMfaSettings(enabled=True)
        self.app.send(SetUserMFAPreference(access_token=self.access, email_mfa_settings=settings))
        return self

    def with_text_messages(self) -> Ana:
        settings = SmsMfaSettings(enabled=True)
        self.app.send(SetUserMFAPreference(access_token=self.access, sms_mfa_settings=settings))
        return self

    def without_app(self) -> Ana:
        settings = SoftwareTokenMfaSettings(enabled=False)
        self.app.send(SetUserMFAPreference(access_token=self.access, software_token_mfa_settings=settings))
        return self

    def with_passkey(self, attachment: str | None = "platform") -> Ana:
        access = self.access
        credential = self.authenticator.create(creation_options(self.app, access))
        if attachment is None:
            del credential["authenticatorAttachment"]
        else:
            credential["authenticatorAttachment"] = attachment
        complete(self.app, access, credential)
        return self

    @property
    def access(self) -> str:
        """The token of a sign-in that asked for no level, from before there was a second factor."""
        self._access = self._access or self.app.tokens().access_token
        return self._access or ""

    def begin(self, *levels: int | str, admin: bool = False, **parameters: str) -> AuthReply:
        """Begin a sign-in that is to reach one of the levels."""
        return (admin_begin if admin else begin)(self.app, TARGET_ACR_VALUES=named(*levels), **parameters)

    def give(self, posed: AuthReply, way: str) -> AuthReply:
        """Answer a challenge with what it asks for; one of a choice with the way."""
        name = posed.challenge_name or ""
        if name == "SELECT_CHALLENGE":
            assert way in (posed.available_challenges or ()), f"{way} is not among {posed.available_challenges}"
            return self._choose(posed, way)
        if name == "SELECT_MFA_TYPE":
            return self.give(self.app.reply_to(posed, ANSWER=way), way)
        assert name == way
        return self.app.reply_to(posed, **self._responses(posed, way))

    def go(self, posed: AuthReply, *ways: str) -> AuthenticationResult:
        """Go all the way to tokens."""
        for way in ways:
            posed = self.give(posed, way)
        return signed_in(posed)

    def reach(self, level: int, *ways: str) -> AuthenticationResult:
        return self.go(self.begin(level), *ways)

    def _choose(self, posed: AuthReply, way: str) -> AuthReply:
        if way == "PASSWORD":
            return self.app.reply_to(posed, ANSWER=way, PASSWORD=PASSWORD)
        if way == "PASSWORD_SRP":
            pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
            asked = self.app.reply_to(posed, ANSWER=way, SRP_A=pair.srp_a)
            return self.app.answer("PASSWORD_VERIFIER", asked.session, self.app.srp_claim(pair, asked))
        return self.give(self.app.reply_to(posed, ANSWER=way), way)

    def _responses(self, posed: AuthReply, way: str) -> dict[str, str]:
        answers: dict[str, Callable[[], dict[str, str]]] = {
            "PASSWORD": lambda: {"PASSWORD": PASSWORD},
            "SOFTWARE_TOKEN_MFA": lambda: {"SOFTWARE_TOKEN_MFA_CODE": self.app.totp(self.secret)},
            "SMS_MFA": lambda: {"SMS_MFA_CODE": self.app.last_message().code},
            "SMS_OTP": lambda: {"SMS_OTP_CODE": self.app.last_message().code},
            "EMAIL_OTP": lambda: {"EMAIL_OTP_CODE": self.app.last_message().code},
            "WEB_AUTHN": lambda: {"CREDENTIAL": self.authenticator.get(_options(posed))},
        }
        return answers[way]()


def ana(*factors: str, mfa: bool = False, pool: dict[str, Any] | None = None, **client: Any) -> Ana:
    """Ana with a password and verified addresses, where a sign-in may begin with these factors, or with any."""
    settings = {"sms_configuration": SMS, **(MFA if mfa else {}), **(pool or {})}
    app = choice_app(*(factors or EVERYTHING), pool=settings, **client)
    if "WEB_AUTHN" in (factors or EVERYTHING):
        configure(app, relying_party_id=PARTY)
    app.create_user("ana", **VERIFIED)
    return Ana(app)


def named(*levels: int | str) -> str:
    """Levels in a parameter, by their names unless somebody gave them others."""
    return " ".join(LOA.format(level) if isinstance(level, int) else level for level in levels)


def assurance(result: AuthenticationResult) -> tuple[str | None, list[str] | None]:
    """``acr`` and ``amr``, which are the same in both tokens."""
    (found, also) = ((each.get("acr"), each.get("amr")) for each in map(claims, (result.access_token, result.id_token)))
    assert found == also
    return found


def _options(posed: AuthReply) -> dict[str, Any]:
    options: dict[str, Any] = json.loads((posed.challenge_parameters or {})["CREDENTIAL_REQUEST_OPTIONS"])
    return options
