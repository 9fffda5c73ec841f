"""What a verified token says, typed: `AccessToken` and `IdToken`, which only the verifier makes.

Each class is a table: attribute, claim, which values are valid, what stands for an absent claim. The table is checked once,
when the token is made; afterwards reading cannot fail. Knows nothing of signatures, of expected values and of the time.

Claims: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, NamedTuple, Self, TypeAlias, TypeVar, overload

from ..errors import ClaimInvalid
from ..secret import MASK

T = TypeVar("T")

END_OF_TIME: Final = 253_402_300_799
"""The last second of the year 9999, beyond which the standard library's calendar does not go."""

_REQUIRED: Final = object()
"""Stands for an absent claim, where one must be there."""
_ONLY_STRINGS: Final = frozenset({str})


class Kind(NamedTuple):
    """A kind of value."""

    name: str
    """As messages call it."""
    types: tuple[type, ...]
    """Exact types: to Python ``True`` is a number, here it is not."""
    holds: Callable[[Any], bool] | None = None
    """What a value of one of these types must fulfil besides."""


def _is_in_the_calendar(seconds: float) -> bool:
    return 0 <= seconds <= END_OF_TIME


def _are_strings(values: tuple[object, ...]) -> bool:
    return _ONLY_STRINGS.issuperset(map(type, values))


STRING: Final = Kind("a string", (str,))
NAME: Final = Kind("a string that is not empty", (str,), bool)
FLAG: Final = Kind("true or false", (bool,))
TIME: Final = Kind("a number of seconds between 1970 and 9999", (int, float), _is_in_the_calendar)
STRINGS: Final = Kind("a list of strings", (tuple,), _are_strings)


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make one of ``Claim[...]``
class Claim(Generic[T]):
    """A row of the table. Read from a token it is the claim's value, or ``absent`` when the claim is not there."""

    name: str
    kind: Kind
    absent: Any = _REQUIRED

    @overload
    def __get__(self, token: None, owner: type[VerifiedToken]) -> Self: ...
    @overload
    def __get__(self, token: VerifiedToken, owner: type[VerifiedToken]) -> T: ...
    def __get__(self, token: VerifiedToken | None, owner: type[VerifiedToken]) -> Any:
        return self if token is None else token.claims.get(self.name, self.absent)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class VerifiedToken:
    """What access and ID tokens have in common. A verifier makes them, nobody else can: calling the class is a `TypeError`."""

    USE: ClassVar[str]
    """Its ``token_use``."""
    CLIENT_CLAIM: ClassVar[str]
    """The claim that names the app client."""

    claims: Mapping[str, Any] = field(hash=False)
    """Every claim as it was sent; read-only at every level, with tuples for arrays."""
    raw: str
    """The token itself, for calls to Cognito on the user's behalf. A credential: never log it."""

    sub = Claim[str]("sub", NAME)
    """The user's id, unique and for ever; for a machine's token the app client's."""
    issuer = Claim[str]("iss", NAME)
    expires_at = Claim[float]("exp", TIME)
    """Seconds since the epoch, as the times that follow."""
    issued_at = Claim[float]("iat", TIME)
    not_before = Claim[float | None]("nbf", TIME, absent=None)
    auth_time = Claim[float | None]("auth_time", TIME, absent=None)
    """When the user last gave a credential; a refresh keeps it."""
    acr = Claim[str | None]("acr", STRING, absent=None)
    """The level of authentication that the sign-in reached (OpenID Connect Core 1.0, section 2), where it asked for one."""
    amr = Claim[tuple[str, ...] | None]("amr", STRINGS, absent=None)
    """The methods that it used (RFC 8176), likewise."""
    groups = Claim[tuple[str, ...]]("cognito:groups", STRINGS, absent=())
    jti = Claim[str | None]("jti", STRING, absent=None)
    """This token's own id."""
    origin_jti = Claim[str | None]("origin_jti", STRING, absent=None)
    """Common to all tokens that come from one sign-in."""

    def __init__(self, *_: object, **__: object) -> None:
        raise TypeError(f"{type(self).__name__} is the outcome of a verification; only a TokenVerifier makes one")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(sub={self.sub!r}, expires_at={self.expires_at!r}, raw='{MASK}')"


class AccessToken(VerifiedToken):
    """A verified access token: what its bearer may do."""

    __slots__ = ()
    USE = "access"
    CLIENT_CLAIM = "client_id"

    client_id = Claim[str]("client_id", NAME)
    """The app client that it was issued to."""
    username = Claim[str | None]("username", NAME, absent=None)
    """The pool's own name for the user; none in a machine's token (``client_credentials``)."""
    device_key = Claim[str | None]("device_key", STRING, absent=None)
    _scope = Claim[str]("scope", STRING, absent="")

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes granted: what stands between single spaces (RFC 6749, section 3.3)."""
        return frozenset(self._scope.split(" ")) - {""}


class IdToken(VerifiedToken):
    """A verified ID token: who signed in. It opens nothing."""

    __slots__ = ()
    USE = "id"
    CLIENT_CLAIM = "aud"

    audience = Claim[str]("aud", NAME)
    """The app client that it was issued to."""
    username = Claim[str]("cognito:username", NAME)
    """The pool's own name for the user."""
    email = Claim[str | None]("email", STRING, absent=None)
    email_verified = Claim[bool]("email_verified", FLAG, absent=False)
    nonce = Claim[str | None]("nonce", STRING, absent=None)
    """What the authorize request sent (OpenID Connect Core 1.0, section 3.1.2.1)."""


V = TypeVar("V", bound=VerifiedToken)


def make(kind: type[V], raw: str, claims: dict[str, Any]) -> V:
    """The typed token; for the verifier, once all else was checked. Raises `ClaimInvalid`."""
    required = _REQUIRED
    for claim, absent, name, types, holds in _TABLES[kind]:
        value = claims.get(claim, required)
        if type(value) in types:
            if holds is None or holds(value):
                continue
        elif value is required is not absent:
            continue
        raise ClaimInvalid(f"{claim} {'is missing' if value is required else 'is not valid'}; it must be {name}")
    token = object.__new__(kind)
    object.__setattr__(token, "claims", MappingProxyType(claims))
    object.__setattr__(token, "raw", raw)
    return token


# A plain tuple: taking a named one apart costs as much as checking what is in it.
_Row: TypeAlias = tuple[str, object, str, tuple[type, ...], Callable[[Any], bool] | None]

_TABLES: Final[Mapping[type[VerifiedToken], tuple[_Row, ...]]] = {
    kind: tuple(
        (claim.name, claim.absent, claim.kind.name, claim.kind.types, claim.kind.holds)
        for owner in kind.__mro__
        for claim in vars(owner).values()
        if isinstance(claim, Claim)
    )
    for kind in (AccessToken, IdToken)
}
