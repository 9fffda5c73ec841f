"""The JSON form of every structure, there and back, and what is no such form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.account import GetUserReply
from cognito_auth.api.auth import AuthReply, InitiateAuth
from cognito_auth.api.groups import CreateGroupReply, Group
from cognito_auth.api.passkeys import CompleteWebAuthnRegistration
from cognito_auth.api.sign_up import SignUp, SignUpReply
from cognito_auth.api.structure import Constraint, Document, NoReply, Operation, Structure, members, structure
from cognito_auth.api.types import Attribute
from cognito_auth.api.wire import MalformedValue, from_wire, to_wire
from cognito_auth.secret import MASK
from tests.support.filled import filled, structures

EVERY: Final = sorted({*OPERATIONS.values(), *map(reply_type, OPERATIONS.values())}, key=lambda kind: kind.__name__)


def transported(value: Structure) -> Structure:
    return from_wire(type(value), json.loads(json.dumps(to_wire(value))))


@settings(max_examples=300)
@given(st.sampled_from(EVERY).flatmap(structures))
def test_there_and_back(value: Structure) -> None:
    assert transported(value) == value


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_there_and_back_with_every_member(kind: type[Structure]) -> None:
    value = filled(kind, "secret", "plain")
    assert transported(value) == value
    assert set(to_wire(value)) == {member.wire_name for member in members(kind)}


def test_names_and_absent_members() -> None:
    operation = SignUp(username="ana", user_attributes=(Attribute(name="email", value="a@e"), Attribute(name="x")))
    assert to_wire(operation) == {
        "Username": "ana",
        "ClientId": "",
        "UserAttributes": [{"Name": "email", "Value": "a@e"}, {"Name": "x"}],
    }


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        pytest.param(1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), id="whole"),
        pytest.param(1_700_000_000.25, datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC), id="fraction"),
        pytest.param(0, datetime(1970, 1, 1, tzinfo=UTC), id="epoch"),
        pytest.param(-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), id="before"),
    ],
)
def test_times(seconds: float, moment: datetime) -> None:
    reply = CreateGroupReply(group=Group(creation_date=moment))
    assert to_wire(reply) == {"Group": {"CreationDate": seconds}}
    assert from_wire(CreateGroupReply, {"Group": {"CreationDate": seconds}}) == reply


def test_unknown_members_are_ignored_and_null_is_absent() -> None:
    known = {"UserConfirmed": True, "UserSub": "1"}
    expected = SignUpReply(user_confirmed=True, user_sub="1")
    assert from_wire(SignUpReply, {**known, "Riddle": {"deep": [1]}, "Session": None}) == expected
    assert from_wire(NoReply, {"anything": 1}) == NoReply()
    entries = from_wire(AuthReply, {"ChallengeParameters": {"USERNAME": "ana", "DEVICE_KEY": None}}).challenge_parameters
    assert entries == {"USERNAME": "ana"}


WRONG: Final[dict[str, tuple[type[Structure], Any, str, str]]] = {
    "no-object": (SignUpReply, [], "", "an object"),
    "nothing": (SignUpReply, None, "", "an object"),
    "text": (SignUpReply, "x", "", "an object"),
    "required-absent": (SignUpReply, {"UserConfirmed": True}, "UserSub", "there"),
    "required-null": (SignUpReply, {"UserConfirmed": True, "UserSub": None}, "UserSub", "there"),
    "number-for-text": (SignUpReply, {"UserConfirmed": True, "UserSub": 1}, "UserSub", "a str"),
    "number-for-flag": (SignUpReply, {"UserConfirmed": 1, "UserSub": "1"}, "UserConfirmed", "a bool"),
    "text-for-flag": (SignUpReply, {"UserConfirmed": "true", "UserSub": "1"}, "UserConfirmed", "a bool"),
    "flag-for-number": (AuthReply, {"AuthenticationResult": {"ExpiresIn": True}}, "AuthenticationResult.ExpiresIn", "a int"),
    "fraction-for-number": (AuthReply, {"AuthenticationResult": {"ExpiresIn": 1.5}}, "AuthenticationResult.ExpiresIn", "a int"),
    "object-for-list": (GetUserReply, {"Username": "a", "UserAttributes": {}}, "UserAttributes", "a list"),
    "item-no-object": (GetUserReply, {"Username": "a", "UserAttributes": [{"Name": "x"}, 1]}, "UserAttributes.2", "an object"),
    "item-without-name": (GetUserReply, {"Username": "a", "UserAttributes": [{}]}, "UserAttributes.1.Name", "there"),
    "item-null": (GetUserReply, {"Username": "a", "UserAttributes": [None]}, "UserAttributes.1", "an object"),
    "list-for-map": (AuthReply, {"ChallengeParameters": []}, "ChallengeParameters", "an object"),
    "entry-no-text": (AuthReply, {"ChallengeParameters": {"A": 1}}, "ChallengeParameters.A", "a str"),
    "time-as-text": (CreateGroupReply, {"Group": {"CreationDate": "2030"}}, "Group.CreationDate", "a number of seconds"),
    "time-as-flag": (CreateGroupReply, {"Group": {"CreationDate": True}}, "Group.CreationDate", "a number of seconds"),
    "time-not-a-number": (CreateGroupReply, {"Group": {"CreationDate": float("nan")}}, "Group.CreationDate", "a time"),
    "time-infinite": (CreateGroupReply, {"Group": {"CreationDate": float("inf")}}, "Group.CreationDate", "a time"),
    "time-far-away": (CreateGroupReply, {"Group": {"CreationDate": 10**400}}, "Group.CreationDate", "a time"),
}


@pytest.mark.parametrize(("kind", "document", "path", "expected"), WRONG.values(), ids=WRONG.keys())
def test_malformed_values(kind: type[Structure], document: Any, path: str, expected: str) -> None:
    with pytest.raises(MalformedValue) as caught:
        from_wire(kind, document)
    assert (caught.value.path, caught.value.expected) == (path, expected)
    assert str(caught.value) == f"{path or 'the value'} is not {expected}"


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(kind=st.sampled_from(EVERY), values=st.lists(JSON, min_size=40, max_size=40))
def test_nothing_but_a_structure_or_a_malformed_value_comes_of_any_document(kind: type[Structure], values: list[Any]) -> None:
    document = dict(zip((member.wire_name for member in members(kind)), values, strict=False))
    with suppress(MalformedValue):
        assert isinstance(from_wire(kind, document), kind)


def test_maps_that_came_in_cannot_be_changed() -> None:
    reply = from_wire(AuthReply, {"ChallengeParameters": {"A": "1"}})
    assert isinstance(reply.challenge_parameters, Mapping)
    with pytest.raises(TypeError):
        reply.challenge_parameters["A"] = "2"  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # the point of it


def test_the_registry_has_every_operation_under_its_own_name() -> None:
    assert all(kind.__name__ == name and issubclass(kind, Operation) for name, kind in OPERATIONS.items())
    with pytest.raises(TypeError):
        reply_type(Operation)
    assert replace(InitiateAuth(auth_flow="USER_AUTH"), client_id="c").client_id == "c"


CREDENTIAL: Final[dict[str, Any]] = {"id": "AQ", "response": {"transports": ["usb", None], "count": 7, "none": None}}


def complete(credential: object) -> Structure:
    return from_wire(CompleteWebAuthnRegistration, {"AccessToken": "a", "Credential": credential})


def test_a_document_is_kept_whole() -> None:
    assert to_wire(complete(CREDENTIAL)) == {"AccessToken": "a", "Credential": CREDENTIAL}


def test_nothing_in_a_document_can_be_changed() -> None:
    credential = CompleteWebAuthnRegistration(access_token="a", credential=CREDENTIAL)
    assert to_wire(credential)["Credential"]["response"] is not CREDENTIAL["response"]
    inner: Any = from_wire(CompleteWebAuthnRegistration, to_wire(credential)).credential["response"]
    with pytest.raises(TypeError):
        inner["count"] = 8
    assert inner["transports"] == ("usb", None)


@pytest.mark.parametrize("document", ["text", ["a"], 7])
def test_no_document(document: object) -> None:
    with pytest.raises(MalformedValue, match="Credential is not an object"):
        complete(document)


def test_a_document_without_end() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(MalformedValue, match="Credential is not nested less than 64 deep"):
        complete(endless)


@structure
class Sealed(Structure):
    """A secret document."""

    document: Annotated[Document, Constraint(sensitive=True)]


def test_a_secret_document_is_not_shown() -> None:
    assert repr(Sealed(document=CREDENTIAL)) == f"Sealed(document={MASK})"
