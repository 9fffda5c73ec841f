"""AWS JSON 1.1 as the pool speaks it: errors of form, constraints in the service's words, signatures, replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_auth.api import OPERATIONS
from cognito_auth.api.wire import CONTENT_TYPE
from cognito_auth.local import Reply
from cognito_auth.local.base.validation import MAX_BODY_BYTES
from cognito_auth.local.operations import BY_NAME

from .support import SENT, SIGNED, Refused, new_app, new_cognito, raw

FLOWS = (
    "[USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, "
    "ADMIN_USER_PASSWORD_AUTH, USER_AUTH]"
)
EXPLICIT_FLOWS = (
    "[ADMIN_NO_SRP_AUTH, CUSTOM_AUTH_FLOW_ONLY, USER_PASSWORD_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH, ALLOW_CUSTOM_AUTH, "
    "ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_AUTH, "
    "ALLOW_TOKEN_EXCHANGE_DELEGATION, ALLOW_TOKEN_EXCHANGE_IMPERSONATION]"
)


@pytest.mark.parametrize(
    ("operation", "body", "violations"),
    [
        pytest.param(
            "InitiateAuth",
            {"ClientId": "c", "AuthFlow": "SRP"},
            [f"Value 'SRP' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: {FLOWS}"],
            id="enum",
        ),
        pytest.param(
            "InitiateAuth",
            {"ClientId": "c"},
            ["Value null at 'authFlow' failed to satisfy constraint: Member must not be null"],
            id="missing",
        ),
        pytest.param(
            "InitiateAuth",
            {"AuthFlow": "USER_AUTH", "ClientId": None},
            ["Value at 'clientId' failed to satisfy constraint: Member must not be null"],
            id="null is missing, sensitive",
        ),
        pytest.param(
            "GetUser",
            {"AccessToken": "not a token"},
            [
                (
                    "Value at 'accessToken' failed to satisfy constraint: "
                    "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
                )
            ],
            id="pattern, sensitive",
        ),
        pytest.param(
            "SignUp",
            {"ClientId": "c", "Username": "", "Password": "x" * 257},
            [
                "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
                (
                    "Value at 'username' failed to satisfy constraint: "
                    r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
                ),
                "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
            ],
            id="several",
        ),
        pytest.param(
            "SignUp",
            {"ClientId": "c", "Username": "ana", "UserAttributes": [{"Name": "email"}, {"Value": "secret"}]},
            ["Value null at 'userAttributes.2.member.name' failed to satisfy constraint: Member must not be null"],
            id="inside a list",
        ),
        pytest.param(
            "VerifySoftwareToken",
            {"UserCode": "12345"},
            ["Value at 'userCode' failed to satisfy constraint: Member must have length greater than or equal to 6"],
            id="too short, sensitive",
        ),
        pytest.param(
            "CreateUserPool",
            {"PoolName": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 5, "PasswordHistorySize": 25}}},
            [
                (
                    "Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: "
                    "Member must have value greater than or equal to 6"
                ),
                (
                    "Value '25' at 'policies.passwordPolicy.passwordHistorySize' failed to satisfy constraint: "
                    "Member must have value less than or equal to 24"
                ),
            ],
            id="numbers, nested",
        ),
        pytest.param(
            "CreateUserPoolClient",
            {"UserPoolId": "us-east-1_x", "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_ALL"]},
            [
                (
                    "Value '[ALLOW_ALL]' at 'explicitAuthFlows' failed to satisfy constraint: "
                    f"Member must satisfy constraint: [Member must satisfy enum value set: {EXPLICIT_FLOWS}]"
                )
            ],
            id="list of scalars",
        ),
        pytest.param(
            "CreateUserPool",
            {"PoolName": "p", "Schema": []},
            ["Value '[]' at 'schema' failed to satisfy constraint: Member must have length greater than or equal to 1"],
            id="list length",
        ),
        pytest.param(
            "CreateUserPool",
            {"PoolName": "p", "UserPoolTags": {"team": "x" * 257}},
            [
                (
                    f"Value '{'x' * 257}' at 'userPoolTags.team.member' failed to satisfy constraint: "
                    "Member must have length less than or equal to 256"
                )
            ],
            id="map",
        ),
    ],
)
def test_constraints(operation: str, body: dict[str, Any], violations: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        raw(new_cognito(), operation, body)
    assert caught.value.code == "InvalidParameter"
    noun = "error" if len(violations) == 1 else "errors"
    assert caught.value.text == f"{len(violations)} validation {noun} detected: {'; '.join(violations)}"


def test_names_may_be_of_any_script() -> None:
    app = new_app()
    app.sign_up("Ünï-日本")
    app.confirm("Ünï-日本")
    assert app.srp_auth("Ünï-日本").authentication_result


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'"text"', id="a string"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b'{"AccessToken": 1}', id="number for string"),
        pytest.param(b'{"AccessToken": ["a"]}', id="list for string"),
        pytest.param(b'{"AccessToken": "a", "SMSMfaSettings": true}', id="boolean for structure"),
        pytest.param(b'{"AccessToken": "a", "SMSMfaSettings": {"Enabled": "true"}}', id="string for boolean"),
        pytest.param(b'{"AccessToken": "a", "x": NaN}', id="NaN"),
        pytest.param(b'{"AccessToken": "\\ud800"}', id="lone surrogate"),
        pytest.param(b'{"x": ' + b"[" * 100_000, id="deep"),
        pytest.param(b'{"x": ' + b"9" * 10_000 + b"}", id="endless number"),
        pytest.param(b'{"AccessToken": "' + b"a" * MAX_BODY_BYTES + b'"}', id="too large"),
    ],
)
def test_malformed_bodies(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        raw(new_cognito(), "SetUserMFAPreference", body)
    assert caught.value.code == "Serialization"


@pytest.mark.parametrize("name", ["Initiateauth", "", "AddEverything", "__class__"])
def test_unknown_operations(name: str) -> None:
    reply = new_cognito().call(name, b"{}")
    assert reply.status == 400
    assert json.loads(reply.body) == {"__type": "UnknownOperationException"}


def test_unknown_members_are_ignored() -> None:
    with pytest.raises(Refused, match="Invalid Access Token"):
        raw(new_cognito(), "GetUser", {"AccessToken": "x", "Surprise": {"a": [1]}})


SIGNATURES = [
    pytest.param(None, "MissingAuthenticationToken", "Missing Authentication Token", id="none"),
    pytest.param("", "MissingAuthenticationToken", "Missing Authentication Token", id="empty"),
    pytest.param("Bearer abc", "IncompleteSignature", "Authorization header must begin with 'AWS4-HMAC-SHA256'.", id="bearer"),
    pytest.param(
        "AWS4-HMAC-SHA256 SignedHeaders=host",
        "IncompleteSignature",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter.",
        id="incomplete",
    ),
    pytest.param(
        SIGNED.replace("/aws4_request", ""),
        "IncompleteSignature",
        "Credential must have the form key/date/region/service/aws4_request.",
        id="credential",
    ),
    pytest.param(
        SIGNED.replace("cognito-idp", "s3"),
        "InvalidSignature",
        "Credential should be scoped to correct service: 'cognito-idp'.",
        id="service",
    ),
    pytest.param(SIGNED[:-1], "InvalidSignature", "Signature must be 64 hexadecimal digits.", id="signature"),
]


@pytest.mark.parametrize(("header", "code", "text"), SIGNATURES)
def test_signed_operations_need_a_signature(header: str | None, code: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        raw(new_cognito(), "CreateUserPool", {"PoolName": "p"}, authorization=header)
    assert (caught.value.code, caught.value.text) == (code, text)


def test_which_operations_need_a_signature() -> None:
    """The administrator's, and no others: an unsigned call gets past the signature to its own refusal."""
    cognito = new_cognito()
    for name, operation in OPERATIONS.items():
        if name not in BY_NAME:
            continue
        with pytest.raises(Refused) as caught:
            raw(cognito, name, {}, authorization=None)
        assert (caught.value.code == "MissingAuthenticationToken") == operation.signed, name


