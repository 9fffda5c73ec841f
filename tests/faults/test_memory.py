"""Memory stays flat, however many requests come, good and bad.

``COGNITO_AUTH_REQUESTS`` says how many, where it is set. ``benchmarks/load.py`` does the same to real processes over real
connections.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import count, cycle
from typing import Final

import pytest

from cognito_auth.client import CognitoClient
from cognito_auth.errors import CognitoAuthError
from cognito_auth.flows import sign_in
from cognito_auth.sessions import Session
from cognito_auth.states import SignedIn
from cognito_auth.stores import MemoryStore
from cognito_auth.web import Request, ServerSessions, WebAuth, WebOptions

from ..scenarios.world import PASSWORD, World
from .guarded import OPTIONS
from .key_server import access_token

REQUESTS: Final = int(os.environ.get("COGNITO_AUTH_REQUESTS", "30000"))
WARM_UP: Final = 3_000
PER_REQUEST: Final = 0.02
"""Blocks of memory that may be left of each request: one object for each would be one at least."""
HOST: Final = ("Host", "app.example.com")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with closing(World()) as made:
        yield made


def requests(world: World, web: WebAuth, client: CognitoClient) -> Iterator[Request]:
    """Good ones, and no two bad ones alike."""
    username = world.name()
    world.create_user(web.settings, username)
    state = client.run(sign_in(username, PASSWORD))
    assert isinstance(state, SignedIn)
    good, bad = state.tokens.access_token, access_token("nobody's")
    payload, signature = bad.split(".")[1:]
    first = Request(method="GET", scheme="https", headers=(HOST,))
    (cookie,) = client.run(web.keeper.begin(first, Session(username=username, tokens=state.tokens)))
    kinds = cycle(range(6))
    for number in count():
        headers = {
            0: ("Authorization", f"Bearer {good}"),
            1: ("Authorization", f"Bearer {good[:-12]}{number:012}"),
            2: ("Authorization", f"Bearer {bad[:8]}{number:08}.{payload}.{signature}"),
            3: ("Authorization", f"Bearer {number}.{number}.{number}"),
            4: ("Cookie", f"{cookie.name}={number:043}"),
            5: ("Cookie", f"{cookie.name}={cookie.value}"),
        }
        yield Request(method="GET", scheme="https", headers=(HOST, headers[next(kinds)]))


def test_memory_is_flat(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "cognito_auth")  # what is logged, the test run keeps
    settings, surroundings = world.settings(), world.stand.surroundings
    options = WebOptions(secrets=OPTIONS.secrets, sessions=ServerSessions(store=MemoryStore()))
    web = WebAuth(settings, options)
    passed = 0
    with CognitoClient(settings, transport=world.stand.transport, surroundings=surroundings) as client:
        come = requests(world, web, client)

        def blocks_after(number: int) -> int:
            nonlocal passed
            for _ in range(number):
                try:
                    client.run(web.authenticate(next(come)))
                    passed += 1
                except CognitoAuthError:
                    continue
            gc.collect()
            return sys.getallocatedblocks()

        before = blocks_after(WARM_UP)
        left = blocks_after(REQUESTS) - before
    assert passed == (WARM_UP + REQUESTS) // 3, "two of six are good"
    assert left < REQUESTS * PER_REQUEST
