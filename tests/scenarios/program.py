"""A person at a program that uses the library without a framework, whatever the driver.

Each endpoint's work is done by flows: `tests.scenarios.sign_in_by_flows` and `tests.scenarios.account_by_flows`. Between two
steps a sign-in is packed and unpacked, as between two processes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self, TypeVar, cast

from cognito_auth.api.types import CodeDeliveryDetails
from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.effects import Flow
from cognito_auth.errors import CognitoAuthError, NotSignedIn
from cognito_auth.guards import Moment
from cognito_auth.sessions.session import pack_state
from cognito_auth.states import (
    Challenge,
    ChallengeChoice,
    CustomAnswer,
    CustomChallenge,
    Device,
    EmailCode,
    EmailOtp,
    Event,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SignedIn,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    WebAuthn,
)
from cognito_auth.tokens import TokenVerifier
from cognito_auth.user import User

from .drivers import Make
from .person import GUARDS, Person
from .world import World

T = TypeVar("T")
Members = Mapping[str, Any]
Deed = Callable[["Program", Members], Members]


def _new_password(new_password: str, attributes: Mapping[str, str] | None = None) -> Event:
    return NewPassword(password=new_password, attributes=attributes)


def _credential(credential: Mapping[str, Any]) -> Event:
    return PasskeyCredential(credential=json.dumps(credential))


def _set_up(choice: str, email: str | None = None) -> Event:
    return SetUpSoftwareToken() if email is None else SetUpEmail(address=email)


EVENTS: Final[Mapping[type[State], Callable[..., Event]]] = {
    PasswordChallenge: PasswordAnswer,
    PasswordSrpChallenge: PasswordAnswer,
    NewPasswordRequired: _new_password,
    SelectChallenge: ChallengeChoice,
    SoftwareTokenMfa: SoftwareTokenCode,
    SoftwareTokenPending: SoftwareTokenCode,
    SmsMfa: SmsCode,
    SmsOtp: SmsCode,
    EmailOtp: EmailCode,
    WebAuthn: _credential,
    CustomChallenge: CustomAnswer,
    SelectMfaType: MfaChoice,
    MfaSetup: _set_up,
}
"""What each challenge's answer is as an event."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a flow came to."""

    told: Members = field(default_factory=dict[str, Any])
    refusal: str | None = None


@dataclass(kw_only=True)
class Program(Person):
    """Holds what came of the sign-in, and the device that was confirmed."""

    world: World
    settings: Settings
    username: str
    make: Make
    verifier: TokenVerifier
    deeds: Mapping[str, Deed]
    """What can be done, by the names of the endpoints."""
    signed_in: SignedIn | None = None
    device: Device | None = None

    def auth(self, name: str, **members: Any) -> Told:
        return self._told(lambda: self.deeds[name](self, members))

    def guard(self, path: str) -> Told:
        return self._told(lambda: {"username": self._let_in(path).username})

    def elsewhere(self) -> Self:
        return replace(self, signed_in=None, device=None)

    def copy(self) -> Self:
        return replace(self)

    def through(self, *flows: PasswordFlow) -> Self:
        return replace(self.elsewhere(), settings=replace(self.settings, auth_flows=flows))

    def run(self, flow: Flow[T]) -> T:
        return self.make(self.world, self.settings).run(flow)

    @property
    def held(self) -> SignedIn:
        """The sign-in that goes on; raises `NotSignedIn` without one."""
        if self.signed_in is None:
            raise NotSignedIn("nobody is signed in")
        return self.signed_in

    @property
    def access_token(self) -> str:
        return self.held.tokens.access_token

    @property
    def user(self) -> User:
        """Whoever the access token, once verified, says is signed in."""
        return User(token=self.run(self.verifier.access_token(self.access_token)))

    def reached(self, state: State) -> Members:
        """Take over where a sign-in leads, and tell it as an endpoint does."""
        if isinstance(state, SignedIn):
            self.signed_in = state
            if state.device_forgotten:
                self.device = None
            offered = state.device is not None and not state.device.can_prove
            news = {"device_offered": offered, "device_forgotten": state.device_forgotten}
            return {"status": "signed_in", "username": state.username, **{name: True for name, said in news.items() if said}}
        assert isinstance(state, Challenge)
        return {"status": "challenge", "challenge": _described(state), "state": json.dumps(pack_state(state))}

    def _let_in(self, path: str) -> User:
        return GUARDS[path].check(self.user, Moment(now=self.world.stand.now(), leeway=30))

    def _told(self, deed: Callable[[], Members]) -> Told:
        try:
            return Told(told=deed())
        except CognitoAuthError as error:
            return Told(refusal=error.code)


def _described(state: Challenge) -> dict[str, Any]:
    told = {
        each.name: getattr(state, each.name) for each in fields(state) if each.name not in ("username", "session", "course")
    }
    if isinstance(state, WebAuthn):
        told["request_options"] = json.loads(state.request_options)
    return {"name": state.challenge_name, **{name: _as_in_json(value) for name, value in told.items()}}


def _as_in_json(value: Any) -> Any:
    return list(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value


def sent_to(details: CodeDeliveryDetails | None) -> dict[str, Any]:
    """Where a code went, as an endpoint tells it."""
    if details is None:
        return {}
    return {"delivery": {"medium": details.delivery_medium, "destination": details.destination}}
