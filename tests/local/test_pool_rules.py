"""Settings of a pool that do not go together, or that its tier does not have."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    AcrLevelConfig,
    AdminCreateUserConfig,
    AdvancedSecurityAdditionalFlows,
    CustomEmailLambdaVersionConfig,
    CustomSmsLambdaVersionConfig,
    DcrConfiguration,
    EumsSmsConfiguration,
    KeyConfiguration,
    LambdaConfig,
    PasswordPolicy,
    PreTokenGenerationVersionConfig,
    RecoveryOption,
    SchemaAttribute,
    SignInPolicy,
    SmsConfiguration,
    UserAttributeUpdateSettings,
    UserPoolAddOns,
    UserPoolPolicy,
    VerificationMessageTemplate,
)

from .pool_settings import FUNCTION, KMS, LEVELS, OTHER_FUNCTION, ROLE, create, update
from .support import new_cognito, refusal


def recovery(*names: str, priorities: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    options = tuple(RecoveryOption(priority=rank, name=name) for rank, name in zip(priorities, names, strict=False))
    return {"account_recovery_setting": AccountRecoverySetting(recovery_mechanisms=options)}


def first(*factors: str) -> UserPoolPolicy:
    return UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=factors))


def tier(name: str, features: str) -> str:
    code = "FeatureUnavailableInTier"
    return f"{code}: The following features need to be disabled for the {name} pricing tier configured: {features}"


V2: Final = PreTokenGenerationVersionConfig(lambda_version="V2_0", lambda_arn=FUNCTION)
REFUSED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "recovery twice": (
        recovery("verified_email", "verified_email"),
        "InvalidParameter: Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
    ),
    "recovery priorities": (
        recovery("verified_email", "verified_phone_number", priorities=(1, 1)),
        "InvalidParameter: Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
    ),
    "admin_only and more": (
        recovery("admin_only", "verified_email"),
        "InvalidParameter: Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
    ),
    "no password": (
        {"policies": first("EMAIL_OTP")},
        "InvalidParameter: Password should be configured as one of the allowed first auth factors.",
    ),
    "app first": (
        {"policies": first("PASSWORD", "SOFTWARE_TOKEN")},
        "InvalidParameter: SOFTWARE_TOKEN is not supported as a first authentication factor",
    ),
    "passwordless and MFA": (
        {"policies": first("PASSWORD", "SMS_OTP"), "mfa_configuration": "ON"},
        "InvalidParameter: SMS_OTP cannot be a first authentication factor where MFA is required",
    ),
    "single-factor passkey and MFA": (
        {"policies": first("PASSWORD", "WEB_AUTHN"), "mfa_configuration": "ON"},
        "InvalidParameter: WEB_AUTHN cannot be a first authentication factor where MFA is required",
    ),
    "unverified updates": (
        {
            "user_attribute_update_settings": UserAttributeUpdateSettings(
                attributes_require_verification_before_update=("email",)
            ),
            "auto_verified_attributes": ("phone_number",),
        },
        "InvalidParameter: All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    ),
    "two kinds of days": (
        {
            "policies": UserPoolPolicy(password_policy=PasswordPolicy(temporary_password_validity_days=3)),
            "admin_create_user_config": AdminCreateUserConfig(unused_account_validity_days=4),
        },
        "InvalidParameter: Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
    ),
    "two templates": (
        {
            "verification_message_template": VerificationMessageTemplate(
                email_message="{####}--", email_message_by_link="{##here##}"
            )
        },
        "InvalidParameter: EmailMessage and EmailMessageByLink exclude each other",
    ),
    "two token triggers": (
        {"lambda_config": LambdaConfig(pre_token_generation=OTHER_FUNCTION, pre_token_generation_config=V2)},
        "InvalidParameter: Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    ),
    "text sender without key": (
        {
            "lambda_config": LambdaConfig(
                custom_sms_sender=CustomSmsLambdaVersionConfig(lambda_version="V1_0", lambda_arn=FUNCTION)
            )
        },
        "InvalidParameter: KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.",
    ),
    "mail sender without key": (
        {
            "lambda_config": LambdaConfig(
                custom_email_sender=CustomEmailLambdaVersionConfig(lambda_version="V1_0", lambda_arn=FUNCTION)
            )
        },
        "InvalidParameter: KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.",
    ),
    "no text sender": (
        {"sms_configuration": SmsConfiguration(external_id="e")},
        "InvalidParameter: SmsConfiguration needs either SnsCallerArn or EumsSms, and not both",
    ),
    "two text senders": (
        {"sms_configuration": SmsConfiguration(sns_caller_arn=ROLE, eums_sms=EumsSmsConfiguration(caller_arn=ROLE))},
        "InvalidParameter: SmsConfiguration needs either SnsCallerArn or EumsSms, and not both",
    ),
    "key without ARN": (
        {"key_configuration": KeyConfiguration(key_type="CUSTOMER_MANAGED_KEY")},
        "InvalidParameter: KmsKeyArn goes with CUSTOMER_MANAGED_KEY, and only with it",
    ),
    "ARN without key": (
        {"key_configuration": KeyConfiguration(kms_key_arn=KMS)},
        "InvalidParameter: KmsKeyArn goes with CUSTOMER_MANAGED_KEY, and only with it",
    ),
    "unknown level": (
        {"acr_configuration": {"Level5": AcrLevelConfig(acr_value="x")}},
        "InvalidParameter: Level5 is not an ACR level: Level1, Level2, Level3, Level4",
    ),
    "level named like another": (
        {"acr_configuration": {"Level1": AcrLevelConfig(acr_value="urn:cognito:loa:2")}},
        "InvalidParameter: The names of the ACR levels must be unique",
    ),
    "tags too many": (
        {"user_pool_tags": {str(number): "" for number in range(51)}},
        "UserPoolTagging: A user pool has at most 50 tags.",
    ),
    "tag key too long": (
        {"user_pool_tags": {"x" * 129: ""}},
        "UserPoolTagging: The key of a tag has 1 to 128 characters.",
    ),
    "reserved tag": ({"user_pool_tags": {"AWS:x": ""}}, "UserPoolTagging: The prefix aws: is reserved."),
    "threat protection": (
        {"user_pool_add_ons": UserPoolAddOns(advanced_security_mode="ENFORCED")},
        tier("ESSENTIALS", "Threat Protection"),
    ),
    "custom threat protection": (
        {
            "user_pool_add_ons": UserPoolAddOns(
                advanced_security_mode="OFF",
                advanced_security_additional_flows=AdvancedSecurityAdditionalFlows(custom_auth_mode="AUDIT"),
            )
        },
        tier("ESSENTIALS", "Threat Protection"),
    ),
    "lite, passwordless": (
        {"user_pool_tier": "LITE", "policies": first("PASSWORD", "WEB_AUTHN")},
        tier("LITE", "Passwordless Sign-In"),
    ),
    "lite, token trigger": (
        {"user_pool_tier": "LITE", "lambda_config": LambdaConfig(pre_token_generation_config=V2)},
        tier("LITE", "Token Customization with Pre-Token Generation Lambda V2_0"),
    ),
    "lite, history": (
        {"user_pool_tier": "LITE", "policies": UserPoolPolicy(password_policy=PasswordPolicy(password_history_size=1))},
        tier("LITE", "Password History"),
    ),
    "lite, levels and registration": (
        {
            "user_pool_tier": "LITE",
            "acr_configuration": {"Level1": AcrLevelConfig(acr_value="low")},
            "dcr_configuration": DcrConfiguration(),
        },
        tier("LITE", "Custom ACR Levels, Dynamic Client Registration"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_settings_that_do_not_go_together(case: str) -> None:
    options, text = REFUSED[case]
    cognito = new_cognito()
    assert refusal(create, cognito, **options) == text
    made = create(cognito)
    assert refusal(update, cognito, made.id, **options) == text


def test_what_a_tier_does_have() -> None:
    cognito = new_cognito()
    v1 = PreTokenGenerationVersionConfig(lambda_version="V1_0", lambda_arn=FUNCTION)
    options: dict[str, Any] = {
        "lambda_config": LambdaConfig(pre_token_generation=FUNCTION, pre_token_generation_config=v1),
        "user_pool_add_ons": UserPoolAddOns(advanced_security_mode="OFF"),
        "acr_configuration": LEVELS,
        "dcr_configuration": DcrConfiguration(enable_status="Disabled"),
    }
    assert create(cognito, user_pool_tier="LITE", **options).user_pool_tier == "LITE"
    assert create(cognito, policies=first("PASSWORD", "WEB_AUTHN", "EMAIL_OTP", "SMS_OTP")).user_pool_tier == "ESSENTIALS"
    plus = create(cognito, user_pool_tier="PLUS", user_pool_add_ons=UserPoolAddOns(advanced_security_mode="ENFORCED"))
    assert plus.user_pool_add_ons == UserPoolAddOns(advanced_security_mode="ENFORCED")


def test_names_are_either_or() -> None:
    cognito = new_cognito()
    text = "InvalidParameter: Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
    assert refusal(create, cognito, alias_attributes=("email",), username_attributes=("email",)) == text
    required = (SchemaAttribute(name="preferred_username", required=True),)
    text = "InvalidParameter: preferred_username cannot be both required and an alias"
    assert refusal(create, cognito, alias_attributes=("preferred_username",), schema=required) == text
