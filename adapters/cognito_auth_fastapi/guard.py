"""Dependencies that let a request pass, and how they show in the OpenAPI document."""

from __future__ import annotations

from typing import Final

from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.security.base import SecurityBase
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from cognito_auth.errors import CognitoAuthError, NotSignedIn
from cognito_auth.guards import Requirement
from cognito_auth.user import User
from cognito_auth.web import Reply
from cognito_auth_starlette import CognitoAuth as StarletteAuth
from cognito_auth_starlette.translate import to_request

SCHEME: Final = "CognitoAccessToken"
"""The security scheme's name in the OpenAPI document."""


class Refusal(HTTPException):
    """A guard's refusal; answered with the same body as the endpoints' own errors."""

    def __init__(self, error: CognitoAuthError, reply: Reply) -> None:
        self.reply: Final = reply
        super().__init__(self.reply.status, error.public_message, dict(self.reply.headers))


class Guard(SecurityBase):
    """``Depends(auth.require(...))``: the `User`, who fulfils the requirement; works for WebSockets too."""

    def __init__(self, auth: StarletteAuth, requirement: Requirement) -> None:
        self._auth: Final = auth
        self._requirement: Final = requirement
        self.model = BearerModel(bearerFormat="JWT", description="The access token of a sign-in.")
        self.scheme_name = SCHEME

    async def __call__(self, connection: HTTPConnection) -> User:
        """The user; raises `Refusal`: 401 without credentials or with a sign-in that is not enough, 403 without the right, 503
        when that cannot be found out."""
        try:
            return await self._auth.admit(connection, self._requirement)
        except CognitoAuthError as error:
            raise Refusal(error, self._auth.web.refuse(to_request(connection), error)) from error


class OptionalGuard(SecurityBase):
    """``Depends(auth.optional_user)``: the `User`, or ``None`` when the request carries no credentials."""

    def __init__(self, guard: Guard) -> None:
        self._guard: Final = guard
        self.model = guard.model
        self.scheme_name = guard.scheme_name

    async def __call__(self, connection: HTTPConnection) -> User | None:
        """The user, or ``None``; raises `Refusal` for credentials that are refused."""
        try:
            return await self._guard(connection)
        except Refusal as refused:
            if isinstance(refused.__cause__, NotSignedIn):
                return None
            raise
