"""Importing and exporting against the embedded pool: round trips, and imports that are broken off at any moment."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import anyio
import httpx
import pytest

from cognito_auth.api.groups import AdminListGroupsForUser, CreateGroup, GetGroup
from cognito_auth.api.users import AdminGetUser
from cognito_auth.bulk import (
    ExportOptions,
    Failure,
    ImportOptions,
    Report,
    export_users,
    import_users,
)
from cognito_auth.bulk.progress import Silent
from cognito_auth.bulk.steps import Existing
from cognito_auth.client import AsyncCognitoClient, Surroundings
from cognito_auth.config import Settings
from cognito_auth.errors import ConfigurationError, TransportError
from cognito_auth.local import LocalCognito, LocalTransport
from cognito_auth.retry import RetryPolicy
from tests.local.support import App, new_app
from tests.support.administration import CREDENTIALS
from tests.support.local_server import Server, local_server

MANY: Final = 10_000
UNLIMITED: Final = ExportOptions(rates={})
COMMAND: Final = (sys.executable, "-m", "cognito_auth", "users")

PHONE: Final[dict[str, Any]] = {"phone_number": "+15550100", "phone_number_verified": "true"}
STAFF: Final = {"type": "group", "name": "staff", "description": "Who works here", "precedence": 1}
ADMIN: Final = {"type": "group", "name": "admin", "role_arn": "arn:aws:iam::123456789012:role/Admin"}


def user(
    username: str, *groups: str, enabled: bool = True, status: str = "FORCE_CHANGE_PASSWORD", **attributes: str
) -> dict[str, Any]:
    return {
        "type": "user",
        "username": username,
        "attributes": attributes or {"email": f"{username}@example.com", "email_verified": "true"},
        "enabled": enabled,
        "status": status,
        "groups": list(groups),
        "mfa_enabled": False,
    }


SOME: Final = (
    ADMIN,
    STAFF,
    user("ana", "admin", "staff"),
    user("bea", status="CONFIRMED"),
    user("eva", "staff", enabled=False, status="CONFIRMED"),
    user("zoë", enabled=False, email="zoë@example.com", email_verified="false", name='Zoë "Z", the\nfirst'),
)


def write(path: Path, *documents: Mapping[str, Any]) -> Path:
    path.write_text("".join(line_of(document) for document in documents))
    return path


def line_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def lines(path: Path) -> list[Any]:
    return sorted((json.loads(line) for line in path.read_text().splitlines()), key=str)


def nothing(_: str) -> None:
    """What happens at a request when nothing is to happen."""


class Transport(LocalTransport):
    """Reaches the pool, counts what it carries out, and calls ``before`` and ``after`` with each request's operation."""

    def __init__(self, cognito: LocalCognito) -> None:
        super().__init__(cognito)
        self.carried_out: Final = Counter[str]()
        self.before: Callable[[str], None] = nothing
        self.after: Callable[[str], None] = nothing

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.headers["x-amz-target"].partition(".")[2]
        self.before(name)
        response = await super().handle_async_request(request)
        if response.status_code == 200:
            self.carried_out[name] += 1
        self.after(name)
        return response


class Failures(Silent):
    """Keeps what failed."""

    def __init__(self) -> None:
        self.all: Final[list[Failure]] = []

    def fail(self, failure: Failure) -> None:
        self.all.append(failure)


