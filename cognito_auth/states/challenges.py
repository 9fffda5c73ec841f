"""The states in which Cognito waits for an answer, one for each challenge.

``username`` is the pool's own name for the user, as the challenge tells it, which every answer and its secret hash must carry;
it is the name as it was typed where the challenge tells none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from ..api.shapes import Session
from ..api.structure import Constraint, structure
from ..srp import Challenge as SrpChallenge
from ..srp import Ephemeral
from .base import Course, Sensitive, State


@structure
class Challenge(State):
    """Base of the challenges; ``session`` lives for some minutes and for one right answer."""

    challenge_name: ClassVar[str] = ""
    """Cognito's name for it."""

    username: str
    session: Session | None = None
    course: Course = Course()


@structure
class PasswordVerifier(Challenge):
    """The password is to be proved. Lives within one step and is never sealed: it holds the password."""

    challenge_name: ClassVar[str] = "PASSWORD_VERIFIER"

    user_id: str
    """``USER_ID_FOR_SRP``, the name that the proof is made with."""
    password: Sensitive
    secret_block: Sensitive
    """``SECRET_BLOCK`` as it came."""
    pair: Annotated[Ephemeral, Constraint(sensitive=True)]
    srp: Annotated[SrpChallenge, Constraint(sensitive=True)]


@structure
class PasswordChallenge(Challenge):
    """The password is wanted, and is sent."""

    challenge_name: ClassVar[str] = "PASSWORD"


@structure
class PasswordSrpChallenge(Challenge):
    """The password is wanted, and is proved without being sent."""

    challenge_name: ClassVar[str] = "PASSWORD_SRP"


@structure
class NewPasswordRequired(Challenge):
    """The first sign-in with a temporary password."""

    challenge_name: ClassVar[str] = "NEW_PASSWORD_REQUIRED"

    required_attributes: tuple[str, ...] = ()
    """Attributes that the answer must give."""
    attributes: Mapping[str, Sensitive] | None = None
    """What the pool knows of the user."""


@structure
class SelectChallenge(Challenge):
    """The user chooses how to sign in, by one of ``choices``: ``PASSWORD``, ``PASSWORD_SRP``, ``EMAIL_OTP``, ``SMS_OTP`` or
    ``WEB_AUTHN``."""

    challenge_name: ClassVar[str] = "SELECT_CHALLENGE"

    choices: tuple[str, ...]


@structure
class SoftwareTokenMfa(Challenge):
    """A code from the authenticator app is wanted."""

    challenge_name: ClassVar[str] = "SOFTWARE_TOKEN_MFA"

    device_name: str | None = None
    """The name that the user gave the app."""


@structure
class SmsMfa(Challenge):
    """The code that was sent as a text message is wanted, as the second factor."""

    challenge_name: ClassVar[str] = "SMS_MFA"

    destination: str | None = None
    """Where it was sent, masked."""


@structure
class SmsOtp(Challenge):
    """The code that was sent as a text message is wanted, in place of a password."""

    challenge_name: ClassVar[str] = "SMS_OTP"

    destination: str | None = None
    """Where it was sent, masked."""


@structure
class EmailOtp(Challenge):
    """The code that was sent by mail is wanted, as the second factor or in place of a password."""

    challenge_name: ClassVar[str] = "EMAIL_OTP"

    destination: str | None = None
    """Where it was sent, masked."""


@structure
class WebAuthn(Challenge):
    """A passkey is wanted. ``request_options`` is the JSON document that browsers take
    (``PublicKeyCredential.parseRequestOptionsFromJSON``)."""

    challenge_name: ClassVar[str] = "WEB_AUTHN"

    request_options: str


@structure
class CustomChallenge(Challenge):
    """A challenge of the pool's own triggers; ``parameters`` is what they let the client see."""

    challenge_name: ClassVar[str] = "CUSTOM_CHALLENGE"

    parameters: Mapping[str, str] | None = None


@structure
class SelectMfaType(Challenge):
    """The user has several second factors and chooses one of ``choices``."""

    challenge_name: ClassVar[str] = "SELECT_MFA_TYPE"

    choices: tuple[str, ...]


@structure
class MfaSetup(Challenge):
    """The pool demands a second factor and the user has none; ``choices`` are those that can be set up."""

    challenge_name: ClassVar[str] = "MFA_SETUP"

    choices: tuple[str, ...]


@structure
class SoftwareTokenPending(Challenge):
    """An authenticator app is being set up: it is to be given ``secret_code`` (base32), and one of its codes is wanted."""

    challenge_name: ClassVar[str] = "MFA_SETUP"

    secret_code: Sensitive


@structure
class SoftwareTokenVerified(Challenge):
    """The authenticator app is set up; the sign-in goes on by itself."""

    challenge_name: ClassVar[str] = "MFA_SETUP"


@structure
class DeviceSrpAuth(Challenge):
    """The device is to prove itself, which the library does: the course holds its secret."""

    challenge_name: ClassVar[str] = "DEVICE_SRP_AUTH"


@structure
class DevicePasswordVerifier(Challenge):
    """The device's proof is due. Lives within one step and is never sealed."""

    challenge_name: ClassVar[str] = "DEVICE_PASSWORD_VERIFIER"

    secret_block: Sensitive
    """``SECRET_BLOCK`` as it came."""
    pair: Annotated[Ephemeral, Constraint(sensitive=True)]
    srp: Annotated[SrpChallenge, Constraint(sensitive=True)]


@structure
class OtherChallenge(Challenge):
    """A challenge that has no class of its own, or that the library cannot answer, as data: it is answered with
    `ChallengeResponses`. A device's challenge is among them where the sign-in holds no secret for the device."""

    name: str
    parameters: Mapping[str, str] | None = None
    available: tuple[str, ...] | None = None


SEALABLE: Final[Mapping[str, type[Challenge]]] = {
    kind.__name__: kind
    for kind in (
        PasswordChallenge,
        PasswordSrpChallenge,
        NewPasswordRequired,
        SelectChallenge,
        SoftwareTokenMfa,
        SmsMfa,
        SmsOtp,
        EmailOtp,
        WebAuthn,
        CustomChallenge,
        SelectMfaType,
        MfaSetup,
        SoftwareTokenPending,
        OtherChallenge,
    )
}
"""The states in which a person is waited for, by name: those that outlive a request."""
