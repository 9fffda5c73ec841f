"""It holds: the same calls have the same outcome, and a snapshot is the whole state and nothing but the state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cognito_auth import srp
from cognito_auth.api.account import ForgotPassword, GetUser
from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.structure import Operation
from cognito_auth.api.users import AdminCreateUser, AdminGetUser, ListUsers
from cognito_auth.api.wire import to_wire
from cognito_auth.local import Clock, LocalCognito, Message, Snapshot

from .support import PASSWORD, SENT, START, App, Refused, add_client, key_pair, listed, new_app, new_cognito, refusal


def same(seed: int, **options: Any) -> LocalCognito:
    """Pools at a fixed time, with randomness that anybody can repeat."""
    keys = cycle(key_pair()).__next__
    return LocalCognito(clock=Clock(lambda: START), random_bytes=Random(seed).randbytes, keys=keys, **options)


class Record:
    """An app, and everything that its pool answers to it, byte by byte."""

    def __init__(self, cognito: LocalCognito) -> None:
        self.cognito = cognito
        self.replies: list[tuple[int, dict[str, str], bytes]] = []

    def call(self, operation: Operation[Any]) -> dict[str, Any]:
        reply = self.cognito.call(type(operation).__name__, json.dumps(to_wire(operation)).encode(), sent=SENT)
        self.replies.append((reply.status, dict(reply.headers), reply.body))
        document: dict[str, Any] = json.loads(reply.body or b"{}")
        return document


def live(record: Record) -> None:
    """A little of everything: two pools, users of all kinds, groups, both sign-ins, refusals, time that passes."""
    pool = record.call(CreateUserPool(pool_name="one", alias_attributes=("email",)))["UserPool"]["Id"]
    app = add_client(record.cognito, pool, generate_secret=True)
    other = new_app(record.cognito)
    for number in range(3):
        attributes = listed({"email": f"{number}@example.com", "email_verified": "true"})
        record.call(AdminCreateUser(user_pool_id=pool, username=f"user{number}", user_attributes=attributes))
    other.sign_up("ana", email="ana@example.com")
    record.cognito.clock.move(3600)
    other.confirm("ana")
    record.call(CreateGroup(user_pool_id=pool, group_name="staff", precedence=3))
    record.call(AdminAddUserToGroup(user_pool_id=pool, username="user1", group_name="staff"))
    record.call(AdminAddUserToGroup(user_pool_id=pool, username="nobody", group_name="staff"))
    app.create_user("bob", email="bob@example.com")
    pair = srp.ephemeral(bytes(range(1, srp.EPHEMERAL_BYTES + 1)))
    for name in ("bob", "nobody"):
        parameters = app.parameters(name, SRP_A=pair.srp_a)
        record.call(InitiateAuth(client_id=app.client_id, auth_flow="USER_SRP_AUTH", auth_parameters=parameters))
    parameters = app.parameters("bob", PASSWORD=PASSWORD)
    sign_in = InitiateAuth(client_id=app.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters)
    token = record.call(sign_in)["AuthenticationResult"]["AccessToken"]
    record.call(GetUser(access_token=token))
    record.call(ForgotPassword(client_id=other.client_id, username="ana"))
    record.call(ListUsers(user_pool_id=pool, limit=2))


def outcome(cognito: LocalCognito) -> tuple[object, tuple[Message, ...], list[object]]:
    record = Record(cognito)
    live(record)
    return record.replies, cognito.outbox(), [cognito.key_set(pool) for pool in cognito.pools()]


def test_the_same_calls_have_the_same_outcome(tmp_path: Path) -> None:
    first = outcome(same(7))
    assert outcome(same(7)) == first
    assert outcome(same(7, path=tmp_path / "pool.sqlite")) == first
    assert outcome(same(8)) != first


def test_a_copy_goes_on_as_the_original() -> None:
    original = same(7)
    live(Record(original))
    snapshot = original.snapshot()

    def copy() -> LocalCognito:
        keys = cycle(key_pair()).__next__
        return LocalCognito.from_snapshot(snapshot, clock=Clock(lambda: START), random_bytes=Random(9).randbytes, keys=keys)

    one, two = copy(), copy()
    assert outcome(one) == outcome(two)
    assert one.snapshot() == two.snapshot()


@pytest.fixture(params=["memory", "file"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "pool.sqlite" if request.param == "file" else None


@pytest.fixture
def app(path: Path | None) -> Iterator[App]:
    made = new_app(new_cognito(path=path))
    made.create_user()
    yield made
    made.cognito.close()


def users(app: App) -> list[str | None]:
    return [user.username for user in app.send(ListUsers(user_pool_id=app.pool_id)).users or ()]


def on(cognito: LocalCognito, app: App) -> App:
    return App(cognito, app.pool_id, app.client_id, app.secret)


def copied(snapshot: Snapshot, path: Path | None = None) -> LocalCognito:
    return LocalCognito.from_snapshot(snapshot, path=path, clock=Clock(lambda: START), keys=cycle(key_pair()).__next__)


def test_a_restore_undoes_everything(app: App) -> None:
    app.sign_up("eva", email="eva@example.com")
    app.cognito.clock.move(100)
    snapshot = app.cognito.snapshot()
    session = new_app(app.cognito).pool_id
    app.confirm("eva")
    app.create_user("bob", email="bob@example.com")
    tokens = app.tokens("bob")
    app.cognito.clock.move(1000)
    app.cognito.restore(snapshot)
    assert users(app) == ["ana", "eva"]
    assert session not in app.cognito.pools()
    assert app.cognito.clock.now() == START + 100
    assert len(app.cognito.outbox()) == 1
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")).startswith("NotAuthorized")
    app.confirm("eva")  # the code that was sent before is good again
    assert app.srp_auth("ana").authentication_result
    assert app.cognito.snapshot().shift == 100


def test_a_snapshot_can_be_restored_again_and_again(app: App) -> None:
    snapshot = app.cognito.snapshot()
    for _ in range(3):
        app.sign_up("eva", email="eva@example.com")
        assert users(app) == ["ana", "eva"]
        app.cognito.restore(snapshot)
        assert users(app) == ["ana"]


def test_nothing_is_remembered_past_a_restore(app: App) -> None:
    snapshot = app.cognito.snapshot()
    other = add_client(app.cognito, app.pool_id, explicit_auth_flows=("ALLOW_USER_SRP_AUTH",))
    assert refusal(other.password_auth).startswith("InvalidParameter: USER_PASSWORD_AUTH flow not enabled")
    app.cognito.restore(snapshot)
    assert refusal(other.password_auth) == f"ResourceNotFound: User pool client {other.client_id} does not exist."


def test_planned_failures_end_with_a_restore(app: App) -> None:
    snapshot = app.cognito.snapshot()
    app.cognito.fail("AdminGetUser", "TooManyRequestsException", times=2)
    asked = AdminGetUser(user_pool_id=app.pool_id, username="ana")
    assert refusal(app.send, asked).startswith("TooManyRequests")
    app.cognito.restore(snapshot)
    assert app.send(asked).username == "ana"


def test_a_file_keeps_what_was_restored(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    app = new_app(new_cognito(path=path))
    app.create_user()
    snapshot = app.cognito.snapshot()
    app.sign_up("eva", email="eva@example.com")
    app.cognito.restore(snapshot)
    app.cognito.close()
    again = new_cognito(path=path)
    assert users(on(again, app)) == ["ana"]
    assert on(again, app).tokens().access_token
    again.close()


def test_another_process_sees_the_restored_file(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    one, two = new_cognito(path=path), new_cognito(path=path)
    app = new_app(one)
    snapshot = one.snapshot()
    app.create_user()
    assert users(on(two, app)) == ["ana"]
    one.restore(snapshot)
    assert users(on(two, app)) == []
    two.close()
    one.close()


def test_copies_are_independent(app: App, tmp_path: Path) -> None:
    snapshot = app.cognito.snapshot()
    in_memory = on(copied(snapshot), app)
    in_file = on(copied(snapshot, tmp_path / "copy.sqlite"), app)
    for number, each in enumerate((app, in_memory, in_file)):
        each.sign_up(f"eva{number}", email="eva@example.com")
        each.cognito.clock.move(number)
    assert [users(each) for each in (app, in_memory, in_file)] == [["ana", f"eva{number}"] for number in range(3)]
    assert [each.cognito.clock.now() - START for each in (app, in_memory, in_file)] == [0, 1, 2]
    for each in (in_memory, in_file):
        assert each.cognito.endpoint == app.cognito.endpoint
        each.cognito.close()


def test_tokens_of_before_are_good_in_a_copy(app: App) -> None:
    tokens = app.tokens()
    copy = on(copied(app.cognito.snapshot()), app)
    assert copy.send(GetUser(access_token=tokens.access_token or "")).username == "ana"
    refresh = InitiateAuth(
        client_id=app.client_id,
        auth_flow="REFRESH_TOKEN_AUTH",
        auth_parameters={"REFRESH_TOKEN": tokens.refresh_token or ""},
    )
    assert copy.send(refresh).authentication_result
    assert copy.cognito.key_set(app.pool_id) == app.cognito.key_set(app.pool_id)


def test_a_copy_takes_the_place_of_what_a_file_held(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    old = new_app(new_cognito(path=path))
    old.cognito.close()
    app = new_app()
    copy = copied(app.cognito.snapshot(), path)
    assert copy.pools() == (app.pool_id,)
    copy.close()
    again = new_cognito(path=path)
    assert again.pools() == (app.pool_id,)
    again.close()


def test_a_snapshot_shows_nothing_of_what_it_holds(app: App) -> None:
    app.create_user("secretive", email="secret@example.com")
    snapshot = app.cognito.snapshot()
    assert b"secret@example.com" in snapshot.image
    assert repr(snapshot) == f"<Snapshot of {len(snapshot.image)} bytes>"


def test_snapshots_in_the_midst_of_operations_are_whole() -> None:
    """Every user has the alias that belongs to it, whenever the snapshot is taken."""
    app = new_app(pool={"alias_attributes": ("email",)})

    def write(number: int) -> None:
        app.create_user(f"u{number}", email=f"u{number}@example.com", email_verified="true")

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(write, number) for number in range(40)]
        taken = [app.cognito.snapshot() for _ in range(40)]
    assert all(each.result() is None for each in writing)
    for snapshot in taken[::4]:
        copy = on(copied(snapshot), app)
        for name in users(copy):
            assert copy.send(AdminGetUser(user_pool_id=app.pool_id, username=f"{name}@example.com")).username == name


RACES: dict[str, Callable[[App, int], object]] = {
    "one name": lambda app, number: app.sign_up("ana", email=f"{number}@example.com"),
    "one group": lambda app, _: app.send(CreateGroup(user_pool_id=app.pool_id, group_name="staff")),
}


@pytest.mark.parametrize("run", RACES.values(), ids=RACES)
def test_of_many_at_once_one_wins(run: Callable[[App, int], object]) -> None:
    app = new_app()

    def attempt(number: int) -> str:
        try:
            run(app, number)
        except Refused as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(attempt, range(20))).count("done") == 1
