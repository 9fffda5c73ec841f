"""Listings in pages: what is asked for, where they end, and what the two drivers make of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final, cast

import anyio
import pytest

from cognito_auth.api import OPERATIONS, AnyOperation, reply_type
from cognito_auth.api.listing import Listing
from cognito_auth.api.types import User
from cognito_auth.api.users import ListUsers, ListUsersReply
from cognito_auth.client import AsyncCognitoClient, CognitoClient, Surroundings
from cognito_auth.config import Settings
from cognito_auth.errors import InternalError, ProtocolError
from cognito_auth.pagination import Pager
from tests.support.administration import CREDENTIALS
from tests.support.filled import filled
from tests.support.peer import Peer, peer
from tests.support.scripted import SETTINGS, Scripted
from tests.support.service_model import paginators, service_model

NO_PAUSES: Final = Surroundings(random_bytes=bytes)
FAILED: Final = (500, {"__type": "InternalErrorException"})
UNLISTED: Final = {"AdminListDevices", "ListDevices", "ListUserSessions", "ListWebAuthnCredentials"}
"""Operations with classes here that answer in pages, of which botocore's list of paginators does not know."""

Collect = Callable[[Settings, Any], list[Any]]


# What is paged


def paged_operations() -> dict[str, type[AnyOperation]]:
    return {name: kind for name, kind in OPERATIONS.items() if hasattr(kind, "paged")}


def test_every_operation_with_a_token_in_and_out_is_paged() -> None:
    found: set[str] = set()
    for name in OPERATIONS:
        model = service_model().operation_model(name)
        tokens = {"NextToken", "PaginationToken"} & set(model.input_shape.members)
        if model.output_shape is not None and tokens & set(model.output_shape.members):
            found.add(name)
    assert paged_operations().keys() == found
    assert found == (paginators().keys() & OPERATIONS.keys()) | UNLISTED


@pytest.mark.parametrize("name", sorted(paged_operations()))
def test_members_are_those_that_botocore_names(name: str) -> None:
    paged = cast("Any", OPERATIONS[name]).paged
    items, token = (wire_name(text) for text in (paged.items, paged.token))
    if name in UNLISTED:
        model = service_model().operation_model(name)
        (listed,) = (key for key, shape in model.output_shape.members.items() if shape.type_name == "list")
        assert items == listed
        assert token in model.input_shape.members
        assert token in model.output_shape.members
    else:
        known = paginators()[name]
        assert (items, token, token) == (known["result_key"], known["input_token"], known["output_token"])


def wire_name(attribute: str) -> str:
    return "".join(word.capitalize() for word in attribute.split("_"))


@pytest.mark.parametrize("name", sorted(paged_operations()))
def test_every_listing_goes_on_with_the_token(name: str) -> None:
    operation = cast("Any", filled(OPERATIONS[name], "s", "p"))
    paged = operation.paged
    reply = reply_type(OPERATIONS[name])
    first, last = (reply(**{paged.items: (each,), paged.token: token}) for each, token in (("a", "t1"), ("b", None)))
    driver = Scripted([first, last])
    assert everything(operation, driver) == ["a", "b"]
    assert driver.operations == [operation, replace(operation, **{paged.token: "t1"})]


# Where a listing ends


def users(*names: str, token: str | None = None) -> ListUsersReply:
    return ListUsersReply(users=tuple(User(username=name) for name in names), pagination_token=token)


def everything(listing: Listing[Any, Any], driver: Scripted) -> list[Any]:
    pager = Pager(listing)
    found: list[Any] = []
    while pager.more:
        found += driver.run_on(pager.items())
    return found


def names(found: list[Any]) -> list[str]:
    return [user.username for user in found]


def test_an_empty_page_with_a_token_is_not_the_end() -> None:
    driver = Scripted([users("ana", token="1"), users(token="2"), ListUsersReply(pagination_token="3"), users("bea")])
    assert names(everything(ListUsers(), driver)) == ["ana", "bea"]


@pytest.mark.parametrize("last", [users(), ListUsersReply(), users(token="")], ids=["empty", "left-out", "empty-token"])
def test_an_empty_listing(last: ListUsersReply) -> None:
    assert everything(ListUsers(), Scripted([last])) == []


