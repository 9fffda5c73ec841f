"""The app clients of a user pool."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from .declared import COMMON
from .listing import Paged
from .shapes import (
    AccessTokenValidity,
    Arn,
    AuthSessionValidity,
    CallbackUrls,
    ClientId,
    ClientName,
    ClientPermission,
    ClientQueryLimit,
    ClientSecret,
    ClientSecretArn,
    ClientType,
    ExplicitAuthFlows,
    Feature,
    HexString,
    IdTokenValidity,
    LogoutUrls,
    OAuthFlows,
    PaginationKey,
    PreventUserExistenceErrors,
    ProviderName,
    RedirectUrl,
    RefreshTokenValidity,
    RetryGracePeriodSeconds,
    Scopes,
    TimeUnit,
    UserPoolId,
)
from .structure import NoReply, Operation, Structure, Wire, structure


@structure
class TokenValidityUnits(Structure):
    """The units of an app client's token validities."""

    access_token: TimeUnit | None = None
    id_token: TimeUnit | None = None
    refresh_token: TimeUnit | None = None


@structure
class AnalyticsConfiguration(Structure):
    """The Amazon Pinpoint project of an app client."""

    application_id: HexString | None = None
    application_arn: Arn | None = None
    role_arn: Arn | None = None
    external_id: str | None = None
    user_data_shared: bool | None = None


@structure
class RefreshTokenRotation(Structure):
    """Whether a refresh replaces the refresh token, and how many seconds the old one still works."""

    feature: Feature
    retry_grace_period_seconds: RetryGracePeriodSeconds | None = None


@structure
class UserPoolClient(Structure):
    """An app client with all its settings."""

    user_pool_id: UserPoolId | None = None
    client_name: ClientName | None = None
    client_id: ClientId | None = None
    client_secret: ClientSecret | None = None
    client_secret_arn: ClientSecretArn | None = None
    last_modified_date: datetime | None = None
    creation_date: datetime | None = None
    refresh_token_validity: RefreshTokenValidity | None = None
    access_token_validity: AccessTokenValidity | None = None
    id_token_validity: IdTokenValidity | None = None
    token_validity_units: TokenValidityUnits | None = None
    read_attributes: tuple[ClientPermission, ...] | None = None
    write_attributes: tuple[ClientPermission, ...] | None = None
    explicit_auth_flows: tuple[ExplicitAuthFlows, ...] | None = None
    supported_identity_providers: tuple[ProviderName, ...] | None = None
    callback_urls: Annotated[CallbackUrls | None, Wire("CallbackURLs")] = None
    logout_urls: Annotated[LogoutUrls | None, Wire("LogoutURLs")] = None
    default_redirect_uri: Annotated[RedirectUrl | None, Wire("DefaultRedirectURI")] = None
    allowed_oauth_flows: Annotated[OAuthFlows | None, Wire("AllowedOAuthFlows")] = None
    allowed_oauth_scopes: Annotated[Scopes | None, Wire("AllowedOAuthScopes")] = None
    allowed_oauth_flows_user_pool_client: Annotated[bool | None, Wire("AllowedOAuthFlowsUserPoolClient")] = None
    analytics_configuration: AnalyticsConfiguration | None = None
    prevent_user_existence_errors: PreventUserExistenceErrors | None = None
    enable_token_revocation: bool | None = None
    enable_propagate_additional_user_context_data: bool | None = None
    auth_session_validity: AuthSessionValidity | None = None
    refresh_token_rotation: RefreshTokenRotation | None = None
    client_type: ClientType | None = None


@structure
class UserPoolClientDescription(Structure):
    """An app client in a listing."""

    client_id: ClientId | None = None
    user_pool_id: UserPoolId | None = None
    client_name: ClientName | None = None


@structure
class CreateUserPoolClientReply(Structure):
    """The reply of `CreateUserPoolClient`."""

    user_pool_client: UserPoolClient | None = None


