"""Which settings of a pool go together. The rules look at complete settings; what a single value must look like, the API says.

Roles, keys and functions of AWS are not asked for: the pool sends nothing through them. So a pool may offer second factors and
verify telephone numbers without SMS settings, and have a mail sender of its own without a verified identity.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...api.pool_mfa import WebAuthnConfiguration
from ...api.pool_settings import LambdaConfig, PasswordPolicy, UserPoolPolicy
from ...api.pools import UserPool
from ..base import faults
from ..base.acr import DEFAULT_NAMES
from ..users.factors import is_multi_factor

_MAX_TAGS: Final = 50
_MAX_TAG_KEY: Final = 128


def check_settings(settings: UserPool, web_authn: WebAuthnConfiguration | None = None) -> None:
    """Raises `Fault` when the settings contradict one another, or the pool's tier does not have them."""
    for rule in _RULES:
        rule(settings)
    check_first_factors(settings, web_authn)
    lacking = ", ".join(_beyond_tier(settings))
    if lacking:
        raise faults.TIER_LACKS(settings.user_pool_tier, lacking)


def check_first_factors(settings: UserPool, web_authn: WebAuthnConfiguration | None) -> None:
    """Raises `Fault` when a sign-in could begin as the pool does not allow, or end without the factor that it requires."""
    factors = first_factors(settings)
    if "SOFTWARE_TOKEN" in factors:
        raise faults.FIRST_FACTOR("SOFTWARE_TOKEN")
    if "PASSWORD" not in factors:
        raise faults.PASSWORD_FACTOR
    if settings.mfa_configuration == "ON":
        strong = {"PASSWORD", "WEB_AUTHN"} if is_multi_factor(web_authn) else {"PASSWORD"}
        for factor in factors:
            if factor not in strong:
                raise faults.PASSWORDLESS_MFA(factor)


def first_factors(settings: UserPool) -> tuple[str, ...]:
    """What a sign-in may begin with."""
    policy = (settings.policies or UserPoolPolicy()).sign_in_policy
    return (policy and policy.allowed_first_auth_factors) or ("PASSWORD",)


def _names(settings: UserPool) -> None:
    if settings.alias_attributes and settings.username_attributes:
        raise faults.ALIAS_AND_USERNAME
    required = {each.name for each in settings.schema_attributes or () if each.required}
    if "preferred_username" in required and "preferred_username" in (settings.alias_attributes or ()):
        raise faults.REQUIRED_ALIAS


def _recovery(settings: UserPool) -> None:
    setting = settings.account_recovery_setting
    options = (setting and setting.recovery_mechanisms) or ()
    if any(len(set(each)) < len(options) for each in ([o.name for o in options], [o.priority for o in options])):
        raise faults.RECOVERY_TWICE
    if len(options) > 1 and any(option.name == "admin_only" for option in options):
        raise faults.RECOVERY_NOT_ALONE


def _verification(settings: UserPool) -> None:
    template = settings.verification_message_template
    if template and template.email_message and template.email_message_by_link:
        raise faults.EMAIL_TEMPLATES
    updates = settings.user_attribute_update_settings
    guarded = (updates and updates.attributes_require_verification_before_update) or ()
    if not set(guarded) <= set(settings.auto_verified_attributes or ()):
        raise faults.UPDATE_UNVERIFIED


def _validity_days(settings: UserPool) -> None:
    config = settings.admin_create_user_config
    if config and config.unused_account_validity_days != _password_policy(settings).temporary_password_validity_days:
        raise faults.VALIDITY_DAYS


def _triggers(settings: UserPool) -> None:
    triggers = settings.lambda_config or LambdaConfig()
    versioned = triggers.pre_token_generation_config
    if versioned and triggers.pre_token_generation not in (None, versioned.lambda_arn):
        raise faults.TOKEN_TRIGGERS
    if (triggers.custom_sms_sender or triggers.custom_email_sender) and not triggers.kms_key_id:
        raise faults.SENDER_KEY


def _sms(settings: UserPool) -> None:
    sms = settings.sms_configuration
    if sms and bool(sms.sns_caller_arn) == bool(sms.eums_sms):
        raise faults.SMS_SENDER


def _key(settings: UserPool) -> None:
    key = settings.key_configuration
    if key and (key.key_type == "CUSTOMER_MANAGED_KEY") != bool(key.kms_key_arn):
        raise faults.ENCRYPTION_KEY


def _tags(settings: UserPool) -> None:
    tags = settings.user_pool_tags or {}
    if len(tags) > _MAX_TAGS:
        raise faults.TAGGING(f"A user pool has at most {_MAX_TAGS} tags.")
    for key in tags:
        if not 1 <= len(key) <= _MAX_TAG_KEY:
            raise faults.TAGGING(f"The key of a tag has 1 to {_MAX_TAG_KEY} characters.")
        if key.lower().startswith("aws:"):
            raise faults.TAGGING("The prefix aws: is reserved.")


_RULES: Final = (_names, _recovery, _verification, _validity_days, _triggers, _sms, _key, _tags)


def _beyond_tier(settings: UserPool) -> Iterator[str]:
    """The features in use that the pool's tier does not have, as Cognito calls them."""
    add_ons = settings.user_pool_add_ons
    if add_ons and settings.user_pool_tier != "PLUS":
        flows = add_ons.advanced_security_additional_flows
        if add_ons.advanced_security_mode != "OFF" or (flows and flows.custom_auth_mode):
            yield "Threat Protection"
    if settings.user_pool_tier == "LITE":
        yield from _beyond_lite(settings)


def _beyond_lite(settings: UserPool) -> Iterator[str]:
    triggers = settings.lambda_config or LambdaConfig()
    versioned = triggers.pre_token_generation_config
    if set(first_factors(settings)) - {"PASSWORD"}:
        yield "Passwordless Sign-In"
    if versioned and versioned.lambda_version != "V1_0":
        yield f"Token Customization with Pre-Token Generation Lambda {versioned.lambda_version}"
    if _password_policy(settings).password_history_size:
        yield "Password History"
    if dict(settings.acr_configuration or DEFAULT_NAMES) != dict(DEFAULT_NAMES):
        yield "Custom ACR Levels"
    if settings.dcr_configuration and settings.dcr_configuration.enable_status == "Enabled":
        yield "Dynamic Client Registration"


def _password_policy(settings: UserPool) -> PasswordPolicy:
    return (settings.policies and settings.policies.password_policy) or PasswordPolicy()
