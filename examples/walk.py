"""A walk through everything that an application with this library does, over HTTP, against one that is running.

    python examples/walk.py http://localhost:8000

The application has to use the embedded user pool, whose outbox the walk reads as Ana would read her mail; the environment
names it: COGNITO_ENDPOINT, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID. ``scripts/demo`` starts all of it. The application has
USER_AUTH among its COGNITO_AUTH_FLOWS, for the passkey.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import Final

import httpx
from pyotp.totp import TOTP

from cognito_auth import AwsCredentials, CognitoClient, Secret, Settings
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.local import SoftwareAuthenticator
from story import Client, StepFailed, Story

PASSWORD: Final = "Correct-Horse-7"  # noqa: S105 - of people who live as long as the walk
HALF_MINUTE: Final = 30


def in_a_browser(story: Story, site: str, settings: Settings) -> Client:
    """Ana signs up and in with a browser, which holds her session in a cookie that no script can read."""
    ana = Client(story, site, {"Origin": site, "Sec-Fetch-Site": "same-origin"})

    story.step("Nobody is signed in, so the guarded route refuses.")
    ana.get("/hello", 401)

    story.step("Ana signs up. Cognito sends her a code.")
    ana.post("/auth/signup", 201, username="ana", password=PASSWORD, attributes={"email": "ana@example.org"})

    story.step("A wrong code does not confirm her account; the one in her mail does.")
    code = newest_code(story, settings, "ana")
    ana.post("/auth/signup/confirm", 400, username="ana", code=wrong(code))
    ana.post("/auth/signup/confirm", 200, username="ana", code=code)

    story.step("A wrong password does not sign her in, and is told as an unknown name would be.")
    ana.post("/auth/login", 401, username="ana", password="Wrong-Horse-7")  # noqa: S106
    ana.post("/auth/login", 401, username="nobody", password=PASSWORD)

    story.step("The right one does. It is proved by SRP, so Cognito never sees it; the session comes as a cookie.")
    ana.post("/auth/login", 200, username="ana", password=PASSWORD, delivery="cookie")

    story.step("The application knows who she is.")
    ana.get("/auth/me", 200)
    ana.get("/hello", 200)

    story.step("Another site that makes her browser send a request gets nowhere.")
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    ana.post("/auth/logout", 403, headers=foreign)
    return ana


def with_an_authenticator(story: Story, ana: Client) -> None:
    """Ana sets up an authenticator app, and needs it from then on."""
    story.step("She sets up an authenticator app: it gets a key, and she enters a code of it.")
    app = TOTP(ana.post("/auth/mfa/totp/setup", 200)["secret_code"])
    ana.post("/auth/mfa/totp/verify", 200, code=app.now())

    story.step("She signs out.")
    ana.post("/auth/logout", 200)
    ana.get("/hello", 401)

    story.step("Now her password is not enough: the sign-in stops at a challenge, and the reply holds its sealed state.")
    challenge = ana.post("/auth/login", 200, username="ana", password=PASSWORD, delivery="cookie")
    story.require(challenge["status"] == "challenge", "the reply is a challenge")
    story.require(challenge["challenge"]["name"] == "SOFTWARE_TOKEN_MFA", "a code from the app is asked for")

    story.step("A wrong code leaves it open. Cognito takes each code once, so the app's next one ends it.")
    code = app.at(int(time.time()) + HALF_MINUTE)
    ana.post("/auth/challenge", 400, state=challenge["state"], answer={"code": wrong(code)})
    ana.post("/auth/challenge", 200, state=challenge["state"], answer={"code": code})
    ana.get("/hello", 200)


def as_an_administrator(story: Story, ana: Client, settings: Settings) -> None:
    """An administrator makes Ana a member of the group that a route asks for."""
    story.step("A route for the group admin is closed to her.")
    ana.get("/admin", 403)

    story.step("An administrator, with AWS credentials in place of a sign-in, adds her to the group.")
    credentials = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))  # the embedded pool takes any
    with CognitoClient(settings, credentials=credentials) as client:
        client.send(CreateGroup(group_name="admin"))
        client.send(AdminAddUserToGroup(username="ana", group_name="admin"))
    story.tell("CreateGroup(group_name='admin')")
    story.tell("AdminAddUserToGroup(username='ana', group_name='admin')")

    story.step("Her token is older than that. A refresh brings one that names the group, and the route opens.")
    ana.get("/admin", 403)
    ana.post("/auth/refresh", 200)
    ana.get("/admin", 200)


def over_a_websocket(story: Story, site: str, ana: Client) -> None:
    """The same guard stands before a WebSocket."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    address = f"{site.replace('http', 'ws', 1)}/ws"
    story.step("A WebSocket is guarded alike: nobody's handshake is refused, Ana's is not.")
    story.tell("GET /ws (handshake)")
    try:
        connect(address, origin=None).close()
    except InvalidStatus as refused:
        story.tell(f"  -> {refused.response.status_code}")
    else:
        raise StepFailed("expected that the handshake is refused")
    with connect(address, additional_headers={"Cookie": ana.cookies, "Sec-Fetch-Site": "same-origin"}) as websocket:
        story.tell("GET /ws (handshake with Ana's cookies), then: Is anybody there?")
        websocket.send("Is anybody there?")
        heard = websocket.recv(timeout=10)
    story.tell(f"  -> {heard!r}")
    story.require(heard == "ana: Is anybody there?", "the echo comes from Ana")


