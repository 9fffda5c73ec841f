"""What a user writes: both type checkers accept it, and find these types. It is never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, assert_type

from fastapi import Depends, FastAPI
from flask import Flask
from starlette.requests import Request
from starlette.responses import Response

import cognito_auth_fastapi
import cognito_auth_flask
import cognito_auth_starlette
from cognito_auth import AsyncCognitoClient, CognitoClient, Requirement, Secret, Settings, User, group, mfa, recent, scope
from cognito_auth.api.auth import AuthReply, GlobalSignOut, InitiateAuth
from cognito_auth.api.devices import AdminListDevices, Device
from cognito_auth.api.groups import Group, ListGroups
from cognito_auth.api.raw import NamedOperation, UnsignedNamedOperation
from cognito_auth.api.sign_up import SignUp, SignUpReply
from cognito_auth.api.structure import NoReply
from cognito_auth.api.types import User as ListedUser
from cognito_auth.api.users import AdminGetUser, AdminGetUserReply, ListUsers, ListUsersReply
from cognito_auth.effects import Flow, Now, perform
from cognito_auth.flows import advance, refresh_tokens, sign_in
from cognito_auth.guards import Moment
from cognito_auth.states import SignedIn, SmsCode, SmsMfa, State, Tokens
from cognito_auth.tokens import AccessToken, IdToken, TokenVerifier
from cognito_auth.web import WebOptions

settings = Settings(user_pool_id="eu-west-1_AbC", client_id="client", client_secret=Secret("secret"))
options = WebOptions(secrets=(Secret("secret"),), deliveries=("cookie",))


def operations(client: CognitoClient) -> None:
    reply = client.send(SignUp(username="ana", password="secret"))
    assert_type(reply, SignUpReply)
    assert_type(reply.user_confirmed, bool)
    assert_type(client.send(InitiateAuth(auth_flow="USER_SRP_AUTH")), AuthReply)
    assert_type(client.send(AdminGetUser(username="ana")), AdminGetUserReply)
    assert_type(client.send(GlobalSignOut(access_token="token")), NoReply)


async def operations_later(client: AsyncCognitoClient) -> None:
    assert_type(await client.send(SignUp(username="ana", password="secret")), SignUpReply)
    assert_type(await client.run(refresh_tokens("token", "ana")), Tokens)


def listings(client: CognitoClient) -> None:
    for page in client.pages(ListUsers(limit=60)):
        assert_type(page, ListUsersReply)
    for user in client.items(ListUsers()):
        assert_type(user, ListedUser)
    assert_type([group.precedence for group in client.items(ListGroups())], list[int | None])


async def listings_later(client: AsyncCognitoClient) -> None:
    async for page in client.pages(ListUsers()):
        assert_type(page, ListUsersReply)
    async for device in client.items(AdminListDevices(username="ana")):
        assert_type(device, Device)
    assert_type([group async for group in client.items(ListGroups())], list[Group])


async def by_name(client: CognitoClient, later: AsyncCognitoClient) -> None:
    assert_type(client.send(NamedOperation("ListTerms", {"UserPoolId": "eu-west-1_AbC"})), Mapping[str, Any])
    assert_type(await later.send(UnsignedNamedOperation("GetUser", {"AccessToken": "token"})), Mapping[str, Any])


def flows(client: CognitoClient) -> str:
    state = client.run(sign_in("ana", "secret"))
    assert_type(state, State)
    match state:
        case SmsMfa() as challenge:
            assert_type(client.run(advance(challenge, SmsCode(code="123456"))), State)
        case SignedIn(tokens=tokens):
            assert_type(tokens, Tokens)
            return tokens.access_token
        case _:
            pass
    return ""


def own_flow() -> Flow[float]:
    now = yield from perform(Now())
    assert_type(now, float)
    reply = yield from perform(SignUp(username="ana"))
    assert_type(reply, SignUpReply)
    return now


def verification(client: CognitoClient, verifier: TokenVerifier, token: str) -> None:
    assert_type(client.run(own_flow()), float)
    assert_type(client.run(verifier.access_token(token)), AccessToken)
    identity = client.run(verifier.id_token(token))
    assert_type(identity, IdToken)
    assert_type(identity.email, str | None)
    assert_type(identity.groups, tuple[str, ...])


def guards(user: User, moment: Moment) -> None:
    requirement = group("admin") | group("staff") & scope("orders/read") | recent(max_age=300) & mfa()
    assert_type(requirement, Requirement)
    assert_type(requirement.check(user, moment), User)


flask_app = Flask(__name__)
flask_auth = cognito_auth_flask.CognitoAuth(flask_app)


@flask_auth.require(group("admin"))
def flask_view(number: int, *, name: str = "") -> str:
    return f"{number}{name}"


@flask_auth.login_required
def flask_view_for_everybody() -> bytes:
    return b""


assert_type(flask_view(1, name="ana"), str)
assert_type(flask_view_for_everybody(), bytes)

fastapi_auth = cognito_auth_fastapi.CognitoAuth(settings, options)
fastapi_app = FastAPI(lifespan=fastapi_auth.lifespan)


@fastapi_app.get("/me", dependencies=[Depends(fastapi_auth.require(group("admin")))])
async def me(user: Annotated[User, Depends(fastapi_auth.user)]) -> str:
    assert_type(user.username, str | None)
    return user.sub


@fastapi_app.get("/maybe")
async def maybe(user: Annotated[User | None, Depends(fastapi_auth.optional_user)]) -> str:
    return user.sub if user else ""


starlette_auth = cognito_auth_starlette.CognitoAuth(settings, options)


@starlette_auth.requires(scope("orders/read"))
async def orders(request: Request, number: int) -> Response:
    assert_type(await starlette_auth.user(request), User)
    return Response(str(number))


async def call_orders(request: Request) -> None:
    await orders(request, 3)
