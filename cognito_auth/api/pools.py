"""User pools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from .declared import COMMON, SENDING
from .listing import Paged
from .pool_settings import (
    AccountRecoverySetting,
    AcrLevelConfig,
    AdminCreateUserConfig,
    DcrConfiguration,
    DeviceConfiguration,
    EmailConfiguration,
    IssuerConfiguration,
    KeyConfiguration,
    LambdaConfig,
    SchemaAttribute,
    SmsConfiguration,
    UserAttributeUpdateSettings,
    UsernameConfiguration,
    UserPoolAddOns,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from .shapes import (
    AliasAttribute,
    Arn,
    DeletionProtection,
    Domain,
    EmailVerificationMessage,
    EmailVerificationSubject,
    PaginationKey,
    PoolQueryLimit,
    PoolStatus,
    SmsVerificationMessage,
    TagValue,
    UsernameAttribute,
    UserPoolId,
    UserPoolMfa,
    UserPoolName,
    UserPoolTier,
    VerifiedAttribute,
)
from .structure import Constraint, NoReply, Operation, Structure, structure


@structure
class UserPool(Structure):
    """A user pool with all its settings."""

    id: UserPoolId | None = None
    name: UserPoolName | None = None
    policies: UserPoolPolicy | None = None
    deletion_protection: DeletionProtection | None = None
    lambda_config: LambdaConfig | None = None
    status: PoolStatus | None = None
    last_modified_date: datetime | None = None
    creation_date: datetime | None = None
    schema_attributes: Annotated[tuple[SchemaAttribute, ...], Constraint(min_length=1, max_length=50)] | None = None
    auto_verified_attributes: tuple[VerifiedAttribute, ...] | None = None
    alias_attributes: tuple[AliasAttribute, ...] | None = None
    username_attributes: tuple[UsernameAttribute, ...] | None = None
    sms_verification_message: SmsVerificationMessage | None = None
    email_verification_message: EmailVerificationMessage | None = None
    email_verification_subject: EmailVerificationSubject | None = None
    verification_message_template: VerificationMessageTemplate | None = None
    sms_authentication_message: SmsVerificationMessage | None = None
    user_attribute_update_settings: UserAttributeUpdateSettings | None = None
    mfa_configuration: UserPoolMfa | None = None
    device_configuration: DeviceConfiguration | None = None
    estimated_number_of_users: int | None = None
    email_configuration: EmailConfiguration | None = None
    sms_configuration: SmsConfiguration | None = None
    user_pool_tags: Mapping[str, TagValue] | None = None
    sms_configuration_failure: str | None = None
    email_configuration_failure: str | None = None
    domain: Domain | None = None
    custom_domain: Domain | None = None
    admin_create_user_config: AdminCreateUserConfig | None = None
    user_pool_add_ons: UserPoolAddOns | None = None
    dcr_configuration: DcrConfiguration | None = None
    username_configuration: UsernameConfiguration | None = None
    arn: Arn | None = None
    account_recovery_setting: AccountRecoverySetting | None = None
    user_pool_tier: UserPoolTier | None = None
    key_configuration: KeyConfiguration | None = None
    issuer_configuration: IssuerConfiguration | None = None
    acr_configuration: Annotated[Mapping[str, AcrLevelConfig], Constraint(max_length=4)] | None = None


@structure
class UserPoolDescription(Structure):
    """A user pool in a listing."""

    id: UserPoolId | None = None
    name: UserPoolName | None = None
    lambda_config: LambdaConfig | None = None
    status: PoolStatus | None = None
    last_modified_date: datetime | None = None
    creation_date: datetime | None = None
    replica_regions: tuple[str, ...] | None = None


@structure
class CreateUserPoolReply(Structure):
    """The reply of `CreateUserPool`."""

    user_pool: UserPool | None = None


@structure
class CreateUserPool(Operation[CreateUserPoolReply]):
    """Create a user pool."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SENDING
        | {
            "FeatureUnavailableInTierException",
            "LimitExceededException",
            "TierChangeNotAllowedException",
            "UserPoolTaggingException",
        }
    ) - {"OperationNotEnabledException", "ResourceNotFoundException"}

    pool_name: UserPoolName
    policies: UserPoolPolicy | None = None
    deletion_protection: DeletionProtection | None = None
    lambda_config: LambdaConfig | None = None
    auto_verified_attributes: tuple[VerifiedAttribute, ...] | None = None
    alias_attributes: tuple[AliasAttribute, ...] | None = None
    username_attributes: tuple[UsernameAttribute, ...] | None = None
    sms_verification_message: SmsVerificationMessage | None = None
    email_verification_message: EmailVerificationMessage | None = None
    email_verification_subject: EmailVerificationSubject | None = None
    verification_message_template: VerificationMessageTemplate | None = None
    sms_authentication_message: SmsVerificationMessage | None = None
    mfa_configuration: UserPoolMfa | None = None
    user_attribute_update_settings: UserAttributeUpdateSettings | None = None
    device_configuration: DeviceConfiguration | None = None
    email_configuration: EmailConfiguration | None = None
    sms_configuration: SmsConfiguration | None = None
    user_pool_tags: Mapping[str, TagValue] | None = None
    admin_create_user_config: AdminCreateUserConfig | None = None
    schema: Annotated[tuple[SchemaAttribute, ...], Constraint(min_length=1, max_length=50)] | None = None
    user_pool_add_ons: UserPoolAddOns | None = None
    dcr_configuration: DcrConfiguration | None = None
    username_configuration: UsernameConfiguration | None = None
    account_recovery_setting: AccountRecoverySetting | None = None
    user_pool_tier: UserPoolTier | None = None
    key_configuration: KeyConfiguration | None = None
    issuer_configuration: IssuerConfiguration | None = None
    acr_configuration: Annotated[Mapping[str, AcrLevelConfig], Constraint(max_length=4)] | None = None


