"""A Flask application whose people sign in with Amazon Cognito.

    python examples/flask_app.py

It runs with a user pool of its own, unless COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID and COGNITO_AUTH_SECRET (32 or more random
characters) name yours. Sessions are in the browser alone, or in the store that SESSION_STORE names (sessions.py).
Open the address that it prints.
"""

from __future__ import annotations

import argparse

from flask import Flask, Response

from cognito_auth.web import WebOptions
from cognito_auth_flask import CognitoAuth, current_user, group
from page import HEADERS
from pool import settings
from sessions import sessions

app = Flask(__name__)  # serves the files in static/, too
app.config.from_mapping(settings())  # your application: app.config.from_prefixed_env(""), or a file
auth = CognitoAuth(
    app, options=WebOptions.from_mapping(app.config, sessions=sessions())
)  # the endpoints /auth/login, /auth/signup, /auth/me, ...


@app.get("/")
def page() -> Response:
    """The sign-in page; it is for everybody."""
    response = app.send_static_file("index.html")
    response.headers.update(HEADERS)
    return response


@app.get("/hello")
@auth.login_required
def hello() -> dict[str, str]:
    """For whoever is signed in; 401 for everybody else."""
    return {"message": f"Hello {current_user.username}!"}


@app.get("/admin")
@auth.require(group("admin"))
def admin() -> dict[str, str]:
    """For members of the group ``admin``; 403 for others who are signed in."""
    return {"message": f"Welcome to the engine room, {current_user.username}."}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Flask application whose people sign in with Amazon Cognito.")
    parser.add_argument("--port", type=int, default=8000)
    app.run("localhost", parser.parse_args().port)  # passkeys belong to a name, and 127.0.0.1 is none
