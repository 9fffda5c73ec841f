"""The states outside a challenge: signing up, replacing a password, being signed in or not."""

from __future__ import annotations

from ..api.shapes import Session
from ..api.structure import structure
from ..api.types import CodeDeliveryDetails
from .base import Device, State, Tokens


@structure
class SignedOut(State):
    """Nobody is signed in; every journey starts here."""


@structure
class Unconfirmed(State):
    """Signed up, and to be confirmed with the code that ``delivery`` tells about; none was sent where it is absent."""

    username: str
    delivery: CodeDeliveryDetails | None = None
    session: Session | None = None
    """Links the confirmation to the sign-up, in pools that offer `Confirmed` users to sign in at once."""


@structure
class Confirmed(State):
    """The sign-up is confirmed; the user can sign in, and with a ``session`` without proving anything again."""

    username: str
    session: Session | None = None


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
class SignedIn(State):
    """Signed in. ``username`` is the pool's own name for the user, which a refresh needs."""

    username: str
    tokens: Tokens
    device: Device | None = None
    """The device that the sign-in named, or one without a secret that Cognito offers (`cognito_auth.flows.confirm_device`).
    Every refresh names it."""
    device_forgotten: bool = False
    """Whether the device that the sign-in named is not known any more: what the client keeps of it is to be dropped."""
