"""Which second factors a pool offers or demands, and what passkeys mean to it.

Until SetUserPoolMfaConfig names the factors they follow from the pool's settings: an authenticator app always, text messages
with SMS settings, mail with a sender of one's own. The whole operation is one value: a factor that it leaves out is switched
off. A request that speaks of passkeys only leaves the factors alone.

ConcurrentModification cannot occur: operations run one at a time. What is wrong with a role that sends text messages is not
seen either, for no message leaves the pool.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from ...api.pool_mfa import (
    EmailMfaConfig,
    GetUserPoolMfaConfig,
    GetUserPoolMfaConfigReply,
    SetUserPoolMfaConfig,
    SetUserPoolMfaConfigReply,
    SmsMfaConfig,
    SoftwareTokenMfaConfig,
)
from ...api.pools import UserPool
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Pool
from ..store.tables import POOLS
from ..users.factors import is_multi_factor
from .rules import check_settings

_SMS: Final = "SMS_MFA"
_EMAIL: Final = "EMAIL_OTP"
_APP: Final = "SOFTWARE_TOKEN_MFA"


def offered_factors(settings: UserPool, chosen: Iterable[str] | None = None) -> tuple[str, ...]:
    """The second factors that the settings make possible; of those the ``chosen`` ones, if any is possible still."""
    if settings.mfa_configuration == "OFF":
        return ()
    possible = {
        _SMS: settings.sms_configuration is not None,
        _EMAIL: _sends_mail(settings) and settings.user_pool_tier != "LITE",
        _APP: True,
    }
    factors = tuple(factor for factor, is_possible in possible.items() if is_possible)
    kept = tuple(factor for factor in factors if factor in (chosen or ()))
    return kept or factors


def with_settings(pool: Pool, settings: UserPool) -> Pool:
    """The pool with new settings, and with the factors that are in step with them."""
    factors = offered_factors(settings, pool.factors if pool.factors_chosen else None)
    return replace(
        pool,
        settings=settings,
        factors=factors,
        factors_chosen=pool.factors_chosen and bool(factors),
        email_mfa=pool.email_mfa if _sends_mail(settings) else None,
    )


def get_user_pool_mfa_config(context: Context, request: GetUserPoolMfaConfig) -> GetUserPoolMfaConfigReply:
    return GetUserPoolMfaConfigReply(**_shown(pool_of(context, request.user_pool_id)))


def set_user_pool_mfa_config(context: Context, request: SetUserPoolMfaConfig) -> SetUserPoolMfaConfigReply:
    pool = pool_of(context, request.user_pool_id)
    settings = replace(pool.settings, last_modified_date=context.moment)
    pool = replace(pool, settings=settings, web_authn=request.web_authn_configuration or pool.web_authn)
    named = (request.sms_mfa_configuration, request.software_token_mfa_configuration, request.email_mfa_configuration)
    if request.mfa_configuration or any(named):
        pool = _with_factors(pool, request)
    check_settings(pool.settings, pool.web_authn)
    if is_multi_factor(pool.web_authn):
        _check_tier(pool.settings, "Passkey MFA")
    context.records.put(POOLS, pool)
    return SetUserPoolMfaConfigReply(**_shown(pool))


def _with_factors(pool: Pool, request: SetUserPoolMfaConfig) -> Pool:
    """The pool with the factors that the request names. Raises `Fault` when it cannot have them."""
    sms, mail, app = (
        request.sms_mfa_configuration,
        request.email_mfa_configuration,
        request.software_token_mfa_configuration,
    )
    settings = replace(pool.settings, mfa_configuration=request.mfa_configuration or pool.settings.mfa_configuration)
    if sms:
        settings = _with_sms(settings, sms)
    if mail:
        _check_mail(settings)
    named = {_SMS: sms is not None, _EMAIL: mail is not None, _APP: app is not None and bool(app.enabled)}
    if settings.mfa_configuration == "OFF":
        # A template for mail serves as well where codes open a sign-in.
        if named[_SMS] or named[_APP]:
            raise faults.MFA_OFF_WITH_FACTOR
        return replace(pool, settings=settings, factors=(), factors_chosen=False, email_mfa=mail)
    factors = tuple(factor for factor, is_named in named.items() if is_named)
    if not factors:
        raise faults.MFA_NEEDS_FACTOR
    return replace(pool, settings=settings, factors=factors, factors_chosen=True, email_mfa=mail)


def _with_sms(settings: UserPool, sms: SmsMfaConfig) -> UserPool:
    configuration = sms.sms_configuration or settings.sms_configuration
    if configuration is None:
        raise faults.SMS_MFA_SENDER
    return replace(settings, sms_configuration=configuration, sms_authentication_message=sms.sms_authentication_message)


def _check_mail(settings: UserPool) -> None:
    _check_tier(settings, "Email MFA")
    if not _sends_mail(settings):
        raise faults.EMAIL_MFA_SENDER


def _check_tier(settings: UserPool, feature: str) -> None:
    if settings.user_pool_tier == "LITE":
        raise faults.TIER_LACKS(settings.user_pool_tier, feature)


def _sends_mail(settings: UserPool) -> bool:
    mail = settings.email_configuration
    return mail is not None and mail.email_sending_account == "DEVELOPER"


def _shown(pool: Pool) -> Mapping[str, Any]:
    """The members of the reply."""
    settings = pool.settings
    sms = SmsMfaConfig(
        sms_authentication_message=settings.sms_authentication_message, sms_configuration=settings.sms_configuration
    )
    return {
        "sms_mfa_configuration": sms if _SMS in pool.factors else None,
        "software_token_mfa_configuration": SoftwareTokenMfaConfig(enabled=_APP in pool.factors) if pool.factors else None,
        "email_mfa_configuration": pool.email_mfa or (EmailMfaConfig() if _EMAIL in pool.factors else None),
        "mfa_configuration": settings.mfa_configuration,
        "web_authn_configuration": pool.web_authn,
    }


HANDLERS: Final[Handlers] = handlers(get_user_pool_mfa_config, set_user_pool_mfa_config)
