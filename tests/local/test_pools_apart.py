"""Two pools of one server, alike in every setting and with the same people, have nothing to do with one another.

Each pool has keys of its own here, as pools have: what one has signed must not open the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any, Final, NamedTuple

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cognito_auth.api.account import ConfirmForgotPassword, ForgotPassword, GetUser
from cognito_auth.api.auth import AdminInitiateAuth, GetTokensFromRefreshToken, GlobalSignOut, InitiateAuth, RevokeToken
from cognito_auth.api.clients import DeleteUserPoolClient, DescribeUserPoolClient, ListUserPoolClients, UpdateUserPoolClient
from cognito_auth.api.devices import AdminForgetDevice, AdminGetDevice, AdminListDevices, GetDevice
from cognito_auth.api.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    CreateGroup,
    DeleteGroup,
    GetGroup,
    ListGroups,
    ListUsersInGroup,
)
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import DeviceConfiguration
from cognito_auth.api.resource_servers import CreateResourceServer, ListResourceServers
from cognito_auth.api.sign_up import ConfirmSignUp
from cognito_auth.api.users import AdminDeleteUser, AdminGetUser, ListUsers
from cognito_auth.local import Clock, LocalCognito
from cognito_auth.local.base.keys import generate_key

from .device_client import ClientDevice
from .support import NEW_PASSWORD, PASSWORD, START, App, add_client, claims, new_app, refusal, signed_in

POOL: Final[dict[str, Any]] = {
    "mfa_configuration": "OPTIONAL",
    "alias_attributes": ("email",),
}
DEVICES: Final = DeviceConfiguration(device_only_remembered_on_user_prompt=False)
MAIL: Final = {"email": "ana@example.com", "email_verified": "true"}
INVALID_SESSION: Final = "NotAuthorized: Invalid session for the user."
INVALID_REFRESH: Final = "NotAuthorized: Invalid Refresh Token"


class Pair(NamedTuple):
    """Two pools, each with a user ``ana`` of the same address and password."""

    one: App
    two: App


@cache
def four_keys() -> tuple[rsa.RSAPrivateKey, ...]:
    return tuple(generate_key() for _ in range(4))


def new_pair(cognito: LocalCognito, **settings: Any) -> Pair:
    made = Pair(new_app(cognito, pool={**POOL, **settings}), new_app(cognito, pool={**POOL, **settings}))
    for app in made:
        app.create_user("ana", **MAIL)
    return made


@pytest.fixture
def cognito() -> Iterator[LocalCognito]:
    with closing(LocalCognito(clock=Clock(lambda: START), keys=cycle(four_keys()).__next__)) as made:
        yield made


@pytest.fixture
def pair(cognito: LocalCognito) -> Pair:
    return new_pair(cognito)


def sub(app: App, name: str = "ana") -> str:
    found = app.send(AdminGetUser(user_pool_id=app.pool_id, username=name)).user_attributes or ()
    return {each.name: each.value or "" for each in found}["sub"]


def gone(app: App) -> str:
    return f"ResourceNotFound: User pool client {app.client_id} does not exist."


def whoami(app: App, access_token: str | None) -> str:
    found = app.send(GetUser(access_token=access_token or "")).user_attributes
    return {each.name: each.value or "" for each in found}["sub"]


def require_app(app: App) -> str:
    """Make ana's sign-in ask for an authenticator app; returns its secret."""
    access = app.tokens().access_token or ""
    secret = app.set_up_totp(access)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=SoftwareTokenMfaSettings(enabled=True)))
    return secret


# Users


def test_users_of_the_same_name_are_different_people(pair: Pair) -> None:
    assert sub(pair.one) != sub(pair.two)
    assert sub(pair.one, "ana@example.com") == sub(pair.one)
    assert refusal(sub, pair.two, sub(pair.one)) == "UserNotFound: User does not exist."
    pair.one.create_user("eva", email="eva@example.com", email_verified="true")
    assert refusal(sub, pair.two, "eva@example.com") == "UserNotFound: User does not exist."
    pair.one.send(AdminDeleteUser(user_pool_id=pair.one.pool_id, username="ana"))
    assert pair.two.srp_auth().authentication_result is not None
    assert refusal(pair.one.password_auth).startswith("NotAuthorized: Incorrect")


