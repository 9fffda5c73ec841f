"""What a user pool keeps, and the tables it is kept in.

Records are structures like those of the API, so the same code writes them as JSON, and their ``repr`` masks what is secret.
The settings of pools, clients and groups are kept as the API's own structures with the defaults filled in. Times are seconds
since the Unix epoch. A password is kept as SRP's salt and verifier, a token as its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from ..api.clients import UserPoolClient
from ..api.groups import Group as GroupSettings
from ..api.pools import UserPool
from ..api.structure import Constraint, Structure, structure
from .storage import Table

Hidden = Annotated[str, Constraint(sensitive=True)]


@structure
class Key(Structure):
    """A private key that signs tokens, in base64 of PKCS #8, with the name it has in the key set."""

    kid: str
    private: Hidden


@structure
class Pool(Structure):
    """A user pool: its settings, the keys of its ID and access tokens, and the secret that seals and blinds."""

    id: str
    settings: UserPool
    factors: tuple[str, ...]
    """The second factors that the pool offers, by their challenge's name."""
    id_key: Key
    access_key: Key
    secret: Hidden
    """Base64 of 32 bytes."""

    @property
    def group(self) -> str:
        """The part of the id that SRP hashes."""
        return self.id.partition("_")[2]


@structure
class Client(Structure):
    """An app client."""

    id: str
    pool_id: str
    settings: UserPoolClient
    secrets: Annotated[tuple[str, ...], Constraint(sensitive=True)] = ()


@structure
class Group(Structure):
    """A group; ``name`` is folded, so that names which differ in case only collide."""

    pool_id: str
    name: str
    settings: GroupSettings


@structure
class Membership(Structure):
    """That a user is in a group."""

    pool_id: str
    group: str
    user: str


@structure
class Password(Structure):
    """What is kept in place of a password; numbers in hexadecimal."""

    salt: str
    verifier: Hidden
    set_at: float


@structure
class SoftwareToken(Structure):
    """An authenticator app: the secret in base32, and the last time step whose code was accepted."""

    secret: Hidden
    last_step: int
    friendly_name: str | None = None


@structure
class User(Structure):
    """A user. ``name`` is the folded user name, the key; ``username`` is what the user is called."""

    pool_id: str
    name: str
    username: str
    sub: str
    status: str
    enabled: bool
    attributes: Annotated[Mapping[str, str], Constraint(sensitive=True)]
    created_at: float
    modified_at: float
    password: Password | None = None
    earlier_passwords: tuple[Password, ...] = ()
    software_token: SoftwareToken | None = None
    pending_token: SoftwareToken | None = None
    """An authenticator app that is not verified yet."""
    factors: tuple[str, ...] = ()
    """The second factors that are switched on."""
    preferred_factor: str | None = None


@structure
class Alias(Structure):
    """A name, beside the user name, that signs a user in; ``attribute`` says which kind, ``value`` is folded."""

    pool_id: str
    attribute: str
    value: str
    user: str


@structure
class Code(Structure):
    """A code that was sent; a newer one for the same purpose replaces it."""

    pool_id: str
    user: str
    purpose: str
    value: Hidden
    attribute: str
    """The attribute whose address it was sent to."""
    expires_at: float


@structure
class Tally(Structure):
    """When something countable happened; ``subject`` is a user's sub, or what stands for it where there is no user."""

    pool_id: str
    subject: str
    kind: str
    times: tuple[float, ...]


@structure
class Failures(Structure):
    """Wrong passwords since the last right one."""

    pool_id: str
    subject: str
    count: int
    last_at: float


@structure
class Session(Structure):
    """A challenge that waits for its answer; ``id`` is the digest of the opaque string."""

    id: str
    pool_id: str
    client_id: str
    user: str
    sub: str
    challenge: str
    expires_at: float
    used: bool
    notes: Annotated[Mapping[str, str], Constraint(sensitive=True)]


@structure
class Spent(Structure):
    """Something that may be used once, and was."""

    id: str
    expires_at: float


@structure
class Grant(Structure):
    """One sign-in: what its tokens share. ``id`` is their ``event_id``."""

    id: str
    pool_id: str
    client_id: str
    user: str
    sub: str
    origin_jti: str
    auth_time: int
    expires_at: float
    revoked: bool


@structure
class RefreshToken(Structure):
    """A refresh token; ``id`` is its digest. ``rotated_at`` says when a newer one took its place."""

    id: str
    grant: str
    expires_at: float
    rotated_at: float | None = None


@structure
class Message(Structure):
    """A message that the pool sent; ``medium`` is ``EMAIL`` or ``SMS``, ``sent_at`` in seconds since the epoch."""

    medium: str
    to: str
    kind: str
    """What it is for: ``sign_up``, ``resend``, ``forgot_password``, ``mfa``, ``invitation``."""
    code: Hidden
    """The code, or an invitation's temporary password."""
    text: Hidden
    username: str
    user_pool_id: str
    sent_at: float


@structure
class Letter(Structure):
    """A message with what it is found by."""

    id: str
    pool_id: str
    user: str
    message: Message


POOLS: Final = Table("pools", Pool, ("id",))
CLIENTS: Final = Table("clients", Client, ("id",), ("pool_id",))
GROUPS: Final = Table("groups", Group, ("pool_id", "name"))
MEMBERSHIPS: Final = Table("memberships", Membership, ("pool_id", "user", "group"))
USERS: Final = Table("users", User, ("pool_id", "name"), unique=(("pool_id", "sub"),))
ALIASES: Final = Table("aliases", Alias, ("pool_id", "attribute", "value"), ("user",))
CODES: Final = Table("codes", Code, ("pool_id", "user", "purpose"))
TALLIES: Final = Table("tallies", Tally, ("pool_id", "subject", "kind"))
FAILURES: Final = Table("failures", Failures, ("pool_id", "subject"))
SESSIONS: Final = Table("sessions", Session, ("id",), ("expires_at",))
SPENT: Final = Table("spent", Spent, ("id",), ("expires_at",))
GRANTS: Final = Table("grants", Grant, ("id",), ("pool_id", "user", "expires_at"))
REFRESH_TOKENS: Final = Table("refresh_tokens", RefreshToken, ("id",), ("expires_at",))
LETTERS: Final = Table("letters", Letter, ("id",), ("pool_id", "user"))

TABLES: Final[tuple[Table[Any], ...]] = (
    POOLS,
    CLIENTS,
    GROUPS,
    MEMBERSHIPS,
    USERS,
    ALIASES,
    CODES,
    TALLIES,
    FAILURES,
    SESSIONS,
    SPENT,
    GRANTS,
    REFRESH_TOKENS,
    LETTERS,
)
