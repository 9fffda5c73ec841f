"""A Starlette application whose people sign in with Amazon Cognito.

    python examples/starlette_app.py

It runs with a user pool of its own, unless COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID and COGNITO_AUTH_SECRET (32 or more random
characters) name yours. Sessions are in the browser alone, or in the store that SESSION_STORE names (sessions.py).
Open the address that it prints.
"""

from __future__ import annotations

import argparse

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from cognito_auth.guards import group
from cognito_auth_starlette import CognitoAuth
from page import FOLDER, HEADERS
from pool import settings
from sessions import sessions

auth = CognitoAuth.from_mapping(settings(), sessions=sessions())  # your application: os.environ


async def page(_: Request) -> FileResponse:
    """The sign-in page; it is for everybody."""
    return FileResponse(FOLDER / "index.html", headers=HEADERS)


@auth.requires()
async def hello(request: Request) -> JSONResponse:
    """For whoever is signed in; 401 for everybody else."""
    user = await auth.user(request)
    return JSONResponse({"message": f"Hello {user.username}!"})


@auth.requires(group("admin"))
async def admin(request: Request) -> JSONResponse:
    """For members of the group ``admin``; 403 for others who are signed in."""
    user = await auth.user(request)
    return JSONResponse({"message": f"Welcome to the engine room, {user.username}."})


@auth.requires()
async def echo(websocket: WebSocket) -> None:
    """Repeats what it hears; a handshake by nobody is refused before it is accepted. uvicorn needs ``websockets`` for it."""
    user = await auth.user(websocket)
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"{user.username}: {text}")


app = Starlette(
    routes=[
        auth.mount(),  # the endpoints /auth/login, /auth/signup, /auth/me, ...
        Route("/", page),
        Route("/hello", hello),
        Route("/admin", admin),
        WebSocketRoute("/ws", echo),
        Mount("/static", StaticFiles(directory=FOLDER)),
    ],
    middleware=[auth.middleware()],
    lifespan=auth.lifespan,
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Starlette application whose people sign in with Amazon Cognito.")
    parser.add_argument("--port", type=int, default=8000)
    uvicorn.run(app, host="localhost", port=parser.parse_args().port)  # passkeys belong to a name, and 127.0.0.1 is none