def test_passwords_are_each_pools_own(pair: Pair) -> None:
    pair.one.create_user("eva", password=NEW_PASSWORD, email="eva@example.com")
    pair.two.create_user("eva", email="eva@example.com")
    assert refusal(pair.two.password_auth, "eva", NEW_PASSWORD).startswith("NotAuthorized: Incorrect")
    assert pair.one.srp_auth("eva", NEW_PASSWORD).authentication_result is not None


def test_failures_are_counted_in_each_pool(pair: Pair) -> None:
    for _ in range(6):
        refusal(pair.one.password_auth, "ana", "wrong")
    assert refusal(pair.one.password_auth) == "NotAuthorized: Password attempts exceeded"
    assert pair.two.password_auth().authentication_result is not None


def test_messages_are_each_pools_own(pair: Pair) -> None:
    pair.one.send(ForgotPassword(client_id=pair.one.client_id, username="ana"))
    assert len(pair.one.cognito.outbox(pair.one.pool_id)) == 1
    assert pair.one.cognito.outbox(pair.two.pool_id) == ()


# Groups


def test_groups_are_each_pools_own(pair: Pair) -> None:
    one, two = pair
    one.send(CreateGroup(user_pool_id=one.pool_id, group_name="staff"))
    one.send(AdminAddUserToGroup(user_pool_id=one.pool_id, group_name="staff", username="ana"))
    for operation in (
        GetGroup(user_pool_id=two.pool_id, group_name="staff"),
        ListUsersInGroup(user_pool_id=two.pool_id, group_name="staff"),
        AdminAddUserToGroup(user_pool_id=two.pool_id, group_name="staff", username="ana"),
        DeleteGroup(user_pool_id=two.pool_id, group_name="staff"),
    ):
        assert refusal(two.send, operation) == "ResourceNotFound: Group not found."
    assert two.send(AdminListGroupsForUser(user_pool_id=two.pool_id, username="ana")).groups == ()
    assert claims(one.tokens().access_token)["cognito:groups"] == ["staff"]
    assert "cognito:groups" not in claims(two.tokens().access_token)
    two.send(CreateGroup(user_pool_id=two.pool_id, group_name="staff"))
    assert two.send(ListUsersInGroup(user_pool_id=two.pool_id, group_name="staff")).users == ()


# Tokens


def test_an_access_token_means_its_own_pools_user(pair: Pair) -> None:
    for app in pair:
        access = app.tokens().access_token
        assert claims(access)["iss"].endswith(app.pool_id)
        assert whoami(app, access) == sub(app)


def test_keys_are_each_pools_own(pair: Pair) -> None:
    sets = [app.cognito.key_set(app.pool_id) for app in pair]
    names = [{key["kid"] for key in each["keys"]} for each in sets if each]
    assert len(names[0] | names[1]) == 4
    access = pair.one.tokens().access_token or ""
    header, payload = jwt.get_unverified_header(access), claims(access)
    key = generate_key()
    for issuer in (payload["iss"], payload["iss"].replace(pair.one.pool_id, pair.two.pool_id)):
        forged = jwt.encode({**payload, "iss": issuer}, key, algorithm="RS256", headers={"kid": header["kid"]})
        assert refusal(whoami, pair.one, forged) == "NotAuthorized: Could not verify signature for Access Token"


def test_one_pools_key_signs_nothing_for_the_other(pair: Pair) -> None:
    """The claims of one pool's token under another's name, with the signature that the first pool has made."""
    first, second = (app.tokens().access_token or "" for app in pair)
    mixed = ".".join((first.split(".")[0], second.split(".")[1], first.split(".")[2]))
    assert refusal(whoami, pair.two, mixed) == "NotAuthorized: Could not verify signature for Access Token"


