"""What states and events are made of."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ..api.shapes import DeviceKey, TokenModel
from ..api.structure import Constraint, Structure, structure

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
class Device(Structure):
    """A device that Cognito tracks. With a ``secret`` it is confirmed, and can prove itself; without one it is on offer."""

    key: DeviceKey
    group_key: str | None = None
    secret: Sensitive | None = None
    """The device's own password, which nobody but the client has."""
    user_decides: bool = False
    """Whether Cognito remembers the device only once the user has been asked (`cognito_auth.flows.remember_device`)."""

    @property
    def can_prove(self) -> bool:
        """Whether everything is there that the device's challenges ask for."""
        return self.secret is not None and self.group_key is not None


@structure
class StepUp(Structure):
    """What a sign-in by choice asks for: one of the levels ``acr_values``, best first, of authentication; see `ByChoice`."""

    acr_values: tuple[str, ...] = ()
    max_age: int | None = None
    access_token: TokenModel | None = None


@structure
class Course(Structure):
    """What the beginning of a sign-in settled, and all its steps keep to."""

    administrator: bool = False
    """Whether a trusted server signs the user in, by `AdminInitiateAuth` and `AdminRespondToAuthChallenge`."""
    flow: str | None = None
    """The flow, while the sign-in can begin again by name alone; ``None`` when that would need a password."""
    device: Device | None = None
    """The device that the sign-in names."""
    step_up: StepUp | None = None
    """What the sign-in asks for, while it can begin again by name alone."""
    device_forgotten: bool = False
    """Whether the sign-in named a device that Cognito does not know any more, and began again without it."""


@structure
class State(Structure):
    """Base of all states."""


@structure
class Event(Structure):
    """Base of all events."""
