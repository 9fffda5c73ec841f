"""The applications that run in several processes, with sessions in Redis; configured by the environment.

``COGNITO_*`` and ``COGNITO_AUTH_SECRET`` as ever; ``STORE_URL`` is the Redis.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from flask import Flask

import cognito_auth_fastapi
import cognito_auth_flask
from cognito_auth.config import Settings
from cognito_auth.exchange import fetch_key_set
from cognito_auth.stores import RedisStore
from cognito_auth.web import ServerSessions, WebOptions
from cognito_auth_fastapi import User
from cognito_auth_flask import current_user


def _tell_what_is_left(of: str = "") -> None:
    """What this process leaves running when it ends, of threads whose names begin so; daemons too."""
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    named = [name for name in left if name.startswith(of)]
    print(f"{len(named)} threads left", *named, flush=True)


def _configured() -> tuple[Settings, WebOptions]:
    store = RedisStore(os.environ["STORE_URL"])
    return Settings.from_mapping(os.environ), WebOptions.from_mapping(os.environ, sessions=ServerSessions(store=store))


def on_fastapi() -> FastAPI:
    """For ``uvicorn --factory``."""
    auth = cognito_auth_fastapi.CognitoAuth(*_configured())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with auth.lifespan(app):
            yield
        _tell_what_is_left("cognito-auth")  # uvicorn ends its workers by a signal, with no other occasion

    app = FastAPI(lifespan=lifespan)
    auth.install(app)

    async def hello(user: User) -> dict[str, object]:
        return {"username": user.username, "process": os.getpid()}

    # The annotations are strings here; FastAPI needs this function's guard.
    hello.__annotations__["user"] = Annotated[User, Depends(auth.user)]
    app.add_api_route("/hello", hello)
    return app


def on_flask() -> Flask:
    """For gunicorn."""
    app = Flask(__name__)
    atexit.register(_tell_what_is_left)
    settings, options = _configured()
    auth = cognito_auth_flask.CognitoAuth(app, settings, options)
    if os.environ.get("WARM"):
        # Connections to Redis and to the pool are open when the process is forked.
        with app.app_context():
            assert auth.end_access("nobody") == 0
            assert auth.client.run(fetch_key_set(settings.jwks_uri))

    @app.get("/hello")
    @auth.login_required
    def hello() -> dict[str, object]:  # pyright: ignore[reportUnusedFunction]  # Flask calls it
        return {"username": current_user.username, "process": os.getpid()}

    return app