class World:
    """A pool, and an administrator who imports and exports."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self.transport = Transport(app.cognito)
        self.folder = folder
        self.failures = Failures()
        self.settings = Settings(user_pool_id=app.pool_id, client_id=app.client_id, endpoint=app.cognito.endpoint)

    def client(self) -> AsyncCognitoClient:
        impatient = Surroundings(retry=RetryPolicy(attempts=1), now=self.app.cognito.clock.now)
        return AsyncCognitoClient(self.settings, transport=self.transport, credentials=CREDENTIALS, surroundings=impatient)

    def bring_in(self, source: Path, **options: Any) -> Report:
        async def main() -> Report:
            async with self.client() as client:
                chosen: dict[str, Any] = {"rates": {}, "concurrency": 3, **options}
                return await import_users(client, source, ImportOptions(**chosen), self.failures)

        self.failures.all.clear()
        return anyio.run(main)

    def take_out(self, name: str = "out.jsonl") -> Path:
        async def main() -> None:
            async with self.client() as client:
                await export_users(client, self.folder / name, UNLIMITED)

        anyio.run(main)
        return self.folder / name


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(new_app(), tmp_path)


# Round trips


def test_what_goes_in_comes_out(world: World) -> None:
    source = write(world.folder / "in.jsonl", *SOME)
    assert world.bring_in(source) == Report(created=4)
    assert lines(world.take_out()) == lines(source)


def test_csv_there_and_back(world: World, tmp_path: Path) -> None:
    world.bring_in(write(world.folder / "in.jsonl", *SOME))
    first = world.take_out("users.csv")
    other = World(new_app(), tmp_path)
    assert other.bring_in(first) == Report(created=4)
    again = other.take_out("again.csv")
    assert sorted(again.read_text().splitlines()) == sorted(first.read_text().splitlines())
    header = first.read_text().splitlines()[0].split(",")
    assert header[-5:] == [
        "cognito:mfa_enabled",
        "cognito:username",
        "cognito:enabled",
        "cognito:user_status",
        "cognito:groups",
    ]
    assert {"email", "given_name", "phone_number_verified"} < set(header)
    assert "sub" not in header


def test_users_who_are_called_by_an_address(tmp_path: Path) -> None:
    world = World(new_app(pool={"username_attributes": ("email",)}), tmp_path)
    source = write(tmp_path / "in.jsonl", user("ana@example.com", email="ana@example.com", email_verified="true"))
    assert world.bring_in(source).created == 1
    assert lines(world.take_out()) == lines(source)


def test_a_password_is_set_and_not_exported(world: World) -> None:
    people = [
        {**user("ana", status="CONFIRMED"), "password": "Perm4nent-Word!"},
        {**user("bea"), "password": "Tempor4ry-Word!"},
    ]
    world.bring_in(write(world.folder / "in.jsonl", *people))
    assert world.app.password_auth("ana", "Perm4nent-Word!").authentication_result
    assert world.app.password_auth("bea", "Tempor4ry-Word!").challenge_name == "NEW_PASSWORD_REQUIRED"
    assert "Word!" not in world.take_out().read_text() + world.take_out("out.csv").read_text()


def test_only_the_owner_reads_what_was_written(world: World) -> None:
    source = write(world.folder / "in.jsonl", user("ana"))
    world.bring_in(source)
    for path in (world.take_out(), world.folder / "in.jsonl.journal"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (world.folder / "out.jsonl.part").exists()


def test_an_export_that_fails_leaves_the_old_file(world: World) -> None:
    target = world.folder / "out.jsonl"
    target.write_text("old")

    def refuse(name: str) -> None:
        if name == "ListUsers":
            raise httpx.ConnectError("nobody listens")

    world.transport.before = refuse
    with pytest.raises(TransportError):
        world.take_out()
    assert [path.name for path in world.folder.iterdir()] == ["out.jsonl"]
    assert target.read_text() == "old"


def test_invitations_are_sent_when_they_are_asked_for(world: World) -> None:
    world.bring_in(write(world.folder / "a.jsonl", user("ana", **PHONE)))
    world.bring_in(write(world.folder / "b.jsonl", user("bea", **PHONE), user("eva", status="CONFIRMED", **PHONE)), invite=True)
    sent = [len(world.app.cognito.outbox(world.app.pool_id, name)) for name in ("ana", "bea", "eva")]
    assert sent == [0, 1, 0]


# Who is there already


def existing(world: World) -> None:
    world.app.send(CreateGroup(user_pool_id=world.app.pool_id, group_name="staff", description="Old"))
    world.app.create_user("ana", email="old@example.com")


def test_who_is_there_is_left_alone(world: World) -> None:
    existing(world)
    report = world.bring_in(write(world.folder / "in.jsonl", STAFF, user("ana", "staff", enabled=False), user("bea")))
    assert report == Report(created=1, left_alone=1)
    found = world.app.send(AdminGetUser(user_pool_id=world.app.pool_id, username="ana"))
    assert found.enabled
    assert {each.name: each.value for each in found.user_attributes or ()}["email"] == "old@example.com"
    assert not world.app.send(AdminListGroupsForUser(user_pool_id=world.app.pool_id, username="ana")).groups
    group = world.app.send(GetGroup(user_pool_id=world.app.pool_id, group_name="staff")).group
    assert group is not None
    assert group.description == "Old"


def test_who_is_there_is_updated_when_that_is_asked_for(world: World) -> None:
    existing(world)
    source = write(world.folder / "in.jsonl", STAFF, user("ana", "staff", enabled=False, status="CONFIRMED"))
    assert world.bring_in(source, existing=Existing.UPDATE) == Report(updated=1)
    assert lines(world.take_out()) == lines(source)
    assert world.transport.carried_out["AdminSetUserPassword"] == 0


# Failures


def test_a_line_that_fails_stops_nothing_else(world: World) -> None:
    source = world.folder / "in.jsonl"
    bad = [
        user("no such attribute", riddle="x"),
        {"type": "user"},
        {**user("weak"), "password": "short"},
        {"type": "group", "name": "two words"},
        {**user("federated"), "status": "EXTERNAL_PROVIDER"},
    ]
    source.write_text(line_of(user("ana")) + "nonsense\n" + "".join(map(line_of, bad)) + line_of(user("eva")))
    report = world.bring_in(source)
    assert report == Report(created=2, failed=6)
    told = {failure.line: failure.reason for failure in world.failures.all}
    assert told.keys() == {2, 3, 4, 5, 6, 7}
    assert told[2] == "it is not JSON"
    assert told[4] == "it names no user"
    assert "InvalidPasswordException" in told[5]
    assert "short" not in told[5]
    assert {failure.username for failure in world.failures.all} == {"", "no such attribute", "weak", "two words"}


def test_failed_lines_are_tried_again(world: World) -> None:
    source = write(world.folder / "in.jsonl", *(user(name) for name in "abc"))

    def refuse(_: str) -> None:
        raise httpx.ConnectError("nobody listens")

    world.transport.before = refuse
    assert world.bring_in(source) == Report(failed=3)
    world.transport.before = nothing
    assert world.bring_in(source) == Report(created=3)
    assert world.bring_in(source) == Report(done_before=3)


def test_when_nothing_succeeds_any_more_the_import_ends(world: World) -> None:
    source = write(world.folder / "in.jsonl", *(user(f"user{number}") for number in range(200)))
    tried: list[str] = []

    def refuse(name: str) -> None:
        tried.append(name)
        raise httpx.ConnectError("nobody listens")

    world.transport.before = refuse
    with pytest.raises(TransportError):
        world.bring_in(source)
    assert len(tried) < 200
    world.transport.before = nothing
    assert world.bring_in(source).created == 200


def test_a_journal_belongs_to_one_import(world: World) -> None:
    source = write(world.folder / "in.jsonl", user("ana"))
    world.bring_in(source)
    write(source, user("bea"))
    with pytest.raises(ConfigurationError, match="another import: its input"):
        world.bring_in(source)
    assert world.bring_in(source, journal=world.folder / "other.journal").created == 1


# Broken off


class Killed(BaseException):
    """What ends a process at once."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_broken_off_at_any_request_nothing_is_lost_and_nothing_is_done_twice(moment: str, tmp_path: Path) -> None:
    people = (STAFF, ADMIN, user("ana", "admin", "staff", **PHONE), user("bea", "staff", enabled=False, status="CONFIRMED"))
    count = 0
    for stop in range(100):
        world = World(new_app(), tmp_path)
        source = write(tmp_path / f"{moment}{stop}.jsonl", *people)
        count = 0

        def count_down(_: str, stop: int = stop) -> None:
            nonlocal count
            count += 1
            if count == stop + 1:
                raise Killed

        setattr(world.transport, moment, count_down)
        try:
            world.bring_in(source, concurrency=1, invite=True)
        except (Killed, BaseExceptionGroup):
            pass
        else:
            break
        setattr(world.transport, moment, nothing)
        report = world.bring_in(source, concurrency=1, invite=True)
        assert report.left_alone == report.failed == 0
        assert lines(world.take_out()) == lines(source), stop
        assert world.transport.carried_out["AdminCreateUser"] == 2
        assert len(world.app.cognito.outbox(world.app.pool_id, "ana")) == 1
    assert count == 9


