"""Users who are disabled, must reset their password, have no password, or are gone: who may still do what.

The states are written into the pool's file directly, so that each is met whatever operation leads to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest

from cognito_auth.api.account import ChangePassword, ConfirmForgotPassword, ForgotPassword, GetUser
from cognito_auth.api.auth import GetTokensFromRefreshToken
from cognito_auth.api.mfa import AssociateSoftwareToken, SetUserMFAPreference, SmsMfaSettings, VerifySoftwareToken
from cognito_auth.api.pool_settings import SmsConfiguration
from cognito_auth.api.sign_up import ResendConfirmationCode
from cognito_auth.api.users import AdminCreateUser
from cognito_auth.local.base.keys import load_key
from cognito_auth.local.store.records import User
from cognito_auth.local.store.storage import Storage
from cognito_auth.local.store.tables import CLIENTS, GRANTS, POOLS, TABLES, USERS

from .support import NEW_PASSWORD, PASSWORD, App, add_client, claims, new_app, new_cognito, refusal

DISABLED = "NotAuthorized: User is disabled."
UNKNOWN = "UserNotFound: User does not exist."
INCORRECT = "NotAuthorized: Incorrect username or password."
INVALID_SESSION = "NotAuthorized: Invalid session for the user."


class File:
    """The file of a pool, opened a second time."""

    def __init__(self, path: Path, app: App) -> None:
        self.storage = Storage(path, TABLES)
        self.app = app

    def change(self, edit: Callable[[User], User]) -> None:
        """Edit ana's record."""
        with self.storage.transaction() as records:
            user = records.get(USERS, self.app.pool_id, "ana")
            assert user is not None
            records.put(USERS, edit(user))

    def delete(self) -> None:
        with self.storage.transaction() as records:
            records.delete(USERS, pool_id=self.app.pool_id, name="ana")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    sms = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")
    made = new_app(new_cognito(path=tmp_path / "pool.sqlite"), pool={"mfa_configuration": "OPTIONAL", "sms_configuration": sms})
    made.create_user("ana", email="ana@example.com", email_verified="true", phone_number="+15550001234")
    yield made
    made.cognito.close()


@pytest.fixture
def file(app: App, tmp_path: Path) -> Iterator[File]:
    opened = File(tmp_path / "pool.sqlite", app)
    yield opened
    opened.storage.close()


def disable(user: User) -> User:
    return replace(user, enabled=False)


def ask_for_sms(app: App) -> None:
    request = SetUserMFAPreference(access_token=app.tokens().access_token or "", sms_mfa_settings=SmsMfaSettings(enabled=True))
    app.send(request)


def test_a_disabled_user_is_told_with_the_right_password_only(app: App, file: File) -> None:
    file.change(disable)
    for attempt in (app.password_auth, app.srp_auth):
        assert refusal(attempt) == DISABLED
        assert refusal(attempt, "ana", "Wr0ng-one!") == INCORRECT


def test_a_disabled_users_tokens_and_sessions_end(app: App, file: File) -> None:
    tokens = app.tokens()
    ask_for_sms(app)
    challenge = app.password_auth()
    code = app.last_message().code
    file.change(disable)
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == DISABLED
    renew = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or "")
    assert refusal(app.send, renew) == DISABLED
    assert refusal(app.reply_to, challenge, SMS_MFA_CODE=code) == DISABLED


def test_a_disabled_user_gets_no_codes(app: App, file: File) -> None:
    legacy = add_client(app.cognito, app.pool_id, prevent_user_existence_errors="LEGACY")
    request = ForgotPassword(client_id=app.client_id, username="ana")
    app.send(request)
    code = app.last_message().code
    file.change(disable)
    details = app.send(request).code_delivery_details
    assert details is not None
    assert details.delivery_medium == "EMAIL"
    assert len(app.cognito.outbox()) == 1
    assert refusal(app.send, replace(request, client_id=legacy.client_id)) == DISABLED
    confirm = ConfirmForgotPassword(client_id=app.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD)
    assert refusal(app.send, confirm) == "CodeMismatch: Invalid verification code provided, please try again."
    assert refusal(app.send, replace(confirm, client_id=legacy.client_id)) == DISABLED
    file.change(lambda user: replace(user, status="UNCONFIRMED"))
    app.send(ResendConfirmationCode(client_id=app.client_id, username="ana"))
    assert len(app.cognito.outbox()) == 1


