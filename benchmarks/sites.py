"""Applications with a route that anybody may ask for, ``/open``, and one that is guarded, ``/guarded``: ours, and others'.

Each is made by a function that takes nothing, as uvicorn and gunicorn call factories; imports are inside, so that no server has
more loaded than it serves. The guarded route asks for the group ``admin`` where a library has groups, else for any good token.
Keys are there from the start: the key set lies in a file or is given, in the way that each library offers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Annotated, Any, Final

from cognito_auth.client import CognitoClient
from cognito_auth.config import Settings
from cognito_auth.guards import group
from cognito_auth.secret import Secret
from cognito_auth.user import User
from cognito_auth.web import BrowserSessions, Request, ServerSessions, WebAuth, WebOptions
from tests.support.drive import World
from tests.support.realistic import realistic
from tests.support.tokens import CLIENT_ID, POOL_ID

from .peers import peer
from .samples import access_token
from .verifiers import REGION, cloudauth_keys, key_file, pyjwt

SETTINGS: Final = Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID)
OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-benchmarks-seal-with"),))
ADMIN: Final = group("admin")


def with_keys(web: WebAuth) -> None:
    """Give an application of ours the key set, as if it had been fetched just now."""
    world = World()
    world.monotonic = time.monotonic()
    world.run(web.verifier.load_keys())


async def hello(_: Any) -> Any:
    """The least that an endpoint of Starlette can do."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("hello")


def starlette_app() -> Any:
    """Starlette alone."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    return Starlette(routes=[Route("/open", hello)])


def starlette_guard() -> Any:
    """Ours: a decorator."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from cognito_auth_starlette import CognitoAuth

    auth = CognitoAuth(SETTINGS, OPTIONS)
    with_keys(auth.web)
    routes = [Route("/open", hello), Route("/guarded", auth.requires(ADMIN)(hello))]
    return Starlette(routes=routes, middleware=[auth.middleware()])


Step = Callable[[Any, Any], object]
"""Something of what a guard does, with a `CognitoAuth` and a request's scope."""


def starlette_until(step: Step) -> Any:
    """Ours, with a guard that does no more than this."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from cognito_auth_starlette import CognitoAuth

    auth = CognitoAuth(SETTINGS, OPTIONS)
    with_keys(auth.web)
    auth.web.verifier.check_access_token(access_token(), time.time())

    async def guarded(request: Any) -> Any:
        step(auth, request.scope)
        return await hello(request)

    return Starlette(routes=[Route("/guarded", guarded)], middleware=[auth.middleware()])


def starlette_sessions(sessions: BrowserSessions | ServerSessions) -> tuple[Any, str]:
    """Ours, for browsers; and the ``Cookie`` header of somebody who is signed in."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from cognito_auth_starlette import CognitoAuth

    auth = CognitoAuth(SETTINGS, replace(OPTIONS, sessions=sessions))
    with_keys(auth.web)
    app = Starlette(routes=[Route("/guarded", auth.requires(ADMIN)(hello))], middleware=[auth.middleware()])
    usual = realistic(0)
    session = replace(usual, tokens=replace(usual.tokens, access_token=access_token()))
    request = Request(method="POST", scheme="https", headers=(("host", "app.example.com"),))
    with CognitoClient(SETTINGS) as client:
        cookies = client.run(auth.web.keeper.begin(request, session))
    return app, "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)


def starlette_pyjwt() -> Any:
    """Starlette's own middleware, with a backend that asks PyJWT each time."""
    from starlette.applications import Starlette
    from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser, requires
    from starlette.middleware import Middleware
    from starlette.middleware.authentication import AuthenticationMiddleware
    from starlette.routing import Route

    verify = pyjwt()

    class Backend(AuthenticationBackend):
        async def authenticate(self, conn: Any) -> Any:
            sent = conn.headers.get("authorization")
            if sent is None:
                return None
            claims: Any = verify(sent.removeprefix("Bearer "))
            return AuthCredentials(claims["cognito:groups"]), SimpleUser(claims["username"])

    guarded: Any = requires("admin")(_request_hello)
    return Starlette(routes=[Route("/guarded", guarded)], middleware=[Middleware(AuthenticationMiddleware, backend=Backend())])


async def _request_hello(request: Any) -> Any:
    return await hello(request)


def fastapi_app() -> Any:
    """FastAPI alone."""
    from fastapi import FastAPI

    app = FastAPI()
    app.get("/open")(greeting)
    return app


async def greeting() -> dict[str, str]:
    """The least that a path operation can do."""
    return {"hello": "world"}


