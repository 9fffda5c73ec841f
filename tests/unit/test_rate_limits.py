"""What counts as one user name and as one address, and which routes are limited."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.web import ROUTES
from cognito_auth.web.rate_limits import normalised, origin_of


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
