"""What is secret does not show: not in a repr, not in a string, nowhere below."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.raw import NamedOperation, UnsignedNamedOperation
from cognito_auth.api.structure import Structure, members
from cognito_auth.client import AwsCredentials
from cognito_auth.effects import HttpRequest, HttpResponse
from cognito_auth.secret import MASK, Secret
from cognito_auth.sessions import Session
from cognito_auth.states import Event, PasswordVerifier, State
from tests.support.classes import below
from tests.support.filled import filled

CANARY: Final = "canary-in-the-mine"
PLAIN: Final = "plain-as-day"


UNKNOWN: Final = {NamedOperation, UnsignedNamedOperation}
"""Nothing is known of their members; their own test sees that they show none."""
STRUCTURES: Final[list[type[Structure]]] = sorted(
    {kind for kind in below(Structure) if kind.__module__.startswith("cognito_auth.")} - UNKNOWN,
    key=lambda kind: (kind.__name__, kind.__module__),
)


@pytest.mark.parametrize("kind", STRUCTURES, ids=lambda kind: kind.__name__)
def test_structures_show_no_sensitive_member(kind: type[Structure]) -> None:
    value = filled(kind, CANARY, PLAIN)
    shown = f"{value!r} {value} {[value]!r} {value:}"
    assert CANARY not in shown
    for member in members(kind):
        assert f"{member.attribute}={MASK}" in shown or not member.sensitive
    assert (PLAIN in shown) == (PLAIN in str(_plain(value)))


def _plain(value: Structure) -> list[Any]:
    """What a structure holds that is not marked."""
    found: list[Any] = []
    for member in members(type(value)):
        item = getattr(value, member.attribute)
        if not member.sensitive:
            found.append(_plain(item) if isinstance(item, Structure) else item)
    return found


def test_structures_of_every_layer_are_among_them() -> None:
    assert {*OPERATIONS.values(), *map(reply_type, OPERATIONS.values()), *below(State), *below(Event), Session} <= {*STRUCTURES}
    sensitive = [kind for kind in STRUCTURES if any(member.sensitive for member in members(kind))]
    assert len(sensitive) > 50


def test_the_password_in_a_state_of_one_request() -> None:
    pair = srp.ephemeral(b"\x07" * 32)
    challenge = srp.Challenge(salt=1, B=2, secret_block=CANARY.encode())
    state = PasswordVerifier(
        username="ana", user_id="ana", session=CANARY, password=CANARY, secret_block=CANARY, pair=pair, srp=challenge
    )
    assert CANARY not in f"{state!r} {state}"
    assert str(pair.a) not in f"{state!r} {pair!r}"
    assert CANARY not in repr(challenge)


def test_secret() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret!r} {secret} {secret:} {[secret]} {vars(type(secret))}"
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY)
    assert secret != Secret(PLAIN)
    assert secret != CANARY
    assert Secret("ä") == Secret("ä")
    assert len({secret, Secret(CANARY), Secret(PLAIN)}) == 2
    assert secret
    assert not Secret("")


def test_requests_answers_and_credentials() -> None:
    request = HttpRequest(method="POST", url="https://e.example/", headers={"Authorization": CANARY}, body=CANARY.encode())
    response = HttpResponse(status=200, headers={"set-cookie": CANARY}, body=CANARY.encode())
    credentials = AwsCredentials(access_key_id="AKIA", secret_access_key=Secret(CANARY), session_token=Secret(CANARY))
    assert CANARY not in f"{request!r} {response!r} {credentials!r}"
