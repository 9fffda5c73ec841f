"""Who wants to sign in and has proved nothing yet: perhaps a user, perhaps nobody, and both are posed the same challenges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...api.auth import AuthReply
from ..base.context import Context
from ..store.records import Client, Pool, Trail, User
from ..users import attributes
from ..users.names import Stranger, fold
from .devices import find_device, remembers
from .progress import SignIn
from .sessions import open_session


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A user, or what stands for nobody. ``name`` is as it was given."""

    context: Context
    pool: Pool
    client: Client
    who: User | Stranger
    name: str
    trail: Trail

    @property
    def username(self) -> str:
        """What the user is called; nobody is called as a user would be who gave that name."""
        if isinstance(self.who, User):
            return self.who.username
        settings, name = self.pool.settings, self.name
        takes_addresses = settings.username_attributes or settings.alias_attributes
        is_address = takes_addresses and (attributes.is_email(name) or attributes.is_phone(name))
        return self.who.sub if is_address else fold(self.pool, name)

    def with_device(self, key: str | None) -> Visitor:
        """The visitor with the device that is named, if it is the user's and none was named before."""
        who, kept = self.who, self.trail.device_key
        if kept or not key or not isinstance(who, User) or not remembers(self.pool):
            return self
        known = find_device(self.context, who, key) is not None
        return replace(self, trail=replace(self.trail, device_key=key)) if known else self

    def signing_in(self, user: User) -> SignIn:
        """The sign-in of the user who this is."""
        return SignIn(context=self.context, pool=self.pool, client=self.client, user=user, trail=self.trail)


def pose_first(
    visitor: Visitor, challenge: str, parameters: Mapping[str, str], notes: Mapping[str, str] | None = None
) -> AuthReply:
    """The reply that poses a challenge that opens a sign-in, with a new session."""
    who = visitor.who
    if isinstance(who, User):
        visitor.signing_in(who).record("InProgress")
    session = open_session(visitor.context, visitor.client, who, challenge, trail=visitor.trail, notes=notes, opens=True)
    return AuthReply(challenge_name=challenge, session=session, challenge_parameters=parameters)
