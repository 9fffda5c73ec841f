"""The query form of the API: how a query's text becomes an operation's document, and the replies of a real server."""

from __future__ import annotations

import json
import logging
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.api import OPERATIONS
from cognito_auth.api.auth import AdminInitiateAuth, InitiateAuth
from cognito_auth.api.devices import ConfirmDevice
from cognito_auth.api.groups import CreateGroup
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.structure import Structure, members
from cognito_auth.api.users import AdminCreateUser
from cognito_auth.local import LocalCognito, Reply
from cognito_auth.local.base.aws_signature import PARAMETERS
from cognito_auth.local.base.faults import Fault
from cognito_auth.local.base.request import MAX_QUERY_FIELDS, MAX_QUERY_LENGTH, Request
from cognito_auth.local.http.face import respond
from cognito_auth.local.http.query import API_VERSION, document, read
from tests.support.face import sign_up

from .support import SIGNED, new_app

# From parameters to a document

ANA: Final = {"Name": "email", "Value": "ana@example.org"}
SHAPES: Final[list[tuple[str, type[Structure], dict[str, str], dict[str, Any]]]] = [
    ("nothing", CreateGroup, {}, {}),
    ("text", CreateGroup, {"GroupName": "staff", "Description": ""}, {"GroupName": "staff", "Description": ""}),
    ("text that looks like JSON", CreateGroup, {"GroupName": '"7"'}, {"GroupName": '"7"'}),
    ("number", CreateGroup, {"Precedence": "12"}, {"Precedence": 12}),
    ("negative number", CreateGroup, {"Precedence": "-1"}, {"Precedence": -1}),
    ("yes", AdminCreateUser, {"ForceAliasCreation": "true"}, {"ForceAliasCreation": True}),
    ("no", AdminCreateUser, {"ForceAliasCreation": "False"}, {"ForceAliasCreation": False}),
    ("list as JSON", AdminCreateUser, {"UserAttributes": json.dumps([ANA])}, {"UserAttributes": [ANA]}),
    (
        "list of structures, spread",
        AdminCreateUser,
        {
            "UserAttributes.member.2.Name": "name",
            "UserAttributes.member.1.Name": "email",
            "UserAttributes.member.1.Value": "ana@example.org",
        },
        {"UserAttributes": [ANA, {"Name": "name"}]},
    ),
    ("items as JSON", AdminCreateUser, {"UserAttributes.member.1": json.dumps(ANA)}, {"UserAttributes": [ANA]}),
    ("strings as JSON", AdminCreateUser, {"DesiredDeliveryMediums": '["SMS"]'}, {"DesiredDeliveryMediums": ["SMS"]}),
    ("one string", AdminCreateUser, {"DesiredDeliveryMediums": "EMAIL"}, {"DesiredDeliveryMediums": ["EMAIL"]}),
    (
        "strings, spread",
        AdminCreateUser,
        {f"DesiredDeliveryMediums.member.{number}": str(number) for number in range(12, 0, -1)},
        {"DesiredDeliveryMediums": [str(number) for number in range(1, 13)]},
    ),
    ("map as JSON", InitiateAuth, {"AuthParameters": '{"USERNAME": "ana"}'}, {"AuthParameters": {"USERNAME": "ana"}}),
    (
        "map, spread",
        AdminInitiateAuth,
        {
            "AuthParameters.entry.1.key": "USERNAME",
            "AuthParameters.entry.1.value": "ana",
            "AuthParameters.entry.2.value": "",
            "AuthParameters.entry.2.key": "a.b",
        },
        {"AuthParameters": {"USERNAME": "ana", "a.b": ""}},
    ),
    (
        "structure as JSON",
        ConfirmDevice,
        {"DeviceSecretVerifierConfig": '{"Salt": "c2FsdA=="}'},
        {"DeviceSecretVerifierConfig": {"Salt": "c2FsdA=="}},
    ),
    (
        "structure, spread",
        ConfirmDevice,
        {"DeviceSecretVerifierConfig.Salt": "c2FsdA==", "DeviceSecretVerifierConfig.PasswordVerifier": "dg=="},
        {"DeviceSecretVerifierConfig": {"Salt": "c2FsdA==", "PasswordVerifier": "dg=="}},
    ),
    (
        "structures within structures",
        CreateUserPool,
        {"Policies.PasswordPolicy.MinimumLength": "10", "Policies.PasswordPolicy.RequireSymbols": "true"},
        {"Policies": {"PasswordPolicy": {"MinimumLength": 10, "RequireSymbols": True}}},
    ),
]
WRONG: Final[list[tuple[str, type[Structure], dict[str, str], str]]] = [
    ("unknown", CreateGroup, {"Groupname": "a"}, "InvalidQueryParameterException: The parameter Groupname is not known."),
    (
        "unknown, long",
        CreateGroup,
        {"x" * 9000: "a"},
        f"InvalidQueryParameterException: The parameter {'x' * 100}... is not known.",
    ),
    (
        "unknown within",
        AdminCreateUser,
        {"UserAttributes.member.1.Nome": "a"},
        "InvalidQueryParameterException: The parameter UserAttributes.member.1.Nome is not known.",
    ),
    ("empty name", CreateGroup, {"": "a"}, "InvalidQueryParameterException: The parameter  is not known."),
    (
        "parts of a text",
        CreateGroup,
        {"GroupName.x": "a"},
        "InvalidQueryParameterException: The parameter GroupName has no parts.",
    ),
    ("no number", CreateGroup, {"Precedence": "1.0"}, "SerializationException: Precedence is not a whole number"),
    ("a huge number", CreateGroup, {"Precedence": "9" * 5000}, "SerializationException: Precedence is not a whole number"),
    ("other digits", CreateGroup, {"Precedence": "\u0661"}, "SerializationException: Precedence is not a whole number"),
    (
        "no boolean",
        AdminCreateUser,
        {"ForceAliasCreation": "1"},
        "SerializationException: ForceAliasCreation is neither true nor false",
    ),
    ("no JSON", AdminCreateUser, {"UserAttributes": "email"}, "SerializationException: UserAttributes is not JSON"),
    ("deep JSON", AdminCreateUser, {"UserAttributes": "[" * 30_000}, "SerializationException: UserAttributes is not JSON"),
    (
        "two forms",
        AdminCreateUser,
        {"UserAttributes": "[]", "UserAttributes.member.1.Name": "a"},
        "InvalidParameterCombinationException: The parameter UserAttributes.member.1.Name is there in two forms.",
    ),
    (
        "two forms, the other way round",
        AdminCreateUser,
        {"UserAttributes.member.1.Name": "a", "UserAttributes": "[]"},
        "InvalidParameterCombinationException: The parameter UserAttributes is there in two forms.",
    ),
    (
        "a list without member",
        AdminCreateUser,
        {"UserAttributes.1.Name": "a"},
        (
            "InvalidQueryParameterException: The parameter UserAttributes is written "
            "UserAttributes.member.1, UserAttributes.member.2 and so on."
        ),
    ),
    (
        "a gap",
        AdminCreateUser,
        {"UserAttributes.member.1.Name": "a", "UserAttributes.member.3.Name": "b"},
        "InvalidQueryParameterException: The parameters UserAttributes.member are not numbered from 1 without a gap.",
    ),
    (
        "from zero",
        AdminCreateUser,
        {"UserAttributes.member.0.Name": "a"},
        "InvalidQueryParameterException: The parameters UserAttributes.member are not numbered from 1 without a gap.",
    ),
    (
        "a key without value",
        InitiateAuth,
        {"AuthParameters.entry.1.key": "USERNAME"},
        (
            "InvalidQueryParameterException: The parameter AuthParameters.entry.1 is written "
            "AuthParameters.entry.1.key and AuthParameters.entry.1.value."
        ),
    ),
    (
        "an entry that is a text",
        InitiateAuth,
        {"AuthParameters.entry.1": "USERNAME"},
        (
            "InvalidQueryParameterException: The parameter AuthParameters.entry.1 is written "
            "AuthParameters.entry.1.key and AuthParameters.entry.1.value."
        ),
    ),
    (
        "a key twice",
        InitiateAuth,
        {f"AuthParameters.entry.{number}.{part}": "a" for number in (1, 2) for part in ("key", "value")},
        "InvalidQueryParameterException: The parameter AuthParameters has the key a more than once.",
    ),
    (
        "too deep",
        CreateUserPool,
        {".".join(["a"] * 14): "x"},
        f"InvalidQueryParameterException: The parameter {'.'.join(['a'] * 14)} has more than 12 parts.",
    ),
]


