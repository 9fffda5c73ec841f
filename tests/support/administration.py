"""An administrator of an embedded pool: settings, credentials, and clients that reach it without a network."""

from __future__ import annotations

from typing import Final

from cognito_auth.client import AsyncCognitoClient, AwsCredentials, CognitoClient
from cognito_auth.config import Settings
from cognito_auth.local import LocalCognito, LocalTransport
from cognito_auth.secret import Secret

CREDENTIALS: Final = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))


def settings_of(cognito: LocalCognito) -> Settings:
    """The pool that is there from the start."""
    first = cognito.first_pool()
    return Settings(user_pool_id=first.user_pool_id, client_id=first.client_id, endpoint=cognito.endpoint)


def blocking(cognito: LocalCognito, settings: Settings | None = None) -> CognitoClient:
    """A synchronous client of the pool."""
    return CognitoClient(settings or settings_of(cognito), transport=LocalTransport(cognito), credentials=CREDENTIALS)


def asynchronous(cognito: LocalCognito, settings: Settings | None = None) -> AsyncCognitoClient:
    """An asynchronous client of the pool."""
    return AsyncCognitoClient(settings or settings_of(cognito), transport=LocalTransport(cognito), credentials=CREDENTIALS)
