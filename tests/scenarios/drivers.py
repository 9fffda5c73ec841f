"""Every driver behind one synchronous face, and the scene of a journey: a driver at work for one app client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from anyio.from_thread import BlockingPortal

from cognito_auth.api.structure import Operation
from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.effects import Flow
from cognito_auth.errors import CognitoAuthError
from cognito_auth.flows import advance, sign_in
from cognito_auth.states import Event, SignedIn, State
from cognito_auth.tokens import AccessToken, TokenVerifier

from .world import CREDENTIALS, PASSWORD, World

R = TypeVar("R")
T = TypeVar("T")


class Driver(Protocol):
    """What a journey needs of a driver."""

    def run(self, flow: Flow[T]) -> T: ...

    def send(self, operation: Operation[R]) -> R: ...

    def close(self) -> None: ...


class Ported:
    """The asynchronous driver, run in an event loop that goes on in another thread."""

    def __init__(self, client: AsyncCognitoClient, portal: BlockingPortal) -> None:
        self._client = client
        self._portal = portal

    def run(self, flow: Flow[T]) -> T:
        return self._portal.call(self._client.run, flow)

    def send(self, operation: Operation[R]) -> R:
        return self._portal.call(self._client.send, operation)

    def close(self) -> None:
        self._portal.call(self._client.aclose)


Make = Callable[[World, Settings], Driver]
"""Makes a driver whose time is the world's."""


class Drivers:
    """Makes drivers, one for each app client, and keeps them until the end."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._made: dict[Settings, Driver] = {}

    def __call__(self, world: World, settings: Settings) -> Driver:
        if settings not in self._made:
            self._made[settings] = self._make(world, settings)
        return self._made[settings]

    def close(self) -> None:
        for driver in self._made.values():
            driver.close()


def blocking(world: World, settings: Settings) -> Driver:
    return CognitoClient(
        settings, transport=world.stand.transport, credentials=CREDENTIALS, surroundings=world.stand.surroundings
    )


def ported(portal: BlockingPortal) -> Make:
    """Makes the asynchronous driver for the event loop of ``portal``."""

    def make(world: World, settings: Settings) -> Driver:
        client = AsyncCognitoClient(
            settings, transport=world.stand.transport, credentials=CREDENTIALS, surroundings=world.stand.surroundings
        )
        return Ported(client, portal)

    return make


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A driver and an app client; what a journey does and looks at."""

    world: World
    make: Make
    settings: Settings
    driver: Driver
    verifier: TokenVerifier

    @classmethod
    def of(cls, world: World, make: Make, settings: Settings) -> Scene:
        verifier = TokenVerifier.for_settings(settings)
        return cls(world=world, make=make, settings=settings, driver=make(world, settings), verifier=verifier)

    def within(self, pool: str = "optional", *, rotating: bool = False) -> Scene:
        """The same driver and kind of client in another pool, or with refresh tokens that rotate."""
        confidential = self.settings.client_secret is not None
        settings = self.world.settings(pool, confidential=confidential, rotating=rotating)
        return Scene.of(self.world, self.make, settings)

    def using(self, flow: PasswordFlow) -> Scene:
        """The same with another way to send the password."""
        return Scene.of(self.world, self.make, replace(self.settings, auth_flows=(flow,)))

    def run(self, flow: Flow[T]) -> T:
        return self.driver.run(flow)

    def send(self, operation: Operation[R]) -> R:
        return self.driver.send(operation)

    def advance(self, state: State, event: Event) -> State:
        return self.run(advance(state, event))

    def refused(self, flow: Flow[object]) -> type[CognitoAuthError] | None:
        """The class of the error that a flow ends with."""
        try:
            self.run(flow)
        except CognitoAuthError as error:
            return type(error)
        return None

    def user(self, **attributes: str) -> str:
        """A confirmed user of this pool."""
        username = self.world.name()
        self.world.create_user(self.settings, username, **attributes)
        return username

    def sign_in(self, username: str, password: str = PASSWORD) -> SignedIn:
        """Sign in where nothing but the password is asked for."""
        reached = self.run(sign_in(username, password))
        assert isinstance(reached, SignedIn)
        return reached

    def verified(self, state: State) -> AccessToken:
        """The verified access token of a sign-in."""
        assert isinstance(state, SignedIn)
        return self.run(self.verifier.access_token(state.tokens.access_token))

    def code(self, username: str) -> str:
        return self.world.code(self.settings, username)

    def move(self, seconds: float) -> None:
        self.world.move(seconds)


BACKENDS: Final[Mapping[str, str | None]] = {"sync": None, "asyncio": "asyncio", "trio": "trio"}
"""The drivers by name, and the event loop of each."""
