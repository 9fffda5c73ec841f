"""States as they are kept between two requests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth import srp
from cognito_auth.errors import SealError
from cognito_auth.sessions import Session
from cognito_auth.sessions.session import pack_state, unpack_state
from cognito_auth.states import (
    SEALABLE,
    Challenge,
    Course,
    Device,
    DevicePasswordVerifier,
    DeviceSrpAuth,
    PasswordVerifier,
    SoftwareTokenVerified,
    Tokens,
)
from tests.support.filled import filled, structures

KINDS: Final[dict[type[Challenge], st.SearchStrategy[Challenge]]] = {kind: structures(kind) for kind in SEALABLE.values()}
DEVICE: Final = Device(key="eu-west-1_ab", group_key="group", secret="device-secret")


@pytest.mark.parametrize("kind", SEALABLE.values(), ids=SEALABLE.keys())
@given(data=st.data())
def test_states(kind: type[Challenge], data: st.DataObject) -> None:
    state = data.draw(KINDS[kind])
    assert unpack_state(json.loads(json.dumps(pack_state(state)))) == state


@pytest.mark.parametrize("kind", SEALABLE.values(), ids=SEALABLE.keys())
def test_a_kept_state_holds_the_whole_course_of_its_sign_in(kind: type[Challenge]) -> None:
    """The device's secret too: its challenges may come after this one."""
    course = Course(administrator=True, flow="USER_AUTH", device=DEVICE, device_forgotten=True)
    state = replace(filled(kind, "secret", "plain"), course=course)
    opened = unpack_state(json.loads(json.dumps(pack_state(state))))
    assert opened.course == course
    assert "device-secret" not in repr(opened)


def test_states_of_one_request_are_never_kept() -> None:
    pair = srp.ephemeral(bytes(32))
    challenge = srp.Challenge(salt=1, B=2, secret_block=b"")
    verifier = PasswordVerifier(username="ana", user_id="ana", password="secret", secret_block="", pair=pair, srp=challenge)
    device = DevicePasswordVerifier(username="ana", secret_block="", pair=pair, srp=challenge)
    asked = DeviceSrpAuth(username="ana")
    for state in (SoftwareTokenVerified(username="ana"), verifier, device, asked, Challenge(username="ana")):
        with pytest.raises(TypeError) as caught:
            pack_state(state)
        assert str(caught.value) == f"{type(state).__name__} is not a state that outlives a request"


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "Username", "Choices"]), inner),
    max_leaves=5,
)


@given(JSON)
def test_any_document_at_all_holds_no_state(document: Any) -> None:
    with pytest.raises(SealError):
        unpack_state(document)


@pytest.mark.parametrize(
    "name",
    [
        "SignedIn",
        "PasswordVerifier",
        "DeviceSrpAuth",
        "DevicePasswordVerifier",
        "SoftwareTokenVerified",
        "Challenge",
        "None",
        ["SmsMfa"],
        {},
        None,
    ],
)
def test_states_by_other_names(name: object) -> None:
    with pytest.raises(SealError) as caught:
        unpack_state({"name": name, "Username": "ana"})
    assert str(caught.value) == "holds a state of another kind"


@pytest.mark.parametrize("document", [None, [], "SmsMfa", 1], ids=repr)
def test_what_is_no_object_holds_no_state(document: object) -> None:
    with pytest.raises(SealError) as caught:
        unpack_state(document)
    assert str(caught.value) == "holds no state"


def test_neither_session_nor_state_shows_its_secrets() -> None:
    session = Session(username="ana", tokens=Tokens(access_token="canary", id_token="canary", refresh_token="canary"))
    assert "canary" not in repr(session)


@pytest.mark.parametrize("members", [{}, {"Username": None}, {"Username": 1}, {"Username": "ana", "Course": []}], ids=repr)
def test_states_that_are_not_whole(members: dict[str, Any]) -> None:
    """As an older version of this library may have left them."""
    with pytest.raises(SealError) as caught:
        unpack_state({"name": "SmsMfa", **members})
    assert str(caught.value) == "holds no whole state"
