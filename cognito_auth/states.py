"""Where a person's journey stands, and what can happen next, as frozen values.

A state is what is left of a sign-in between two HTTP requests: plain data that can be sealed, handed to the browser and opened
by another process. An event is what moves it on: an answer that the person gave, or a wish. Which event a state takes, and
where that leads, is the table in `cognito_auth.transitions`; this module knows neither.

``username`` in a challenge is the pool's own name for the user, as the challenge tells it, which every answer and its secret
hash must carry; before the first challenge it is the name as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from .api.shapes import Session, TokenModel
from .api.structure import Constraint, Structure, structure
from .api.types import CodeDeliveryDetails
from .srp import Challenge as SrpChallenge
from .srp import Ephemeral

Sensitive: TypeAlias = Annotated[str, Constraint(sensitive=True)]


@structure
class Tokens(Structure):
    """What a finished sign-in or refresh yields; ``expires_in`` is the access token's life in seconds."""

    access_token: TokenModel
    id_token: TokenModel | None = None
    refresh_token: TokenModel | None = None
    expires_in: int = 3600
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme


@structure
class State(Structure):
    """Base of all states."""


@structure
class SignedOut(State):
    """Nobody is signed in; every journey starts here."""


@structure
class Unconfirmed(State):
    """Signed up, and to be confirmed with the code that ``delivery`` tells about; none was sent where it is absent."""

    username: str
    delivery: CodeDeliveryDetails | None = None


@structure
class Confirmed(State):
    """The sign-up is confirmed; the user can sign in."""

    username: str


@structure
class ResetCodeSent(State):
    """A code to replace a forgotten password is on its way."""

    username: str
    delivery: CodeDeliveryDetails | None = None


@structure
class PasswordReplaced(State):
    """A new password is set; the user can sign in with it."""

    username: str


@structure
class Challenge(State):
    """Base of the states in which Cognito waits for an answer; ``session`` lives for some minutes and for one right answer."""

    username: str
    session: Session | None = None


@structure
class PasswordVerifier(Challenge):
    """``PASSWORD_VERIFIER``: the password is to be proved. Lives within one step and is never sealed: it holds the password."""

    user_id: str
    """``USER_ID_FOR_SRP``, the name that the proof is made with."""
    password: Sensitive
    secret_block: Sensitive
    """``SECRET_BLOCK`` as it came."""
    pair: Annotated[Ephemeral, Constraint(sensitive=True)]
    srp: Annotated[SrpChallenge, Constraint(sensitive=True)]


@structure
class NewPasswordRequired(Challenge):
    """``NEW_PASSWORD_REQUIRED``: the first sign-in with a temporary password."""

    required_attributes: tuple[str, ...] = ()
    """Attributes that the answer must give."""
    attributes: Mapping[str, Sensitive] | None = None
    """What the pool knows of the user."""


@structure
class SoftwareTokenMfa(Challenge):
    """``SOFTWARE_TOKEN_MFA``: a code from the authenticator app is wanted."""

    device_name: str | None = None
    """The name that the user gave the app."""


@structure
class SmsMfa(Challenge):
    """``SMS_MFA``: the code that was sent as a text message is wanted."""

    destination: str | None = None
    """Where it was sent, masked."""


@structure
class SelectMfaType(Challenge):
    """``SELECT_MFA_TYPE``: the user has several second factors and chooses one of ``choices``."""

    choices: tuple[str, ...]


@structure
class MfaSetup(Challenge):
    """``MFA_SETUP``: the pool demands a second factor and the user has none; ``choices`` are those that can be set up."""

    choices: tuple[str, ...]


@structure
class SoftwareTokenPending(Challenge):
    """An authenticator app is being set up: it is to be given ``secret_code`` (base32), and one of its codes is wanted."""

    secret_code: Sensitive


@structure
class SoftwareTokenVerified(Challenge):
    """The authenticator app is set up; the sign-in goes on by itself."""


@structure
class OtherChallenge(Challenge):
    """A challenge that has no class of its own, as data; it is answered with `ChallengeResponses`."""

    name: str
    parameters: Mapping[str, str] | None = None
    available: tuple[str, ...] | None = None


@structure
class SignedIn(State):
    """Signed in. ``username`` is the pool's own name for the user, which a refresh needs."""

    username: str
    tokens: Tokens
    new_device_key: str | None = None
    """The key of a device that Cognito offers to remember."""
    new_device_group_key: str | None = None


@structure
class Event(Structure):
    """Base of all events."""


@structure
class SrpPassword(Event):
    """Sign in; the password is proved and never sent."""

    username: str
    password: Sensitive


@structure
class PlainPassword(Event):
    """Sign in; the password is sent to Cognito."""

    username: str
    password: Sensitive


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
    """Send the code again."""


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
class NewPassword(Event):
    """The password that replaces a temporary one, and the attributes that were asked for."""

    password: Sensitive
    attributes: Mapping[str, Sensitive] | None = None


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
class MfaChoice(Event):
    """The second factor that the user chose, by Cognito's name, such as ``SOFTWARE_TOKEN_MFA``."""

    choice: str


@structure
class SetUpSoftwareToken(Event):
    """Set up an authenticator app."""


@structure
class FinishSetup(Event):
    """Go on after the factor is set up; the library gives it by itself."""


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


SEALABLE: Final[Mapping[str, type[Challenge]]] = {
    kind.__name__: kind
    for kind in (
        NewPasswordRequired,
        SoftwareTokenMfa,
        SmsMfa,
        SelectMfaType,
        MfaSetup,
        SoftwareTokenPending,
        OtherChallenge,
    )
}
"""The states in which a person is waited for, by name: those that outlive a request."""