def and_out(story: Story, ana: Client) -> None:
    """Ana leaves."""
    story.step("She signs out: Cognito revokes the refresh token, and the cookie is gone.")
    ana.post("/auth/logout", 200)
    ana.get("/hello", 401)
    ana.get("/auth/me", 401)


def with_tokens(story: Story, site: str, settings: Settings) -> None:
    """Ben uses a program in place of a browser, and gets tokens in place of a cookie."""
    ben = Client(story, site)

    story.step("Ben signs up, and signs in with a program: it asks for tokens.")
    ben.post("/auth/signup", 201, username="ben", password=PASSWORD, attributes={"email": "ben@example.org"})
    ben.post("/auth/signup/confirm", 200, username="ben", code=newest_code(story, settings, "ben"))
    tokens = ben.post("/auth/login", 200, username="ben", password=PASSWORD, delivery="tokens")

    story.step("The access token opens the route. An ID token does not, nor does one that was altered.")
    ben.get("/hello", 200, token=tokens["access_token"])
    ben.get("/hello", 401, token=tokens["id_token"])
    ben.get("/hello", 401, token=wrong(tokens["access_token"]))

    story.step("The refresh token is sealed: of no use but here, and all that a refresh needs.")
    refreshed = ben.post("/auth/refresh", 200, refresh_token=tokens["refresh_token"])
    ben.get("/hello", 200, token=refreshed["access_token"])

    story.step("After signing out it is worth nothing.")
    ben.post("/auth/logout", 200, refresh_token=refreshed.get("refresh_token", tokens["refresh_token"]))
    ben.post("/auth/refresh", 401, refresh_token=tokens["refresh_token"])

    story.step("He forgot his password. A code lets him choose another.")
    ben.post("/auth/password/forgot", 200, username="ben")
    code = newest_code(story, settings, "ben")
    ben.post("/auth/password/reset", 200, username="ben", code=code, new_password="Battery-Staple-8")  # noqa: S106
    ben.post("/auth/login", 200, username="ben", password="Battery-Staple-8", delivery="tokens")  # noqa: S106


def with_a_passkey(story: Story, site: str, settings: Settings) -> None:
    """Cas wants no password but for the first time. What the browser and the device would do, a class for tests does here."""
    cas, device = Client(story, site, {"Origin": site, "Sec-Fetch-Site": "same-origin"}), SoftwareAuthenticator(site)

    story.step("Cas signs up, and in with a password, and has the device make a passkey.")
    cas.post("/auth/signup", 201, username="cas", password=PASSWORD, attributes={"email": "cas@example.org"})
    cas.post("/auth/signup/confirm", 200, username="cas", code=newest_code(story, settings, "cas"))
    cas.post("/auth/login", 200, username="cas", password=PASSWORD, delivery="cookie")
    options = cas.post("/auth/passkeys/options", 200)["options"]
    cas.post("/auth/passkeys", 200, credential=device.create(options))
    cas.get("/auth/passkeys", 200)
    cas.post("/auth/logout", 200)

    story.step("From now on the name is enough: the device proves the rest.")
    asked = cas.post("/auth/login", 200, username="cas", preferred="WEB_AUTHN", delivery="cookie")
    credential = json.loads(device.get(asked["challenge"]["request_options"]))
    cas.post("/auth/challenge", 200, state=asked["state"], answer={"credential": credential})
    cas.get("/hello", 200)


def newest_code(story: Story, settings: Settings, username: str) -> str:
    """The code in the newest message of the embedded pool's outbox."""
    wanted = {"user_pool_id": settings.user_pool_id, "username": username}
    message = httpx.get(f"{settings.endpoint}/_local/outbox", params=wanted).raise_for_status().json()["messages"][-1]
    story.tell(f"({message['medium']} to {message['to']}: code {message['code']})")
    return str(message["code"])


def wrong(text: str) -> str:
    """The text with another character in its middle."""
    middle = len(text) // 2
    return f"{text[:middle]}{'1' if text[middle] != '1' else '2'}{text[middle + 1 :]}"


def walk(story: Story, site: str, settings: Settings, *, websocket: bool) -> None:
    """All of it; raises `StepFailed`."""
    ana = in_a_browser(story, site, settings)
    with_an_authenticator(story, ana)
    as_an_administrator(story, ana, settings)
    if websocket:
        over_a_websocket(story, site, ana)
    and_out(story, ana)
    with_tokens(story, site, settings)
    with_a_passkey(story, site, settings)


def main() -> int:
    """Walk; gives the exit status."""
    parser = argparse.ArgumentParser(description="Walk through a running example application.")
    parser.add_argument("site", help="the application's address, such as http://localhost:8000")
    parser.add_argument("--websocket", action="store_true", help="use the WebSocket at /ws as well (needs websockets)")
    arguments = parser.parse_args()
    story = Story()
    try:
        walk(story, arguments.site, Settings.from_mapping(os.environ), websocket=arguments.websocket)
    except KeyboardInterrupt:
        return 130  # as shells have it
    except Exception as error:  # whatever it was, the step that it happened in is what the reader wants to know
        print(f"\nStep {story.number} failed ({story.title}) {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    print(f"\nAll {story.number} steps went as told.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
