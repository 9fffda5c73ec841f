"""What moves a state on: an answer that the person gave, or a wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from ..api.shapes import TokenModel
from ..api.structure import Constraint, structure
from .base import Device, Event, Sensitive


@structure
class Opening(Event):
    """Base of the events that begin a sign-in, on ``device`` where the client keeps one."""

    username: str
    device: Device | None = None


@structure
class SrpPassword(Opening):
    """``USER_SRP_AUTH``: the password is proved and never sent."""

    password: Sensitive


@structure
class PlainPassword(Opening):
    """``USER_PASSWORD_AUTH``: the password is sent to Cognito."""

    password: Sensitive


@structure
class AdminPassword(Opening):
    """``ADMIN_USER_PASSWORD_AUTH``: a trusted server sends the password, with its own AWS credentials."""

    password: Sensitive


@structure
class ByChoice(Opening):
    """``USER_AUTH``: by the way that is ``preferred`` (one of those in `SelectChallenge`), or that the user chooses.

    With ``acr_values`` it is to reach a level of authentication (step-up authentication, RFC 9470).
    """

    preferred: str | None = None
    password: Sensitive | None = None
    """For the preferences ``PASSWORD`` and ``PASSWORD_SRP``: it goes along at once."""
    acr_values: tuple[str, ...] = ()
    """Names of levels, best first: the first that the user can reach is the one. The tokens then tell which was reached."""
    max_age: int | None = None
    """Seconds since a sign-in for which ``access_token`` counts."""
    access_token: TokenModel | None = None
    """The user's access token of an earlier sign-in: what it tells of is not asked for again."""


@structure
class ByCustomChallenge(Opening):
    """``CUSTOM_AUTH``: by the challenges of the pool's triggers; with a ``password``, after proving that first."""

    password: Sensitive | None = None


@structure
class SignInAfterwards(Event):
    """Sign in a user who has just confirmed the sign-up; the session stands for what was proved by that."""

    device: Device | None = None


@structure
class Registration(Event):
    """Sign up."""

    username: str
    password: Sensitive
    attributes: Mapping[str, Sensitive] | None = None


@structure
class ConfirmationCode(Event):
    """The code that confirms a sign-up."""

    code: Sensitive


@structure
class ResendCode(Event):
    """Send the code again. Within a challenge the sign-in begins again, as Cognito has no other way."""


@structure
class ChooseAgain(Event):
    """Begin the sign-in again, to sign in another way."""


@structure
class ForgottenPassword(Event):
    """Send a code with which the password can be replaced."""

    username: str


@structure
class ResetCode(Event):
    """The code that was sent, and the new password."""

    code: Sensitive
    new_password: Sensitive


@structure
class PasswordProof(Event):
    """The proof of the password; the library gives it by itself."""


@structure
class PasswordAnswer(Event):
    """The password, where a sign-in by choice asks for it."""

    password: Sensitive


@structure
class NewPassword(Event):
    """The password that replaces a temporary one, and the attributes that were asked for."""

    password: Sensitive
    attributes: Mapping[str, Sensitive] | None = None


@structure
class ChallengeChoice(Event):
    """The way to sign in that the user chose, by Cognito's name; ``PASSWORD`` and ``PASSWORD_SRP`` take the password along."""

    choice: str
    password: Sensitive | None = None


@structure
class SoftwareTokenCode(Event):
    """A code from the authenticator app; ``device_name`` names the app while it is being set up."""

    code: Sensitive
    device_name: str | None = None


@structure
class SmsCode(Event):
    """The code that was sent as a text message."""

    code: Sensitive


@structure
class EmailCode(Event):
    """The code that was sent by mail."""

    code: Sensitive


@structure
class PasskeyCredential(Event):
    """What the passkey answered: the JSON document of an ``AuthenticationResponseJSON`` (``credential.toJSON()``)."""

    credential: Sensitive


@structure
class CustomAnswer(Event):
    """The answer to a `CustomChallenge`."""

    answer: Sensitive


@structure
class MfaChoice(Event):
    """The second factor that the user chose, by Cognito's name, such as ``SOFTWARE_TOKEN_MFA``."""

    choice: str


@structure
class SetUpSoftwareToken(Event):
    """Set up an authenticator app."""


@structure
class SetUpEmail(Event):
    """Set up codes by mail to ``address``."""

    address: Sensitive


@structure
class FinishSetup(Event):
    """Go on after the factor is set up; the library gives it by itself."""


@structure
class DeviceKeyExchange(Event):
    """Begin the device's proof; the library gives it by itself."""


@structure
class DeviceProof(Event):
    """The device's proof; the library gives it by itself."""


@structure
class ChallengeResponses(Event):
    """Answers to an `OtherChallenge`, by Cognito's names; user name and secret hash are added."""

    responses: Annotated[Mapping[str, str], Constraint(sensitive=True)]


@structure
class Refresh(Event):
    """Get new tokens."""


@structure
class SignOut(Event):
    """End this session: its refresh token and the access tokens that came of it are revoked."""


@structure
class SignOutEverywhere(Event):
    """End all of the user's sessions."""
