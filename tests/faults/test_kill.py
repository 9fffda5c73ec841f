"""``kill -9`` at any moment: what was answered is kept, and nothing is kept by halves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from cognito_auth.api.wire import TARGET_PREFIX
from cognito_auth.local.store.storage import Storage, Transaction
from cognito_auth.local.store.tables import (
    ALIASES,
    CLIENTS,
    CODES,
    GRANTS,
    GROUPS,
    LETTERS,
    MEMBERSHIPS,
    POOLS,
    REFRESH_TOKENS,
    TABLES,
    USERS,
)
from tests.local.support import FLOWS, PASSWORD, SIGNED
from tests.support.local_server import local_server

ROUNDS: Final = 3
WRITERS: Final = 4
MOST_ANSWERS: Final = 80
"""How many operations are answered, at most, before the process is killed."""


@dataclass(slots=True)
class Kept:
    """What the pool has answered for: after a restart it has to be there."""

    users: dict[str, str] = field(default_factory=dict[str, str])
    """Names with their subs."""
    signing_in: set[str] = field(default_factory=set[str])
    groups: set[str] = field(default_factory=set[str])
    members: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    gone: set[str] = field(default_factory=set[str])
    """Groups that were deleted."""
    tokens: list[str] = field(default_factory=list[str])
    """Refresh tokens."""


class Killed(Exception):
    """The process is gone."""


class Face:
    """The pool over HTTP. ``answered`` is called after each reply."""

    def __init__(self, endpoint: str, answered: Callable[[], None] = lambda: None) -> None:
        self._web = httpx.Client(base_url=endpoint)
        self._answered = answered

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """Raises `Killed` when no reply comes."""
        headers = {"X-Amz-Target": f"{TARGET_PREFIX}{operation}", "Authorization": SIGNED}
        try:
            reply = self._web.post("/", headers=headers, json=members)
        except httpx.TransportError:
            raise Killed from None
        assert reply.status_code == 200, reply.text
        self._answered()
        document: dict[str, Any] = json.loads(reply.content or b"{}")
        return document

    def close(self) -> None:
        self._web.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One who writes under names of its own, until the process is killed."""

    face: Face
    pool_id: str
    client_id: str
    kept: Kept
    prefix: str
    random: Random

    def run(self) -> None:
        with suppress(Killed):
            for number in range(MOST_ANSWERS):
                self._one(f"{self.prefix}-{number}")
        self.face.close()

    def _one(self, name: str) -> None:
        call, kept, pool = self.face.call, self.kept, {"UserPoolId": self.pool_id}
        attributes = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
        made = call("AdminCreateUser", **pool, Username=name, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"])
        kept.users[name] = made["User"]["Attributes"][0]["Value"]
        call("AdminSetUserPassword", **pool, Username=name, Password=PASSWORD, Permanent=True)
        kept.signing_in.add(name)
        call("CreateGroup", **pool, GroupName=name)
        kept.groups.add(name)
        for member in self.random.sample(sorted(each for each in kept.users if each.startswith(self.prefix)), 1):
            call("AdminAddUserToGroup", **pool, Username=member, GroupName=name)
            kept.members.add((member, name))
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        reply = call("InitiateAuth", ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        kept.tokens.append(reply["AuthenticationResult"]["RefreshToken"])
        if self.random.random() < 0.3:
            kept.groups.discard(name)
            kept.members -= {pair for pair in kept.members if pair[1] == name}
            call("DeleteGroup", **pool, GroupName=name)
            kept.gone.add(name)


def check_kept(face: Face, pool_id: str, client_id: str, kept: Kept) -> None:
    """Ask the restarted process for everything that was answered."""
    pool = {"UserPoolId": pool_id}
    for name, sub in kept.users.items():
        for known_as in (name, f"{name}@example.com"):
            found = face.call("AdminGetUser", **pool, Username=known_as)
            assert (found["Username"], found["UserAttributes"][0]["Value"]) == (name, sub)
        if name in kept.signing_in:
            assert found["UserStatus"] == "CONFIRMED"
        of_user = face.call("AdminListGroupsForUser", **pool, Username=name).get("Groups", [])
        in_groups = {group["GroupName"] for group in of_user}
        assert in_groups >= {group for member, group in kept.members if member == name}
        assert not in_groups & kept.gone
    for name in kept.groups:
        assert face.call("GetGroup", **pool, GroupName=name)["Group"]["GroupName"] == name
    for token in kept.tokens:
        renewed = {"REFRESH_TOKEN": token}
        face.call("InitiateAuth", ClientId=client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=renewed)


def check_whole(path: Path) -> None:
    """Whatever refers to something refers to something that is there, in every table."""
    storage = Storage(path, TABLES)
    with closing(storage), storage.transaction(writes=False) as records:
        pools = {pool.id for pool in records.find(POOLS)}
        users = {(user.pool_id, user.name): user for user in records.find(USERS)}
        groups = {(group.pool_id, group.name) for group in records.find(GROUPS)}
        clients = {client.id: client.pool_id for client in records.find(CLIENTS)}
        grants = {grant.id: grant for grant in records.find(GRANTS)}
        assert set(clients.values()) <= pools
        assert {pool for pool, _ in groups} | {pool for pool, _ in users} <= pools
        check_aliases(records, set(users))
        for membership in records.find(MEMBERSHIPS):
            assert (membership.pool_id, membership.user) in users
            assert (membership.pool_id, membership.group) in groups
        for grant in grants.values():
            assert users[grant.pool_id, grant.user].sub == grant.sub
            assert clients[grant.client_id] == grant.pool_id
        owners = [token.grant for token in records.find(REFRESH_TOKENS)]
        assert sorted(owners) == sorted(grants)
        sent = [(code.pool_id, code.user) for code in records.find(CODES)]
        sent += [(letter.pool_id, letter.user) for letter in records.find(LETTERS)]
        assert set(sent) <= set(users)
        for table in TABLES:
            assert records.count(table) == len(list(records.find(table)))


def check_aliases(records: Transaction, users: set[tuple[str, str]]) -> None:
    """Every user has one alias, the address, and there are no others."""
    aliases = list(records.find(ALIASES))
    assert {(alias.pool_id, alias.user) for alias in aliases} == users
    assert len(aliases) == len(users)
    assert all(alias.value == f"{alias.user}@example.com" for alias in aliases)


def killed(path: Path, random: Random, rounds: list[Kept], ids: list[str]) -> None:
    """Start the process, check what the last one answered, let the writers write, and kill it at a moment that nobody knows."""
    with local_server("--state", str(path)) as server:
        with closing(Face(server.endpoint)) as face:
            if not ids:
                ids += made_pool(face)
            check_kept(face, ids[0], ids[1], rounds[-1] if rounds else Kept())
        rounds.append(Kept())
        left = threading.Semaphore(random.randrange(MOST_ANSWERS // 2, MOST_ANSWERS))

        def answered() -> None:
            if not left.acquire(blocking=False):
                server.process.kill()

        writers = [
            Writer(
                face=Face(server.endpoint, answered),
                pool_id=ids[0],
                client_id=ids[1],
                kept=rounds[-1],
                prefix=f"{len(rounds)}-{each}",
                random=Random(random.random()),
            )
            for each in range(WRITERS)
        ]
        with ThreadPoolExecutor(WRITERS) as threads:
            for result in [threads.submit(writer.run) for writer in writers]:
                result.result()
        assert server.process.wait() == -9


def made_pool(face: Face) -> Iterator[str]:
    pool = face.call("CreateUserPool", PoolName="tests", AliasAttributes=["email"])["UserPool"]["Id"]
    yield pool
    client = face.call("CreateUserPoolClient", UserPoolId=pool, ClientName="tests", ExplicitAuthFlows=FLOWS)
    yield client["UserPoolClient"]["ClientId"]


def test_nothing_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    path, random = tmp_path / "pool.sqlite", Random(5)
    rounds: list[Kept] = []
    ids: list[str] = []
    for _ in range(ROUNDS):
        killed(path, random, rounds, ids)
        check_whole(path)
    with local_server("--state", str(path)) as server, closing(Face(server.endpoint)) as face:
        for kept in rounds:
            check_kept(face, ids[0], ids[1], kept)
    assert all(len(kept.users) >= WRITERS for kept in rounds)
    assert any(kept.gone for kept in rounds)
