"""A FastAPI application whose people sign in with Amazon Cognito.

    python examples/fastapi_app.py

It runs with a user pool of its own, unless COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID and COGNITO_AUTH_SECRET (32 or more random
characters) name yours. Sessions are in the browser alone, or in the store that SESSION_STORE names (sessions.py).
Open the address that it prints; the API's description is at /docs.
"""

import argparse
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, WebSocket
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from cognito_auth_fastapi import CognitoAuth, User, group
from page import FOLDER, HEADERS
from pool import settings
from sessions import sessions

auth = CognitoAuth.from_mapping(settings(), sessions=sessions())  # your application: os.environ
app = FastAPI(title="Who are you?", lifespan=auth.lifespan)
auth.install(app)  # the endpoints /auth/login, /auth/signup, /auth/me, ...

app.mount("/static", StaticFiles(directory=FOLDER))

SignedIn = Annotated[User, Depends(auth.user)]
Admin = Annotated[User, Depends(auth.require(group("admin")))]


@app.get("/", include_in_schema=False)
async def page() -> FileResponse:
    """The sign-in page; it is for everybody."""
    return FileResponse(FOLDER / "index.html", headers=HEADERS)


@app.get("/hello")
async def hello(user: SignedIn) -> dict[str, str]:
    """For whoever is signed in; 401 for everybody else."""
    return {"message": f"Hello {user.username}!"}


@app.get("/admin")
async def admin(user: Admin) -> dict[str, str]:
    """For members of the group ``admin``; 403 for others who are signed in."""
    return {"message": f"Welcome to the engine room, {user.username}."}


@app.websocket("/ws")
async def echo(websocket: WebSocket, user: SignedIn) -> None:
    """Repeats what it hears; a handshake by nobody is refused before it is accepted. uvicorn needs ``websockets`` for it."""
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"{user.username}: {text}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A FastAPI application whose people sign in with Amazon Cognito.")
    parser.add_argument("--port", type=int, default=8000)
    uvicorn.run(app, host="localhost", port=parser.parse_args().port)  # passkeys belong to a name, and 127.0.0.1 is none
