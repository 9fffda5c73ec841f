"""Step-up authentication from an access token: what it is good for, for how long, and whose it has to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth.api.account import DeleteUser
from cognito_auth.api.auth import GetTokensFromRefreshToken, GlobalSignOut, RevokeToken
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import AcrLevelConfig
from cognito_auth.api.pools import UpdateUserPool
from cognito_auth.api.sign_up import ConfirmSignUp, SignUp
from cognito_auth.api.users import AdminDisableUser, AdminResetUserPassword, AdminSetUserPassword

from .choice_client import CHOICE, admin_reply_to, begin, choice_app, policy
from .step_up_client import LOA, VERIFIED, Ana, ana, assurance, named
from .support import PASSWORD, App, add_client, claims, listed, new_app, refusal, signed_in

REACHED: Final = "InvalidParameter: ACCESS_TOKEN has the ACR level already"
UNREACHABLE: Final = "InvalidParameter: The user has no factors for any ACR level in TARGET_ACR_VALUES"
FOREIGN: Final = "NotAuthorized: Access Token does not belong to the user"
INVALID: Final = "NotAuthorized: Invalid Access Token"
ALL_THREE: Final = ["pwd", "otp", "mfa"]


def with_app() -> Ana:
    """Somebody with a password and an app, in a pool that asks for the app where somebody has switched it on."""
    return ana("PASSWORD", mfa=True).with_app()


def at_level_1(person: Ana) -> str:
    """The token of a sign-in by password that asked for a level, from before the app was asked for."""
    on = SoftwareTokenMfaSettings(enabled=True, preferred_mfa=True)
    person.without_app()
    token = person.reach(1, "PASSWORD").access_token or ""
    person.app.send(SetUserMFAPreference(access_token=token, software_token_mfa_settings=on))
    return token


def test_only_what_is_missing_is_asked_for() -> None:
    person = with_app()
    token = at_level_1(person)
    before = claims(token)
    person.app.cognito.clock.move(600)
    posed = person.begin(4, ACCESS_TOKEN=token)
    assert posed.challenge_name == "SOFTWARE_TOKEN_MFA"
    tokens = person.go(posed, "SOFTWARE_TOKEN_MFA")
    assert assurance(tokens) == (LOA.format(4), ALL_THREE)
    after = claims(tokens.access_token)
    assert after["auth_time"] >= before["auth_time"] + 600
    assert after["origin_jti"] != before["origin_jti"]
    assert person.app.send(GetTokensFromRefreshToken(client_id=person.app.client_id, refresh_token=tokens.refresh_token or ""))


def test_the_old_tokens_stay() -> None:
    person = with_app()
    token = at_level_1(person)
    person.go(person.begin(4, ACCESS_TOKEN=token), "SOFTWARE_TOKEN_MFA")
    assert person.begin(4, ACCESS_TOKEN=token).challenge_name == "SOFTWARE_TOKEN_MFA"


def test_through_the_administrator() -> None:
    person = with_app()
    posed = person.begin(4, admin=True, ACCESS_TOKEN=at_level_1(person))
    code = person.app.totp(person.secret)
    tokens = signed_in(admin_reply_to(person.app, posed, SOFTWARE_TOKEN_MFA_CODE=code))
    assert assurance(tokens) == (LOA.format(4), ALL_THREE)


@pytest.mark.parametrize(
    ("had", "level", "offered", "ways", "methods"),
    [
        pytest.param("PASSWORD", 3, {"EMAIL_OTP", "SMS_OTP"}, ("EMAIL_OTP",), ["pwd", "email_otp", "mfa"], id="mail"),
        pytest.param("EMAIL_OTP", 3, {"PASSWORD", "PASSWORD_SRP"}, ("PASSWORD",), ["email_otp", "pwd", "mfa"], id="password"),
        pytest.param(
            "SMS_OTP", 3, {"PASSWORD", "PASSWORD_SRP"}, ("PASSWORD_SRP",), ["sms", "pwd", "mfa"], id="proved password"
        ),
        pytest.param("PASSWORD", 2, {"EMAIL_OTP", "SMS_OTP"}, ("SMS_OTP",), ["pwd", "sms", "mfa"], id="more than wanted"),
    ],
)
def test_factors_that_may_open_a_sign_in(had: str, level: int, offered: set[str], ways: Any, methods: list[str]) -> None:
    person = ana()
    token = person.reach(1, had).access_token or ""
    posed = person.begin(level, ACCESS_TOKEN=token)
    assert (posed.challenge_name, set(posed.available_challenges or ())) == ("SELECT_CHALLENGE", offered)
    assert assurance(person.go(posed, *ways)) == (LOA.format(3), methods)


def test_a_factor_that_may_open_a_sign_in_can_be_preferred() -> None:
    person = ana()
    token = person.reach(1, "PASSWORD").access_token or ""
    posed = person.begin(3, ACCESS_TOKEN=token, PREFERRED_CHALLENGE="EMAIL_OTP")
    assert posed.challenge_name == "EMAIL_OTP"
    assert assurance(person.go(posed, "EMAIL_OTP"))[0] == LOA.format(3)


def test_a_passkey_after_a_password() -> None:
    person = ana("PASSWORD", "WEB_AUTHN").with_passkey("cross-platform")
    posed = person.begin(3, ACCESS_TOKEN=person.reach(1, "PASSWORD").access_token or "")
    assert assurance(person.go(posed, "WEB_AUTHN")) == (LOA.format(3), ["pwd", "hwk", "mfa"])


def test_a_password_then_the_app_after_a_code() -> None:
    person = ana(mfa=True)
    token = person.reach(2, "EMAIL_OTP").access_token or ""
    person.with_app()
    posed = person.begin(4, ACCESS_TOKEN=token)
    assert set(posed.available_challenges or ()) == {"PASSWORD", "PASSWORD_SRP"}
    tokens = person.go(posed, "PASSWORD", "SOFTWARE_TOKEN_MFA")
    assert assurance(tokens) == (LOA.format(4), ["email_otp", "pwd", "otp", "mfa"])


def test_a_second_factor_that_the_token_tells_of_and_the_pool_demands_is_told_once() -> None:
    person = ana(mfa=True)
    token = person.reach(2, "EMAIL_OTP").access_token or ""
    person.with_mail()
    tokens = person.go(person.begin(3, ACCESS_TOKEN=token), "PASSWORD", "EMAIL_OTP")
    assert assurance(tokens) == (LOA.format(3), ["email_otp", "pwd", "mfa"])


def test_a_token_that_tells_no_methods_is_good_for_none() -> None:
    person = with_app()
    posed = person.begin(4, ACCESS_TOKEN=person.access)
    assert posed.challenge_name == "SELECT_CHALLENGE"
    assert assurance(person.go(posed, "PASSWORD", "SOFTWARE_TOKEN_MFA")) == (LOA.format(4), ALL_THREE)


def test_a_refreshed_token_is_as_good() -> None:
    person = with_app()
    person.without_app()
    tokens = person.reach(1, "PASSWORD")
    on = SoftwareTokenMfaSettings(enabled=True, preferred_mfa=True)
    person.app.send(SetUserMFAPreference(access_token=tokens.access_token or "", software_token_mfa_settings=on))
    person.app.cognito.clock.move(4000)
    again = GetTokensFromRefreshToken(client_id=person.app.client_id, refresh_token=tokens.refresh_token or "")
    refreshed = person.app.send(again).authentication_result
    assert refreshed is not None
    assert person.begin(4, ACCESS_TOKEN=refreshed.access_token or "").challenge_name == "SOFTWARE_TOKEN_MFA"
    late = person.begin(4, ACCESS_TOKEN=refreshed.access_token or "", MAX_AGE="3999")
    assert late.challenge_name == "SELECT_CHALLENGE"


# A level that is there already


@pytest.mark.parametrize("levels", [(4,), (3,), (1,), (4, 1), (2, 4)])
def test_a_level_that_is_reached_already(levels: tuple[int, ...]) -> None:
    person = with_app()
    token = person.reach(4, "PASSWORD", "SOFTWARE_TOKEN_MFA").access_token or ""
    assert refusal(person.begin, *levels, ACCESS_TOKEN=token) == REACHED


def test_the_highest_level_within_reach_is_there_already() -> None:
    person = ana()
    token = person.reach(3, "PASSWORD", "EMAIL_OTP").access_token or ""
    assert refusal(person.begin, 4, 3, ACCESS_TOKEN=token) == REACHED
    assert refusal(person.begin, 4, ACCESS_TOKEN=token) == UNREACHABLE


# Age


@pytest.mark.parametrize(
    ("moved", "max_age", "counts"),
    [
        (0, None, True),
        (3000, None, True),
        (200, "300", True),
        (299, "300", True),
        (300, "300", False),
        (301, "300", False),
        (3000, "9999999999", True),
        (0, "0", False),
        (0, "00", False),
    ],
)
def test_how_old_the_sign_in_may_be(moved: int, max_age: str | None, counts: bool) -> None:
    person = with_app()
    token = at_level_1(person)
    person.app.cognito.clock.move(moved)
    age: dict[str, Any] = {} if max_age is None else {"MAX_AGE": max_age}
    posed = person.begin(4, ACCESS_TOKEN=token, **age)
    assert posed.challenge_name == ("SOFTWARE_TOKEN_MFA" if counts else "SELECT_CHALLENGE")
    assert person.begin(4, ACCESS_TOKEN=token).challenge_name == "SOFTWARE_TOKEN_MFA", "the token itself stays good"


def test_an_age_is_inclusive() -> None:
    person = with_app()
    token = at_level_1(person)
    person.app.cognito.clock.move(299.75)  # 300 seconds after the second in which it was issued
    assert person.begin(4, ACCESS_TOKEN=token, MAX_AGE="300").challenge_name == "SOFTWARE_TOKEN_MFA"


def test_no_age_at_all_is_to_sign_in_anew_within_the_same_instant() -> None:
    person = with_app()
    person.app.cognito.clock.move(0.75)  # on the second
    token = at_level_1(person)
    assert person.begin(4, ACCESS_TOKEN=token, MAX_AGE="0").challenge_name == "SELECT_CHALLENGE"


def test_who_signed_in_too_long_ago_reaches_the_same_level_again() -> None:
    person = with_app()
    token = person.reach(4, "PASSWORD", "SOFTWARE_TOKEN_MFA").access_token or ""
    person.app.cognito.clock.move(600)
    assert refusal(person.begin, 4, ACCESS_TOKEN=token, MAX_AGE="3000") == REACHED
    posed = person.begin(4, ACCESS_TOKEN=token, MAX_AGE="300")
    assert assurance(person.go(posed, "PASSWORD", "SOFTWARE_TOKEN_MFA")) == (LOA.format(4), ALL_THREE)


@pytest.mark.parametrize("max_age", ["-1", "", "1.5", "soon", "+5", " 5", "\u0665", "12345678901"])
@pytest.mark.parametrize("levels", [(4,), ()], ids=["with a level", "alone"])
def test_ages_that_are_none(max_age: str, levels: tuple[int, ...]) -> None:
    given = {"TARGET_ACR_VALUES": named(*levels)} if levels else {}
    text = refusal(begin, with_app().app, MAX_AGE=max_age, **given)
    assert text == "InvalidParameter: MAX_AGE must be a number of seconds"


# Whose token


def test_a_token_goes_with_a_level() -> None:
    app = ana().app
    for token in (app.tokens().access_token or "", "", "nonsense"):
        assert refusal(begin, app, ACCESS_TOKEN=token) == "InvalidParameter: ACCESS_TOKEN goes with TARGET_ACR_VALUES"


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "é"])
def test_what_is_no_token(token: str) -> None:
    assert refusal(ana().begin, 3, ACCESS_TOKEN=token) == INVALID


def test_other_tokens_and_forged_ones() -> None:
    person = ana()
    tokens = person.reach(1, "PASSWORD")
    header, _, signature = (tokens.access_token or "").split(".")
    _, payload, _ = (person.reach(3, "PASSWORD", "EMAIL_OTP").access_token or "").split(".")
    forged = f"{header}.{payload}.{signature}"
    assert refusal(person.begin, 3, ACCESS_TOKEN=forged) == "NotAuthorized: Could not verify signature for Access Token"
    for other in (tokens.id_token, tokens.refresh_token):
        assert refusal(person.begin, 3, ACCESS_TOKEN=other or "") == INVALID


def test_the_token_of_somebody_else() -> None:
    person = ana()
    person.app.create_user("eva", **(VERIFIED | {"email": "eva@example.com"}))
    token = person.reach(1, "PASSWORD").access_token or ""
    for name in ("eva", "nobody"):
        assert refusal(begin, person.app, name, TARGET_ACR_VALUES=named(3), ACCESS_TOKEN=token) == FOREIGN
    assert claims(token)["sub"] != claims(person.app.tokens("eva").access_token)["sub"]
    by_sub = begin(person.app, claims(token)["sub"], TARGET_ACR_VALUES=named(3), ACCESS_TOKEN=token)
    assert set(by_sub.available_challenges or ()) == {"EMAIL_OTP", "SMS_OTP"}


def test_the_token_of_another_client() -> None:
    person = ana()
    token = person.reach(1, "PASSWORD").access_token or ""
    other = add_client(person.app.cognito, person.app.pool_id, explicit_auth_flows=CHOICE)
    assert refusal(begin, other, TARGET_ACR_VALUES=named(3), ACCESS_TOKEN=token) == INVALID


def test_the_token_of_another_pool() -> None:
    person = ana()
    elsewhere = new_app(person.app.cognito, pool={"policies": policy("PASSWORD")}, explicit_auth_flows=CHOICE)
    elsewhere.create_user("ana", **VERIFIED)
    token = Ana(elsewhere).reach(1, "PASSWORD").access_token or ""
    assert refusal(person.begin, 3, ACCESS_TOKEN=token) == INVALID


def expired(app: App, _: Any) -> None:
    app.cognito.clock.move(3601)


def signed_out(app: App, tokens: Any) -> None:
    app.send(GlobalSignOut(access_token=tokens.access_token))


def revoked(app: App, tokens: Any) -> None:
    app.send(RevokeToken(client_id=app.client_id, token=tokens.refresh_token))


def disabled(app: App, _: Any) -> None:
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))


def deleted(app: App, tokens: Any) -> None:
    app.send(DeleteUser(access_token=tokens.access_token))


@pytest.mark.parametrize(
    ("happens", "text"),
    [
        (expired, "NotAuthorized: Access Token has expired"),
        (signed_out, "NotAuthorized: Access Token has been revoked"),
        (revoked, "NotAuthorized: Access Token has been revoked"),
        (disabled, "NotAuthorized: Access Token has been revoked"),
        (deleted, "UserNotFound: User does not exist."),
    ],
)
@pytest.mark.parametrize("age", [{}, {"MAX_AGE": "0"}], ids=["of any age", "that would not count"])
def test_a_token_that_is_not_good_any_more(happens: Callable[[App, Any], None], text: str, age: dict[str, str]) -> None:
    person = ana()
    tokens = person.reach(1, "PASSWORD")
    happens(person.app, tokens)
    assert refusal(person.begin, 3, ACCESS_TOKEN=tokens.access_token or "", **age) == text


# What has changed since


def test_a_password_that_was_given_since_has_to_be_replaced() -> None:
    person = with_app()
    token = at_level_1(person)
    app = person.app
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=PASSWORD, permanent=False))
    posed = person.begin(4, ACCESS_TOKEN=token)
    assert posed.challenge_name == "SELECT_CHALLENGE"
    assert person.give(posed, "PASSWORD").challenge_name == "NEW_PASSWORD_REQUIRED"


def test_a_password_that_is_to_be_reset() -> None:
    person = with_app()
    token = at_level_1(person)
    person.app.send(AdminResetUserPassword(user_pool_id=person.app.pool_id, username="ana"))
    posed = person.begin(4, ACCESS_TOKEN=token)
    text = refusal(person.app.reply_to, posed, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "PasswordResetRequired: Password reset required for the user"


def test_a_level_that_was_renamed() -> None:
    """The methods count, and the old name does not; where nothing would be left to ask for, everything is."""
    person = ana("PASSWORD", "EMAIL_OTP", "SMS_OTP")
    low = person.reach(1, "PASSWORD").access_token or ""
    high = person.reach(3, "PASSWORD", "EMAIL_OTP").access_token or ""
    names = {f"Level{level}": AcrLevelConfig(acr_value=f"level-{level}") for level in (1, 3)}
    factors = policy("PASSWORD", "EMAIL_OTP", "SMS_OTP")
    person.app.send(UpdateUserPool(user_pool_id=person.app.pool_id, acr_configuration=names, policies=factors))
    assert set(person.begin("level-3", ACCESS_TOKEN=low).available_challenges or ()) == {"EMAIL_OTP", "SMS_OTP"}
    everything = {"PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"}
    for token, name in ((low, "level-1"), (high, "level-3")):
        assert set(person.begin(name, ACCESS_TOKEN=token).available_challenges or ()) == everything
    posed = person.begin("level-3", ACCESS_TOKEN=high)
    assert assurance(person.go(posed, "PASSWORD", "EMAIL_OTP")) == ("level-3", ["pwd", "email_otp", "mfa"])


def test_a_sign_up_that_leads_on_reaches_no_level() -> None:
    app = choice_app("PASSWORD", "EMAIL_OTP")
    request = SignUp(
        client_id=app.client_id, username="ana", password=PASSWORD, user_attributes=listed({"email": "ana@example.com"})
    )
    first = app.send(request).session
    code = app.last_message().code
    confirmed = ConfirmSignUp(client_id=app.client_id, username="ana", confirmation_code=code, session=first)
    session = app.send(confirmed).session
    assert refusal(begin, app, session=session, TARGET_ACR_VALUES=named(1)) == UNREACHABLE
    assert assurance(signed_in(begin(app, session=session))) == (None, None)