def test_refresh_tokens_belong_to_a_client(pair: Pair) -> None:
    one, two = pair
    sibling = add_client(one.cognito, one.pool_id)
    token = one.tokens().refresh_token or ""
    for other in (two, sibling):
        renew = GetTokensFromRefreshToken(client_id=other.client_id, refresh_token=token)
        assert refusal(other.send, renew) == INVALID_REFRESH
        parameters = {"REFRESH_TOKEN": token}
        begin = InitiateAuth(client_id=other.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)
        assert refusal(other.send, begin) == INVALID_REFRESH
        assert refusal(other.send, RevokeToken(client_id=other.client_id, token=token)).startswith("Unauthorized: ")
    assert one.send(GetTokensFromRefreshToken(client_id=one.client_id, refresh_token=token)).authentication_result


def test_signing_out_everywhere_stays_in_the_pool(pair: Pair) -> None:
    one, two = (app.tokens() for app in pair)
    pair.one.send(GlobalSignOut(access_token=one.access_token or ""))
    assert refusal(whoami, pair.one, one.access_token) == "NotAuthorized: Access Token has been revoked"
    assert whoami(pair.two, two.access_token) == sub(pair.two)
    renew = GetTokensFromRefreshToken(client_id=pair.two.client_id, refresh_token=two.refresh_token or "")
    assert pair.two.send(renew).authentication_result is not None


# Challenges and codes


def test_a_challenge_is_answered_where_it_was_posed(pair: Pair) -> None:
    one, two = pair
    sibling = add_client(one.cognito, one.pool_id)
    secret = require_app(one)
    require_app(two)
    challenge = one.password_auth()
    code = one.totp(secret)
    for other in (two, sibling):
        assert refusal(other.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=code) == INVALID_SESSION
    assert signed_in(one.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=code)).access_token


def test_a_password_is_proved_where_it_was_asked_for(pair: Pair) -> None:
    one, two = pair
    ephemeral, challenge = one.srp_challenge()
    claim = one.srp_claim(ephemeral, challenge)
    assert refusal(two.answer, "PASSWORD_VERIFIER", None, claim).startswith("NotAuthorized: ")
    assert one.answer("PASSWORD_VERIFIER", None, claim).authentication_result is not None


def test_a_code_for_a_new_password_is_one_pools(pair: Pair) -> None:
    one, two = pair
    for app in pair:
        app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    code, other = (app.cognito.outbox(app.pool_id)[-1].code for app in pair)
    assert code != other
    confirm = ConfirmForgotPassword(client_id=two.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD)
    assert refusal(two.send, confirm).startswith("CodeMismatch: ")
    one.send(replace(confirm, client_id=one.client_id))
    assert one.password_auth("ana", NEW_PASSWORD).authentication_result is not None
    assert two.password_auth("ana", PASSWORD).authentication_result is not None


def test_a_code_that_confirms_an_account_is_one_pools(pair: Pair) -> None:
    one, two = pair
    for app in pair:
        app.sign_up("eva", email="eva@example.com")
    code, other = (app.cognito.outbox(app.pool_id)[-1].code for app in pair)
    assert code != other
    confirm = ConfirmSignUp(client_id=two.client_id, username="eva", confirmation_code=code)
    assert refusal(two.send, confirm).startswith("CodeMismatch: ")
    one.send(replace(confirm, client_id=one.client_id))
    assert refusal(two.password_auth, "eva").startswith("UserNotConfirmed: ")


# Devices


def test_devices_are_each_pools_own(cognito: LocalCognito) -> None:
    one, two = new_pair(cognito, device_configuration=DEVICES)
    tokens = one.tokens()
    device = ClientDevice.offered(tokens)
    device.confirm(one, tokens.access_token)
    get = AdminGetDevice(user_pool_id=one.pool_id, username="ana", device_key=device.key)
    assert one.send(get).device.device_key == device.key
    unknown = "ResourceNotFound: Device does not exist."
    assert refusal(two.send, replace(get, user_pool_id=two.pool_id)) == unknown
    forget = AdminForgetDevice(user_pool_id=two.pool_id, username="ana", device_key=device.key)
    assert refusal(two.send, forget) == unknown
    assert two.send(AdminListDevices(user_pool_id=two.pool_id, username="ana")).devices == ()
    access = two.tokens().access_token
    assert refusal(two.send, GetDevice(access_token=access, device_key=device.key)) == unknown
    assert one.send(get).device.device_key == device.key


