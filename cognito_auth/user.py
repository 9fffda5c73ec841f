"""Who is signed in, as routes and guards see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .tokens import AccessToken


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The user, or the machine, behind a verified access token."""

    token: AccessToken = field(repr=False)
    proofs: frozenset[str] = field(default=frozenset(), repr=False)
    """The challenges that the user's sign-in answered, by Cognito's names, as far as the session knows; a bearer's are not
    known."""

    @property
    def sub(self) -> str:
        """The user's lasting id; of a machine, the client id."""
        return self.token.sub

    @property
    def username(self) -> str | None:
        """The pool's own name for the user; ``None`` for a machine (``client_credentials``)."""
        return self.token.username

    @property
    def client_id(self) -> str:
        """The app client that the token was issued to."""
        return self.token.client_id

    @property
    def groups(self) -> frozenset[str]:
        """The user's groups when the token was issued."""
        return frozenset(self.token.groups)

    @property
    def scopes(self) -> frozenset[str]:
        """The token's scopes."""
        return self.token.scopes

    @property
    def claims(self) -> Mapping[str, Any]:
        """Every claim of the access token; cannot be changed."""
        return self.token.claims

    def __repr__(self) -> str:
        return f"User(username={self.username!r}, sub={self.sub!r}, groups={sorted(self.groups)!r})"
