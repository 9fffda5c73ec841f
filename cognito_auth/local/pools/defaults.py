"""What a pool's settings are where nobody has said, so that a reply shows every one of them.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.pool_settings import (
    AdminCreateUserConfig,
    DcrConfiguration,
    EmailConfiguration,
    IssuerConfiguration,
    KeyConfiguration,
    LambdaConfig,
    PasswordPolicy,
    SignInPolicy,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from ...api.pools import UserPool
from ..base.acr import effective_names
from ..users import passwords

_DAYS: Final = 7


def with_defaults(settings: UserPool) -> UserPool:
    """The settings, complete. Raises `Fault` for names of ACR levels that cannot be."""
    policies = settings.policies or UserPoolPolicy()
    admin = settings.admin_create_user_config or AdminCreateUserConfig()
    password = _password_policy(policies.password_policy, admin.unused_account_validity_days)
    return replace(
        settings,
        policies=UserPoolPolicy(
            password_policy=password,
            sign_in_policy=policies.sign_in_policy or SignInPolicy(allowed_first_auth_factors=("PASSWORD",)),
        ),
        status="Enabled",
        deletion_protection=settings.deletion_protection or "INACTIVE",
        lambda_config=settings.lambda_config or LambdaConfig(),
        mfa_configuration=settings.mfa_configuration or "OFF",
        user_pool_tags=settings.user_pool_tags or {},
        user_pool_tier=settings.user_pool_tier or "ESSENTIALS",
        admin_create_user_config=_admin_config(admin, password),
        email_configuration=_email(settings.email_configuration or EmailConfiguration()),
        verification_message_template=_template(settings.verification_message_template or VerificationMessageTemplate()),
        dcr_configuration=_registration(settings.dcr_configuration),
        key_configuration=_key(settings.key_configuration or KeyConfiguration()),
        issuer_configuration=_issuer(settings.issuer_configuration or IssuerConfiguration()),
        acr_configuration=effective_names(settings.acr_configuration),
    )


def _password_policy(given: PasswordPolicy | None, unused_days: int | None) -> PasswordPolicy:
    days = (given and given.temporary_password_validity_days) or unused_days or _DAYS
    if given is None:
        return replace(passwords.DEFAULT_POLICY, temporary_password_validity_days=days)
    return replace(
        given,
        minimum_length=given.minimum_length or passwords.DEFAULT_POLICY.minimum_length,
        require_uppercase=bool(given.require_uppercase),
        require_lowercase=bool(given.require_lowercase),
        require_numbers=bool(given.require_numbers),
        require_symbols=bool(given.require_symbols),
        temporary_password_validity_days=days,
    )


def _admin_config(given: AdminCreateUserConfig, policy: PasswordPolicy) -> AdminCreateUserConfig:
    return replace(
        given,
        allow_admin_create_user_only=bool(given.allow_admin_create_user_only),
        # The older name of the policy's setting.
        unused_account_validity_days=given.unused_account_validity_days or policy.temporary_password_validity_days,
    )


def _email(given: EmailConfiguration) -> EmailConfiguration:
    return replace(given, email_sending_account=given.email_sending_account or "COGNITO_DEFAULT")


def _template(given: VerificationMessageTemplate) -> VerificationMessageTemplate:
    return replace(given, default_email_option=given.default_email_option or "CONFIRM_WITH_CODE")


def _registration(given: DcrConfiguration | None) -> DcrConfiguration | None:
    if given is None:
        return None
    return replace(given, enable_status=given.enable_status or "Enabled", open_dcr_enabled=bool(given.open_dcr_enabled))


def _key(given: KeyConfiguration) -> KeyConfiguration:
    return replace(given, key_type=given.key_type or "AWS_OWNED_KEY")


def _issuer(given: IssuerConfiguration) -> IssuerConfiguration:
    return replace(given, type=given.type or "ORIGINAL")