def fastapi_dependency() -> Any:
    """Ours: a dependency."""
    from fastapi import Depends, FastAPI

    from cognito_auth_fastapi import CognitoAuth

    auth, app = CognitoAuth(SETTINGS, OPTIONS), FastAPI()
    auth.install(app)
    with_keys(auth.web)
    app.get("/open")(greeting)
    app.get("/guarded")(asking(User, Depends(auth.require(ADMIN))))
    return app


def fastapi_middleware() -> Any:
    """Ours: an application that is closed by default."""
    from fastapi import FastAPI

    from cognito_auth_fastapi import CognitoAuth

    auth, app = CognitoAuth(SETTINGS, OPTIONS), FastAPI()
    auth.install(app)
    auth.protect_all(app, ADMIN)
    with_keys(auth.web)
    app.get("/open")(auth.public(lambda: {"hello": "world"}))
    app.get("/guarded")(greeting)
    return app


def fastapi_nothing() -> Any:
    """A dependency that does nothing: what FastAPI itself takes for any."""
    from fastapi import Depends, FastAPI
    from starlette.requests import HTTPConnection

    async def nothing(connection: HTTPConnection) -> int:
        return len(connection.scope)

    nothing.__annotations__["connection"] = HTTPConnection
    app = FastAPI()
    app.get("/guarded")(asking(int, Depends(nothing)))
    return app


def fastapi_cognito_site() -> Any:
    """fastapi-cognito, as its documentation has it."""
    from fastapi import Depends, FastAPI

    pool = {"region": REGION, "userpool_id": POOL_ID, "app_client_id": CLIENT_ID, "jwks_url": key_file()}
    settings = SimpleNamespace(
        userpools={"main": pool}, jwt_header_name="Authorization", jwt_header_prefix="Bearer", check_expiration=True
    )
    auth = peer("fastapi_cognito", "fastapi-cognito").CognitoAuth(settings=settings)
    app = FastAPI()
    app.get("/guarded")(asking(Any, Depends(auth.auth_required)))
    return app


def fastapi_cloudauth_site() -> Any:
    """fastapi-cloudauth, with keys that are given."""
    from fastapi import Depends, FastAPI

    base, module = peer("fastapi_cloudauth.base", "fastapi-cloudauth"), peer("fastapi_cloudauth.cognito", "fastapi-cloudauth")
    keys, issuer, extra = cloudauth_keys()
    auth = base.ScopedAuth(keys, audience=CLIENT_ID, issuer=issuer, scope_key="cognito:groups", extra=extra)
    auth.user_info = module.Cognito.user_info
    app = FastAPI()
    app.get("/guarded")(asking(Any, Depends(auth.scope(["admin"]))))
    return app


def asking(kind: Any, dependency: Any) -> Callable[..., Any]:
    """A path operation with a dependency."""

    async def guarded(user: Any) -> dict[str, str]:
        return {"hello": "world"} if user is not None else {}

    guarded.__annotations__["user"] = Annotated[kind, dependency]
    return guarded


def flask_app() -> Any:
    """Flask alone."""
    from flask import Flask

    app = Flask(__name__)
    app.get("/open")(flask_hello)
    return app


def flask_hello() -> str:
    """The least that a view can do."""
    return "hello"


def flask_guard() -> Any:
    """Ours: a decorator."""
    from flask import Flask

    from cognito_auth_flask import CognitoAuth

    app = Flask(__name__)
    auth = CognitoAuth(app, SETTINGS, OPTIONS)
    with app.app_context():
        with_keys(auth.web)
    app.get("/open")(flask_hello)
    app.get("/guarded", endpoint="guarded")(auth.require(ADMIN)(flask_hello))
    return app


def flask_cognito_site() -> Any:
    """flask-cognito, as its documentation has it, with the key set's file in the environment."""
    import os

    from flask import Flask

    module = peer("flask_cognito", "flask-cognito")
    os.environ["AWS_COGNITO_JWKS_PATH"] = key_file()
    app: Any = Flask(__name__)
    app.config.update(
        COGNITO_REGION=REGION, COGNITO_USERPOOL_ID=POOL_ID, COGNITO_APP_CLIENT_ID=CLIENT_ID, COGNITO_CHECK_TOKEN_EXPIRATION=True
    )
    module.CognitoAuth(app)
    app.get("/guarded")(module.cognito_auth_required(flask_hello))
    return app


Make = Callable[[], Any]

FRAMEWORKS: Final[dict[str, tuple[Make, dict[str, Make]]]] = {
    "Starlette": (starlette_app, {"pyjwt": starlette_pyjwt}),
    "FastAPI": (fastapi_app, {"fastapi-cognito": fastapi_cognito_site, "fastapi-cloudauth": fastapi_cloudauth_site}),
    "Flask": (flask_app, {"flask-cognito": flask_cognito_site}),
}
"""The application without a guard, and the peers' by their package."""
