"""What a signed-in user does by access token: what is sent, and what the reply comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from cognito_auth.api.account import (
    ChangePassword,
    DeleteUser,
    DeleteUserAttributes,
    GetUser,
    GetUserAttributeVerificationCode,
    GetUserAttributeVerificationCodeReply,
    GetUserAuthFactors,
    GetUserAuthFactorsReply,
    GetUserReply,
    UpdateUserAttributes,
    UpdateUserAttributesReply,
    VerifyUserAttribute,
)
from cognito_auth.api.devices import ForgetDevice, ListDevices, UpdateDeviceStatus
from cognito_auth.api.mfa import AssociateSoftwareToken, SetUserMFAPreference, VerifySoftwareToken
from cognito_auth.api.sessions import ListUserSessions, ListUserSessionsReply, RevokeUserSession, SessionDescription
from cognito_auth.api.structure import NoReply, Operation
from cognito_auth.api.types import Attribute, CodeDeliveryDetails
from cognito_auth.errors import InvalidParameter, PasskeyNotFound, UserSessionNotFound, service_error
from cognito_auth.flows import (
    Account,
    change_attributes,
    change_password,
    delete_account,
    delete_attributes,
    delete_passkey,
    end_session,
    list_sessions,
    read_account,
    read_factors,
    send_verification_code,
    verify_attribute,
)
from cognito_auth.web import refusal
from cognito_auth.web.http import seconds
from tests.support.scripted import Scripted, run

TOKEN: Final = "access-token"
SENT: Final = CodeDeliveryDetails(destination="a***@e***", delivery_medium="EMAIL", attribute_name="email")
SESSION: Final = "tkn" + 25 * "a"


def test_an_account_is_its_name_and_attributes() -> None:
    driver = Scripted(
        [GetUserReply(username="ana", user_attributes=(Attribute(name="sub", value="1"), Attribute(name="name")))]
    )
    account = driver.run(read_account(TOKEN))
    assert account == Account(username="ana", attributes={"sub": "1", "name": ""})
    assert driver.operations == [GetUser(access_token=TOKEN)]
    assert "'1'" not in repr(account)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        pytest.param((SENT,), {"name": None, "email": SENT}, id="a code was sent to one"),
        pytest.param(None, {"name": None, "email": None}, id="none was sent"),
    ],
)
def test_each_attribute_s_outcome_is_told(sent: Any, told: dict[str, CodeDeliveryDetails | None]) -> None:
    driver = Scripted([UpdateUserAttributesReply(code_delivery_details_list=sent)])
    assert driver.run(change_attributes(TOKEN, {"name": "Ana", "email": "ana@example.com"})) == told
    wanted = (Attribute(name="name", value="Ana"), Attribute(name="email", value="ana@example.com"))
    assert driver.operations == [UpdateUserAttributes(access_token=TOKEN, user_attributes=wanted)]


def test_attributes_are_deleted_by_name() -> None:
    driver = Scripted([NoReply()])
    driver.run(delete_attributes(TOKEN, ["name", "nickname"]))
    assert driver.operations == [DeleteUserAttributes(access_token=TOKEN, user_attribute_names=("name", "nickname"))]


def test_an_address_is_verified_by_a_code() -> None:
    driver = Scripted([GetUserAttributeVerificationCodeReply(code_delivery_details=SENT), NoReply()])
    assert driver.run_on(send_verification_code(TOKEN, "email")) == SENT
    driver.run(verify_attribute(TOKEN, "email", "123456"))
    assert driver.operations == [
        GetUserAttributeVerificationCode(access_token=TOKEN, attribute_name="email"),
        VerifyUserAttribute(access_token=TOKEN, attribute_name="email", code="123456"),
    ]


@pytest.mark.parametrize("previous", ["old", None], ids=["known", "first"])
def test_a_password_is_changed_or_given_for_the_first_time(previous: str | None) -> None:
    driver = Scripted([NoReply()])
    driver.run(change_password(TOKEN, previous, "new"))
    assert driver.operations == [ChangePassword(access_token=TOKEN, previous_password=previous, proposed_password="new")]


def test_an_account_is_deleted() -> None:
    driver = Scripted([NoReply()])
    driver.run(delete_account(TOKEN))
    assert driver.operations == [DeleteUser(access_token=TOKEN)]


@pytest.mark.parametrize(
    ("on", "preferred", "states"),
    [
        pytest.param(None, None, ("off", "off", "off"), id="none"),
        pytest.param(("SMS_MFA",), None, ("off", "on", "off"), id="one, not preferred"),
        pytest.param(("SOFTWARE_TOKEN_MFA", "EMAIL_OTP"), "EMAIL_OTP", ("on", "off", "preferred"), id="two"),
        pytest.param(("RIDDLE_MFA", "SOFTWARE_TOKEN_MFA"), "RIDDLE_MFA", ("on", "off", "off"), id="one that nobody knows"),
        pytest.param((), "SMS_MFA", ("off", "off", "off"), id="preferred, and off"),
    ],
)
def test_factors(on: tuple[str, ...] | None, preferred: str | None, states: tuple[str, str, str]) -> None:
    reply = GetUserAuthFactorsReply(
        username="ana",
        user_mfa_setting_list=on,
        preferred_mfa_setting=preferred,
        configured_user_auth_factors=("PASSWORD",) if on else None,
    )
    found = run(read_factors(TOKEN), reply)
    assert (found.software_token, found.sms, found.email) == states
    assert found.configured == (("PASSWORD",) if on else ())


def test_sessions_are_listed_to_the_last_page() -> None:
    one, other = SessionDescription(session_id=SESSION), SessionDescription(session_id=SESSION[::-1])
    driver = Scripted(
        [ListUserSessionsReply(sessions=(one,), next_token="2"), ListUserSessionsReply(sessions=(other,), next_token=None)]
    )
    assert driver.run(list_sessions(TOKEN)) == (one, other)
    assert driver.operations == [ListUserSessions(access_token=TOKEN), ListUserSessions(access_token=TOKEN, next_token="2")]


@pytest.mark.parametrize(("linked", "sent"), [(False, "NONE"), (True, "LINKED")])
def test_a_session_is_ended_with_or_without_what_belongs_to_it(*, linked: bool, sent: Any) -> None:
    driver = Scripted([NoReply()])
    driver.run(end_session(TOKEN, SESSION, linked=linked))
    expected = RevokeUserSession(access_token=TOKEN, session_id=SESSION, revoke_associated_sessions=sent)
    assert driver.operations == [expected]


def test_a_passkey_that_is_not_there_is_told_as_one() -> None:
    missing = service_error("ResourceNotFoundException", "whatever", operation="DeleteWebAuthnCredential", request_id="r-1")
    with pytest.raises(PasskeyNotFound, match="DeleteWebAuthnCredential: ResourceNotFoundException: whatever") as caught:
        run(delete_passkey(TOKEN, "id"), missing)
    assert caught.value.request_id == "r-1"


def test_a_session_that_is_not_there_is_told_as_one() -> None:
    missing = service_error("ResourceNotFoundException", "whatever", operation="RevokeUserSession", request_id="r-1")
    with pytest.raises(UserSessionNotFound, match="RevokeUserSession: ResourceNotFoundException: whatever") as caught:
        run(end_session(TOKEN, SESSION), missing)
    assert caught.value.request_id == "r-1"
    with pytest.raises(InvalidParameter):
        run(end_session(TOKEN, SESSION), service_error("InvalidParameterException", "x"))


@pytest.mark.parametrize(
    ("moment", "told"), [(datetime(2026, 3, 8, 4, 5, 6, 999_999, tzinfo=UTC), 1_772_942_706), (None, None)]
)
def test_moments_are_told_in_whole_seconds(moment: datetime | None, told: int | None) -> None:
    assert seconds(moment) == told


ANSWERS: Final = {
    "AliasExistsException": (409, "alias_exists"),
    "CodeDeliveryFailureException": (502, "code_delivery_failed"),
    "CodeMismatchException": (400, "code_mismatch"),
    "ConcurrentModificationException": (409, "conflict"),
    "EnableSoftwareTokenMFAException": (400, "code_mismatch"),
    "ExpiredCodeException": (400, "code_expired"),
    "ForbiddenException": (502, "service_error"),
    "InternalErrorException": (503, "service_unavailable"),
    "InvalidEmailRoleAccessPolicyException": (502, "service_error"),
    "InvalidLambdaResponseException": (502, "service_error"),
    "InvalidParameterException": (400, "invalid_parameter"),
    "InvalidPasswordException": (400, "invalid_password"),
    "InvalidSmsRoleAccessPolicyException": (502, "service_error"),
    "InvalidSmsRoleTrustRelationshipException": (502, "service_error"),
    "InvalidUserPoolConfigurationException": (502, "service_error"),
    "LimitExceededException": (429, "too_many_attempts"),
    "NotAuthorizedException": (401, "not_authorized"),
    "OperationNotEnabledException": (502, "service_error"),
    "PasswordHistoryPolicyViolationException": (400, "password_reused"),
    "PasswordResetRequiredException": (403, "password_reset_required"),
    "ResourceNotFoundException": (502, "service_error"),
    "SoftwareTokenMFANotFoundException": (409, "software_token_not_found"),
    "TooManyRequestsException": (503, "service_unavailable"),
    "UnexpectedLambdaException": (502, "service_error"),
    "UserLambdaValidationException": (403, "refused"),
    "UserNotConfirmedException": (403, "user_not_confirmed"),
    "UserNotFoundException": (404, "user_not_found"),  # which endpoints tell as a token that is not good any more
}
"""Status and code of each error that these operations declare, where its message says no more."""

OPERATIONS: Final[tuple[type[Operation[Any]], ...]] = (
    AssociateSoftwareToken,
    ChangePassword,
    DeleteUser,
    DeleteUserAttributes,
    ForgetDevice,
    GetUser,
    GetUserAttributeVerificationCode,
    GetUserAuthFactors,
    ListDevices,
    ListUserSessions,
    RevokeUserSession,
    SetUserMFAPreference,
    UpdateDeviceStatus,
    UpdateUserAttributes,
    VerifySoftwareToken,
    VerifyUserAttribute,
)


def test_every_declared_error_has_its_answer() -> None:
    declared = {code for operation in OPERATIONS for code in operation.errors}
    assert {code: answer(code) for code in declared} == ANSWERS


def answer(code: str) -> tuple[int, str]:
    reply = refusal(service_error(code, "any text"))
    return reply.status, reply.document["error"]["code"]