def headers_of(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name != "x-amzn-RequestId"}


def test_the_form_of_an_error() -> None:
    reply = new_cognito().call("GetUser", b'{"AccessToken":"x"}')
    assert reply.status == 400
    assert reply.body == b'{"__type":"NotAuthorizedException","message":"Invalid Access Token"}'
    assert headers_of(reply) == {
        "Content-Type": CONTENT_TYPE,
        "x-amzn-ErrorType": "NotAuthorizedException:",
        "x-amzn-ErrorMessage": "Invalid Access Token",
    }
    assert len(reply.headers["x-amzn-RequestId"]) == 36


def test_an_error_header_is_printable_ascii() -> None:
    reply = new_cognito().call("InitiateAuth", '{"AuthFlow":"a\\r\\nSet-Cookie: é"}'.encode())
    message = reply.headers["x-amzn-ErrorMessage"]
    assert message.isascii()
    assert message.isprintable()
    assert "a\r\nSet-Cookie: é" in json.loads(reply.body)["message"]


def test_the_form_of_a_success() -> None:
    app = new_app()
    app.create_user()
    body = json.dumps({"UserPoolId": app.pool_id, "GroupName": "staff"}).encode()
    reply = app.cognito.call("CreateGroup", body, sent=SENT)
    assert reply.status == 200
    assert headers_of(reply) == {"Content-Type": CONTENT_TYPE}
    assert "Description" not in json.loads(reply.body)["Group"]

    body = json.dumps({"UserPoolId": app.pool_id, "GroupName": "staff", "Username": "ana"}).encode()
    assert app.cognito.call("AdminAddUserToGroup", body, sent=SENT).body == b""
    body = json.dumps({"AccessToken": app.tokens().access_token}).encode()
    assert app.cognito.call("GlobalSignOut", body).body == b"{}"


def test_what_nobody_foresaw_is_a_500_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = new_app()
    app.cognito.close()
    reply = app.cognito.call("GetUser", b'{"AccessToken":"very-secret"}')
    assert reply.status == 500
    assert json.loads(reply.body)["__type"] == "InternalErrorException"
    assert "ProgrammingError" in caplog.text
    assert "very-secret" not in caplog.text
