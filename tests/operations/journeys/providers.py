"""Identities of other providers, linked to users."""

from __future__ import annotations

import json
from typing import Any

from ..registry import journey
from ..world import App, World, named


def source(subject: str, provider: str = "Elsewhere") -> dict[str, str]:
    """An identity at a provider."""
    return {
        "ProviderName": provider,
        "ProviderAttributeName": "Cognito_Subject",
        "ProviderAttributeValue": subject,
    }


def destination(username: str) -> dict[str, str]:
    """A user of the pool."""
    return {"ProviderName": "Cognito", "ProviderAttributeValue": username}


def identities(app: App, username: str) -> list[dict[str, Any]]:
    """The linked identities of a user."""
    text = named(app.call("AdminGetUser", Username=username)["UserAttributes"]).get("identities", "[]")
    found: list[dict[str, Any]] = json.loads(text)
    return found


@journey("AdminLinkProviderForUser", "AdminDisableProviderForUser")
def link(world: World) -> None:
    app, username = world.app, world.app.user()
    other = app.user()
    given = {"DestinationUser": destination(username), "SourceUser": source(f"subject-{username}")}
    assert app.call("AdminLinkProviderForUser", **given) == {}
    (identity,) = identities(app, username)
    assert (identity["userId"], identity["providerName"]) == (f"subject-{username}", "Elsewhere")
    given["DestinationUser"] = destination(other)
    app.refused("AliasExists", "AdminLinkProviderForUser", **given)
    assert app.call("AdminDisableProviderForUser", User=source(f"subject-{username}")) == {}
    assert identities(app, username) == []
    app.call("AdminLinkProviderForUser", **given)
    assert len(identities(app, other)) == 1


@journey("AdminLinkProviderForUser")
def too_many(world: World) -> None:
    app, username = world.app, world.app.user()
    for number in range(5):
        identity = source(f"{username}-{number}")
        app.call("AdminLinkProviderForUser", DestinationUser=destination(username), SourceUser=identity)
    sixth = source(f"{username}-6")
    app.refused("LimitExceeded", "AdminLinkProviderForUser", DestinationUser=destination(username), SourceUser=sixth)
    assert len(identities(app, username)) == 5


@journey("AdminLinkProviderForUser", "AdminDisableProviderForUser")
def refused(world: World) -> None:
    app = world.app
    given = {"DestinationUser": destination("nobody"), "SourceUser": source("1")}
    app.refused("UserNotFound", "AdminLinkProviderForUser", **given)
    app.refused("UserNotFound", "AdminDisableProviderForUser", User=source("nobody-has-this"))
    nobody = {"ProviderName": "Cognito"}
    app.refused("InvalidParameter", "AdminLinkProviderForUser", DestinationUser=nobody, SourceUser=source("1"))
    app.refused("InvalidParameter", "AdminDisableProviderForUser", User={"ProviderName": "Elsewhere"})
