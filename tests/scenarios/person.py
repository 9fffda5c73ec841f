"""The face that a journey is written against: somebody at a client, whatever carries out what they do.

What can be done has the names of the endpoints (`cognito_auth.web.ROUTES`), takes their members, and is answered by an
`Outcome` with theirs. An HTTP client calls them; a program does the same by flows (`tests.scenarios.program`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final, Protocol, Self

from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.guards import Requirement, group, mfa, recent, scope, signed_in

from .world import PASSWORD, World, wrong

OWN_SCOPE: Final = "aws.cognito.signin.user.admin"
"""The scope of every token that comes of signing in with a password."""

GUARDS: Final[Mapping[str, Requirement]] = {
    "/private": signed_in(),
    "/admin": group("admin"),
    "/account": scope(OWN_SCOPE),
    "/orders": scope("orders/read"),
    "/staff-orders": group("staff") & scope("orders/read"),
    "/recent": recent(max_age=300),
    "/mfa": mfa(),
    "/recent-mfa": recent(max_age=300) & mfa(),
    "/recent-admin": group("admin") & recent(max_age=300),
}
"""What is guarded, by the paths that it has in applications; whoever passes is told who they are."""


class Outcome(Protocol):
    """What came of something that a person did."""

    @property
    def refusal(self) -> str | None:
        """The code of the error; ``None`` where all is well."""
        ...

    @property
    def told(self) -> Mapping[str, Any]:
        """The members of the reply."""
        ...


class Person(ABC):
    """Somebody with an account, or about to have one, at one client. The client keeps what it is given: tokens or a session,
    and the device that was confirmed."""

    world: World
    settings: Settings
    username: str
    always_newest: bool = False
    """Whether every copy of the client has the newest tokens, as with a session on the server."""

    @abstractmethod
    def auth(self, name: str, **members: Any) -> Outcome:
        """Do what the endpoint of this name does."""

    @abstractmethod
    def guard(self, path: str) -> Outcome:
        """Pass one of the `GUARDS`."""

    @abstractmethod
    def elsewhere(self) -> Self:
        """The same person at another client of the same kind, which keeps nothing yet."""

    @abstractmethod
    def copy(self) -> Self:
        """What this client holds now, in other hands or left over for later."""

    @abstractmethod
    def through(self, *flows: PasswordFlow) -> Self:
        """The same person at another client, which signs in by other flows and keeps nothing yet."""

    def login(self, password: str | None = PASSWORD, **members: Any) -> Outcome:
        """Sign in as the client is set up to."""
        given = {} if password is None else {"password": password}
        return self.auth("login", username=self.username, **given, **members)

    def answer(self, asked: Outcome, **answer: Any) -> Outcome:
        """Answer the challenge that ``asked`` poses."""
        return self.auth("challenge", state=asked.told["state"], answer=answer)

    def wish(self, asked: Outcome, wish: str) -> Outcome:
        """Wish for something else than to answer: ``resend_code`` or ``choose_again``."""
        return self.auth("challenge", state=asked.told["state"], wish=wish)

    def is_told(self, asked: Outcome, **told: Any) -> None:
        """Assert what a challenge tells beside its name."""
        if self.world.stand.faithful:
            challenge = asked.told["challenge"]
            assert {member: challenge.get(member) for member in told} == told

    def mistype(self, name: str, code: str, **members: Any) -> None:
        """Give a wrong code where ``code`` is the right one, wherever wrong codes are refused."""
        if self.world.stand.faithful:
            refused(self.auth(name, code=wrong(code), **members), "code_mismatch")

    def mistype_answer(self, asked: Outcome, code: str) -> None:
        """Answer a challenge likewise."""
        if self.world.stand.faithful:
            refused(self.answer(asked, code=wrong(code)), "code_mismatch")

    def refresh(self) -> Outcome:
        return self.auth("refresh")

    def logout(self, **members: Any) -> Outcome:
        return self.auth("logout", **members)

    def register(self, **attributes: str) -> None:
        """Get a confirmed account, made on the side."""
        self.world.create_user(self.settings, self.username, **attributes)

    def sign_up(self, **attributes: str) -> Outcome:
        """Sign up with `PASSWORD`, by default with a mail address."""
        given = attributes or {"email": f"{self.username}@example.com"}
        return accepted(self.auth("signup", username=self.username, password=PASSWORD, attributes=given))

    def sign_in(self, password: str = PASSWORD) -> Outcome:
        """Sign in where nothing but the password is asked for."""
        return accepted(self.login(password), status="signed_in")

    def passes(self) -> None:
        """Be let in by a guard, as oneself."""
        assert accepted(self.guard("/private")).told["username"] == accepted(self.auth("me")).told["username"]

    def code(self) -> str:
        """The newest code that was sent to this person."""
        return self.world.code(self.settings, self.username)

    def totp(self, secret: str) -> str:
        return self.world.totp(secret)

    def set_up_app(self) -> str:
        """Set up an authenticator app, with a wrong code first; gives its secret."""
        secret = str(accepted(self.auth("mfa_totp_setup")).told["secret_code"])
        code = self.totp(secret)
        self.mistype("mfa_totp_verify", code)
        accepted(self.auth("mfa_totp_verify", code=code, device_name="phone"), status="verified")
        return secret


def accepted(outcome: Outcome, **members: Any) -> Outcome:
    """Assert that all is well, and what some members of the reply are."""
    assert outcome.refusal is None, outcome.refusal
    assert {name: outcome.told.get(name) for name in members} == members
    return outcome


def refused(outcome: Outcome, code: str) -> Outcome:
    """Assert that this is the error."""
    assert outcome.refusal == code, outcome.refusal or outcome.told
    return outcome


def challenged(outcome: Outcome, name: str) -> Outcome:
    """Assert that this challenge is posed."""
    challenge = accepted(outcome, status="challenge").told["challenge"]
    assert challenge["name"] == name, challenge["name"]
    return outcome
