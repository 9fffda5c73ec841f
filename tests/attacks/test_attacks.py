"""Every attack on every example, under the servers that people run them with: none succeeds, and none is the server's fault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.users import AdminCreateUser
from cognito_auth.config import Settings
from cognito_auth.local.http.server import running

from ..processes.sites import Command, Processes, Watched, admin_of, create_user, environment, started
from ..scenarios.world import PASSWORD
from ..support.example import EXAMPLES
from .attack import JSON, Attack, Scene, answer, request, success
from .attacks import CHANGING, FAMILIES, body_of

VICTIM: Final = "victim-4711"
ATTACKER: Final = "mallory"
INVITED: Final = "newcomer"
TEMPORARY: Final = "Temporary-Horse-7"


_NOT_BEHIND_A_PROXY: Final = ("--forwarded-allow-ips", "192.0.2.1")
"""By default both servers believe proxies on the same machine, which is where this attacker is."""


def _uvicorn(application: str, *options: str) -> Command:
    return lambda port: ["uvicorn", application, "--port", str(port), "--log-level", "warning", *_NOT_BEHIND_A_PROXY, *options]


def _gunicorn(application: str, *options: str) -> Command:
    common = ["--log-level", "error", "--no-control-socket", *_NOT_BEHIND_A_PROXY, *options]
    return lambda port: ["gunicorn", application, "--bind", f"127.0.0.1:{port}", *common]


SERVED: Final[dict[str, Command]] = {
    "FastAPI, uvicorn": _uvicorn("fastapi_app:app"),
    "Starlette, uvicorn": _uvicorn("starlette_app:app"),
    "Flask, uvicorn": _uvicorn("flask_app:app", "--interface", "wsgi"),
    "FastAPI, gunicorn": _gunicorn("fastapi_app:app", "--worker-class", "asgi"),
    "Starlette, gunicorn": _gunicorn("starlette_app:app", "--worker-class", "asgi"),
    "Flask, gunicorn": _gunicorn("flask_app:app", "--threads", "4"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A site under attack, and what it prints."""

    scene: Scene
    output: Path


@pytest.fixture(scope="module")
def cognito() -> Iterator[Watched]:
    with closing(Watched()) as made, running(made):
        pool = made.first_pool()
        settings = Settings(user_pool_id=pool.user_pool_id, client_id=pool.client_id, endpoint=made.endpoint)
        for username in (VICTIM, ATTACKER):
            create_user(settings, username)
        with admin_of(settings) as admin:
            admin.send(CreateGroup(group_name="admin"))
            admin.send(AdminAddUserToGroup(username=VICTIM, group_name="admin"))
            admin.send(AdminCreateUser(username=INVITED, temporary_password=TEMPORARY, message_action="SUPPRESS"))
        yield made


@pytest.fixture(scope="module", params=SERVED)
def target(request: pytest.FixtureRequest, cognito: Watched, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    pool, output = cognito.first_pool(), tmp_path_factory.mktemp("served") / "output"
    settings = Settings(user_pool_id=pool.user_pool_id, client_id=pool.client_id, endpoint=cognito.endpoint)
    surroundings = environment(settings, "")
    surroundings["PYTHONPATH"] += f"{os.pathsep}{EXAMPLES}"
    with started(SERVED[request.param], surroundings, output) as site:
        yield Target(scene=_scene(site), output=output)


def _scene(site: Processes) -> Scene:
    def login(username: str, password: str, **members: str) -> httpx.Response:
        return httpx.post(f"{site.url}/auth/login", json={"username": username, "password": password, **members})

    def cookie(reply: httpx.Response) -> str:
        ((name, value),) = reply.cookies.items()
        return f"{name}={value}"

    tokens: dict[str, Any] = login(ATTACKER, PASSWORD, delivery="tokens").json()
    return Scene(
        port=site.port,
        victim=VICTIM,
        victims_cookie=cookie(login(VICTIM, PASSWORD)),
        victims_token=login(VICTIM, PASSWORD, delivery="tokens").json()["access_token"],
        cookie=cookie(login(ATTACKER, PASSWORD)),
        token=tokens["access_token"],
        id_token=tokens["id_token"],
        envelope=tokens["refresh_token"],
        state=login(INVITED, TEMPORARY).json()["state"],
    )


def everything(scene: Scene) -> list[Attack]:
    return [attack for family in FAMILIES for attack in family(scene)]


def test_what_is_no_attack_is_served(target: Target) -> None:
    """Or all attacks would fail for want of a right name, header, or body."""
    scene = target.scene
    credentials = f'{{"username": "{ATTACKER}", "password": "{PASSWORD}"}}'
    for sent, told in (
        (request(scene, "GET", "/admin", f"Cookie: {scene.victims_cookie}"), b"engine room"),
        (request(scene, "GET", "/admin", f"Authorization: Bearer {scene.victims_token}"), b"engine room"),
        (request(scene, "GET", "/hello", f"Cookie: {scene.cookie}"), b"Hello mallory"),
        (request(scene, "GET", "/hello", f"Authorization: Bearer {scene.token}"), b"Hello mallory"),
        (
            request(scene, "POST", "/auth/login", JSON, body=credentials),
            b"signed_in",
        ),
        (request(scene, "POST", "/auth/refresh", JSON, body=f'{{"refresh_token": "{scene.envelope}"}}'), b"access_token"),
    ):
        received = answer(scene.port, Attack("control", sent))
        assert received.startswith(b"HTTP/1.1 200"), received
        assert told in received
        assert success(Attack("control", sent), received, scene) is not None


def test_no_attack_succeeds(target: Target) -> None:
    scene = target.scene
    attacks = everything(scene)
    assert len({attack.name for attack in attacks}) == len(attacks) > 300
    found = {attack.name: success(attack, answer(scene.port, attack), scene) for attack in attacks}
    assert {name: reached for name, reached in found.items() if reached} == {}
    assert not [word for word in ("Traceback", "Exception", "never awaited") if word in target.output.read_text()]
    for line in (f"Cookie: {scene.victims_cookie}", f"Authorization: Bearer {scene.victims_token}"):
        received = answer(scene.port, Attack("control", request(scene, "GET", "/admin", line)))
        assert b"engine room" in received, "the victim's session, account, and group are as they were"


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
def test_bodies_of_attacks_are_understood(route: Any, target: Target) -> None:
    """What refuses another site's request is not its body: the site's own, by nobody, gets further."""
    own = (f"Origin: http://{target.scene.host}", JSON)
    received = answer(
        target.scene.port, Attack("own", request(target.scene, route.method, f"/auth/{route.path}", *own, body=body_of(route)))
    )
    assert b"cross_site_request" not in received


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("login", {"password": "Wr0ng-password"}),
        ("password/forgot", {}),
        ("signup/resend", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_has_an_account_costs_as_much_as_who_has_none(
    target: Target, cognito: Watched, path: str, members: dict[str, str]
) -> None:
    """The same answer after the same work: as many requests to Cognito, which is what takes time."""
    told: list[Any] = []
    for username in (ATTACKER, "nobody-at-all"):
        cognito.asked.clear()
        reply = httpx.post(f"http://127.0.0.1:{target.scene.port}/auth/{path}", json={"username": username, **members})
        told.append((reply.status_code, reply.content, dict(cognito.asked)))
    assert told[0] == told[1]