@pytest.mark.parametrize(("kind", "parameters", "expected"), [pytest.param(*case[1:], id=case[0]) for case in SHAPES])
def test_parameters(kind: type[Structure], parameters: dict[str, str], expected: dict[str, Any]) -> None:
    assert document(kind, parameters) == expected


@pytest.mark.parametrize(("kind", "parameters", "text"), [pytest.param(*case[1:], id=case[0]) for case in WRONG])
def test_wrong_parameters(kind: type[Structure], parameters: dict[str, str], text: str) -> None:
    with pytest.raises(Fault) as refused:
        document(kind, parameters)
    assert str(refused.value) == text


def test_no_operation_has_a_member_that_the_form_uses_itself() -> None:
    for kind in OPERATIONS.values():
        assert not {member.wire_name for member in members(kind)} & {"Action", "Version", *PARAMETERS}


TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def spread(name: str, value: Any) -> dict[str, str]:
    """A JSON value in the query form."""
    parts: dict[str, Any] = {}
    if isinstance(value, list):
        parts = {f"{name}.member.{number}": item for number, item in enumerate(cast("list[Any]", value), 1)}
    elif isinstance(value, dict) and name == "ClientMetadata":
        for number, (key, item) in enumerate(cast("dict[str, Any]", value).items(), 1):
            parts |= {f"{name}.entry.{number}.key": key, f"{name}.entry.{number}.value": item}
    elif isinstance(value, dict):
        parts = {f"{name}.{key}" if name else key: item for key, item in cast("dict[str, Any]", value).items()}
    else:
        return {name: str(value).lower() if isinstance(value, bool) else str(value)}
    return {key: text for part, item in parts.items() for key, text in spread(part, item).items()}


