"""Signing in, refreshing and signing out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from .declared import COMMON, SENDING, SIGNED_IN, TRIGGERS
from .shapes import (
    AuthFlow,
    ChallengeName,
    ClientId,
    ClientSecret,
    DeviceKey,
    RevokeAssociatedSessions,
    Session,
    TokenModel,
    Username,
    UserPoolId,
)
from .structure import Constraint, NoReply, Operation, Structure, Wire, structure
from .types import AnalyticsMetadata, UserContextData


@structure
class NewDeviceMetadata(Structure):
    """The keys of a device that Cognito offers to remember."""

    device_key: DeviceKey | None = None
    device_group_key: str | None = None


@structure
class AuthenticationResult(Structure):
    """The tokens of a finished sign-in or refresh; ``expires_in`` is the access token's life in seconds."""

    access_token: TokenModel | None = None
    expires_in: int | None = None
    token_type: str | None = None
    refresh_token: TokenModel | None = None
    id_token: TokenModel | None = None
    new_device_metadata: NewDeviceMetadata | None = None


@structure
class HttpHeader(Structure):
    """A header of the person's request."""

    header_name: Annotated[str | None, Wire("headerName")] = None
    header_value: Annotated[str | None, Wire("headerValue")] = None


@structure
class ContextData(Structure):
    """The person's request as the trusted server saw it, for threat protection."""

    ip_address: str
    server_name: str
    server_path: str
    http_headers: tuple[HttpHeader, ...]
    encoded_data: str | None = None


@structure
class AuthReply(Structure):
    """Where a sign-in stands: finished, with ``authentication_result``, or at a challenge."""

    challenge_name: ChallengeName | None = None
    session: Session | None = None
    challenge_parameters: Mapping[str, str] | None = None
    authentication_result: AuthenticationResult | None = None
    available_challenges: tuple[ChallengeName, ...] | None = None


@structure
class InitiateAuth(Operation[AuthReply]):
    """Begin a sign-in, or refresh tokens, with the flow named in ``auth_flow``."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SIGNED_IN
        | TRIGGERS
        | SENDING
        | {"FeatureUnavailableInTierException", "InvalidUserPoolConfigurationException", "UnsupportedOperationException"}
    )

    auth_flow: AuthFlow
    auth_parameters: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    client_metadata: Mapping[str, str] | None = None
    client_id: ClientId = ""
    analytics_metadata: AnalyticsMetadata | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    session: Session | None = None


@structure
class RespondToAuthChallenge(Operation[AuthReply]):
    """Answer the challenge that the latest reply posed."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SIGNED_IN
        | TRIGGERS
        | SENDING
        | {
            "AliasExistsException",
            "CodeMismatchException",
            "ExpiredCodeException",
            "InvalidPasswordException",
            "InvalidUserPoolConfigurationException",
            "MFAMethodNotFoundException",
            "PasswordHistoryPolicyViolationException",
            "SoftwareTokenMFANotFoundException",
        }
    )

    challenge_name: ChallengeName
    client_id: ClientId = ""
    session: Session | None = None
    challenge_responses: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    client_metadata: Mapping[str, str] | None = None


@structure
class AdminInitiateAuth(Operation[AuthReply]):
    """Begin a sign-in from a trusted server."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | SENDING
        | {
            "FeatureUnavailableInTierException",
            "InvalidUserPoolConfigurationException",
            "MFAMethodNotFoundException",
            "PasswordResetRequiredException",
            "UnsupportedOperationException",
            "UserNotConfirmedException",
            "UserNotFoundException",
        }
    )

    auth_flow: AuthFlow
    user_pool_id: UserPoolId = ""
    client_id: ClientId = ""
    auth_parameters: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    client_metadata: Mapping[str, str] | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    context_data: ContextData | None = None
    session: Session | None = None


@structure
class AdminRespondToAuthChallenge(Operation[AuthReply]):
    """Answer a challenge of a sign-in that `AdminInitiateAuth` began."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | SENDING
        | {
            "AliasExistsException",
            "CodeMismatchException",
            "ExpiredCodeException",
            "InvalidPasswordException",
            "InvalidUserPoolConfigurationException",
            "MFAMethodNotFoundException",
            "PasswordHistoryPolicyViolationException",
            "PasswordResetRequiredException",
            "SoftwareTokenMFANotFoundException",
            "UserNotConfirmedException",
            "UserNotFoundException",
        }
    )

    challenge_name: ChallengeName
    user_pool_id: UserPoolId = ""
    client_id: ClientId = ""
    challenge_responses: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    session: Session | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    context_data: ContextData | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class GetTokensFromRefreshTokenReply(Structure):
    """The reply of `GetTokensFromRefreshToken`."""

    authentication_result: AuthenticationResult | None = None


@structure
class GetTokensFromRefreshToken(Operation[GetTokensFromRefreshTokenReply]):
    """New access and ID tokens, and a new refresh token where the client rotates them."""

    errors: ClassVar[frozenset[str]] = (
        COMMON | TRIGGERS | {"ForbiddenException", "RefreshTokenReuseException", "UserNotFoundException"}
    )

    refresh_token: TokenModel
    client_id: ClientId = ""
    client_secret: ClientSecret | None = None
    device_key: DeviceKey | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class RevokeToken(Operation[NoReply]):
    """Revoke a refresh token together with the access tokens that came of it."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | {"ForbiddenException", "UnauthorizedException", "UnsupportedOperationException", "UnsupportedTokenTypeException"}
    ) - {"NotAuthorizedException", "ResourceNotFoundException"}

    token: TokenModel
    client_id: ClientId = ""
    client_secret: ClientSecret | None = None
    revoke_associated_sessions: RevokeAssociatedSessions | None = None


@structure
class GlobalSignOut(Operation[NoReply]):
    """Revoke every token of the signed-in user."""

    errors: ClassVar[frozenset[str]] = COMMON | {
        "ForbiddenException",
        "PasswordResetRequiredException",
        "UserNotConfirmedException",
    }

    access_token: TokenModel


@structure
class AdminUserGlobalSignOut(Operation[NoReply]):
    """Revoke every token of a user."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""
