"""Many at once, on a real server: a name is given away once, and a thousand people sign in together."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import httpx
import jwt
import pytest

from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.sign_up import SignUp
from cognito_auth.api.structure import Operation
from cognito_auth.api.users import ListUsers
from cognito_auth.api.wire import TARGET_PREFIX, to_wire
from cognito_auth.local import LocalCognito
from cognito_auth.local.http.server import running
from tests.local.support import PASSWORD, App, listed, new_app

SIGN_UPS: Final = 50
PEOPLE: Final = 1000
CONNECTIONS: Final = 200


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    made = new_app(LocalCognito())
    with running(made.cognito):
        yield made
    made.cognito.close()


def at_once(app: App, operations: Iterable[Operation[Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Status and document of each reply, over as many connections as `CONNECTIONS` says, none of which waits for another.

    It speaks HTTP itself: a client library's pool of connections would take longer than the server.
    """
    waiting = list(enumerate(operations))
    replies: dict[int, tuple[int, dict[str, Any]]] = {}
    url = httpx.URL(app.cognito.endpoint)

    async def work() -> None:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        while waiting:
            number, operation = waiting.pop()
            writer.write(request(url, operation))
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].split("\r\n")[0])
            replies[number] = int(head.split(" ")[1]), json.loads(await reader.readexactly(length))
        writer.close()
        await writer.wait_closed()

    async def run() -> None:
        await asyncio.gather(*(work() for _ in range(min(CONNECTIONS, len(waiting)))))

    asyncio.run(run())
    return [replies[number] for number in range(len(replies))]


def request(url: httpx.URL, operation: Operation[Any]) -> bytes:
    body = json.dumps(to_wire(operation))
    target = f"{TARGET_PREFIX}{type(operation).__name__}"
    head = f"POST / HTTP/1.1\r\nHost: {url.netloc.decode()}\r\nX-Amz-Target: {target}\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{head}{body}".encode()


def sign_up(app: App, number: int) -> SignUp:
    attributes = listed({"email": f"{number}@example.com"})
    return SignUp(client_id=app.client_id, username="ana", password=PASSWORD, user_attributes=attributes)


def sign_in(app: App, username: str) -> InitiateAuth:
    parameters = {"USERNAME": username, "PASSWORD": PASSWORD}
    return InitiateAuth(client_id=app.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters)


def test_fifty_sign_ups_of_one_name_make_one_user(app: App) -> None:
    replies = at_once(app, [sign_up(app, number) for number in range(SIGN_UPS)])
    outcomes = Counter((status, document.get("__type")) for status, document in replies)
    assert outcomes == {(200, None): 1, (400, "UsernameExistsException"): SIGN_UPS - 1}
    (winner,) = (document for status, document in replies if status == 200)
    found = app.send(ListUsers(user_pool_id=app.pool_id, filter='username = "ana"')).users or ()
    assert [each.value for user in found for each in user.attributes or () if each.name == "sub"] == [winner["UserSub"]]
    assert len(app.cognito.outbox(app.pool_id, "ana")) == 1


def test_a_thousand_people_sign_in_at_once(app: App) -> None:
    names = [f"user-{number}" for number in range(PEOPLE)]
    for name in names:
        app.create_user(name, email=f"{name}@example.com")
    replies = at_once(app, [sign_in(app, name) for name in names])
    assert Counter(status for status, _ in replies) == {200: PEOPLE}
    results = [document["AuthenticationResult"] for _, document in replies]
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(app.cognito.key_set(app.pool_id) or {}).keys}
    subs: set[str] = set()
    for name, result in zip(names, results, strict=True):
        for token, whose in ((result["AccessToken"], "username"), (result["IdToken"], "cognito:username")):
            key = keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer(app), options={"verify_aud": False})
            assert claims[whose] == name
            subs.add(claims["sub"])
    assert len(subs) == PEOPLE
    for kind in ("AccessToken", "IdToken", "RefreshToken"):
        assert len({result[kind] for result in results}) == PEOPLE


def issuer(app: App) -> str:
    return f"{app.cognito.endpoint}/{app.pool_id}"
