"""Users as a verified token makes them, for tests that are not about verifying."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cognito_auth.tokens import AccessToken
from cognito_auth.tokens.claims import make
from cognito_auth.user import User


def user(
    *,
    username: str | None = "ana",
    groups: Iterable[str] = (),
    scopes: Iterable[str] = (),
    proofs: Iterable[str] = (),
    **claims: Any,
) -> User:
    """A user with groups and scopes, and further claims; without a name, a machine."""
    named = {} if username is None else {"username": username}
    told = {
        "sub": "3f1c2a5e",
        "iss": "https://issuer.example",
        "client_id": "client1",
        "iat": 1_800_000_000,
        "exp": 1_800_003_600,
        "cognito:groups": tuple(groups),
        "scope": " ".join(scopes),
        **named,
        **claims,
    }
    return User(token=make(AccessToken, "raw", told), proofs=frozenset(proofs))
