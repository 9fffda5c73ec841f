"""What every operation has in common with many: the refusals of what is not there, made for each from its sample."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import regex

from cognito_auth.api import OPERATIONS
from cognito_auth.api.structure import members

from ..registry import add
from ..samples import has, sample
from ..world import App, World

_OF_OTHER_POOLS: Final = {"AdminCreateUser", "AdminForgetDevice", "AdminListUserAuthEvents", "AdminUpdateDeviceStatus"}
"""Operations that make the user, or need a pool with a setting before they look for one."""
_UNBOUNDED: Final = {"AdminDisableProviderForUser", "AdminLinkProviderForUser"}
"""Operations without a constraint that the service holds to and boto3 leaves to it."""
_OF_PASSKEYS: Final = {"DeleteWebAuthnCredential"}
"""Operations in which only a passkey is told to be not found."""


def _app(world: World) -> App:
    return App(api=world.api, tools=world.tools, pool_id="us-east-1_nosuchpoo", client_id="nosuchclient")


def unknown_pool(operation: str, world: World) -> None:
    text = _app(world).refused("ResourceNotFound", operation, **sample(operation))
    assert text == "User pool us-east-1_nosuchpoo does not exist."


def unknown_client(operation: str, world: World) -> None:
    text = _app(world).refused("ResourceNotFound", operation, **sample(operation))
    assert text == "User pool client nosuchclient does not exist."


def unknown_user(operation: str, world: World) -> None:
    given = sample(operation, UserPoolId=world.app.pool_id)
    if "GroupName" in given:
        given["GroupName"] = world.app.group()
    assert world.app.refused("UserNotFound", operation, **given) == "User does not exist."


def unknown_token(operation: str, world: World) -> None:
    assert _app(world).refused("NotAuthorized", operation, **sample(operation)) == "Invalid Access Token"


def user_is_gone(operation: str, world: World) -> None:
    username, token = world.app.member()
    world.app.call("AdminDeleteUser", Username=username)
    text = world.app.refused("UserNotFound", operation, **sample(operation, AccessToken=token))
    assert text == "User does not exist."


def user_is_disabled(operation: str, world: World) -> None:
    username, token = world.app.member()
    world.app.call("AdminDisableUser", Username=username)
    world.app.refused("NotAuthorized", operation, **sample(operation, AccessToken=token))


def client_is_gone(operation: str, world: World) -> None:
    app = world.app.with_client()
    token = app.tokens(app.user())["AccessToken"]
    app.call("DeleteUserPoolClient")
    text = app.refused("ResourceNotFound", operation, **sample(operation, AccessToken=token))
    assert text == f"User pool client {app.client_id} does not exist."


def no_secret_hash(operation: str, world: World) -> None:
    app = world.app.with_client(GenerateSecret=True)
    given = sample(operation, ClientId=app.client_id)
    text = app.refused("NotAuthorized", operation, **given)
    assert text == f"Client {app.client_id} is configured for secret but secret was not received"
    app.refused("NotAuthorized", operation, **given, SecretHash="d3Jvbmc=")


def out_of_range(operation: str, world: World) -> None:
    name, value = _out_of_range(operation)
    text = _app(world).refused("InvalidParameter", operation, **sample(operation, **{name: value}))
    assert text.startswith("1 validation error detected: "), text
    assert f"at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: " in text


def _out_of_range(operation: str) -> tuple[str, Any]:
    """A member and a value that breaks its constraints, of those constraints that boto3 leaves to the service."""
    for member in members(OPERATIONS[operation]):
        rules = member.constraint
        if member.type is str and rules.pattern is not None and member.wire_name != "Domain":
            candidates = (character * (rules.min_length or 1) for character in "\a ?x")
            return member.wire_name, next(each for each in candidates if not regex.fullmatch(rules.pattern, each))
        if member.type is int and rules.maximum is not None:
            return member.wire_name, rules.maximum + 1
    for member in members(OPERATIONS[operation]):
        if member.type is str and member.constraint.max_length is not None:
            return member.wire_name, "x" * (member.constraint.max_length + 1)
    raise AssertionError(f"{operation} has no constraint to break")


def _file(check: Callable[[str, World], None], *, where: Callable[[str], bool]) -> None:
    for name in filter(where, sorted(OPERATIONS)):
        add(f"common.{check.__name__}.{name}", (name,), partial(check, name))


_file(unknown_pool, where=lambda name: has(name, "UserPoolId"))
_file(
    unknown_client,
    where=lambda name: (
        "ResourceNotFoundException" in OPERATIONS[name].errors and not OPERATIONS[name].signed and has(name, "ClientId")
    ),
)
_file(
    unknown_user,
    where=lambda name: (
        has(name, "UserPoolId", "Username")
        and "UserNotFoundException" in OPERATIONS[name].errors
        and name not in _OF_OTHER_POOLS
    ),
)
_file(unknown_token, where=lambda name: has(name, "AccessToken"))
_file(user_is_gone, where=lambda name: has(name, "AccessToken") and "UserNotFoundException" in OPERATIONS[name].errors)
_file(user_is_disabled, where=lambda name: has(name, "AccessToken"))
_file(
    client_is_gone,
    where=lambda name: (
        has(name, "AccessToken") and "ResourceNotFoundException" in OPERATIONS[name].errors and name not in _OF_PASSKEYS
    ),
)
_file(no_secret_hash, where=lambda name: has(name, "SecretHash"))
_file(out_of_range, where=lambda name: name not in _UNBOUNDED)
