"""Who may call: app clients by id, secret and secret hash, users by access token.

The signature of an administrator's request is `cognito_auth.local.base.aws_signature`'s business.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from ...secret_hash import secret_hash
from ..store.records import Client, Grant, Pool, User
from ..store.tables import CLIENTS, GRANTS, POOLS, USERS
from . import faults
from .context import Context
from .faults import Refusal
from .keys import ALGORITHM, load_key

USER_SCOPE: Final = "aws.cognito.signin.user.admin"
"""The scope that the operations of a signed-in user need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A signed-in user, proved by an access token."""

    pool: Pool
    client: Client
    user: User
    grant: Grant


def pool_of(context: Context, pool_id: str) -> Pool:
    """The pool with this id. Raises `Fault` when there is none."""
    pool = context.records.get(POOLS, pool_id)
    if pool is None:
        raise faults.POOL_UNKNOWN(pool_id)
    return pool


def client_of(context: Context, client_id: str, *, unknown: Refusal = faults.CLIENT_UNKNOWN) -> tuple[Pool, Client]:
    """The app client with this id, and its pool. Raises ``unknown`` when there is none."""
    client = context.records.get(CLIENTS, client_id)
    if client is None:
        raise unknown(client_id)
    return pool_of(context, client.pool_id), client


def client_in(context: Context, pool_id: str, client_id: str) -> tuple[Pool, Client]:
    """The app client of this pool. Raises `Fault` when there is no such pool or client."""
    pool = pool_of(context, pool_id)
    client = context.records.get(CLIENTS, client_id)
    if client is None or client.pool_id != pool.id:
        raise faults.CLIENT_UNKNOWN(client_id)
    return pool, client


def check_secret_hash(
    client: Client,
    username: str,
    given: str | None,
    *,
    missing: Refusal = faults.SECRET_HASH_MISSING,
    wrong: Refusal = faults.SECRET_HASH_WRONG,
) -> None:
    """Raises `Fault` unless ``given`` is the hash of ``username`` by one of the client's secrets, or the client has none."""
    if not client.secrets:
        if given:
            raise wrong(client.id)
        return
    if not given:
        raise missing(client.id)
    hashes = [secret_hash(username, client.id, secret) for secret in client.secrets]
    if not _is_one_of(hashes, given):
        raise wrong(client.id)


def check_secret(client: Client, given: str | None, *, missing: Refusal, wrong: Refusal) -> None:
    """Raises `Fault` unless ``given`` is one of the client's secrets, or the client has none and none was sent."""
    if not given:
        if client.secrets:
            raise missing(client.id)
        return
    if not _is_one_of(client.secrets, given):
        raise wrong(client.id)


def caller_of(context: Context, access_token: str) -> Caller:
    """The user whose access token this is.

    Raises `Fault` in Cognito's order: malformed, forged, expired, revoked, without the scope, user gone, user disabled.
    """
    pool, claims = _verified(context, access_token)
    if claims["exp"] <= context.now:
        raise faults.ACCESS_TOKEN_EXPIRED
    grant = context.records.get(GRANTS, claims["event_id"])
    if grant is None or grant.revoked:
        raise faults.ACCESS_TOKEN_REVOKED
    if USER_SCOPE not in claims["scope"].split(" "):
        raise faults.ACCESS_TOKEN_UNSCOPED
    client = context.records.get(CLIENTS, grant.client_id)
    if client is None:
        raise faults.CLIENT_UNKNOWN(grant.client_id)
    return Caller(pool=pool, client=client, user=grant_holder(context, grant), grant=grant)


def grant_holder(context: Context, grant: Grant) -> User:
    """The user of a sign-in. Raises `Fault` when the user is gone, or is another of the same name, or is disabled."""
    user = context.records.get(USERS, grant.pool_id, grant.user)
    if user is None or user.sub != grant.sub:
        raise faults.USER_UNKNOWN
    if not user.enabled:
        raise faults.USER_DISABLED
    return user


def _is_one_of(secrets: Iterable[str], given: str) -> bool:
    # Every one is compared, so that the time does not tell which was right.
    return sum(hmac.compare_digest(each.encode(), given.encode()) for each in secrets) > 0


def _verified(context: Context, token: str) -> tuple[Pool, Mapping[str, Any]]:
    try:
        claimed = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise faults.ACCESS_TOKEN_INVALID from None
    issuer = claimed["payload"].get("iss")
    if not isinstance(issuer, str) or claimed["payload"].get("token_use") != "access":
        raise faults.ACCESS_TOKEN_INVALID
    # The pool counts and not the whole address: a server that started again may stand on another port.
    pool = context.records.get(POOLS, issuer.rpartition("/")[2])
    if pool is None:
        raise faults.ACCESS_TOKEN_INVALID
    public = load_key(pool.access_key.private).public_key()
    try:
        jwt.api_jws.decode(token, public, algorithms=[ALGORITHM])
    except (jwt.PyJWTError, ValueError):
        raise faults.ACCESS_TOKEN_FORGED from None
    return pool, claimed["payload"]
