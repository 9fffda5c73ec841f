"""Refresh tokens: how they are made, renewed, rotated and revoked.

A refresh token is opaque. It has the five parts of an encrypted token and Cognito's header, but its other parts are random:
the pool keeps its digest. All tokens of one sign-in stand and fall with its `Grant`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Final

from ...api.auth import (
    AuthenticationResult,
    GetTokensFromRefreshToken,
    GetTokensFromRefreshTokenReply,
    GlobalSignOut,
    NewDeviceMetadata,
    RevokeToken,
)
from ...api.structure import NoReply
from ..base import acr, faults
from ..base.access import caller_of, check_secret, client_of, grant_holder
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.levels import Aim, Assurance
from ..store.records import Client, Grant, Pool, RefreshToken, Trail, User
from ..store.tables import GRANTS, REFRESH_TOKENS
from ..users.grants import revoke, revoke_all
from . import devices, tokens, user_sessions
from .assurance import amr_of, level_of

_HEADER: Final = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ"
"""``{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}``"""
_PART_BYTES: Final = (256, 12, 1000, 16)
"""Encrypted key, initialisation vector, ciphertext and tag."""
_SIGNED_PARTS: Final = 3
_KEPT_SECONDS: Final = 30 * 24 * 3600.0
"""How long an expired token is told from one that never was; longer than any access token lives."""


def begin_grant(
    context: Context, pool: Pool, client: Client, user: User, *, trail: Trail, device: NewDeviceMetadata | None
) -> AuthenticationResult:
    """Sign the user in: a new grant and all three tokens.

    The tokens are bound to ``device``; one with a group key is offered and not confirmed yet.
    """
    for table in (GRANTS, REFRESH_TOKENS):
        context.records.delete_before(table, "expires_at", context.now - _KEPT_SECONDS)
    grant = Grant(
        id=trail.event,
        pool_id=pool.id,
        client_id=client.id,
        user=user.name,
        sub=user.sub,
        origin_jti=context.uuid(),
        auth_time=int(context.now),
        expires_at=context.now + tokens.validity(client, "refresh_token"),
        revoked=False,
        device_key=device.device_key if device else None,
        device_group_key=device.device_group_key if device else None,
        assurance=_assurance(pool, trail.aim) if trail.aim else None,
    )
    grant = user_sessions.track(context, pool, grant)
    context.records.insert(GRANTS, grant)
    proved = device is not None and device.device_group_key is None
    occasion = "AuthenticateDevice" if proved else "NewPasswordChallenge" if trail.new_password else "Authentication"
    result = tokens.issue(context, pool, client, user, grant, occasion=occasion)
    return replace(result, refresh_token=_new_token(context, grant))


def _assurance(pool: Pool, aim: Aim) -> Assurance:
    return Assurance(acr=acr.name_of(pool, level_of(aim.methods)), amr=amr_of(aim.methods))


def find_refresh_token(context: Context, client: Client, token: str) -> tuple[RefreshToken, Grant, User]:
    """A refresh token that is alive, with its sign-in and user.

    Raises `Fault` when it is not this client's, or not alive, or its user may not go on.
    """
    found = context.records.get(REFRESH_TOKENS, _digest(token))
    grant = found and context.records.get(GRANTS, found.grant)
    if not found or not grant or grant.client_id != client.id:
        raise faults.REFRESH_INVALID
    if grant.expires_at <= context.now:
        raise faults.REFRESH_EXPIRED
    if grant.revoked:
        raise faults.REFRESH_REVOKED
    return found, grant, grant_holder(context, grant)


def rotates(client: Client) -> bool:
    """Whether a refresh replaces the client's refresh token."""
    rotation = client.settings.refresh_token_rotation
    return rotation is not None and rotation.feature == "ENABLED"


def renew(
    context: Context, pool: Pool, client: Client, user: User, grant: Grant, *, device_key: str | None
) -> AuthenticationResult:
    """New access and ID tokens of a sign-in. Raises `Fault` unless the device that its tokens are bound to is named."""
    devices.check_bound(context, pool, user, grant, device_key)
    user_sessions.touch(context, grant)
    return tokens.issue(context, pool, client, user, grant, occasion="RefreshTokens")


def get_tokens_from_refresh_token(context: Context, request: GetTokensFromRefreshToken) -> GetTokensFromRefreshTokenReply:
    pool, client = client_of(context, request.client_id)
    check_secret(client, request.client_secret, missing=faults.SECRET_MISSING, wrong=faults.CLIENT_SECRET_WRONG)
    token, grant, user = find_refresh_token(context, client, request.refresh_token)
    replacement = _rotated(context, client, token, grant) if rotates(client) else None
    result = renew(context, pool, client, user, grant, device_key=request.device_key)
    return GetTokensFromRefreshTokenReply(authentication_result=replace(result, refresh_token=replacement))


def _rotated(context: Context, client: Client, token: RefreshToken, grant: Grant) -> str:
    """The token's successor, which lives as long as the first of them would have lived."""
    rotation = client.settings.refresh_token_rotation
    grace = (rotation.retry_grace_period_seconds if rotation else None) or 0
    if token.rotated_at is None:
        context.records.put(REFRESH_TOKENS, replace(token, rotated_at=context.now))
    elif token.rotated_at + grace <= context.now:
        raise faults.REFRESH_REUSED
    return _new_token(context, grant)


def revoke_token(context: Context, request: RevokeToken) -> NoReply:
    unauthorized = faults.REVOCATION_UNAUTHORIZED
    _, client = client_of(context, request.client_id, unknown=unauthorized)
    check_secret(client, request.client_secret, missing=unauthorized, wrong=unauthorized)
    if not client.settings.enable_token_revocation:
        raise faults.REVOCATION_OFF
    if request.token.count(".") == _SIGNED_PARTS - 1:
        raise faults.NOT_A_REFRESH_TOKEN
    found = context.records.get(REFRESH_TOKENS, _digest(request.token))
    grant = found and context.records.get(GRANTS, found.grant)
    # What nobody issued, or was revoked before, is as good as revoked (RFC 7009, section 2.2).
    if grant:
        if grant.client_id != client.id:
            raise unauthorized
        revoke(context, grant)
    return NoReply()


def global_sign_out(context: Context, request: GlobalSignOut) -> NoReply:
    revoke_all(context, caller_of(context, request.access_token).user)
    return NoReply()


def _new_token(context: Context, grant: Grant) -> str:
    parts = (urlsafe_b64encode(context.random_bytes(size)).rstrip(b"=").decode() for size in _PART_BYTES)
    token = ".".join((_HEADER, *parts))
    context.records.insert(REFRESH_TOKENS, RefreshToken(id=_digest(token), grant=grant.id, expires_at=grant.expires_at))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


HANDLERS: Final[Handlers] = handlers(get_tokens_from_refresh_token, revoke_token, global_sign_out)