def test_a_password_that_must_be_reset(app: App, file: File) -> None:
    file.change(lambda user: replace(user, status="RESET_REQUIRED"))
    required = "PasswordResetRequired: Password reset required for the user"
    assert refusal(app.password_auth) == required
    assert refusal(app.srp_auth) == required
    assert refusal(app.srp_auth, "ana", "Wr0ng-one!") == INCORRECT
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    code = app.last_message().code
    app.send(ConfirmForgotPassword(client_id=app.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD))
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result


def test_a_code_does_not_confirm_who_was_invited_again(app: App, file: File) -> None:
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    code = app.last_message().code
    file.change(lambda user: replace(user, status="FORCE_CHANGE_PASSWORD"))
    confirm = ConfirmForgotPassword(client_id=app.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD)
    assert refusal(app.send, confirm) == "NotAuthorized: User password cannot be reset in the current state."


@pytest.mark.parametrize("again", [False, True], ids=["gone", "another of that name"])
def test_a_deleted_users_tokens_and_sessions_end(app: App, file: File, *, again: bool) -> None:
    tokens = app.tokens()
    ask_for_sms(app)
    challenge = app.password_auth()
    code = app.last_message().code
    pair, verifier = app.srp_challenge()
    claim = app.srp_claim(pair, verifier)
    file.delete()
    if again:
        app.create_user()
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == UNKNOWN
    renew = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or "")
    assert refusal(app.send, renew) == UNKNOWN
    assert refusal(app.reply_to, challenge, SMS_MFA_CODE=code) == INVALID_SESSION
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, claim) == INCORRECT


def without_password(user: User) -> User:
    return replace(user, password=None)


def test_who_has_no_password_cannot_use_one_but_may_set_the_first(app: App, file: File) -> None:
    access = app.tokens().access_token or ""
    file.change(without_password)
    assert refusal(app.password_auth) == INCORRECT
    assert refusal(app.srp_auth) == INCORRECT
    app.send(ChangePassword(access_token=access, proposed_password=NEW_PASSWORD))
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result


def test_an_address_that_went_away_cannot_be_asked(app: App, file: File) -> None:
    ask_for_sms(app)
    file.change(lambda user: replace(user, attributes={"email": "ana@example.com"}))
    text = "InvalidParameter: User does not have delivery config set to turn on SMS_MFA"
    assert refusal(app.password_auth) == text


def test_an_app_that_went_away_cannot_be_asked(app: App, file: File) -> None:
    access = app.tokens().access_token or ""
    assert "EnableSoftwareTokenMFA" in refusal(app.send, VerifySoftwareToken(access_token=access, user_code="000000"))
    app.send(AssociateSoftwareToken(access_token=access))
    file.change(lambda user: replace(user, factors=("SOFTWARE_TOKEN_MFA",)))
    challenge = app.password_auth()
    text = "SoftwareTokenMFANotFound: Software Token MFA has not been enabled by the userPool"
    assert refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE="000000") == text


def test_a_token_without_the_scope(app: App, file: File) -> None:
    access = app.tokens().access_token
    with file.storage.transaction() as records:
        pool = records.get(POOLS, app.pool_id)
    assert pool is not None
    for scope in ("", "openid", "aws.cognito.signin.user.admin.not"):
        other = {**claims(access), "scope": scope}
        token = jwt.encode(other, load_key(pool.access_key.private), algorithm="RS256", headers={"kid": pool.access_key.kid})
        text = "NotAuthorized: Access Token does not have required scopes"
        assert refusal(app.send, GetUser(access_token=token)) == text


def test_a_token_whose_sign_in_is_not_known_any_more(app: App, file: File) -> None:
    access = app.tokens().access_token or ""
    with file.storage.transaction() as records:
        for grant in list(records.find(GRANTS, pool_id=app.pool_id)):
            records.delete(GRANTS, id=grant.id)
    assert refusal(app.send, GetUser(access_token=access)) == "NotAuthorized: Access Token has been revoked"


def test_a_token_of_a_client_that_went_away(app: App, file: File) -> None:
    access = app.tokens().access_token or ""
    with file.storage.transaction() as records:
        records.delete(CLIENTS, id=app.client_id)
    text = f"ResourceNotFound: User pool client {app.client_id} does not exist."
    assert refusal(app.send, GetUser(access_token=access)) == text


def test_an_invited_user_may_have_no_password_that_works(app: App) -> None:
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="eva", message_action="SUPPRESS"))
    assert refusal(app.password_auth, "eva", PASSWORD) == INCORRECT


def test_deleting_needs_a_condition(file: File) -> None:
    unconditional: dict[str, Any] = {}
    with file.storage.transaction() as records, pytest.raises(ValueError, match="condition"):
        records.delete(USERS, **unconditional)
