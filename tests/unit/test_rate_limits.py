"""What counts as one user name and as one address, and which routes are limited."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

import pytest

from cognito_auth.effects import AskStore
from cognito_auth.errors import TooManyAttempts
from cognito_auth.secret import Secret
from cognito_auth.web import ROUTES, Request, WebAuth, WebOptions
from cognito_auth.web.rate_limits import Hit, Limited, named_in_body, normalised, origin_of, require_within_limits, signed_in
from cognito_auth.web.route import Authenticated, Call
from tests.support.scripted import SETTINGS, Scripted
from tests.support.users import user


@pytest.mark.parametrize(
    "spelling",
    ["ana@example.com", "Ana@Example.COM", "  ana@example.com\t", "\uff41\uff4e\uff41@example.com", "an\u1d43@example.com"],
)
def test_one_name_in_many_spellings(spelling: str) -> None:
    assert normalised(spelling) == "ana@example.com"


@pytest.mark.parametrize(("one", "other"), [("Stra\u00dfe", "STRASSE"), ("a\u0301", "\u00c1"), ("\u01c5", "\u01c4")])
def test_spellings_that_fold_into_one(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
    assert normalised(normalised(one)) == normalised(one)


def test_other_names_are_others() -> None:
    assert len({normalised(name) for name in ("ana", "ann", "a na", "ana+1", "ana.")}) == 5


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_what_counts_as_one_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


UNLIMITED: Final = {"refresh", "logout", "passkeys_script"}
"""Open to everybody, and take nothing that could be guessed: what is sealed, a session, nothing at all."""


def test_every_route_that_is_open_to_everybody_is_limited() -> None:
    assert {route.name for route in ROUTES if not route.guarded and route.limited is None} == UNLIMITED


def test_every_route_that_takes_a_code_or_a_password_is_limited() -> None:
    guessable = {"code", "password", "previous_password", "answer"}
    for route in ROUTES:
        if guessable & {member.name for member in route.members}:
            assert route.limited is not None, route.name


class Counting:
    """A store that gives one answer to every request, and notes them."""

    def __init__(self, answer: float | None = None) -> None:
        self.answer: Final = answer
        self.hits: Final[list[Hit]] = []

    def carry_out(self, operation: Any) -> Any:
        self.hits.append(operation)
        return self.answer

    async def carry_out_async(self, operation: Any) -> Any:
        return self.carry_out(operation)


OPTIONS: Final = WebOptions(secrets=(Secret("0123456789" * 4),))
LIMITED: Final = Limited("code", named_in_body)


def call(store: Counting | None, name: str = "ana", client: str | None = "192.0.2.1") -> Call:
    auth = WebAuth(SETTINGS, replace(OPTIONS, limits=store))
    request = Request(method="POST", scheme="https", client=client)
    who = Authenticated(user=user(sub="3f1c2a5e"))
    return Call(auth=auth, request=request, visit=auth.watch.visit(request), body={"username": name}, who=who)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "client", "hit"),
    [
        pytest.param("ana", "192.0.2.1", Hit("code", digest("address 192.0.2.1"), digest("name ana")), id="both"),
        pytest.param(" ANA", "2001:db8::1", Hit("code", digest("address 2001:db8::/64"), digest("name ana")), id="spellings"),
        pytest.param("ana", None, Hit("code", None, digest("name ana")), id="no address"),
    ],
)
def test_who_is_counted_is_told_as_hashes(name: str, client: str | None, hit: Hit) -> None:
    """The same hashes by every process of every release, which count together."""
    store = Counting()
    Scripted().run(require_within_limits(call(store, name, client), LIMITED))
    assert store.hits == [hit]


def test_one_too_many() -> None:
    with pytest.raises(TooManyAttempts) as caught:
        Scripted().run(require_within_limits(call(Counting(7.5)), LIMITED))
    assert (str(caught.value), caught.value.retry_after) == ("too many requests of the kind code", 7.5)


def test_nothing_is_counted_without_a_limit_or_a_store() -> None:
    store, driver = Counting(7.5), Scripted()
    driver.run(require_within_limits(call(store), None))
    driver.run(require_within_limits(call(None), LIMITED))
    assert not [effect for effect in driver.asked if isinstance(effect, AskStore)]


def test_whom_a_request_is_about() -> None:
    assert Scripted().run(named_in_body(call(None, "Ana"))) == "Ana"
    assert Scripted().run(signed_in(call(None, "Ana"))) == "3f1c2a5e"
