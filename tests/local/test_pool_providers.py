"""Identities of other providers that are linked to users of the pool."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from cognito_auth.api.providers import AdminDisableProviderForUser, AdminLinkProviderForUser, ProviderUserIdentifier
from cognito_auth.api.users import AdminGetUser, AdminSetUserPassword

from .profiles import attributes_of
from .support import NEW_PASSWORD, START, App, claims, new_app, refusal
from .tables import Tables, many_users

UNKNOWN = "UserNotFound: User does not exist."
INCORRECT = "NotAuthorized: Incorrect username or password."


def provider_user(value: str, *, provider: str = "Google", attribute: str = "Cognito_Subject") -> ProviderUserIdentifier:
    return ProviderUserIdentifier(provider_name=provider, provider_attribute_name=attribute, provider_attribute_value=value)


def link(app: App, source: ProviderUserIdentifier, username: str = "ana") -> None:
    destination = ProviderUserIdentifier(provider_name="Cognito", provider_attribute_value=username)
    app.send(AdminLinkProviderForUser(user_pool_id=app.pool_id, destination_user=destination, source_user=source))


def unlink(app: App, source: ProviderUserIdentifier) -> None:
    app.send(AdminDisableProviderForUser(user_pool_id=app.pool_id, user=source))


def identities(app: App, username: str = "ana") -> list[dict[str, Any]] | None:
    shown = attributes_of(app, username).get("identities")
    return json.loads(shown) if shown else None


def test_linked_identities() -> None:
    app = new_app()
    app.create_user()
    link(app, provider_user("1"))
    app.cognito.clock.move(1)
    link(app, provider_user("ana@corp", provider="Corp", attribute="email"))
    link(app, provider_user("2", provider="Login"))
    date = int(START * 1000)
    expected = [
        {"userId": "1", "providerName": "Google", "providerType": "Google", "dateCreated": date},
        {"userId": "ana@corp", "providerName": "Corp", "providerType": "SAML", "dateCreated": date + 1000},
        {"userId": "2", "providerName": "Login", "providerType": "OIDC", "dateCreated": date + 1000},
    ]
    assert identities(app) == [{**each, "issuer": None, "primary": False} for each in expected]
    first, *_ = claims(app.tokens().id_token)["identities"]
    assert first == {**expected[0], "issuer": None, "primary": "false", "dateCreated": str(date)}
    unlink(app, provider_user("ana@corp", provider="Corp", attribute="email"))
    assert [each["userId"] for each in identities(app) or ()] == ["1", "2"]
    unlink(app, provider_user("1"))
    unlink(app, provider_user("2", provider="Login"))
    assert identities(app) is None
    assert refusal(unlink, app, provider_user("1")) == UNKNOWN
    link(app, provider_user("1"))


def test_identities_that_cannot_be_linked() -> None:
    app = new_app()
    app.create_user()
    app.create_user("eva", email="eva@example.com")
    link(app, provider_user("1"))
    assert refusal(link, app, provider_user("1")) == "InvalidParameter: SourceUser is already linked to DestinationUser"
    assert refusal(link, app, provider_user("1"), "eva").startswith("AliasExists: ")
    assert refusal(link, app, provider_user("ana", provider="Cognito"), "eva").startswith("InvalidParameter: ")
    absent = ProviderUserIdentifier(provider_name="Google", provider_attribute_value="1")
    missing = "InvalidParameter: Missing required parameter SourceUser.ProviderAttributeName"
    assert refusal(link, app, absent, "eva") == missing
    assert refusal(link, app, provider_user("x" * 257), "eva").startswith("InvalidParameter: ")
    assert identities(app, "eva") is None


def test_a_user_has_at_most_five_identities() -> None:
    app = new_app()
    app.create_user()
    for number in range(5):
        link(app, provider_user(str(number)))
    assert refusal(link, app, provider_user("5")).startswith("LimitExceeded: ")
    assert len(identities(app) or ()) == 5
    unlink(app, provider_user("0"))
    link(app, provider_user("5"))


def test_a_user_of_the_pool_whose_password_is_taken() -> None:
    app = new_app()
    app.create_user()
    unlink(app, provider_user("ana", provider="Cognito"))
    assert refusal(app.password_auth) == INCORRECT
    assert refusal(app.srp_auth) == INCORRECT
    assert app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana")).enabled is True
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=NEW_PASSWORD, permanent=True))
    assert app.password_auth("ana", NEW_PASSWORD).authentication_result


def test_a_user_whom_a_provider_has_brought() -> None:
    tables = Tables()
    ana, *_ = many_users(tables.pool_id, 1)
    tables.fill([ana])
    tables.fill([replace(ana, name="google_1", username="google_1", sub="1", status="EXTERNAL_PROVIDER")])
    destination = provider_user(ana.username, provider="Cognito")
    own = AdminLinkProviderForUser(user_pool_id=tables.pool_id, destination_user=destination, source_user=provider_user("1"))
    assert refusal(tables.run, own).startswith("AliasExists: ")
    onward = AdminLinkProviderForUser(
        user_pool_id=tables.pool_id, destination_user=provider_user("1"), source_user=provider_user("2")
    )
    tables.run(onward)
    tables.run(AdminDisableProviderForUser(user_pool_id=tables.pool_id, user=provider_user("1")))
    user = tables.run(AdminGetUser(user_pool_id=tables.pool_id, username="google_1"))
    assert user.enabled is False
    assert "identities" in {each.name for each in user.user_attributes or ()}
