"""User pools: how they are created, with Cognito's defaults filled in.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
"""

from __future__ import annotations

import string
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

from ..api.pool_settings import (
    AdminCreateUserConfig,
    NumberAttributeConstraints,
    PasswordPolicy,
    SchemaAttribute,
    SignInPolicy,
    StringAttributeConstraints,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from ..api.pools import CreateUserPool, CreateUserPoolReply, UserPool
from . import attributes, faults, passwords
from .context import Context
from .handlers import Handlers, handlers
from .keys import KID_BYTES, pack_key
from .records import POOLS, Key, Pool

_ID_LENGTH: Final = 9
_SECRET_BYTES: Final = 32
_ACCOUNT: Final = "123456789012"
"""The AWS account in the ARNs of a pool that belongs to none."""
_DEFAULT_DAYS: Final = 7


def create_user_pool(context: Context, request: CreateUserPool) -> CreateUserPoolReply:
    _check(request)
    pool_id = f"{context.region}_{context.text(_ID_LENGTH, string.ascii_letters + string.digits)}"
    # The pool has what the request has, but for the name and the schema, which are called otherwise there.
    given: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    settings = UserPool(
        id=pool_id,
        name=given.pop("pool_name"),
        schema_attributes=_schema(given.pop("schema")),
        arn=f"arn:aws:cognito-idp:{context.region}:{_ACCOUNT}:userpool/{pool_id}",
        creation_date=context.moment,
        last_modified_date=context.moment,
        estimated_number_of_users=0,
        **given,
    )
    settings = _with_defaults(settings)
    pool = Pool(
        id=pool_id,
        settings=settings,
        factors=_factors(settings),
        id_key=_key(context),
        access_key=_key(context),
        secret=b64encode(context.random_bytes(_SECRET_BYTES)).decode(),
    )
    context.records.insert(POOLS, pool)
    return CreateUserPoolReply(user_pool=settings)


def _check(request: CreateUserPool) -> None:
    if request.alias_attributes and request.username_attributes:
        raise faults.ALIAS_AND_USERNAME
    required = {each.name for each in request.schema or () if each.required}
    if "preferred_username" in required and "preferred_username" in (request.alias_attributes or ()):
        raise faults.REQUIRED_ALIAS


def _with_defaults(settings: UserPool) -> UserPool:
    policies = settings.policies or UserPoolPolicy()
    return replace(
        settings,
        policies=UserPoolPolicy(
            password_policy=_password_policy(policies.password_policy),
            sign_in_policy=policies.sign_in_policy or SignInPolicy(allowed_first_auth_factors=("PASSWORD",)),
        ),
        deletion_protection=settings.deletion_protection or "INACTIVE",
        mfa_configuration=settings.mfa_configuration or "OFF",
        user_pool_tier=settings.user_pool_tier or "ESSENTIALS",
        admin_create_user_config=settings.admin_create_user_config
        or AdminCreateUserConfig(allow_admin_create_user_only=False, unused_account_validity_days=_DEFAULT_DAYS),
        verification_message_template=settings.verification_message_template
        or VerificationMessageTemplate(default_email_option="CONFIRM_WITH_CODE"),
    )


def _password_policy(given: PasswordPolicy | None) -> PasswordPolicy:
    if given is None:
        return passwords.DEFAULT_POLICY
    return replace(
        given,
        minimum_length=given.minimum_length or passwords.DEFAULT_POLICY.minimum_length,
        require_uppercase=bool(given.require_uppercase),
        require_lowercase=bool(given.require_lowercase),
        require_numbers=bool(given.require_numbers),
        require_symbols=bool(given.require_symbols),
        temporary_password_validity_days=given.temporary_password_validity_days or _DEFAULT_DAYS,
    )


def _factors(settings: UserPool) -> tuple[str, ...]:
    """The second factors that the settings make possible: text messages need SMS settings, mail a sender of one's own."""
    if settings.mfa_configuration == "OFF":
        return ()
    mail = settings.email_configuration
    possible = {
        "SMS_MFA": settings.sms_configuration is not None,
        "EMAIL_OTP": mail is not None and mail.email_sending_account == "DEVELOPER",
        "SOFTWARE_TOKEN_MFA": True,
    }
    return tuple(factor for factor, is_possible in possible.items() if is_possible)


def _key(context: Context) -> Key:
    return pack_key(context.new_key(), context.random_bytes(KID_BYTES))


def _schema(given: tuple[SchemaAttribute, ...] | None) -> tuple[SchemaAttribute, ...]:
    """The standard attributes, as the request has changed them, and the custom ones by their full names."""
    schema = {each.name or "": each for each in attributes.STANDARD}
    for each in given or ():
        name = each.name or ""
        if name in attributes.STANDARD_NAMES:
            schema[name] = _changed_standard(schema[name], each)
            continue
        full = f"dev:custom:{name}" if each.developer_only_attribute else f"custom:{name}"
        if full in schema:
            raise faults.SCHEMA_DUPLICATE(full, full)
        if each.required:
            raise faults.REQUIRED_CUSTOM
        schema[full] = _custom(full, each)
    return tuple(schema.values())


def _changed_standard(standard: SchemaAttribute, given: SchemaAttribute) -> SchemaAttribute:
    if given.attribute_data_type not in (None, standard.attribute_data_type):
        raise faults.STANDARD_TYPE(standard.name)
    if standard.name == "sub":
        return standard
    changes = {name: value for name, value in _given(given) if name not in ("name", "developer_only_attribute")}
    return replace(standard, **changes)


def _given(attribute: SchemaAttribute) -> Iterator[tuple[str, Any]]:
    return ((f.name, value) for f in fields(attribute) if (value := getattr(attribute, f.name)) is not None)


def _custom(full: str, given: SchemaAttribute) -> SchemaAttribute:
    kind = given.attribute_data_type or "String"
    return replace(
        given,
        name=full,
        attribute_data_type=kind,
        developer_only_attribute=bool(given.developer_only_attribute),
        mutable=bool(given.mutable),
        required=False,
        string_attribute_constraints=(given.string_attribute_constraints or StringAttributeConstraints())
        if kind == "String"
        else None,
        number_attribute_constraints=(given.number_attribute_constraints or NumberAttributeConstraints())
        if kind == "Number"
        else None,
    )


HANDLERS: Final[Handlers] = handlers(create_user_pool)