# Clients


def test_a_client_is_reached_by_its_own_pool_only(pair: Pair) -> None:
    one, two = pair
    parameters = {"USERNAME": "ana", "PASSWORD": PASSWORD}
    begin = AdminInitiateAuth(
        user_pool_id=two.pool_id,
        client_id=one.client_id,
        auth_flow="ADMIN_USER_PASSWORD_AUTH",
        auth_parameters=parameters,
    )
    for operation in (
        begin,
        DescribeUserPoolClient(user_pool_id=two.pool_id, client_id=one.client_id),
        UpdateUserPoolClient(user_pool_id=two.pool_id, client_id=one.client_id, client_name="mine"),
        DeleteUserPoolClient(user_pool_id=two.pool_id, client_id=one.client_id),
    ):
        assert refusal(two.send, operation) == gone(one)
    found = one.send(DescribeUserPoolClient(user_pool_id=one.pool_id, client_id=one.client_id)).user_pool_client
    assert found is not None
    assert found.client_name == "tests"


def test_clients_of_a_pool_share_its_users_and_nothing_else(pair: Pair) -> None:
    one, two = pair
    sibling = add_client(one.cognito, one.pool_id, generate_secret=True)
    assert whoami(sibling, sibling.tokens().access_token) == sub(one)
    stranger = App(one.cognito, one.pool_id, one.client_id, sibling.secret)
    assert refusal(stranger.password_auth) == f"NotAuthorized: Unable to verify secret hash for client {one.client_id}"
    borrowed = App(two.cognito, two.pool_id, sibling.client_id)
    assert "SECRET_HASH was not received" in refusal(borrowed.password_auth)


# Listings


def some_groups(app: App) -> None:
    for name in ("a", "b"):
        app.send(CreateGroup(user_pool_id=app.pool_id, group_name=name))


def some_servers(app: App) -> None:
    for name in ("a", "b"):
        app.send(CreateResourceServer(user_pool_id=app.pool_id, identifier=name, name=name))


def some_users(app: App) -> None:
    app.create_user("eva", email="eva@example.com")


def some_clients(app: App) -> None:
    add_client(app.cognito, app.pool_id)


LISTINGS: Final[dict[str, tuple[Callable[[App], None], Callable[[str, str | None], Any], str]]] = {
    "users": (
        some_users,
        lambda pool, token: ListUsers(user_pool_id=pool, limit=1, pagination_token=token),
        "pagination_token",
    ),
    "filtered users": (
        some_users,
        lambda pool, token: ListUsers(user_pool_id=pool, limit=1, pagination_token=token, filter='email ^= ""'),
        "pagination_token",
    ),
    "groups": (some_groups, lambda pool, token: ListGroups(user_pool_id=pool, limit=1, next_token=token), "next_token"),
    "clients": (
        some_clients,
        lambda pool, token: ListUserPoolClients(user_pool_id=pool, max_results=1, next_token=token),
        "next_token",
    ),
    "resource servers": (
        some_servers,
        lambda pool, token: ListResourceServers(user_pool_id=pool, max_results=1, next_token=token),
        "next_token",
    ),
}


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_page_leads_on_in_its_own_pool(pair: Pair, listing: str) -> None:
    fill, request, member = LISTINGS[listing]
    for app in pair:
        fill(app)
    token: str | None = getattr(pair.one.send(request(pair.one.pool_id, None)), member)
    assert token is not None
    assert refusal(pair.two.send, request(pair.two.pool_id, token)) == "InvalidParameter: Invalid pagination token."
    pair.one.send(request(pair.one.pool_id, token))
