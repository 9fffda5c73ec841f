"""Every challenge over HTTP: how it is told, what answers it, and what is refused before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.auth import AuthReply, GetTokensFromRefreshTokenReply, InitiateAuth, NewDeviceMetadata
from cognito_auth.api.structure import Operation
from cognito_auth.config import PasswordFlow
from cognito_auth.errors import service_error
from cognito_auth.secret import Secret
from cognito_auth.sessions.session import pack_state
from cognito_auth.states import (
    SEALABLE,
    Challenge,
    ChallengeChoice,
    ChallengeResponses,
    CustomAnswer,
    CustomChallenge,
    EmailCode,
    EmailOtp,
    Event,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    WebAuthn,
)
from cognito_auth.web import ROUTES, Reply, Request, WebAuth, WebOptions
from cognito_auth.web.endpoints.outcome import tell
from cognito_auth.web.route import Call
from tests.support.machine import CREDENTIAL, DEVICE, REQUEST_OPTIONS, RESULT, STATES, TOKENS
from tests.support.machine_replies import SENDS, challenge
from tests.support.scripted import SETTINGS, Scripted, run

ROUTE: Final = {route.name: route for route in ROUTES}
OPTIONS: Final = WebOptions(secrets=(Secret("0123456789" * 4),), issuer_name="Here")
AUTH: Final = WebAuth(SETTINGS, OPTIONS)
OTPAUTH: Final = "otpauth://totp/Here:ana?secret=ABCDEFGHIJKLMNOP&issuer=Here"


def posted(body: Mapping[str, Any]) -> Request:
    headers = (("Content-Type", "application/json"), ("Host", "app.example.com"))
    return Request(method="POST", scheme="https", headers=headers, body=json.dumps(body).encode())


def sealed(state: Challenge, delivery: str = "tokens") -> str:
    return run(AUTH.vault.seal_document({"state": pack_state(state), "delivery": delivery}, "state", 900))


def send(route: str, driver: Scripted, *, auth: WebAuth = AUTH, **body: Any) -> Reply:
    return driver.run(auth.handle(ROUTE[route], posted(body)))


def held(kind: type[State]) -> Challenge:
    state = STATES[kind]
    assert isinstance(state, Challenge)
    return state


TOLD: Final[dict[type[Challenge], dict[str, Any]]] = {
    PasswordChallenge: {"name": "PASSWORD"},
    PasswordSrpChallenge: {"name": "PASSWORD_SRP"},
    NewPasswordRequired: {"name": "NEW_PASSWORD_REQUIRED", "required_attributes": ["email"], "attributes": {}},
    SelectChallenge: {"name": "SELECT_CHALLENGE", "choices": ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]},
    SoftwareTokenMfa: {"name": "SOFTWARE_TOKEN_MFA"},
    SmsMfa: {"name": "SMS_MFA"},
    SmsOtp: {"name": "SMS_OTP"},
    EmailOtp: {"name": "EMAIL_OTP"},
    WebAuthn: {"name": "WEB_AUTHN", "request_options": json.loads(REQUEST_OPTIONS)},
    CustomChallenge: {"name": "CUSTOM_CHALLENGE", "parameters": {"QUESTION": "?"}},
    SelectMfaType: {"name": "SELECT_MFA_TYPE", "choices": ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]},
    MfaSetup: {"name": "MFA_SETUP", "choices": ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]},
    SoftwareTokenPending: {
        "name": "MFA_SETUP",
        "factor": "SOFTWARE_TOKEN_MFA",
        "secret_code": "ABCDEFGHIJKLMNOP",
        "otpauth_uri": OTPAUTH,
    },
    OtherChallenge: {"name": "RIDDLE", "parameters": {}},
}
ANSWERS: Final[list[tuple[type[Challenge], type[Event], dict[str, Any]]]] = [
    (PasswordChallenge, PasswordAnswer, {"password": "secret"}),
    (PasswordSrpChallenge, PasswordAnswer, {"password": "secret"}),
    (NewPasswordRequired, NewPassword, {"new_password": "new-secret", "attributes": {"email": "ana@example.org"}}),
    (SelectChallenge, ChallengeChoice, {"choice": "PASSWORD_SRP", "password": "secret"}),
    (SoftwareTokenMfa, SoftwareTokenCode, {"code": "333333"}),
    (SmsMfa, SmsCode, {"code": "444444"}),
    (SmsOtp, SmsCode, {"code": "444444"}),
    (EmailOtp, EmailCode, {"code": "555555"}),
    (WebAuthn, PasskeyCredential, {"credential": json.loads(CREDENTIAL)}),
    (CustomChallenge, CustomAnswer, {"answer": "blue"}),
    (SelectMfaType, MfaChoice, {"choice": "SMS_MFA"}),
    (MfaSetup, SetUpSoftwareToken, {"choice": "SOFTWARE_TOKEN_MFA"}),
    (MfaSetup, SetUpEmail, {"choice": "EMAIL_OTP", "email": "ana@example.org"}),
    (SoftwareTokenPending, SoftwareTokenCode, {"code": "333333", "device_name": "phone"}),
    (OtherChallenge, ChallengeResponses, {"responses": {"ANSWER": "blue"}}),
]


def test_every_state_that_waits_for_a_person_is_told_and_answered() -> None:
    assert set(TOLD) == {kind for kind, _, _ in ANSWERS} == set(SEALABLE.values())


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_told(kind: type[Challenge]) -> None:
    call = Call(auth=AUTH, request=posted({}), visit=AUTH.watch.visit(), body={})
    document: Any = run(tell(call, held(kind), "tokens")).document
    assert {name: told for name, told in document["challenge"].items() if name != "qr_svg"} == TOLD[kind]
    assert document["status"] == "challenge"
    opened = run(AUTH.vault.open_document(document["state"], "state"))
    assert opened["state"] == json.loads(json.dumps(pack_state(held(kind))))
    assert opened["delivery"] == "tokens"


@pytest.mark.parametrize(
    ("kind", "event", "answer"), [pytest.param(*row, id=f"{row[0].__name__}-{row[1].__name__}") for row in ANSWERS]
)
def test_answered(kind: type[Challenge], event: type[Event], answer: dict[str, Any]) -> None:
    driver = Scripted([service_error("InternalErrorException", "no")])
    reply = send("challenge", driver, state=sealed(held(kind)), answer=answer)
    assert reply.status == 503
    assert driver.operations == [SENDS[kind, event]]


REFUSED: Final[list[tuple[type[Challenge], Any]]] = [
    (EmailOtp, {}),
    (EmailOtp, {"code": ""}),
    (EmailOtp, {"code": "1" * 65}),
    (EmailOtp, {"code": 1}),
    (EmailOtp, {"code": "1", "EMAIL_OTP_CODE": "2"}),
    (SmsOtp, {"answer": "1"}),
    (WebAuthn, {"credential": CREDENTIAL}),
    (WebAuthn, {"credential": []}),
    (WebAuthn, {}),
    (CustomChallenge, {"answer": "a" * 2049}),
    (CustomChallenge, {"answer": {"a": "b"}}),
    (SelectChallenge, {"password": "secret"}),
    (SelectChallenge, {"choice": "PASSWORD", "password": "p" * 257}),
    (PasswordChallenge, {"password": ""}),
    (PasswordSrpChallenge, {"password": "p" * 257}),
    (MfaSetup, {"choice": "EMAIL_OTP"}),
    (MfaSetup, {"choice": "SOFTWARE_TOKEN_MFA", "email": "ana@example.org"}),
    (MfaSetup, {"choice": "SMS_MFA"}),
    (MfaSetup, {"choice": "EMAIL_OTP", "email": "a" * 2049}),
    (OtherChallenge, {"responses": {"ANSWER": 1}}),
]


@pytest.mark.parametrize(
    ("kind", "answer"), [pytest.param(*row, id=f"{row[0].__name__}-{number}") for number, row in enumerate(REFUSED)]
)
def test_refused_before_anything_is_sent(kind: type[Challenge], answer: Any) -> None:
    driver = Scripted()
    reply = send("challenge", driver, state=sealed(held(kind)), answer=answer)
    document: Any = reply.document
    assert (reply.status, document["error"]["code"]) == (400, "bad_request")
    assert driver.operations == []


@pytest.mark.parametrize(("levels", "status"), [(13, 200), (14, 400), (500, 400)])
def test_a_deep_credential_breaks_nothing(levels: int, status: int) -> None:
    driver = Scripted([AuthReply(authentication_result=RESULT)] if status == 200 else [])
    deep: dict[str, Any] = {}
    for _ in range(levels):
        deep = {"a": deep}
    assert send("challenge", driver, state=sealed(held(WebAuthn)), answer={"credential": deep}).status == status


WISHES: Final[list[tuple[type[Challenge], str, int]]] = [
    (EmailOtp, "resend_code", 200),
    (SmsOtp, "resend_code", 200),
    (CustomChallenge, "resend_code", 200),
    (SelectChallenge, "choose_again", 200),
    (WebAuthn, "choose_again", 200),
    (SmsMfa, "resend_code", 409),
    (SelectMfaType, "choose_again", 409),
    (EmailOtp, "coffee", 400),
]


@pytest.mark.parametrize(("kind", "wish", "status"), WISHES)
def test_wishes(kind: type[Challenge], wish: str, status: int) -> None:
    driver = Scripted([challenge("RIDDLE")] if status == 200 else [])
    assert send("challenge", driver, state=sealed(held(kind)), wish=wish).status == status
    if status == 200:
        assert type(driver.operations[0]) is InitiateAuth


def test_either_an_answer_or_a_wish() -> None:
    state = sealed(held(EmailOtp))
    assert send("challenge", Scripted(), state=state).status == 400
    assert send("challenge", Scripted(), state=state, wish="resend_code", answer={"code": "1"}).status == 400
    after_password = sealed(EmailOtp(username="ana"))
    document: Any = send("challenge", Scripted(), state=after_password, wish="resend_code").document
    assert document["error"]["code"] == "invalid_answer"
    assert (EmailOtp, ResendCode) in SENDS


def opened_with(flows: tuple[PasswordFlow, ...], **body: Any) -> Operation[Any] | int:
    """The operation that a login sends, or the status that it is refused with."""
    auth = WebAuth(replace(SETTINGS, auth_flows=flows), OPTIONS)
    driver = Scripted([AuthReply(authentication_result=RESULT)], settings=auth.settings)
    reply = driver.run_on(auth.handle(ROUTE["login"], posted({"username": "ana", **body})))
    return driver.operations[0] if driver.operations else reply.status


LOGINS: Final[list[tuple[tuple[PasswordFlow, ...], dict[str, Any], str | int, dict[str, str]]]] = [
    (("USER_PASSWORD_AUTH",), {"password": "p"}, "USER_PASSWORD_AUTH", {"PASSWORD": "p"}),
    (("USER_PASSWORD_AUTH",), {}, 400, {}),
    (("USER_PASSWORD_AUTH",), {"preferred": "EMAIL_OTP"}, 400, {}),
    (("USER_PASSWORD_AUTH", "USER_AUTH"), {"password": "p"}, "USER_PASSWORD_AUTH", {"PASSWORD": "p"}),
    (("USER_PASSWORD_AUTH", "USER_AUTH"), {}, "USER_AUTH", {}),
    (("USER_AUTH",), {"preferred": "EMAIL_OTP"}, "USER_AUTH", {"PREFERRED_CHALLENGE": "EMAIL_OTP"}),
    (
        ("USER_AUTH",),
        {"preferred": "PASSWORD", "password": "p"},
        "USER_AUTH",
        {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "p"},
    ),
    (("USER_AUTH",), {"preferred": "coffee"}, 400, {}),
    (("USER_AUTH",), {"preferred": "EMAIL_OTP", "password": "p"}, 400, {}),
    (("CUSTOM_AUTH",), {}, "CUSTOM_AUTH", {}),
    (("USER_AUTH",), {"acr_values": " gold  silver"}, "USER_AUTH", {"TARGET_ACR_VALUES": "gold silver"}),
    (
        ("USER_PASSWORD_AUTH", "USER_AUTH"),
        {"acr_values": "gold", "max_age": 0, "preferred": "PASSWORD", "password": "p"},
        "USER_AUTH",
        {"TARGET_ACR_VALUES": "gold", "MAX_AGE": "0", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "p"},
    ),
    (("USER_AUTH",), {"acr_values": " "}, 400, {}),
    (("USER_PASSWORD_AUTH",), {"acr_values": "gold", "password": "p"}, 400, {}),
    (("USER_PASSWORD_AUTH",), {"max_age": 300, "password": "p"}, "USER_PASSWORD_AUTH", {"PASSWORD": "p"}),
    (("USER_AUTH",), {"max_age": 300}, "USER_AUTH", {}),
]


@pytest.mark.parametrize(("flows", "body", "expected", "parameters"), LOGINS)
def test_login(flows: tuple[PasswordFlow, ...], body: dict[str, Any], expected: str | int, parameters: dict[str, str]) -> None:
    sent = opened_with(flows, **body)
    if isinstance(sent, int):
        assert sent == expected
    else:
        assert isinstance(sent, InitiateAuth)
        assert sent.auth_flow == expected
        assert sent.auth_parameters == {"USERNAME": "ana", **parameters}


@pytest.mark.parametrize("delivery", ["cookie", "tokens"])
def test_a_session_keeps_the_device_that_its_tokens_are_bound_to(delivery: str) -> None:
    offer = NewDeviceMetadata(device_key=DEVICE.key, device_group_key="group")
    issued = AuthReply(authentication_result=replace(RESULT, new_device_metadata=offer))
    reply = send("challenge", Scripted([issued]), state=sealed(held(SmsMfa), delivery), answer={"code": "1"})
    again: dict[str, str] = {}
    cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in reply.cookies)
    if delivery == "tokens":
        document: Any = reply.document
        again["refresh_token"] = document["refresh_token"]
    request = replace(posted(again), headers=(*posted({}).headers, ("Cookie", cookie)))
    driver = Scripted([GetTokensFromRefreshTokenReply(authentication_result=RESULT)])
    driver.run(AUTH.handle(ROUTE["refresh"], request))
    (asked,) = driver.operations
    assert getattr(asked, "device_key") == DEVICE.key  # noqa: B009 - whichever operation refreshes
    assert getattr(asked, "refresh_token") == TOKENS.refresh_token  # noqa: B009