NAMED: Final[Any] = st.tuples(TEXTS, st.none() | TEXTS).map(
    lambda pair: {"Name": pair[0], **({} if pair[1] is None else {"Value": pair[1]})}
)
ATTRIBUTES: Final[Any] = st.lists(NAMED, min_size=1, max_size=12)
DOCUMENTS: Final[Any] = st.fixed_dictionaries(
    {"Username": TEXTS, "UserPoolId": TEXTS},
    optional={
        "UserAttributes": ATTRIBUTES,
        "ValidationData": ATTRIBUTES,
        "TemporaryPassword": TEXTS,
        "ForceAliasCreation": st.booleans(),
        "DesiredDeliveryMediums": st.lists(TEXTS.filter(lambda text: not text.startswith("[")), min_size=1, max_size=3),
        "ClientMetadata": st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=4),
    },
)


@given(DOCUMENTS, st.randoms())
def test_both_ways_to_send_a_document(given: dict[str, Any], random: Any) -> None:
    fields = list(spread("", given).items())
    random.shuffle(fields)
    as_json = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    for parameters in (fields, list(as_json.items())):
        asked = read(Request(query=urlencode([("Action", "AdminCreateUser"), *parameters])))
        assert asked.operation == "AdminCreateUser"
        assert json.loads(asked.body) == given


APP: Final = new_app()
NAMES: Final = st.sampled_from(
    [
        "Action",
        "Version",
        "UserAttributes",
        "UserAttributes.member.1",
        "Username",
        "ClientMetadata.entry.1.key",
        "X-Amz-Date",
        "",
    ]
)