@structure
class DescribeUserPoolReply(Structure):
    """The reply of `DescribeUserPool`."""

    user_pool: UserPool | None = None


@structure
class DescribeUserPool(Operation[DescribeUserPoolReply]):
    """A user pool."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserPoolTaggingException"}

    user_pool_id: UserPoolId = ""


@structure
class UpdateUserPool(Operation[NoReply]):
    """Replace the settings of a user pool; what is left out goes back to its default."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SENDING
        | {
            "ConcurrentModificationException",
            "FeatureUnavailableInTierException",
            "TierChangeNotAllowedException",
            "UserImportInProgressException",
            "UserPoolTaggingException",
        }
    )

    user_pool_id: UserPoolId = ""
    policies: UserPoolPolicy | None = None
    deletion_protection: DeletionProtection | None = None
    lambda_config: LambdaConfig | None = None
    auto_verified_attributes: tuple[VerifiedAttribute, ...] | None = None
    sms_verification_message: SmsVerificationMessage | None = None
    email_verification_message: EmailVerificationMessage | None = None
    email_verification_subject: EmailVerificationSubject | None = None
    verification_message_template: VerificationMessageTemplate | None = None
    sms_authentication_message: SmsVerificationMessage | None = None
    user_attribute_update_settings: UserAttributeUpdateSettings | None = None
    mfa_configuration: UserPoolMfa | None = None
    device_configuration: DeviceConfiguration | None = None
    email_configuration: EmailConfiguration | None = None
    sms_configuration: SmsConfiguration | None = None
    user_pool_tags: Mapping[str, TagValue] | None = None
    admin_create_user_config: AdminCreateUserConfig | None = None
    user_pool_add_ons: UserPoolAddOns | None = None
    dcr_configuration: DcrConfiguration | None = None
    account_recovery_setting: AccountRecoverySetting | None = None
    pool_name: UserPoolName | None = None
    user_pool_tier: UserPoolTier | None = None
    key_configuration: KeyConfiguration | None = None
    issuer_configuration: IssuerConfiguration | None = None
    acr_configuration: Annotated[Mapping[str, AcrLevelConfig], Constraint(max_length=4)] | None = None


@structure
class DeleteUserPool(Operation[NoReply]):
    """Delete a user pool with everything in it."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserImportInProgressException"}

    user_pool_id: UserPoolId


@structure
class ListUserPoolsReply(Structure):
    """The reply of `ListUserPools`."""

    user_pools: tuple[UserPoolDescription, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class ListUserPools(Operation[ListUserPoolsReply]):
    """The account's user pools."""

    paged = Paged[ListUserPoolsReply, UserPoolDescription]("user_pools")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON - {"OperationNotEnabledException", "ResourceNotFoundException"}

    max_results: PoolQueryLimit
    next_token: PaginationKey | None = None


@structure
class AddCustomAttributes(Operation[NoReply]):
    """Add attributes to a user pool's schema; they cannot be removed."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserImportInProgressException"}

    custom_attributes: Annotated[tuple[SchemaAttribute, ...], Constraint(min_length=1, max_length=25)]
    user_pool_id: UserPoolId = ""
