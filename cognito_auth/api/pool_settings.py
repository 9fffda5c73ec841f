"""What a user pool can be told: password policy, schema, triggers, messages, recovery."""

from __future__ import annotations

from typing import Annotated

from .shapes import (
    AcrValue,
    AdminCreateUserUnusedAccountValidityDays,
    AdvancedSecurityEnabledMode,
    AdvancedSecurityMode,
    AllowedFirstAuthFactors,
    Arn,
    AttributeDataType,
    CustomAttributeName,
    CustomEmailSenderLambdaVersion,
    CustomSMSSenderLambdaVersion,
    DefaultEmailOption,
    EmailAddress,
    EmailInviteMessage,
    EmailSendingAccount,
    EmailVerificationMessage,
    EmailVerificationMessageByLink,
    EmailVerificationSubject,
    EmailVerificationSubjectByLink,
    EncryptionKey,
    EncryptionKeyArn,
    InboundFederationLambdaVersion,
    Issuer,
    OAuthFlows,
    OptionalArn,
    PasswordHistorySize,
    PasswordPolicyMinLength,
    PoolStatus,
    PreTokenGenerationLambdaVersion,
    RecoveryOptionName,
    RecoveryPriority,
    RegionCode,
    Scopes,
    SESConfigurationSet,
    SmsInviteMessage,
    SmsVerificationMessage,
    TemporaryPasswordValidityDays,
    VerifiedAttribute,
)
from .structure import Constraint, Structure, Wire, structure


@structure
class PasswordPolicy(Structure):
    """What a password must have; lengths in characters, validity in days."""

    minimum_length: PasswordPolicyMinLength | None = None
    require_uppercase: bool | None = None
    require_lowercase: bool | None = None
    require_numbers: bool | None = None
    require_symbols: bool | None = None
    password_history_size: PasswordHistorySize | None = None
    temporary_password_validity_days: TemporaryPasswordValidityDays | None = None


@structure
class SignInPolicy(Structure):
    """The factors that may open a sign-in."""

    allowed_first_auth_factors: AllowedFirstAuthFactors | None = None


@structure
class UserPoolPolicy(Structure):
    """Password and sign-in policy."""

    password_policy: PasswordPolicy | None = None
    sign_in_policy: SignInPolicy | None = None


@structure
class PreTokenGenerationVersionConfig(Structure):
    """The trigger that runs before tokens are issued, with its event version."""

    lambda_version: PreTokenGenerationLambdaVersion
    lambda_arn: Arn


@structure
class CustomSmsLambdaVersionConfig(Structure):
    """The trigger that sends text messages itself."""

    lambda_version: CustomSMSSenderLambdaVersion
    lambda_arn: Arn


@structure
class CustomEmailLambdaVersionConfig(Structure):
    """The trigger that sends mail itself."""

    lambda_version: CustomEmailSenderLambdaVersion
    lambda_arn: Arn


@structure
class InboundFederationLambda(Structure):
    """The trigger that runs on federated sign-ins."""

    lambda_version: InboundFederationLambdaVersion
    lambda_arn: Arn


@structure
class LambdaConfig(Structure):
    """The functions that Cognito calls on its way."""

    pre_sign_up: Arn | None = None
    custom_message: Arn | None = None
    post_confirmation: Arn | None = None
    pre_authentication: Arn | None = None
    post_authentication: Arn | None = None
    define_auth_challenge: Arn | None = None
    create_auth_challenge: Arn | None = None
    verify_auth_challenge_response: Arn | None = None
    pre_token_generation: Arn | None = None
    user_migration: Arn | None = None
    pre_token_generation_config: PreTokenGenerationVersionConfig | None = None
    custom_sms_sender: Annotated[CustomSmsLambdaVersionConfig | None, Wire("CustomSMSSender")] = None
    custom_email_sender: CustomEmailLambdaVersionConfig | None = None
    kms_key_id: Annotated[Arn | None, Wire("KMSKeyID")] = None
    inbound_federation: InboundFederationLambda | None = None


@structure
class VerificationMessageTemplate(Structure):
    """What the messages with codes say."""

    sms_message: SmsVerificationMessage | None = None
    email_message: EmailVerificationMessage | None = None
    email_subject: EmailVerificationSubject | None = None
    email_message_by_link: EmailVerificationMessageByLink | None = None
    email_subject_by_link: EmailVerificationSubjectByLink | None = None
    default_email_option: DefaultEmailOption | None = None


