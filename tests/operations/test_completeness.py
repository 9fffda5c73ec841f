"""The journeys see every member of every reply and every declared error, but for a table of exceptions, which is true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import cycle

import httpx

from cognito_auth.api import OPERATIONS
from cognito_auth.local import LocalCognito, LocalTransport, Triggers
from cognito_auth.local.base.keys import generate_key

from .drivers import HttpTools, Ours
from .lacks import POOL_LACKS
from .not_produced import NOT_PRODUCED
from .record import Recorder, declared, reply_of
from .registry import JOURNEYS
from .triggers import functions
from .world import World


@cache
def seen() -> Mapping[str, frozenset[str]]:
    """What all journeys see, in this process."""
    keys = generate_key(), generate_key()
    cognito = LocalCognito(keys=cycle(keys).__next__, triggers=Triggers(functions=functions))
    transport = LocalTransport(cognito)
    recorder = Recorder(Ours(cognito.endpoint, transport))
    with httpx.Client(base_url=cognito.endpoint, transport=transport) as http:
        world = World(api=recorder, tools=HttpTools(http))
        for name, journey in JOURNEYS.items():
            if name not in POOL_LACKS:
                journey.steps(world)
    cognito.close()
    return {name: frozenset(recorder.seen[name]) for name in OPERATIONS}


def expected(operation: str) -> frozenset[str]:
    """The declared codes, and the members of the reply."""
    return OPERATIONS[operation].errors | frozenset(declared(reply_of(operation)))


def excepted(operation: str) -> frozenset[str]:
    """What the table excepts of an operation."""
    named = {name for entry in NOT_PRODUCED if operation in entry.operations for name in entry.names}
    return frozenset(name for name in expected(operation) if any(f"{name}.".startswith(f"{each}.") for each in named))


def test_everything_declared_is_seen() -> None:
    missing = {name: sorted(expected(name) - seen()[name] - excepted(name)) for name in sorted(OPERATIONS)}
    assert {name: names for name, names in missing.items() if names} == {}


def test_the_exceptions_are_true() -> None:
    untrue = [
        f"{operation}: {name}"
        for entry in NOT_PRODUCED
        for operation in sorted(entry.operations)
        for name in sorted(entry.names)
        if name not in expected(operation) or name in seen()[operation]
    ]
    assert untrue == []


def test_no_other_errors_are_seen() -> None:
    undeclared = {
        name: sorted(code for code in codes - OPERATIONS[name].errors if code.endswith("Exception"))
        for name, codes in seen().items()
    }
    assert {name: codes for name, codes in undeclared.items() if codes} == {}


def test_every_operation_has_a_journey_of_its_own() -> None:
    about = {name for journey in JOURNEYS.values() for name in journey.operations if not journey.name.startswith("common.")}
    assert about == OPERATIONS.keys()
