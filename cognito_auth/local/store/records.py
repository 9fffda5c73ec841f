"""What a user pool keeps; `cognito_auth.local.store.tables` says in which tables.

Records are structures like those of the API, so the same code writes them as JSON, and their ``repr`` masks what is secret.
The settings of pools, clients and groups are kept as the API's own structures with the defaults filled in. Times are seconds
since the Unix epoch. A password is kept as SRP's salt and verifier, a token as its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from ...api.clients import UserPoolClient
from ...api.domains import DomainDescription
from ...api.groups import Group as GroupSettings
from ...api.pool_mfa import EmailMfaConfig, WebAuthnConfiguration
from ...api.pools import UserPool
from ...api.resource_servers import ResourceServer as ResourceServerSettings
from ...api.structure import Constraint, Structure, structure
from ...api.users import AuthEvent
from .levels import Aim, Assurance

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
    user_session_tracking: str | None = None
    """``ENABLED`` or ``DISABLED``; disabled unless it was ever set."""
    sessions_per_user: int | None = None
    factors_chosen: bool = False
    """Whether the factors were named, so that they no longer follow from the settings."""
    email_mfa: EmailMfaConfig | None = None
    """What mail with a code to sign in says."""
    web_authn: WebAuthnConfiguration | None = None

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
class Domain(Structure):
    """A pool's domain: a prefix, or a name of one's own."""

    domain: str
    pool_id: str
    settings: DomainDescription

    @property
    def custom(self) -> bool:
        """Whether it is a name of one's own."""
        return "." in self.domain


@structure
class ResourceServer(Structure):
    """A resource server with its scopes."""

    pool_id: str
    identifier: str
    settings: ResourceServerSettings


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
    address: Hidden
    """The address as it was then; the code is void when the user has another by now."""
    expires_at: float
    pending: bool = False
    """Whether the address waits for the code to become the attribute's value."""


@structure
class Identity(Structure):
    """A user of another provider who signs in as a user of the pool; ``attribute`` says what ``value`` is."""

    pool_id: str
    provider: str
    attribute: str
    value: str
    user: str
    linked_at: float


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
class Round(Structure):
    """One challenge of a sign-in whose challenges a trigger chooses, and how it went."""

    name: str
    passed: bool
    metadata: str | None = None
    """What the trigger that made the challenge calls it."""


@structure
class Trail(Structure):
    """What a sign-in carries from one operation to the next."""

    event: str
    """The id of its event, which its tokens have too."""
    admin: bool
    """Whether an administrator's operation began it; one of the public does not go on with it, nor the reverse."""
    device_key: str | None = None
    """A device that the user has confirmed, as the client says; not proved."""
    address: str | None = None
    """The IP address that the client names."""
    passed: tuple[str, ...] = ()
    """What was proved so far, as events call it."""
    session: str | None = None
    """The id of the session that the answer to ``PASSWORD_VERIFIER`` needs, in a sign-in by choice."""
    new_password: bool = False
    """Whether a temporary password was replaced on the way."""
    rounds: tuple[Round, ...] | None = None
    """The challenges so far, where a trigger chooses them."""
    aim: Aim | None = None
    """The level of authentication that is to be reached, where the client has asked for one."""


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
    trail: Trail
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
    device_key: str | None = None
    """The device that the tokens are bound to."""
    device_group_key: str | None = None
    """As long as the device is offered and not confirmed."""
    session: str | None = None
    """The id of the `UserSession`, where the pool tracks them."""
    assurance: Assurance | None = None
    """Where the client has asked for a level."""


@structure
class UserSession(Structure):
    """A sign-in that its user can see and end."""

    pool_id: str
    sub: str
    id: str
    grant: str
    client_id: str
    created_at: float
    last_active_at: float
    expires_at: float


@structure
class Device(Structure):
    """A device that its user has confirmed. Numbers of SRP are in hexadecimal."""

    pool_id: str
    sub: str
    key: str
    group_key: str
    salt: str
    verifier: Hidden
    remembered: bool
    created_at: float
    modified_at: float
    authenticated_at: float
    name: str | None = None
    address: str | None = None


@structure
class Passkey(Structure):
    """A passkey of a user; ``id`` and ``public_key``, which is a COSE key, are in base64url."""

    pool_id: str
    sub: str
    id: str
    public_key: str
    sign_count: int
    """How often it was used, as far as its authenticator counts."""
    relying_party_id: str
    name: str
    transports: tuple[str, ...]
    created_at: float
    attachment: str | None = None


@structure
class Registration(Structure):
    """A registration of a passkey that has begun; ``challenge`` is in base64url."""

    pool_id: str
    sub: str
    client_id: str
    challenge: Hidden
    expires_at: float


@structure
class Event(Structure):
    """An event of a user, where the pool keeps a history."""

    pool_id: str
    sub: str
    id: str
    event: AuthEvent


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
    """What it is for: ``sign_up``, ``resend``, ``forgot_password``, ``update_attribute``, ``verify_attribute``, ``mfa``,
    ``invitation``."""
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