@given(
    st.lists(
        st.tuples(NAMES | TEXTS, TEXTS | st.sampled_from(["AdminCreateUser", "SignUp", "[]", "{}", "true"])), max_size=8
    ).map(urlencode)
    | st.text(st.characters(codec="latin-1"), max_size=60)
)
def test_any_query_gets_a_reply(query: str) -> None:
    for action in ("", "Action=SignUp&", "Action=AdminCreateUser&"):
        reply = respond(APP.cognito, Request(method="GET", query=action + query, headers={"authorization": SIGNED}))
        assert reply.status in (200, 400)
        assert json.loads(reply.body)["__type"].endswith("Exception")


# What a server answers


def ask(web: httpx.Client, action: str, *, signed: bool = False, **parameters: str) -> httpx.Response:
    headers = {"Authorization": SIGNED} if signed else {}
    return web.get("/", params={"Action": action, **parameters}, headers=headers)


QUERY: Final = "InvalidQueryParameter"
VERSION: Final = f"The parameter Version is {API_VERSION}, or is left out."


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        ("", "MissingAction", "The request must contain the parameter Action."),
        ("Action=", "MissingAction", "The request must contain the parameter Action."),
        ("action=SignUp", "MissingAction", "The request must contain the parameter Action."),
        ("Action=Sing", "UnknownOperation", "There is no operation Sing."),
        ("Action=__class__", "UnknownOperation", "There is no operation __class__."),
        ("Action=SignUp&Action=SignUp", QUERY, "The parameter Action is there more than once."),
        ("Action=GetUser&AccessToken=a&AccessToken=b", QUERY, "The parameter AccessToken is there more than once."),
        ("Action=GetUser&AccessToken=a&Surprise=1", QUERY, "The parameter Surprise is not known."),
        ("Action=GetUser&AccessToken=a&Version=2010-01-01", QUERY, VERSION),
        (f"Action=GetUser&AccessToken=a&Version={API_VERSION}", "NotAuthorized", "Invalid Access Token"),
        ("Action=GetUser&AccessToken=%", QUERY, "The query is not UTF-8 in percent-encoding."),
        ("Action=GetUser&AccessToken=%ff", QUERY, "The query is not UTF-8 in percent-encoding."),
        ("Action=GetUser" + "&x=1" * (MAX_QUERY_FIELDS - 1), QUERY, "The parameter x is there more than once."),
        ("Action=GetUser" + "&" * MAX_QUERY_FIELDS, QUERY, f"The query has more than {MAX_QUERY_FIELDS} fields."),
        ("x" * (MAX_QUERY_LENGTH + 1), QUERY, f"The query is longer than {MAX_QUERY_LENGTH} characters."),
        ("Action=AdminGetUser", "MissingAuthenticationToken", "Missing Authentication Token"),
    ],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_refusals(web: httpx.Client, query: str, code: str, text: str) -> None:
    reply = web.get(f"/?{query}")
    assert reply.status_code == 400
    assert reply.json() == {"__type": f"{code}Exception", "message": text}
    assert reply.headers["x-amzn-errortype"] == f"{code}Exception:"
    assert reply.headers["x-amzn-errormessage"] == text
    assert len(reply.headers["x-amzn-requestid"]) == 36


def test_a_query_that_not_even_the_server_reads_is_a_400(web: httpx.Client) -> None:
    with pytest.raises(httpx.InvalidURL):
        web.get("/?" + "x" * 100_000)
    request = httpx.Request("GET", web.base_url)
    request.extensions["target"] = b"/?" + b"x" * 100_000
    assert web.send(request).status_code == 400


def test_constraints_are_those_of_the_other_form(web: httpx.Client) -> None:
    reply = ask(web, "InitiateAuth", AuthFlow="SRP", AuthParameters="[]")
    told = reply.json()
    assert told["__type"] == "InvalidParameterException"
    assert told["message"].startswith("2 validation errors detected: ")
    assert "Value 'SRP' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set" in told["message"]
    reply = ask(web, "InitiateAuth", AuthFlow="USER_AUTH", ClientId="x", AuthParameters="[]")
    assert reply.json() == {"__type": "SerializationException", "message": "AuthParameters is not an object"}


