"""One route that leads to all endpoints of this library: frameworks try an application's routes one by one."""

from __future__ import annotations

from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Scope

from cognito_auth.web import PATHS
from cognito_auth.web.public import public


class Endpoints(Mount):
    """The endpoints of ``app`` below a prefix. It leads nowhere else, so that an application may have routes of its own there.

    Public as a whole: each endpoint asks for what it needs, and `CognitoAuth.protect_all` need not look at them one by one.
    """

    def __init__(self, prefix: str, app: ASGIApp, name: str | None = None) -> None:
        super().__init__(prefix, public(app), name=name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether there is such an endpoint, and if so with this method."""
        match, child = super().matches(scope)
        if match is Match.NONE or scope["type"] != "http":
            return Match.NONE, {}
        path, above = scope["path"], child["root_path"]
        # A proxy may have taken off what the application is below, which ASGI wants to stand in the path, and which `Router`
        # looks for.
        endpoint = path[len(above if path.startswith(f"{above}/") else self.path) + 1 :]
        methods = PATHS.get(endpoint)
        if methods is None:
            return Match.NONE, {}
        child["path"] = f"{above}/{endpoint}"
        return Match.FULL if scope["method"] in methods else Match.PARTIAL, child
