"""InitiateAuth and AdminInitiateAuth: how a sign-in begins, flow by flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NoReturn

from ...api.auth import AdminInitiateAuth, AuthReply, InitiateAuth
from ..base import faults
from ..base.access import check_secret_hash, client_in, client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.parameters import Parameters, demand
from ..store.records import Client, Pool, Trail, User
from ..users import passwords
from ..users.lockout import check_lock, count_failure, forget_failures
from ..users.names import Stranger, find_user, stranger
from .progress import PASSWORD, SignIn, password_was_right
from .refresh import find_refresh_token, renew, rotates
from .srp_sign_in import pose_verifier

_LEGACY_FLOWS: Final[Mapping[str, str]] = MappingProxyType(
    {"ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH"}
)
_DEFAULT_FLOWS: Final = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"})
_ADDRESS_LENGTH: Final = 45
"""No IP address is longer."""
_CUSTOM_ONLY: Final = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_CUSTOM_AUTH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in that begins."""

    context: Context
    pool: Pool
    client: Client
    parameters: Parameters
    trail: Trail

    def check_hash(self, username: str) -> None:
        """Raises `Fault` unless the secret hash is right for this name."""
        check_secret_hash(self.client, username, self.parameters.get("SECRET_HASH"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow: the setting of the client that switches it on, and what it does."""

    setting: str
    begin: Callable[[Attempt], AuthReply]
    public: bool = True
    """Whether InitiateAuth has it."""
    admin: bool = True
    """Whether AdminInitiateAuth has it."""
    named: bool = True
    """Whether its parameters name the user."""


def allowed_flows(client: Client) -> frozenset[str]:
    """The flows that the client's settings switch on, by their newer names."""
    given = client.settings.explicit_auth_flows
    if not given:
        return _DEFAULT_FLOWS
    if any(name.startswith("ALLOW_") for name in given):
        return frozenset(given)
    if "CUSTOM_AUTH_FLOW_ONLY" in given:
        return _CUSTOM_ONLY
    return _DEFAULT_FLOWS | {_LEGACY_FLOWS[name] for name in given}


def initiate_auth(context: Context, request: InitiateAuth) -> AuthReply:
    pool, client = client_of(context, request.client_id)
    flow = FLOWS[request.auth_flow]
    if not flow.public:
        raise faults.METHOD_NOT_SUPPORTED
    given = request.user_context_data
    trail = new_trail(context, given.ip_address if given else None, admin=False)
    attempt = Attempt(context=context, pool=pool, client=client, parameters=request.auth_parameters or {}, trail=trail)
    off = faults.PASSWORD_FLOW_OFF() if request.auth_flow == "USER_PASSWORD_AUTH" else faults.FLOW_OFF(request.auth_flow)
    return _begin(attempt, flow, off)


def admin_initiate_auth(context: Context, request: AdminInitiateAuth) -> AuthReply:
    pool, client = client_in(context, request.user_pool_id, request.client_id)
    flow = FLOWS[request.auth_flow]
    if not flow.admin:
        raise faults.METHOD_NOT_SUPPORTED
    given = request.context_data
    trail = new_trail(context, given.ip_address if given else None, admin=True)
    attempt = Attempt(context=context, pool=pool, client=client, parameters=request.auth_parameters or {}, trail=trail)
    return _begin(attempt, flow, faults.ADMIN_FLOW_OFF())


def new_trail(context: Context, address: str | None, *, admin: bool) -> Trail:
    """The trail of a sign-in that begins; ``address`` is the IP address that the client names, if any."""
    return Trail(event=context.uuid(), admin=admin, address=address and address[:_ADDRESS_LENGTH])


def _begin(attempt: Attempt, flow: Flow, off: faults.Fault) -> AuthReply:
    if flow.named:
        attempt.check_hash(demand(attempt.parameters, "USERNAME"))
    if flow is _REFRESH and rotates(attempt.client):
        raise faults.ROTATION_ONLY
    if flow.setting not in allowed_flows(attempt.client):
        raise off
    return flow.begin(attempt)


def _by_password(attempt: Attempt) -> AuthReply:
    context, pool = attempt.context, attempt.pool
    password = demand(attempt.parameters, "PASSWORD")
    who = _who(attempt)
    check_lock(context, pool, who.sub)
    if isinstance(who, Stranger):
        right = passwords.matches_nobody(pool, who, password)
    else:
        right = passwords.matches(pool, who.username, who.password, password)
    if isinstance(who, Stranger) or not right:
        count_failure(context, pool, who.sub)
        if isinstance(who, User):
            _sign_in(attempt, who).record("Fail", failed=PASSWORD)
        raise faults.INCORRECT(keep=True)
    forget_failures(context, pool, who.sub)
    return password_was_right(_sign_in(attempt, who), attempt.parameters.get("DEVICE_KEY"))


def _by_srp(attempt: Attempt) -> AuthReply:
    demand(attempt.parameters, "SRP_A")
    who, parameters = _who(attempt), attempt.parameters
    return pose_verifier(attempt.context, attempt.pool, attempt.client, who, trail=attempt.trail, parameters=parameters)


def _by_refresh_token(attempt: Attempt) -> AuthReply:
    context, client = attempt.context, attempt.client
    token = demand(attempt.parameters, "REFRESH_TOKEN")
    given = attempt.parameters.get("SECRET_HASH")
    if client.secrets and not given:
        raise faults.SECRET_HASH_MISSING(client.id)
    _, grant, user = find_refresh_token(context, client, token)
    check_secret_hash(client, user.username, given, wrong=faults.SECRET_HASH_WRONG_ON_REFRESH)
    device_key = attempt.parameters.get("DEVICE_KEY")
    result = renew(context, attempt.pool, client, user, grant, device_key=device_key)
    return AuthReply(authentication_result=result, challenge_parameters={})


def _by_trigger(_: Attempt) -> NoReturn:
    raise faults.NO_CUSTOM_TRIGGER


def _by_choice(_: Attempt) -> NoReturn:
    raise faults.FLOW_OFF("USER_AUTH")


def _sign_in(attempt: Attempt, user: User) -> SignIn:
    return SignIn(context=attempt.context, pool=attempt.pool, client=attempt.client, user=user, trail=attempt.trail)


def _who(attempt: Attempt) -> User | Stranger:
    """The user who is named, or who stands for nobody. Raises `Fault` where the client may know that there is nobody."""
    name = attempt.parameters["USERNAME"]
    user = find_user(attempt.context, attempt.pool, name)
    if user is not None and user.password is not None:
        return user
    if user is None and attempt.client.settings.prevent_user_existence_errors != "ENABLED":
        raise faults.USER_UNKNOWN
    return stranger(attempt.pool, attempt.client.id, name)


_ADMIN_PASSWORD: Final = Flow(setting="ALLOW_ADMIN_USER_PASSWORD_AUTH", begin=_by_password, public=False)
_REFRESH: Final = Flow(setting="ALLOW_REFRESH_TOKEN_AUTH", begin=_by_refresh_token, named=False)

FLOWS: Final[Mapping[str, Flow]] = MappingProxyType(
    {
        "USER_SRP_AUTH": Flow(setting="ALLOW_USER_SRP_AUTH", begin=_by_srp),
        "USER_PASSWORD_AUTH": Flow(setting="ALLOW_USER_PASSWORD_AUTH", begin=_by_password, admin=False),
        "ADMIN_USER_PASSWORD_AUTH": _ADMIN_PASSWORD,
        "ADMIN_NO_SRP_AUTH": _ADMIN_PASSWORD,
        "CUSTOM_AUTH": Flow(setting="ALLOW_CUSTOM_AUTH", begin=_by_trigger),
        "USER_AUTH": Flow(setting="ALLOW_USER_AUTH", begin=_by_choice),
        "REFRESH_TOKEN_AUTH": _REFRESH,
        "REFRESH_TOKEN": _REFRESH,
    }
)

HANDLERS: Final[Handlers] = handlers(initiate_auth, admin_initiate_auth)
