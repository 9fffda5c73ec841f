"""InitiateAuth and AdminInitiateAuth: how a sign-in begins, flow by flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ...api.auth import AdminInitiateAuth, AuthReply, InitiateAuth
from ..base import faults
from ..base.access import check_secret_hash, client_in, client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.invocation import function_of
from ..base.parameters import Parameters, demand
from ..base.triggers import Trigger
from ..store.records import Client, Pool, Trail, User
from ..users.lockout import check_lock
from ..users.migration import migrate
from ..users.names import Stranger, find_user, stranger
from . import choice, custom_auth, step_up
from .password_sign_in import prove_password
from .refresh import find_refresh_token, renew, rotates
from .sign_in_triggers import pre_authentication
from .sign_up_session import enter
from .srp_sign_in import pose_verifier
from .visitor import Visitor

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
    session: str | None = None
    validation: Mapping[str, str] | None = None
    """``ClientMetadata``, which here goes to few triggers, under another name."""

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
    parameters = request.auth_parameters or {}
    attempt = Attempt(
        context=replace(context, metadata=None),
        pool=pool,
        client=client,
        parameters=parameters,
        trail=trail,
        session=request.session,
        validation=request.client_metadata,
    )
    off = faults.PASSWORD_FLOW_OFF() if request.auth_flow == "USER_PASSWORD_AUTH" else faults.FLOW_OFF(request.auth_flow)
    return _begin(attempt, flow, off)


def admin_initiate_auth(context: Context, request: AdminInitiateAuth) -> AuthReply:
    pool, client = client_in(context, request.user_pool_id, request.client_id)
    flow = FLOWS[request.auth_flow]
    if not flow.admin:
        raise faults.METHOD_NOT_SUPPORTED
    given = request.context_data
    trail = new_trail(context, given.ip_address if given else None, admin=True)
    parameters = request.auth_parameters or {}
    attempt = Attempt(
        context=replace(context, metadata=None),
        pool=pool,
        client=client,
        parameters=parameters,
        trail=trail,
        session=request.session,
        validation=request.client_metadata,
    )
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
    password = demand(attempt.parameters, "PASSWORD")
    _migrate(attempt, password)
    _announce(attempt)
    return prove_password(_visitor(attempt, _who(attempt)), password, attempt.parameters.get("DEVICE_KEY"))


def _by_srp(attempt: Attempt) -> AuthReply:
    demand(attempt.parameters, "SRP_A")
    _announce(attempt)
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


def _by_trigger(attempt: Attempt) -> AuthReply:
    context, parameters = attempt.context, attempt.parameters
    first = parameters.get("CHALLENGE_NAME")
    if first is not None:
        if first != "SRP_A":
            raise faults.FIRST_CHALLENGE
        demand(parameters, "SRP_A")
    _announce(attempt)
    name = parameters["USERNAME"]
    user = find_user(context, attempt.pool, name)
    _check_told(attempt, user)
    visitor = _visitor(attempt, user or stranger(attempt.pool, attempt.client.id, name))
    visitor = visitor.with_device(parameters.get("DEVICE_KEY"))
    return custom_auth.begin(visitor, ask_password=None if first is None else _ask_password(attempt))


def _ask_password(attempt: Attempt) -> custom_auth.AskPassword:
    # Who has no password is asked like somebody who does not exist.
    return lambda visitor: choice.ask_verifier(replace(visitor, who=_who(attempt)), attempt.parameters)


def _by_choice(attempt: Attempt) -> AuthReply:
    context, pool, client, name = attempt.context, attempt.pool, attempt.client, attempt.parameters["USERNAME"]
    wanted = step_up.wanted(pool, attempt.parameters)
    if attempt.session is not None and wanted is not None:
        raise faults.ACR_UNREACHABLE
    if attempt.session is None and attempt.parameters.get("PREFERRED_CHALLENGE") == "PASSWORD":
        _migrate(attempt, attempt.parameters.get("PASSWORD"))
    _announce(attempt)
    if attempt.session is not None:
        return enter(context, client, find_user(context, pool, name), attempt.session, trail=attempt.trail)
    _check_told(attempt, find_user(context, pool, name))
    visitor = _visitor(attempt, choice.whom(context, pool, client, name))
    return choice.begin(visitor if wanted is None else step_up.toward(visitor, wanted), attempt.parameters)


def _migrate(attempt: Attempt, password: str | None) -> None:
    """Take the user over from elsewhere, where a trigger does so. Raises `Fault`."""
    context, pool, client, name = attempt.context, attempt.pool, attempt.client, attempt.parameters["USERNAME"]
    if password:
        migrate(context, pool, client, name, password=password, validation=attempt.validation)


def _announce(attempt: Attempt) -> None:
    """Ask the trigger whether the user may sign in, if there is one. Raises `Fault`."""
    context, pool, name = attempt.context, attempt.pool, attempt.parameters["USERNAME"]
    if function_of(context, pool, Trigger.PRE_AUTHENTICATION) is None:
        return
    user = find_user(context, pool, name)
    _check_told(attempt, user)
    who = user or stranger(pool, attempt.client.id, name)
    check_lock(context, pool, who.sub)
    pre_authentication(context, pool, who, name, validation=attempt.validation)


def _visitor(attempt: Attempt, who: User | Stranger) -> Visitor:
    return Visitor(
        context=attempt.context,
        pool=attempt.pool,
        client=attempt.client,
        who=who,
        name=attempt.parameters["USERNAME"],
        trail=attempt.trail,
    )


def _who(attempt: Attempt) -> User | Stranger:
    """The user who is named, or who stands for nobody. Raises `Fault` where the client may know that there is nobody."""
    name = attempt.parameters["USERNAME"]
    user = find_user(attempt.context, attempt.pool, name)
    if user is not None and user.password is not None:
        return user
    _check_told(attempt, user)
    return stranger(attempt.pool, attempt.client.id, name)


def _check_told(attempt: Attempt, user: User | None) -> None:
    if user is None and attempt.client.settings.prevent_user_existence_errors != "ENABLED":
        raise faults.USER_UNKNOWN


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
