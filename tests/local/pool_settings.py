"""A value for every setting of a pool, what each is by default, and the pools to try them on."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    AcrLevelConfig,
    AdminCreateUserConfig,
    AdvancedSecurityAdditionalFlows,
    DcrConfiguration,
    DeviceConfiguration,
    EmailConfiguration,
    IssuerConfiguration,
    KeyConfiguration,
    LambdaConfig,
    MessageTemplate,
    PasswordPolicy,
    RecoveryOption,
    SignInPolicy,
    SmsConfiguration,
    UserAttributeUpdateSettings,
    UserPoolAddOns,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from cognito_auth.api.pools import CreateUserPool, DescribeUserPool, UpdateUserPool, UserPool
from cognito_auth.local import LocalCognito

from .support import send

ROLE: Final = "arn:aws:iam::123456789012:role/sms"
FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:f"
OTHER_FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:g"
KMS: Final = "arn:aws:kms:us-east-1:123456789012:key/0d2f7e35"
SMS: Final = SmsConfiguration(sns_caller_arn=ROLE, external_id="e", sns_region="us-east-1")
LEVELS: Final = {f"Level{n}": AcrLevelConfig(acr_value=f"urn:cognito:loa:{n}") for n in (1, 2, 3, 4)}

SETTINGS: Final[dict[str, Any]] = {
    "policies": UserPoolPolicy(
        password_policy=PasswordPolicy(
            minimum_length=12,
            require_uppercase=True,
            require_lowercase=False,
            require_numbers=True,
            require_symbols=False,
            password_history_size=3,
            temporary_password_validity_days=2,
        ),
        sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP")),
    ),
    "deletion_protection": "ACTIVE",
    "lambda_config": LambdaConfig(pre_sign_up=FUNCTION),
    "auto_verified_attributes": ("email",),
    "sms_verification_message": "Old text {####}",
    "email_verification_message": "Old mail {####}",
    "email_verification_subject": "Old subject",
    "verification_message_template": VerificationMessageTemplate(
        sms_message="Text {####}",
        email_message="Mail {####}",
        email_subject="Subject",
        default_email_option="CONFIRM_WITH_CODE",
    ),
    "sms_authentication_message": "Sign in with {####}",
    "user_attribute_update_settings": UserAttributeUpdateSettings(attributes_require_verification_before_update=("email",)),
    "mfa_configuration": "OPTIONAL",
    "device_configuration": DeviceConfiguration(
        challenge_required_on_new_device=True, device_only_remembered_on_user_prompt=False
    ),
    "email_configuration": EmailConfiguration(
        source_arn="arn:aws:ses:us-east-1:123456789012:identity/a@example.com",
        reply_to_email_address="b@example.com",
        email_sending_account="DEVELOPER",
        from_="A <a@example.com>",
        configuration_set="set",
    ),
    "sms_configuration": SMS,
    "user_pool_tags": {"team": "web"},
    "admin_create_user_config": AdminCreateUserConfig(
        allow_admin_create_user_only=True,
        unused_account_validity_days=2,
        invite_message_template=MessageTemplate(
            sms_message="{username} {####}", email_message="{username}: {####}", email_subject="Hello"
        ),
    ),
    "user_pool_add_ons": UserPoolAddOns(
        advanced_security_mode="AUDIT",
        advanced_security_additional_flows=AdvancedSecurityAdditionalFlows(custom_auth_mode="AUDIT"),
    ),
    "dcr_configuration": DcrConfiguration(enable_status="Disabled", open_dcr_enabled=False, allowed_scopes=("a/b",)),
    "account_recovery_setting": AccountRecoverySetting(
        recovery_mechanisms=(
            RecoveryOption(priority=1, name="verified_email"),
            RecoveryOption(priority=2, name="verified_phone_number"),
        )
    ),
    "user_pool_tier": "PLUS",
    "key_configuration": KeyConfiguration(key_type="CUSTOMER_MANAGED_KEY", kms_key_arn=KMS),
    "issuer_configuration": IssuerConfiguration(type="UPDATED"),
    "acr_configuration": {**LEVELS, "Level3": AcrLevelConfig(acr_value="https://example.com/strong")},
}
"""A value for every setting that CreateUserPool and UpdateUserPool both have."""

DEFAULTS: Final[dict[str, Any]] = {
    **dict.fromkeys(SETTINGS),
    "policies": UserPoolPolicy(
        password_policy=PasswordPolicy(
            minimum_length=8,
            require_uppercase=True,
            require_lowercase=True,
            require_numbers=True,
            require_symbols=True,
            temporary_password_validity_days=7,
        ),
        sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD",)),
    ),
    "deletion_protection": "INACTIVE",
    "lambda_config": LambdaConfig(),
    "verification_message_template": VerificationMessageTemplate(default_email_option="CONFIRM_WITH_CODE"),
    "mfa_configuration": "OFF",
    "email_configuration": EmailConfiguration(email_sending_account="COGNITO_DEFAULT"),
    "user_pool_tags": {},
    "admin_create_user_config": AdminCreateUserConfig(allow_admin_create_user_only=False, unused_account_validity_days=7),
    "user_pool_tier": "ESSENTIALS",
    "key_configuration": KeyConfiguration(key_type="AWS_OWNED_KEY"),
    "issuer_configuration": IssuerConfiguration(type="ORIGINAL"),
    "acr_configuration": LEVELS,
}
"""What each of them is where nobody has said."""


def create(cognito: LocalCognito, **options: Any) -> UserPool:
    made = send(cognito, CreateUserPool(pool_name="p", **options)).user_pool
    assert made is not None
    return made


def describe(cognito: LocalCognito, pool_id: str | None) -> UserPool:
    found = send(cognito, DescribeUserPool(user_pool_id=pool_id or "")).user_pool
    assert found is not None
    return found


def update(cognito: LocalCognito, pool_id: str | None, **options: Any) -> UserPool:
    send(cognito, UpdateUserPool(user_pool_id=pool_id or "", **options))
    return describe(cognito, pool_id)


def shown(pool: UserPool) -> dict[str, Any]:
    """The pool's settings of `SETTINGS`, for comparison."""
    found = {name: getattr(pool, name) for name in SETTINGS}
    return {name: dict(value) if name in ("user_pool_tags", "acr_configuration") else value for name, value in found.items()}
