"""What a type checker must find: each line that is marked, with the code of the error, and no other. It is never run."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

import cognito_auth_flask
import cognito_auth_starlette
from cognito_auth import AsyncCognitoClient, CognitoClient, Settings, User, WebOptions, group, recent
from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.groups import Group, ListGroups
from cognito_auth.api.raw import NamedOperation
from cognito_auth.api.sign_up import SignUp
from cognito_auth.api.users import AdminCreateUser, AdminGetUser, ListUsers
from cognito_auth.effects import Flow, Now, perform
from cognito_auth.flows import prefer_mfa, sign_in
from cognito_auth.guards import Moment
from cognito_auth.states import SmsMfa
from cognito_auth.tokens import TokenVerifier

Settings(user_pool_id="eu-west-1_AbC", client_id="client", client_secret="plain")  # E: arg-type
Settings(user_pool_id="eu-west-1_AbC")  # E: call-arg
Settings("eu-west-1_AbC", "client")  # E: call-arg
Settings(user_pool_id="eu-west-1_AbC", client_id="client", auth_flows=("REFRESH_TOKEN_AUTH",))  # E: arg-type
WebOptions(secrets=("plain",))  # E: arg-type
WebOptions(secrets=(), deliveries=("header",))  # E: arg-type

SignUp(password="secret")  # E: call-arg
SignUp(username="ana", pasword="secret")  # E: call-arg
SignUp("ana", "secret")  # E: call-arg
InitiateAuth(auth_flow="USER_SPR_AUTH")  # E: arg-type
AdminCreateUser(username="ana", message_action="SUPRESS")  # E: arg-type
SignUp(username="ana").username = "eva"  # E: misc


def operations(client: CognitoClient) -> None:
    client.send("SignUp")  # E: arg-type
    client.send(SignUp(username="ana")).user_name  # E: attr-defined
    client.send(sign_in("ana", "secret"))  # E: arg-type
    client.run(SignUp(username="ana"))  # E: arg-type
    client.run(sign_in("ana", "secret")).tokens  # E: attr-defined
    client.run(prefer_mfa("token", sms="maybe"))  # E: arg-type


async def operations_later(client: AsyncCognitoClient) -> None:
    client.send(SignUp(username="ana")).user_sub  # E: attr-defined


def listings(client: CognitoClient) -> None:
    client.items(AdminGetUser(username="ana"))  # E: arg-type
    client.pages("ListUsers")  # E: arg-type
    for page in client.pages(ListUsers()):
        page.groups  # E: attr-defined
    for user in client.items(ListUsers()):
        user.group_name  # E: attr-defined
    groups: list[str] = list(client.items(ListGroups()))  # E: arg-type
    group: Group = next(client.items(ListUsers()))  # E: assignment


async def listings_later(client: AsyncCognitoClient) -> None:
    for group in client.items(ListGroups()):  # E: attr-defined
        pass
    async for user in client.items(ListUsers()):
        user.group_name  # E: attr-defined


def by_name(client: CognitoClient) -> None:
    NamedOperation("ListTerms", {}, True)  # E: call-arg
    NamedOperation("ListTerms", ["UserPoolId"])  # E: arg-type
    client.send(NamedOperation("ListTerms")).terms  # E: attr-defined
    client.items(NamedOperation("ListTerms"))  # E: arg-type


def own_flow() -> Flow[str]:
    now = yield from perform(Now())
    return now  # E: return-value


def states(state: SmsMfa, verifier: TokenVerifier, user: User) -> None:
    state.session = None  # E: misc
    verifier.access_token(b"token")  # E: arg-type
    user.groups.add("admin")  # E: attr-defined
    user.claims["sub"] = "1"  # E: index


def guards(user: User) -> None:
    group("admin") & "staff"  # E: operator
    group(["admin"])  # E: arg-type
    group("admin").check("ana", Moment(now=0.0))  # E: arg-type
    group("admin").check(user)  # E: call-arg
    recent(max_age=0.5)  # E: arg-type


def views(flask_auth: cognito_auth_flask.CognitoAuth, starlette_auth: cognito_auth_starlette.CognitoAuth) -> None:
    @flask_auth.require(group("admin"))
    def flask_view(number: int) -> str:
        return str(number)

    flask_view("one")  # E: arg-type
    flask_view()  # E: call-arg

    @starlette_auth.requires("admin")  # E: arg-type
    async def starlette_view(request: Request) -> Response:
        return Response()

    @starlette_auth.requires(group("admin"))
    async def guarded(request: Request) -> Response:
        return Response()

    guarded(1)  # E: arg-type
