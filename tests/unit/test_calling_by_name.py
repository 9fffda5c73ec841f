"""Operations without a class of their own: what is sent, what comes back, and what a mistake leads to."""

from __future__ import annotations

import json
from typing import Any, Final

import anyio
import pytest

from cognito_auth.api.raw import NamedOperation, UnsignedNamedOperation
from cognito_auth.effects import Exchange, HttpResponse, Sign
from cognito_auth.errors import InternalError, ProtocolError, ResourceNotFound, TooManyRequests, UserNotFound
from cognito_auth.exchange import send
from cognito_auth.retry import RetryPolicy
from tests.local.support import new_cognito
from tests.support.administration import asynchronous, blocking
from tests.support.scripted import CONFIDENTIAL, Scripted

MEMBERS: Final = {"UserPoolId": "eu-west-1_Other", "ClientId": "client9", "Nested": {"List": [1, 2.5, None, True]}}
SECRETS: Final = NamedOperation("ListUserPoolClientSecrets", MEMBERS)
POLICY: Final = RetryPolicy()
FAILED: Final = HttpResponse(status=500, headers={}, body=b'{"__type": "InternalErrorException"}')


def answer(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(status=status, headers={}, body=body)


def sent(operation: NamedOperation) -> Scripted:
    driver = Scripted([answer(b"{}")], settings=CONFIDENTIAL)
    driver.run(send(operation, POLICY))
    return driver


def test_the_request_is_what_was_said_and_no_more() -> None:
    (exchange,) = sent(SECRETS).exchanges
    assert exchange.request.headers["X-Amz-Target"] == "AWSCognitoIdentityProviderService.ListUserPoolClientSecrets"
    assert exchange.request.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert json.loads(exchange.request.body) == MEMBERS


def test_nothing_is_filled_in_from_the_settings() -> None:
    (exchange,) = sent(NamedOperation("SignUp", {"Username": "ana"})).exchanges
    assert json.loads(exchange.request.body) == {"Username": "ana"}


@pytest.mark.parametrize(("kind", "signed"), [(NamedOperation, True), (UnsignedNamedOperation, False)])
def test_signing(kind: type[NamedOperation], *, signed: bool) -> None:
    asked = sent(kind("GetUser")).asked
    assert any(isinstance(effect, Sign) for effect in asked) == signed
    (exchange,) = (effect for effect in asked if isinstance(effect, Exchange))
    assert ("Authorization" in exchange.request.headers) == signed


def test_the_reply_is_the_object() -> None:
    document = b'{"ClientSecrets": [{"ClientSecretId": "a", "New": 1}], "NextToken": null}'
    reply = Scripted([answer(document)]).run(send(SECRETS, POLICY))
    assert reply == {"ClientSecrets": [{"ClientSecretId": "a", "New": 1}], "NextToken": None}
    assert Scripted([answer(b"")]).run(send(SECRETS, POLICY)) == {}


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"nonsense", b"null"])
def test_replies_that_are_no_object(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="ListUserPoolClientSecrets"):
        Scripted([answer(body)]).run(send(SECRETS, POLICY))


def test_errors_are_typed_and_name_the_operation() -> None:
    document = b'{"__type": "ResourceNotFoundException", "message": "User pool client does not exist."}'
    with pytest.raises(ResourceNotFound) as caught:
        Scripted([answer(document, 400)]).run(send(SECRETS, POLICY))
    assert caught.value.operation == "ListUserPoolClientSecrets"


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("ListUserPoolClientSecrets", True),
        ("DescribeTerms", True),
        ("GetUICustomization", True),
        ("AdminListUserSessions", True),
        ("AddUserPoolClientSecret", False),
        ("GetClientToken", False),
        ("GetUserAttributeVerificationCode", False),
        ("Listen", False),
    ],
)
def test_only_what_reads_is_tried_again(name: str, *, again: bool) -> None:
    driver = Scripted([FAILED, answer(b"{}")] if again else [FAILED])
    if again:
        assert driver.run(send(NamedOperation(name), POLICY)) == {}
    else:
        with pytest.raises(InternalError):
            driver.run(send(NamedOperation(name), POLICY))
    assert len(driver.exchanges) == (2 if again else 1)


def test_what_was_throttled_is_tried_again_whatever_it_is() -> None:
    throttled = answer(b'{"__type": "TooManyRequestsException"}', 400)
    driver = Scripted([throttled, throttled, throttled])
    with pytest.raises(TooManyRequests):
        driver.run(send(NamedOperation("AddUserPoolClientSecret"), POLICY))
    assert len(driver.exchanges) == 3


@pytest.mark.parametrize(
    "name", ["", "A", "listUsers", "List Users", "List.Users", "ListUsers\n", "X-Amz-Target: x", "Ünïcode", "L" * 200]
)
def test_what_is_no_operation_s_name(name: str) -> None:
    with pytest.raises(ValueError, match="no operation's name"):
        NamedOperation(name)


@pytest.mark.parametrize("value", [b"bytes", float("nan"), object(), {1, 2}], ids=["bytes", "nan", "object", "set"])
def test_members_that_json_cannot_hold(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Scripted().run(send(NamedOperation("TagResource", {"Tags": value}), POLICY))


@pytest.mark.parametrize("kind", [NamedOperation, UnsignedNamedOperation])
def test_no_value_is_shown(kind: type[NamedOperation]) -> None:
    shown = repr(kind("ChangePassword", {"PreviousPassword": "Old-Secret-1", "AccessToken": "token-2"}))
    assert shown == f"{kind.__name__}('ChangePassword', members: PreviousPassword, AccessToken)"
    assert repr(kind("ListTerms")) == f"{kind.__name__}('ListTerms', members: none)"


def test_members_do_not_change_afterwards() -> None:
    members = {"UserPoolId": "a"}
    operation = NamedOperation("ListTerms", members)
    members["UserPoolId"] = "b"
    assert operation.members == {"UserPoolId": "a"}
    with pytest.raises(TypeError):
        operation.members["UserPoolId"] = "c"  # type: ignore[index]  # that it is refused is the point


def test_both_drivers_against_the_pool() -> None:
    cognito = new_cognito()
    pool_id = cognito.first_pool().user_pool_id
    operation = NamedOperation("AdminGetUser", {"UserPoolId": pool_id, "Username": "ana"})

    async def later() -> Any:
        async with asynchronous(cognito) as client:
            return await client.send(operation)

    with blocking(cognito) as client:
        client.send(NamedOperation("AdminCreateUser", {"UserPoolId": pool_id, "Username": "ana"}))
        reply = client.send(operation)
        with pytest.raises(UserNotFound):
            client.send(NamedOperation("AdminGetUser", {"UserPoolId": pool_id, "Username": "bea"}))
    assert reply["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert anyio.run(later) == reply