def test_what_was_asked_for_stays_and_a_token_is_where_it_begins() -> None:
    driver = Scripted([users("ana", token="2"), users("bea")])
    everything(ListUsers(filter='email ^= "a"', limit=7, pagination_token="1"), driver)
    assert driver.operations == [
        ListUsers(filter='email ^= "a"', limit=7, pagination_token="1"),
        ListUsers(filter='email ^= "a"', limit=7, pagination_token="2"),
    ]


@pytest.mark.parametrize(
    ("start", "tokens"),
    [(None, ["1", "1"]), ("1", ["1"]), (None, ["1", "2", "1"]), (None, ["1", "2", "3", "2"])],
    ids=["repeated", "that-it-began-with", "in-a-circle", "in-a-later-circle"],
)
def test_tokens_that_come_again_end_with_an_error(start: str | None, tokens: list[str]) -> None:
    driver = Scripted([users("ana", token=token) for token in tokens])
    with pytest.raises(ProtocolError, match=r"ListUsers: .* twice"):
        everything(ListUsers(pagination_token=start), driver)
    assert len(driver.operations) == len(tokens)


def test_after_a_circle_there_is_no_more() -> None:
    pager = Pager(ListUsers(pagination_token="1"))
    with pytest.raises(ProtocolError):
        Scripted([users(token="1")]).run(pager.page())
    assert not pager.more


# Both drivers


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with peer() as running:
        yield running


def collect_blocking(settings: Settings, listing: Any) -> list[Any]:
    with CognitoClient(settings, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
        return [*client.items(listing)]


def collect_pages(settings: Settings, listing: Any) -> list[Any]:
    with CognitoClient(settings, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
        return [user for page in client.pages(listing) for user in page.users or ()]


def collect_later(settings: Settings, listing: Any) -> list[Any]:
    async def main() -> list[Any]:
        async with AsyncCognitoClient(settings, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
            return [item async for item in client.items(listing)]

    return anyio.run(main)


def collect_pages_later(settings: Settings, listing: Any) -> list[Any]:
    async def main() -> list[Any]:
        async with AsyncCognitoClient(settings, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
            return [user async for page in client.pages(listing) for user in page.users or ()]

    return anyio.run(main, backend="trio")


@pytest.fixture(params=[collect_blocking, collect_pages, collect_later, collect_pages_later])
def collect(request: pytest.FixtureRequest) -> Collect:
    return cast("Collect", request.param)


def page(*names: str, token: str | None = None) -> tuple[int, Any]:
    return 200, {"Users": [{"Username": name} for name in names], "PaginationToken": token}


def test_each_page_is_tried_again_like_any_read(server: Peer, collect: Collect) -> None:
    server.received.clear()
    server.answers.extend([page("ana", "bea", token="1"), FAILED, FAILED, page(token="2"), page("eva")])
    assert names(collect(replace(SETTINGS, endpoint=server.url), ListUsers(limit=2))) == ["ana", "bea", "eva"]
    sent = [json.loads(each.body).get("PaginationToken") for each in server.received]
    assert sent == [None, "1", "1", "1", "2"]
    assert {json.loads(each.body)["Limit"] for each in server.received} == {2}


def test_an_error_ends_it(server: Peer, collect: Collect) -> None:
    server.answers.extend([page("ana", token="1"), FAILED, FAILED, FAILED])
    with pytest.raises(InternalError):
        collect(replace(SETTINGS, endpoint=server.url), ListUsers())
    assert server.answers == []


def test_a_circle_ends_it(server: Peer, collect: Collect) -> None:
    server.answers.extend([page("ana", token="1"), page("bea", token="1")])
    with pytest.raises(ProtocolError, match="twice"):
        collect(replace(SETTINGS, endpoint=server.url), ListUsers())
    assert server.answers == []


def test_pages_are_asked_for_when_they_are_wanted(server: Peer) -> None:
    settings = replace(SETTINGS, endpoint=server.url)
    server.received.clear()
    server.answers.append(page("ana", "bea", token="1"))

    async def later() -> str | None:
        async with (
            AsyncCognitoClient(settings, credentials=CREDENTIALS) as client,
            aclosing(client.items(ListUsers())) as found,
        ):
            return (await anext(found)).username

    assert anyio.run(later) == "ana"
    server.answers.append(page("ana", "bea", token="1"))
    with CognitoClient(settings, credentials=CREDENTIALS) as client:
        listed = client.items(ListUsers())
        assert [next(listed).username, next(listed).username] == ["ana", "bea"]
    assert len(server.received) == 2