@pytest.mark.parametrize("size", [0, 1, 900, 970, 2000])
def test_a_text_that_begins_or_is_cut_at_a_space_goes_into_a_header(web: httpx.Client, size: int) -> None:
    for filler in ("x" * size, " " * 2000, "\t\n" * 600):
        reply = ask(web, "InitiateAuth", AuthFlow=filler, ClientId="x")
        assert reply.json()["__type"] == "InvalidParameterException"
        assert filler in reply.json()["message"]
        assert len(reply.headers["x-amzn-errormessage"]) <= 1024


PRIVATE: Final = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-type": "application/json",
}


def test_replies_stay_with_who_asked(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool().user_pool_id
    made = ask(web, "CreateGroup", signed=True, UserPoolId=pool, GroupName="kept")
    assert made.json()["Group"]["GroupName"] == "kept"
    for reply, status in ((made, 200), (ask(web, "GetUser", AccessToken="a.b"), 400), (web.get("/"), 400)):
        assert reply.status_code == status
        assert {name: reply.headers[name] for name in PRIVATE} == PRIVATE
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_a_reply_without_members_is_an_empty_object(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool().user_pool_id
    sign_up(web, cognito, "otto")
    ask(web, "CreateGroup", signed=True, UserPoolId=pool, GroupName="empty")
    reply = ask(web, "AdminAddUserToGroup", signed=True, UserPoolId=pool, GroupName="empty", Username="otto")
    assert (reply.status_code, reply.json()) == (200, {})


def test_text_in_any_language(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool().user_pool_id
    for name, description in (("café+1", "100 % & more = ü"), ("日本", "a+b c")):
        query = "&".join(f"{key}={quote(value)}" for key, value in (("GroupName", name), ("Description", description)))
        made = web.get(f"/?Action=CreateGroup&UserPoolId={pool}&{query}", headers={"Authorization": SIGNED}).json()["Group"]
        assert (made["GroupName"], made["Description"]) == (name, description)
    plus = web.get(f"/?Action=CreateGroup&UserPoolId={pool}&GroupName=g&Description=a+b", headers={"Authorization": SIGNED})
    assert plus.json()["Group"]["Description"] == "a b"


def test_secrets_in_a_query_are_not_logged(web: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):  # the client's own, which is not ours to silence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        ask(web, "GetUser", AccessToken="a.very-secret.b")
        ask(web, "ChangePassword", PreviousPassword="very-secret", Surprise="very-secret")
        web.get("/?Action=very-secret")
    finally:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    assert "very-secret" not in caplog.text
    assert "very-secret" not in repr(Request(query="very-secret", body=b"very-secret", headers={"a": "very-secret"}))


def test_what_nobody_foresaw_names_no_parameter(caplog: pytest.LogCaptureFixture) -> None:
    app = new_app()
    app.cognito.close()
    reply: Reply = respond(app.cognito, Request(method="GET", query="Action=GetUser&AccessToken=very-secret"))
    assert reply.status == 500
    assert json.loads(reply.body)["__type"] == "InternalErrorException"
    assert "very-secret" not in caplog.text


def test_the_same_operation_in_both_forms_has_one_effect(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool()
    given: dict[str, Any] = {
        "ClientId": pool.client_id,
        "Username": "petra",
        "Password": "Correct-Horse-7",
        "UserAttributes.member.1.Name": "email",
        "UserAttributes.member.1.Value": "petra@example.org",
    }
    assert ask(web, "SignUp", **given).json()["UserConfirmed"] is False
    assert sign_up(web, cognito, "petra").json()["__type"] == "UsernameExistsException"
    code = cognito.outbox(username="petra")[-1].code
    assert ask(web, "ConfirmSignUp", ClientId=pool.client_id, Username="petra", ConfirmationCode=code).json() == {}


def test_a_form_that_is_posted_is_not_taken(web: httpx.Client) -> None:
    reply = web.post("/?Action=GetUser&AccessToken=a.b", data={"Action": "GetUser", "AccessToken": "a.b"})
    assert reply.json() == {"__type": "UnknownOperationException"}