@structure
class UserAttributeUpdateSettings(Structure):
    """Attributes that keep their old value until the new one is verified."""

    attributes_require_verification_before_update: tuple[VerifiedAttribute, ...] | None = None


@structure
class DeviceConfiguration(Structure):
    """Whether and how devices are remembered."""

    challenge_required_on_new_device: bool | None = None
    device_only_remembered_on_user_prompt: bool | None = None


@structure
class EmailConfiguration(Structure):
    """How mail is sent."""

    source_arn: Arn | None = None
    reply_to_email_address: EmailAddress | None = None
    email_sending_account: EmailSendingAccount | None = None
    from_: str | None = None
    configuration_set: SESConfigurationSet | None = None


@structure
class EumsSmsConfiguration(Structure):
    """How text messages are sent through End User Messaging."""

    caller_arn: Arn
    external_id: str | None = None
    origination_identity: str | None = None
    configuration_set_name: str | None = None
    in_entity_id: str | None = None
    in_template_id: str | None = None
    region: RegionCode | None = None


@structure
class SmsConfiguration(Structure):
    """How text messages are sent."""

    sns_caller_arn: OptionalArn | None = None
    external_id: str | None = None
    sns_region: RegionCode | None = None
    eums_sms: EumsSmsConfiguration | None = None


@structure
class MessageTemplate(Structure):
    """What an invitation says."""

    sms_message: Annotated[SmsInviteMessage | None, Wire("SMSMessage")] = None
    email_message: EmailInviteMessage | None = None
    email_subject: EmailVerificationSubject | None = None


@structure
class AdminCreateUserConfig(Structure):
    """Who may create users, and how they are invited."""

    allow_admin_create_user_only: bool | None = None
    unused_account_validity_days: AdminCreateUserUnusedAccountValidityDays | None = None
    invite_message_template: MessageTemplate | None = None


@structure
class NumberAttributeConstraints(Structure):
    """The range of a numeric attribute, as decimal strings."""

    min_value: str | None = None
    max_value: str | None = None


@structure
class StringAttributeConstraints(Structure):
    """The length of a string attribute in characters, as decimal strings."""

    min_length: str | None = None
    max_length: str | None = None


@structure
class SchemaAttribute(Structure):
    """An attribute of the pool's schema."""

    name: CustomAttributeName | None = None
    attribute_data_type: AttributeDataType | None = None
    developer_only_attribute: bool | None = None
    mutable: bool | None = None
    required: bool | None = None
    number_attribute_constraints: NumberAttributeConstraints | None = None
    string_attribute_constraints: StringAttributeConstraints | None = None


@structure
class AdvancedSecurityAdditionalFlows(Structure):
    """Threat protection in custom authentication."""

    custom_auth_mode: AdvancedSecurityEnabledMode | None = None


@structure
class UserPoolAddOns(Structure):
    """Threat protection."""

    advanced_security_mode: AdvancedSecurityMode
    advanced_security_additional_flows: AdvancedSecurityAdditionalFlows | None = None


@structure
class DcrConfiguration(Structure):
    """Dynamic client registration."""

    enable_status: PoolStatus | None = None
    open_dcr_enabled: bool | None = None
    authenticated_grant_types: OAuthFlows | None = None
    open_dcr_grant_types: OAuthFlows | None = None
    allowed_scopes: Scopes | None = None


@structure
class UsernameConfiguration(Structure):
    """Whether names that differ in case only are different users."""

    case_sensitive: bool


@structure
class RecoveryOption(Structure):
    """One way back into an account; priority 1 is tried first."""

    priority: RecoveryPriority
    name: RecoveryOptionName


@structure
class AccountRecoverySetting(Structure):
    """The ways back into an account."""

    recovery_mechanisms: Annotated[tuple[RecoveryOption, ...], Constraint(min_length=1, max_length=2)] | None = None


@structure
class KeyConfiguration(Structure):
    """The key that encrypts the pool at rest."""

    key_type: EncryptionKey | None = None
    kms_key_arn: EncryptionKeyArn | None = None


@structure
class IssuerConfiguration(Structure):
    """Which form of issuer the pool puts into its tokens."""

    type: Issuer | None = None


@structure
class AcrLevelConfig(Structure):
    """Which ways of signing in reach one level of assurance."""

    acr_value: AcrValue