@structure
class CreateUserPoolClient(Operation[CreateUserPoolClientReply]):
    """Create an app client of a user pool."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {
        "FeatureUnavailableInTierException",
        "InvalidOAuthFlowException",
        "LimitExceededException",
        "ScopeDoesNotExistException",
    }

    client_name: ClientName
    user_pool_id: UserPoolId = ""
    generate_secret: bool | None = None
    client_secret: ClientSecret | None = None
    refresh_token_validity: RefreshTokenValidity | None = None
    access_token_validity: AccessTokenValidity | None = None
    id_token_validity: IdTokenValidity | None = None
    token_validity_units: TokenValidityUnits | None = None
    read_attributes: tuple[ClientPermission, ...] | None = None
    write_attributes: tuple[ClientPermission, ...] | None = None
    explicit_auth_flows: tuple[ExplicitAuthFlows, ...] | None = None
    supported_identity_providers: tuple[ProviderName, ...] | None = None
    callback_urls: Annotated[CallbackUrls | None, Wire("CallbackURLs")] = None
    logout_urls: Annotated[LogoutUrls | None, Wire("LogoutURLs")] = None
    default_redirect_uri: Annotated[RedirectUrl | None, Wire("DefaultRedirectURI")] = None
    allowed_oauth_flows: Annotated[OAuthFlows | None, Wire("AllowedOAuthFlows")] = None
    allowed_oauth_scopes: Annotated[Scopes | None, Wire("AllowedOAuthScopes")] = None
    allowed_oauth_flows_user_pool_client: Annotated[bool | None, Wire("AllowedOAuthFlowsUserPoolClient")] = None
    analytics_configuration: AnalyticsConfiguration | None = None
    prevent_user_existence_errors: PreventUserExistenceErrors | None = None
    enable_token_revocation: bool | None = None
    enable_propagate_additional_user_context_data: bool | None = None
    auth_session_validity: AuthSessionValidity | None = None
    refresh_token_rotation: RefreshTokenRotation | None = None
    publish_secrets_in_aws_secrets_manager: Annotated[bool | None, Wire("PublishSecretsInAWSSecretsManager")] = None


@structure
class DescribeUserPoolClientReply(Structure):
    """The reply of `DescribeUserPoolClient`."""

    user_pool_client: UserPoolClient | None = None


@structure
class DescribeUserPoolClient(Operation[DescribeUserPoolClientReply]):
    """An app client."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""
    client_id: ClientId = ""


@structure
class UpdateUserPoolClientReply(Structure):
    """The reply of `UpdateUserPoolClient`."""

    user_pool_client: UserPoolClient | None = None


@structure
class UpdateUserPoolClient(Operation[UpdateUserPoolClientReply]):
    """Replace the settings of an app client; what is left out goes back to its default."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {
        "ConcurrentModificationException",
        "FeatureUnavailableInTierException",
        "InvalidOAuthFlowException",
        "ScopeDoesNotExistException",
    }

    user_pool_id: UserPoolId = ""
    client_id: ClientId = ""
    client_name: ClientName | None = None
    refresh_token_validity: RefreshTokenValidity | None = None
    access_token_validity: AccessTokenValidity | None = None
    id_token_validity: IdTokenValidity | None = None
    token_validity_units: TokenValidityUnits | None = None
    read_attributes: tuple[ClientPermission, ...] | None = None
    write_attributes: tuple[ClientPermission, ...] | None = None
    explicit_auth_flows: tuple[ExplicitAuthFlows, ...] | None = None
    supported_identity_providers: tuple[ProviderName, ...] | None = None
    callback_urls: Annotated[CallbackUrls | None, Wire("CallbackURLs")] = None
    logout_urls: Annotated[LogoutUrls | None, Wire("LogoutURLs")] = None
    default_redirect_uri: Annotated[RedirectUrl | None, Wire("DefaultRedirectURI")] = None
    allowed_oauth_flows: Annotated[OAuthFlows | None, Wire("AllowedOAuthFlows")] = None
    allowed_oauth_scopes: Annotated[Scopes | None, Wire("AllowedOAuthScopes")] = None
    allowed_oauth_flows_user_pool_client: Annotated[bool | None, Wire("AllowedOAuthFlowsUserPoolClient")] = None
    analytics_configuration: AnalyticsConfiguration | None = None
    prevent_user_existence_errors: PreventUserExistenceErrors | None = None
    enable_token_revocation: bool | None = None
    enable_propagate_additional_user_context_data: bool | None = None
    auth_session_validity: AuthSessionValidity | None = None
    refresh_token_rotation: RefreshTokenRotation | None = None
    publish_secrets_in_aws_secrets_manager: Annotated[bool | None, Wire("PublishSecretsInAWSSecretsManager")] = None


@structure
class DeleteUserPoolClient(Operation[NoReply]):
    """Delete an app client."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"ConcurrentModificationException"}

    user_pool_id: UserPoolId
    client_id: ClientId


@structure
class ListUserPoolClientsReply(Structure):
    """The reply of `ListUserPoolClients`."""

    user_pool_clients: tuple[UserPoolClientDescription, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class ListUserPoolClients(Operation[ListUserPoolClientsReply]):
    """A pool's app clients."""

    paged = Paged[ListUserPoolClientsReply, UserPoolClientDescription]("user_pool_clients")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""
    max_results: ClientQueryLimit | None = None
    next_token: PaginationKey | None = None
    client_type: ClientType | None = None
