"""Step-up authentication: which factors reach which level, what tokens tell of it, and what cannot be reached."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import GetTokensFromRefreshToken, InitiateAuth
from cognito_auth.api.mfa import (
    AssociateSoftwareToken,
    EmailMfaSettings,
    SetUserMFAPreference,
    VerifySoftwareToken,
    WebAuthnMfaSettings,
)
from cognito_auth.api.pool_settings import AccountRecoverySetting, AcrLevelConfig, DeviceConfiguration, RecoveryOption
from cognito_auth.api.pools import UpdateUserPool
from cognito_auth.api.users import AdminSetUserPassword
from cognito_auth.local import Triggers

from .choice_client import CHOICE, MULTI, PARTY, admin_reply_to, begin, choice_app, configure, policy
from .device_client import registered
from .step_up_client import LOA, SENDER, VERIFIED, Ana, ana, assurance
from .support import PASSWORD, claims, new_app, new_cognito, refusal, signed_in

UNREACHABLE: Final = "InvalidParameter: The user has no factors for any ACR level in TARGET_ACR_VALUES"
UNKNOWN: Final = "InvalidParameter: TARGET_ACR_VALUES names no ACR level of the user pool"
NO_MFA: Final[Callable[[], Ana]] = ana
SECOND: Final[Callable[[], Ana]] = lambda: ana("PASSWORD", mfa=True)  # noqa: E731


# Levels and methods


@pytest.mark.parametrize(
    ("who", "ways", "level", "methods"),
    [
        pytest.param(NO_MFA, ("PASSWORD",), 1, ["pwd"], id="password"),
        pytest.param(NO_MFA, ("PASSWORD_SRP",), 1, ["pwd"], id="proved password"),
        pytest.param(NO_MFA, ("EMAIL_OTP",), 2, ["email_otp"], id="mail"),
        pytest.param(NO_MFA, ("SMS_OTP",), 2, ["sms"], id="text message"),
        pytest.param(lambda: ana().with_passkey(), ("WEB_AUTHN",), 3, ["swk"], id="passkey of a platform"),
        pytest.param(lambda: ana().with_passkey(None), ("WEB_AUTHN",), 3, ["swk"], id="passkey that does not say"),
        pytest.param(lambda: ana().with_passkey("cross-platform"), ("WEB_AUTHN",), 3, ["hwk"], id="roaming passkey"),
        pytest.param(NO_MFA, ("PASSWORD", "EMAIL_OTP"), 3, ["pwd", "email_otp", "mfa"], id="password, then mail"),
        pytest.param(NO_MFA, ("PASSWORD_SRP", "SMS_OTP"), 3, ["pwd", "sms", "mfa"], id="password, then text message"),
        pytest.param(NO_MFA, ("EMAIL_OTP", "PASSWORD"), 3, ["email_otp", "pwd", "mfa"], id="mail, then password"),
        pytest.param(NO_MFA, ("SMS_OTP", "PASSWORD_SRP"), 3, ["sms", "pwd", "mfa"], id="text message, then password"),
        pytest.param(
            lambda: SECOND().with_mail(), ("PASSWORD", "EMAIL_OTP"), 3, ["pwd", "email_otp", "mfa"], id="password and mail"
        ),
        pytest.param(
            lambda: SECOND().with_text_messages(), ("PASSWORD_SRP", "SMS_MFA"), 3, ["pwd", "sms", "mfa"], id="password and SMS"
        ),
        pytest.param(
            lambda: SECOND().with_app(), ("PASSWORD", "SOFTWARE_TOKEN_MFA"), 4, ["pwd", "otp", "mfa"], id="password and app"
        ),
        pytest.param(
            lambda: SECOND().with_app(), ("PASSWORD_SRP", "SOFTWARE_TOKEN_MFA"), 4, ["pwd", "otp", "mfa"], id="proof and app"
        ),
    ],
)
def test_what_factors_reach(who: Callable[[], Ana], ways: tuple[str, ...], level: int, methods: list[str]) -> None:
    """Nothing less than the level is asked for, and it is told by both tokens, also after refreshing them."""
    person = who()
    tokens = person.reach(level, *ways)
    assert assurance(tokens) == (LOA.format(level), methods)
    app, known = person.app, claims(tokens.access_token)
    app.cognito.clock.move(1800)
    by_flow = InitiateAuth(
        client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters={"REFRESH_TOKEN": tokens.refresh_token or ""}
    )
    newer = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or "")
    for refreshed in (app.send(by_flow).authentication_result, app.send(newer).authentication_result):
        assert refreshed is not None
        assert assurance(refreshed) == (LOA.format(level), methods)
        assert claims(refreshed.access_token)["auth_time"] == known["auth_time"] < claims(refreshed.access_token)["iat"]


@pytest.mark.parametrize("parameters", [{}, {"MAX_AGE": "300"}], ids=["nothing", "an age"])
def test_who_asks_for_no_level_is_told_none(parameters: dict[str, str]) -> None:
    person = ana()
    for way in ("PASSWORD", "EMAIL_OTP"):
        assert assurance(person.go(begin(person.app, **parameters), way)) == (None, None)
    assert assurance(person.app.tokens()) == (None, None)


def test_the_administrators_operations_reach_levels_too() -> None:
    person = SECOND().with_app()
    posed = person.begin(4, admin=True)
    asked = admin_reply_to(person.app, posed, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    code = person.app.totp(person.secret)
    tokens = signed_in(admin_reply_to(person.app, asked, SOFTWARE_TOKEN_MFA_CODE=code))
    assert assurance(tokens) == (LOA.format(4), ["pwd", "otp", "mfa"])
    assert refusal(ana().begin, 4, admin=True) == UNREACHABLE


# What is asked for


@pytest.mark.parametrize(
    ("who", "level", "expected"),
    [
        pytest.param(NO_MFA, 1, {"PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"}, id="1"),
        pytest.param(NO_MFA, 2, {"EMAIL_OTP", "SMS_OTP"}, id="2"),
        pytest.param(NO_MFA, 3, {"PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"}, id="3"),
        pytest.param(lambda: ana("PASSWORD", "WEB_AUTHN").with_passkey(), 2, {"WEB_AUTHN"}, id="2 by more"),
        pytest.param(lambda: ana("PASSWORD", "WEB_AUTHN").with_passkey(), 3, {"WEB_AUTHN"}, id="3 by passkey"),
        pytest.param(lambda: ana(mfa=True).with_passkey().with_app(), 3, {"PASSWORD_SRP", "PASSWORD"}, id="3 with MFA"),
        pytest.param(lambda: ana(mfa=True).with_mail(), 2, {"PASSWORD_SRP", "PASSWORD"}, id="2 with MFA"),
        pytest.param(lambda: SECOND().with_app(), 2, {"PASSWORD_SRP", "PASSWORD"}, id="2 by app"),
        pytest.param(lambda: SECOND().with_app(), 4, {"PASSWORD_SRP", "PASSWORD"}, id="4"),
    ],
)
def test_only_what_leads_to_the_level_is_offered(who: Callable[[], Ana], level: int, expected: set[str]) -> None:
    posed = who().begin(level)
    assert posed.challenge_name == "SELECT_CHALLENGE"
    assert set(posed.available_challenges or ()) == expected


def test_what_does_not_lead_to_the_level_is_neither_preferred_nor_chosen() -> None:
    person = ana()
    posed = person.begin(2, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert posed.challenge_name == "SELECT_CHALLENGE"
    text = refusal(person.app.reply_to, posed, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "InvalidParameter: ANSWER is not one of the challenges that can be chosen"
    preferred = person.begin(3, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert (preferred.challenge_name, set(preferred.available_challenges or ())) == (
        "SELECT_CHALLENGE",
        {"EMAIL_OTP", "SMS_OTP"},
    )
    assert assurance(person.go(preferred, "SMS_OTP")) == (LOA.format(3), ["pwd", "sms", "mfa"])


def test_of_several_second_factors_those_that_lead_to_the_level() -> None:
    person = SECOND().with_app(preferred=False).with_mail().with_text_messages()
    everything = person.give(person.begin(3), "PASSWORD")
    assert everything.challenge_name == "SELECT_MFA_TYPE"
    assert assurance(person.go(everything, "EMAIL_OTP"))[0] == LOA.format(3)
    assert assurance(person.go(person.give(person.begin(3), "PASSWORD"), "SOFTWARE_TOKEN_MFA"))[0] == LOA.format(4)
    app_alone = person.give(person.begin(4), "PASSWORD")
    assert app_alone.challenge_name == "SOFTWARE_TOKEN_MFA"
    assert assurance(person.go(app_alone, "SOFTWARE_TOKEN_MFA"))[0] == LOA.format(4)


def test_the_preferred_factor_is_passed_over_where_it_does_not_lead_there() -> None:
    person = SECOND().with_app(preferred=False).with_mail()
    person.app.send(
        SetUserMFAPreference(access_token=person.access, email_mfa_settings=EmailMfaSettings(enabled=True, preferred_mfa=True))
    )
    assert person.give(person.begin(3), "PASSWORD").challenge_name == "EMAIL_OTP"
    assert person.give(person.begin(4), "PASSWORD").challenge_name == "SOFTWARE_TOKEN_MFA"


def test_a_factor_that_cannot_be_chosen_is_refused() -> None:
    person = SECOND().with_app(preferred=False).with_mail().with_text_messages()
    posed = person.give(person.begin(3), "PASSWORD")
    person.without_app()
    text = refusal(person.app.reply_to, posed, ANSWER="SOFTWARE_TOKEN_MFA")
    assert text == "InvalidParameter: ANSWER is not one of the factors that can be chosen"


def test_a_second_factor_that_is_demanded_is_asked_for_below_its_level() -> None:
    person = SECOND().with_app()
    posed = person.give(person.begin(1), "PASSWORD")
    assert posed.challenge_name == "SOFTWARE_TOKEN_MFA"
    assert assurance(person.go(posed, "SOFTWARE_TOKEN_MFA")) == (LOA.format(4), ["pwd", "otp", "mfa"])


def test_a_wrong_answer_leaves_the_challenge_and_gives_no_tokens() -> None:
    person = SECOND().with_app()
    posed = person.give(person.begin(4), "PASSWORD")
    wrong = refusal(person.app.reply_to, posed, SOFTWARE_TOKEN_MFA_CODE="0000000")
    assert wrong == "CodeMismatch: Invalid code received for user"
    assert person.go(posed, "SOFTWARE_TOKEN_MFA")


def test_the_first_level_of_the_list_that_can_be_reached() -> None:
    person = ana()
    assert set(person.begin(4, 2, 3).available_challenges or ()) == {"EMAIL_OTP", "SMS_OTP"}
    assert assurance(person.go(person.begin("gold", 4, "", 1), "PASSWORD")) == (LOA.format(1), ["pwd"])


@pytest.mark.parametrize(
    "names",
    [
        "gold",
        "",
        " ",
        "urn:cognito:loa:5",
        "URN:COGNITO:LOA:1",
        "urn:cognito:loa:1\turn:cognito:loa:2",
        "urn:cognito:loa:1,urn:cognito:loa:2",
    ],
)
def test_levels_that_the_pool_does_not_have(names: str) -> None:
    assert refusal(ana().begin, names) == UNKNOWN


@pytest.mark.parametrize(
    ("who", "level"),
    [
        pytest.param(lambda: ana("PASSWORD"), 2, id="password to 2"),
        pytest.param(lambda: ana("PASSWORD"), 4, id="password to 4"),
        pytest.param(lambda: ana("PASSWORD", "WEB_AUTHN"), 3, id="no passkey"),
        pytest.param(lambda: ana().with_passkey(), 4, id="passkey to 4"),
        pytest.param(lambda: SECOND().with_mail(), 4, id="mail to 4"),
        pytest.param(lambda: SECOND().with_app().without_app(), 4, id="app that is switched off"),
    ],
)
def test_a_level_that_cannot_be_reached(who: Callable[[], Ana], level: int) -> None:
    assert refusal(who().begin, level) == UNREACHABLE


def test_a_factor_that_goes_on_the_way() -> None:
    person = SECOND().with_app()
    posed = person.begin(4)
    person.without_app()
    text = refusal(person.app.reply_to, posed, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "InvalidParameter: ANSWER is not one of the challenges that can be chosen"


def test_a_factor_that_goes_while_the_password_is_proved() -> None:
    person, pair = SECOND().with_app(), srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    asked = person.begin(4, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=pair.srp_a)
    person.without_app()
    assert refusal(person.app.answer, "PASSWORD_VERIFIER", asked.session, person.app.srp_claim(pair, asked)) == UNREACHABLE


# Names and tiers


def test_the_pools_own_names() -> None:
    names = {"Level1": AcrLevelConfig(acr_value="bronze"), "Level4": AcrLevelConfig(acr_value="https://example.com/gold")}
    person = ana("PASSWORD", mfa=True, pool={"acr_configuration": names}).with_app()
    ways = ("PASSWORD", "SOFTWARE_TOKEN_MFA")
    assert assurance(person.go(person.begin("https://example.com/gold"), *ways))[0] == "https://example.com/gold"
    assert assurance(person.go(person.begin("bronze"), *ways))[0] == "https://example.com/gold"
    assert refusal(person.begin, 4) == UNKNOWN
    assert assurance(person.go(person.begin(2), *ways))[0] == "https://example.com/gold"


def test_the_name_of_a_sign_in_outlives_the_pools() -> None:
    person = ana()
    tokens = person.reach(2, "EMAIL_OTP")
    rename(person, Level2="silver")
    app = person.app
    refreshed = app.send(GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or ""))
    assert claims((refreshed.authentication_result or tokens).access_token)["acr"] == LOA.format(2)
    assert assurance(person.go(person.begin("silver"), "EMAIL_OTP"))[0] == "silver"


def rename(person: Ana, **names: str) -> None:
    levels = {level: AcrLevelConfig(acr_value=name) for level, name in names.items()}
    factors = policy("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")
    person.app.send(UpdateUserPool(user_pool_id=person.app.pool_id, acr_configuration=levels, policies=factors))


def test_the_lite_tier_has_no_levels() -> None:
    app = new_app(None, pool={"user_pool_tier": "LITE"}, explicit_auth_flows=CHOICE)
    app.create_user("ana", **VERIFIED)
    person, text = Ana(app), "FeatureUnavailableInTier: The following feature is not available for the LITE pricing tier "
    for admin in (False, True):
        assert refusal(person.begin, 1, admin=admin) == f"{text}configured: Step-Up Authentication"
    assert assurance(person.go(begin(app, MAX_AGE="0"), "PASSWORD")) == (None, None)


@pytest.mark.parametrize("tier", ["ESSENTIALS", "PLUS"])
def test_the_other_tiers_have(tier: str) -> None:
    assert assurance(ana(pool={"user_pool_tier": tier}).reach(1, "PASSWORD")) == (LOA.format(1), ["pwd"])


# Beside the other rules


def test_a_remembered_device_spares_no_factor_that_the_level_needs() -> None:
    devices = DeviceConfiguration(challenge_required_on_new_device=True, device_only_remembered_on_user_prompt=False)
    person = ana("PASSWORD", mfa=True, pool={"device_configuration": devices})
    device = registered(person.app)
    person.with_app()
    plain = person.give(begin(person.app, DEVICE_KEY=device.key), "PASSWORD")
    assert plain.challenge_name == "DEVICE_SRP_AUTH"
    low = person.give(person.begin(1, DEVICE_KEY=device.key), "PASSWORD")
    assert assurance(signed_in(device.prove(person.app, low))) == (LOA.format(1), ["pwd"])
    high = person.give(person.begin(4, DEVICE_KEY=device.key), "PASSWORD")
    assert assurance(person.go(high, "SOFTWARE_TOKEN_MFA")) == (LOA.format(4), ["pwd", "otp", "mfa"])


def test_a_device_is_not_asked_for_as_long_as_a_factor_is_missing() -> None:
    devices = DeviceConfiguration(challenge_required_on_new_device=True, device_only_remembered_on_user_prompt=False)
    person = ana("PASSWORD", "EMAIL_OTP", pool={"device_configuration": devices})
    device = registered(person.app)
    assert person.give(begin(person.app, DEVICE_KEY=device.key), "PASSWORD").challenge_name == "DEVICE_SRP_AUTH"
    posed = person.give(person.begin(3, DEVICE_KEY=device.key), "PASSWORD")
    assert (posed.challenge_name, posed.available_challenges) == ("SELECT_CHALLENGE", ("EMAIL_OTP",))
    assert assurance(person.go(posed, "EMAIL_OTP"))[0] == LOA.format(3)


def test_a_temporary_password_is_replaced_on_the_way() -> None:
    person = SECOND().with_app()
    app = person.app
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=PASSWORD, permanent=False))
    posed = person.give(person.begin(4), "PASSWORD")
    assert posed.challenge_name == "NEW_PASSWORD_REQUIRED"
    asked = app.reply_to(posed, NEW_PASSWORD="An0ther-Horse!")
    assert assurance(person.go(asked, "SOFTWARE_TOKEN_MFA")) == (LOA.format(4), ["pwd", "otp", "mfa"])


def test_a_factor_that_is_set_up_on_the_way_proves_nothing_yet() -> None:
    app = choice_app("PASSWORD", pool={"mfa_configuration": "ON"})
    app.create_user("ana", **VERIFIED)
    person = Ana(app)
    assert refusal(person.begin, 4) == UNREACHABLE
    posed = person.give(person.begin(4, 1), "PASSWORD")
    assert posed.challenge_name == "MFA_SETUP"
    person.secret, verified = set_up_app(person, posed.session)
    assert assurance(signed_in(app.answer("MFA_SETUP", verified, app.parameters("ana")))) == (LOA.format(1), ["pwd"])
    assert assurance(person.reach(4, "PASSWORD", "SOFTWARE_TOKEN_MFA"))[0] == LOA.format(4)


def test_an_address_that_is_set_up_on_the_way_proves_nothing_yet() -> None:
    only = AccountRecoverySetting(recovery_mechanisms=(RecoveryOption(priority=1, name="admin_only"),))
    settings = {"mfa_configuration": "ON", "email_configuration": SENDER, "account_recovery_setting": only}
    app = choice_app("PASSWORD", pool=settings)
    app.create_user("ana", name="Ana")
    person = Ana(app)
    posed = person.give(person.begin(3, 1), "PASSWORD")
    asked = app.reply_to(posed, EMAIL="ana@example.com")
    assert assurance(person.go(asked, "EMAIL_OTP")) == (LOA.format(1), ["pwd"])
    assert assurance(person.reach(3, "PASSWORD", "EMAIL_OTP")) == (LOA.format(3), ["pwd", "email_otp", "mfa"])


def set_up_app(person: Ana, session: str | None) -> tuple[str, str | None]:
    """The new app's secret, and the session to go on with."""
    begun = person.app.send(AssociateSoftwareToken(session=session))
    secret = begun.secret_code or ""
    done = person.app.send(VerifySoftwareToken(session=begun.session, user_code=person.app.totp(secret)))
    return secret, done.session


