"""Requests to the embedded pool's HTTP face as a test writes them: by operation, without a client library."""

from __future__ import annotations

from typing import Any

import httpx

from cognito_auth.local import LocalCognito


def call(web: httpx.Client, operation: str, **members: Any) -> httpx.Response:
    """Send one operation, unsigned."""
    target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
    return web.post("/", headers=target, json=members)


def sign_up(web: httpx.Client, cognito: LocalCognito, username: str) -> httpx.Response:
    """Sign a user up at the first pool."""
    return call(
        web,
        "SignUp",
        ClientId=cognito.first_pool().client_id,
        Username=username,
        Password="Correct-Horse-7",
        UserAttributes=[{"Name": "email", "Value": "ana@example.org"}],
    )