def test_who_was_there_before_is_not_taken_for_one_that_was_begun(world: World) -> None:
    existing(world)
    world.app.cognito.clock.move(3600)
    source = write(world.folder / "in.jsonl", STAFF, user("ana", "staff", status="CONFIRMED"))

    def stop(name: str) -> None:
        if name == "AdminCreateUser":
            raise Killed

    world.transport.before = stop
    with pytest.raises((Killed, BaseExceptionGroup)):
        world.bring_in(source)
    world.transport.before = nothing
    assert world.bring_in(source).left_alone == 1
    assert not world.app.send(AdminListGroupsForUser(user_pool_id=world.app.pool_id, username="ana")).groups


def people(count: int) -> list[Mapping[str, Any]]:
    groups = [{"type": "group", "name": f"group{number}", "precedence": number} for number in range(5)]
    users = [
        user(f"user{number}", *([f"group{number % 5}"] if number % 3 == 0 else []), enabled=number % 10 != 0)
        for number in range(count)
    ]
    return [*groups, *users]


def test_ten_thousand_users_and_a_kill(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *people(MANY))
    journal = tmp_path / "in.jsonl.journal"
    with local_server() as server:
        with started(server, "import", str(source)) as process:
            while journal_size(journal) < MANY * len("done 5000\n") // 2:
                assert process.poll() is None
                threading.Event().wait(0.02)
            process.send_signal(signal.SIGKILL)
        done = sum(line.startswith("done") for line in journal.read_text().splitlines())
        assert 0 < done < MANY
        with started(server, "import", str(source)) as process:
            output, errors = process.communicate()
        assert process.returncode == 0, errors
        assert f"{MANY - done} created" in output
        assert f"{done} done before" in output
        with started(server, "export", str(tmp_path / "out.jsonl")) as process:
            output, errors = process.communicate()
        assert output == f"{MANY} users and 5 groups\n", errors
    assert sorted((tmp_path / "out.jsonl").read_text().splitlines()) == sorted(source.read_text().splitlines())


def journal_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def started(server: Server, action: str, *arguments: str) -> subprocess.Popen[str]:
    options = ["--endpoint", server.endpoint, "--user-pool-id", server.user_pool_id, "--progress", "none"]
    return subprocess.Popen([*COMMAND, action, *arguments, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
