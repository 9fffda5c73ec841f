"""What a server tells Cognito of the request that it runs a flow for."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.api.auth import AuthenticationResult, AuthReply, ContextData, HttpHeader, InitiateAuth
from cognito_auth.api.structure import Operation
from cognito_auth.api.types import UserContextData
from cognito_auth.effects import Flow, Now, perform
from cognito_auth.errors import CodeMismatch, service_error
from cognito_auth.flows import RequestContext, advance, sign_up, with_context
from cognito_auth.states import AdminPassword, Course, SignedIn, SignedOut, SmsCode, SmsMfa, SrpPassword
from tests.support.machine_replies import VERIFIER_PARAMETERS, challenge
from tests.support.scripted import NOW, Scripted, run

ISSUED: Final = AuthReply(authentication_result=AuthenticationResult(access_token="opaque"))
METADATA: Final = {"tenant": "canary"}
CONTEXT: Final = RequestContext(
    client_metadata=METADATA,
    ip_address="192.0.2.7",
    encoded_data="fingerprint",
    server_name="app.example.com",
    server_path="/login",
    headers={"User-Agent": "browser"},
)
OF_USER: Final = UserContextData(ip_address="192.0.2.7", encoded_data="fingerprint")
OF_SERVER: Final = ContextData(
    ip_address="192.0.2.7",
    encoded_data="fingerprint",
    server_name="app.example.com",
    server_path="/login",
    http_headers=(HttpHeader(header_name="User-Agent", header_value="browser"),),
)


def told(operation: Operation[object]) -> tuple[object, ...]:
    """What an operation says of the request."""
    names = ("client_metadata", "user_context_data", "context_data")
    return tuple(getattr(operation, name, None) for name in names)


def test_every_operation_of_a_sign_in_is_told() -> None:
    driver = Scripted([challenge("PASSWORD_VERIFIER", **VERIFIER_PARAMETERS), ISSUED])
    reached = driver.run(with_context(advance(SignedOut(), SrpPassword(username="ana", password="p")), CONTEXT))
    assert isinstance(reached, SignedIn)
    assert [told(operation) for operation in driver.operations] == [(METADATA, OF_USER, None)] * 2


def test_the_administrators_operations_are_told_of_the_server() -> None:
    driver = Scripted([ISSUED, ISSUED])
    driver.run_on(with_context(advance(SignedOut(), AdminPassword(username="ana", password="p")), CONTEXT))
    state = SmsMfa(username="ana", course=Course(administrator=True))
    driver.run(with_context(advance(state, SmsCode(code="1")), CONTEXT))
    assert [told(operation) for operation in driver.operations] == [(METADATA, None, OF_SERVER)] * 2


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        pytest.param(RequestContext(), (None, None), id="nothing"),
        pytest.param(RequestContext(ip_address="192.0.2.7"), (UserContextData(ip_address="192.0.2.7"), None), id="address"),
        pytest.param(RequestContext(encoded_data="f"), (UserContextData(encoded_data="f"), None), id="fingerprint"),
        pytest.param(RequestContext(server_name="s", server_path="/"), (None, None), id="server-without-address"),
        pytest.param(
            RequestContext(ip_address="i", server_name="s", server_path="/"),
            (
                UserContextData(ip_address="i"),
                ContextData(ip_address="i", server_name="s", server_path="/", http_headers=()),
            ),
            id="server-without-headers",
        ),
    ],
)
def test_what_is_not_whole_is_not_told(context: RequestContext, expected: tuple[object, object]) -> None:
    found: list[object] = []
    for event in (SrpPassword(username="ana", password="p"), AdminPassword(username="ana", password="p")):
        driver = Scripted([ISSUED])
        driver.run(with_context(advance(SignedOut(), event), context))
        metadata, of_user, of_server = told(driver.operations[0])
        assert metadata is None
        found.append(of_user or of_server)
    assert tuple(found) == expected


def test_what_an_operation_says_by_itself_is_kept() -> None:
    own = {"tenant": "own"}
    driver = Scripted([ISSUED])
    operation = InitiateAuth(auth_flow="USER_AUTH", client_metadata=own)
    assert driver.run(with_context(perform(operation), CONTEXT)) == ISSUED
    assert told(driver.operations[0]) == (own, OF_USER, None)


def test_the_flow_itself_goes_on_as_ever() -> None:
    """Other effects pass through, an error comes where the flow asked, and what it holds is let go."""
    closed: list[str] = []

    def flow() -> Flow[float]:
        try:
            try:
                yield from sign_up("ana", "p")
            except CodeMismatch:
                return (yield from perform(Now()))
            raise AssertionError("no error came")
        finally:
            closed.append("closed")

    assert run(with_context(flow(), CONTEXT), service_error("CodeMismatchException", "no")) == NOW
    unfinished = with_context(flow(), CONTEXT)
    next(unfinished)
    unfinished.close()
    assert closed == ["closed", "closed"]


def test_a_context_shows_nothing() -> None:
    shown = repr(CONTEXT)
    assert not any(secret in shown for secret in ("canary", "192.0.2.7", "fingerprint", "browser"))
