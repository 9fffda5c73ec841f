"""Starlette's own authentication interface: ``AuthenticationMiddleware``, ``request.user``, ``@requires``."""

from __future__ import annotations

from typing import Final

from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, BaseUser
from starlette.requests import HTTPConnection

from cognito_auth.errors import CognitoAuthError
from cognito_auth.user import User

from .auth import CognitoAuth


class SignedInUser(BaseUser):
    """The signed-in user as Starlette's ``request.user``; ``user`` is the whole of it."""

    def __init__(self, user: User) -> None:
        self.user: Final = user

    @property
    def is_authenticated(self) -> bool:
        """Always true."""
        return True

    @property
    def display_name(self) -> str:
        """The user's name; of a machine, its id."""
        return self.user.username or self.user.sub

    @property
    def identity(self) -> str:
        """The user's lasting id."""
        return self.user.sub


class CognitoBackend(AuthenticationBackend):
    """For ``AuthenticationMiddleware(backend=CognitoBackend(auth))``, inside `CognitoAuthMiddleware`.

    The credentials' scopes are ``authenticated``, the token's scopes, and ``group:<name>`` for each group, so that
    ``@requires("group:admin")`` works.
    """

    def __init__(self, auth: CognitoAuth) -> None:
        self._auth: Final = auth

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        """The user, or ``None`` without credentials; raises ``AuthenticationError`` for credentials that are refused."""
        try:
            user = await self._auth.optional_user(conn)
        except CognitoAuthError as error:
            raise AuthenticationError(error.public_message) from error
        if user is None:
            return None
        scopes = ["authenticated", *sorted(user.scopes), *(f"group:{name}" for name in sorted(user.groups))]
        return AuthCredentials(scopes), SignedInUser(user)
