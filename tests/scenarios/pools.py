"""The kinds of pools that scenarios happen in, as what makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    DeviceConfiguration,
    EmailConfiguration,
    RecoveryOption,
    SchemaAttribute,
    SignInPolicy,
    SmsConfiguration,
    UserAttributeUpdateSettings,
    UsernameConfiguration,
    UserPoolAddOns,
    UserPoolPolicy,
)

_FACTORS: Final[Mapping[str, Any]] = {
    "sms_configuration": SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms"),
    "email_configuration": EmailConfiguration(
        email_sending_account="DEVELOPER", source_arn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
    ),
}
_MAIL: Final = SchemaAttribute(name="email", required=True, mutable=True)

POOLS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Second factors of every kind, which users may switch on; a mail address is required.
    "optional": {
        "mfa_configuration": "OPTIONAL",
        "schema": (_MAIL,),
        "username_configuration": UsernameConfiguration(case_sensitive=False),
        **_FACTORS,
    },
    # A second factor is required.
    "required": {"mfa_configuration": "ON"},
    # Devices are remembered when the user says so, and a new mail address counts once it is verified.
    "tracked": {
        "device_configuration": DeviceConfiguration(device_only_remembered_on_user_prompt=True),
        "user_attribute_update_settings": UserAttributeUpdateSettings(attributes_require_verification_before_update=("email",)),
    },
    # A remembered device stands for the second factor.
    "guarded": {
        "mfa_configuration": "OPTIONAL",
        "device_configuration": DeviceConfiguration(challenge_required_on_new_device=True),
        **_FACTORS,
    },
    # A second factor is required, which may be codes by mail; addresses are found out by setting it up.
    "required by mail": {
        "mfa_configuration": "ON",
        "account_recovery_setting": AccountRecoverySetting(
            recovery_mechanisms=(RecoveryOption(priority=1, name="admin_only"),)
        ),
        "auto_verified_attributes": (),
        **_FACTORS,
    },
    # Users choose how to sign in.
    "choice": {
        "policies": UserPoolPolicy(
            sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"))
        ),
        **_FACTORS,
    },
    # Users sign in by mail address; the pool's own name for them is the sub.
    "mail": {"username_attributes": ("email",)},
    # What happens is kept, with where it came from.
    "watched": {"user_pool_add_ons": UserPoolAddOns(advanced_security_mode="AUDIT"), "user_pool_tier": "PLUS"},
}