def test_a_passkey_that_counts_as_both() -> None:
    person = ana("PASSWORD", "WEB_AUTHN", mfa=True).with_app()
    configure(person.app, relying_party_id=PARTY, user_verification="required", factor_configuration=MULTI)
    person.with_passkey()
    wanted = WebAuthnMfaSettings(enabled=True)
    person.app.send(SetUserMFAPreference(access_token=person.access, web_authn_mfa_settings=wanted))
    assert set(person.begin(3).available_challenges or ()) == {"PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"}
    assert assurance(person.reach(3, "WEB_AUTHN")) == (LOA.format(3), ["swk"])
    assert set(person.begin(4).available_challenges or ()) == {"PASSWORD_SRP", "PASSWORD"}


def test_who_confirms_by_the_code_reaches_its_level() -> None:
    app = choice_app("PASSWORD", "EMAIL_OTP")
    app.sign_up()
    assert assurance(Ana(app).reach(2, "EMAIL_OTP")) == (LOA.format(2), ["email_otp"])


def test_triggers_change_nothing_of_it() -> None:
    def pre_token_generation(event: Any) -> Any:
        override = {"acr": LOA.format(4), "amr": "mfa"}
        event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": override, "claimsToSuppress": ["acr", "amr"]}
        return event

    cognito = new_cognito(triggers=Triggers(pre_token_generation=pre_token_generation))
    app = new_app(cognito, explicit_auth_flows=CHOICE)
    app.create_user("ana", **VERIFIED)
    assert assurance(Ana(app).reach(1, "PASSWORD")) == (LOA.format(1), ["pwd"])
    assert assurance(app.tokens()) == (None, None)


def test_a_level_is_for_sign_in_by_choice_alone() -> None:
    app = ana().app
    assert assurance(signed_in(app.password_auth(TARGET_ACR_VALUES=LOA.format(4), ACCESS_TOKEN="x", MAX_AGE="y"))) == (
        None,
        None,
    )
