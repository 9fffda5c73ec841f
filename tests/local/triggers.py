"""Triggers for tests: functions that keep the events they get."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final, TypeAlias

from cognito_auth.api.sign_up import ConfirmSignUp
from cognito_auth.api.users import AdminGetUser, ListUsers
from cognito_auth.local import Triggers

from .support import App, new_app, new_cognito

DATA: Final = {"from": "tests"}
"""``ClientMetadata``."""

Event: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Event], object]


class Calls:
    """What triggers were called with, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, change: Change | None = None) -> Callable[[Event], Event]:
        """A trigger that keeps its event, changes it, and returns it."""

        def trigger(event: Event) -> Event:
            self.events.append(deepcopy(event))
            if change is not None:
                change(event)
            return event

        return trigger

    @property
    def sources(self) -> list[str]:
        return [event["triggerSource"] for event in self.events]

    @property
    def last(self) -> Event:
        return self.events[-1]


def responding(**members: object) -> Change:
    """Sets members of the response."""
    return lambda event: event["response"].update(members)


def refusing(message: str = "no") -> Change:
    """Refuses."""

    def refuse(_: Event) -> None:
        raise ValueError(message)

    return refuse


def app_with(triggers: Triggers, *, pool: dict[str, Any] | None = None, **client: Any) -> App:
    """A pool with triggers, and an app client."""
    return new_app(new_cognito(triggers=triggers), pool=pool, **client)


def status(app: App, username: str = "ana") -> str | None:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username=username)).user_status


def attributes(app: App, username: str = "ana") -> dict[str, str | None]:
    found = app.send(AdminGetUser(user_pool_id=app.pool_id, username=username)).user_attributes
    return {each.name: each.value for each in found or ()}


def names(app: App) -> list[str | None]:
    return [user.username for user in app.send(ListUsers(user_pool_id=app.pool_id)).users or ()]


def confirm_by_code(app: App) -> None:
    app.sign_up()
    code = app.last_message().code
    app.send(ConfirmSignUp(client_id=app.client_id, username="ana", confirmation_code=code, client_metadata=DATA))
