"""The trigger before tokens are made: its three versions, and what it may change."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pool_settings import DeviceConfiguration, LambdaConfig, PreTokenGenerationVersionConfig
from cognito_auth.api.users import AdminCreateUser
from cognito_auth.local import Triggers

from .device_client import registered
from .support import NEW_PASSWORD, PASSWORD, App, claims, new_app, refusal, signed_in
from .triggers import Calls, Change, app_with, refusing, responding

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:f"
ROLE: Final = "arn:aws:iam::123456789012:role/staff"
SCOPE: Final = "aws.cognito.signin.user.admin"
NO_ANSWER: Final = "InvalidLambdaResponse: Unrecognizable lambda output"


def first(**details: object) -> Change:
    return responding(claimsOverrideDetails=details)


def later(**details: object) -> Change:
    return responding(claimsAndScopeOverrideDetails=details)


def app_of(change: Change | None = None, version: str = "V1_0") -> tuple[App, Calls]:
    """A pool with ana, a member of the group ``staff``."""
    calls = Calls()
    app = app_with(Triggers(pre_token_generation=calls(change), pre_token_generation_version=version))
    app.create_user()
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name="staff", role_arn=ROLE))
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, username="ana", group_name="staff"))
    return app, calls


def both(app: App) -> tuple[dict[str, Any], dict[str, Any]]:
    """The claims of the ID token and of the access token."""
    tokens = app.tokens()
    return claims(tokens.id_token), claims(tokens.access_token)


@pytest.mark.parametrize(("version", "number"), [("V1_0", "1"), ("V2_0", "2"), ("V3_0", "3")])
def test_the_event(version: str, number: str) -> None:
    app, calls = app_of(version=version)
    app.tokens()
    assert calls.last["version"] == number
    assert calls.last["request"]["groupConfiguration"] == {
        "groupsToOverride": ["staff"],
        "iamRolesToOverride": [ROLE],
        "preferredRole": ROLE,
    }
    assert calls.last["request"].get("scopes") == (None if number == "1" else [SCOPE])


def test_the_pool_says_the_version() -> None:
    calls = Calls()
    config = PreTokenGenerationVersionConfig(lambda_version="V2_0", lambda_arn=FUNCTION)
    app = app_with(
        Triggers(pre_token_generation=calls()), pool={"lambda_config": LambdaConfig(pre_token_generation_config=config)}
    )
    app.create_user()
    app.tokens()
    assert calls.last["version"] == "2"


def test_nothing_changes_by_itself() -> None:
    app, _ = app_of()
    identity, access = both(app)
    app.cognito.triggers = Triggers()
    plain_identity, plain_access = both(app)
    for changed, plain in ((identity, plain_identity), (access, plain_access)):
        assert list(changed) == list(plain)
        assert {name for name in plain if changed[name] != plain[name]} <= {"jti", "origin_jti", "event_id"}


def test_the_first_version_changes_id_tokens() -> None:
    app, _ = app_of(first(claimsToAddOrOverride={"color": "red", "email": "x", "gone": "y"}, claimsToSuppress=["gone"]))
    identity, access = both(app)
    assert (identity["color"], identity["email"]) == ("red", "x")
    assert "gone" not in identity
    assert not {"color", "email"} & access.keys()


def test_later_versions_change_both() -> None:
    app, _ = app_of(
        later(
            idTokenGeneration={"claimsToAddOrOverride": {"a": {"b": [1, True]}}, "claimsToSuppress": ["email"]},
            accessTokenGeneration={
                "claimsToAddOrOverride": {"c": 1.5},
                "claimsToSuppress": ["auth_time", "c"],
                "scopesToAdd": ["orders/read", SCOPE],
            },
        ),
        "V2_0",
    )
    identity, access = both(app)
    assert identity["a"] == {"b": [1, True]}
    assert "email" not in identity
    assert "c" not in access
    assert access["auth_time"]
    assert access["scope"] == f"{SCOPE} orders/read"


def test_a_scope_that_is_taken_away() -> None:
    app, _ = app_of(later(accessTokenGeneration={"scopesToSuppress": [SCOPE]}), "V2_0")
    token = app.tokens().access_token or ""
    assert claims(token)["scope"] == ""
    assert refusal(app.send, GetUser(access_token=token)) == "NotAuthorized: Access Token does not have required scopes"


KEPT: Final = ("sub", "iss", "exp", "iat", "auth_time", "token_use", "jti", "origin_jti")


def test_what_binds_a_token_stays() -> None:
    wanted: dict[str, object] = dict.fromkeys(
        (*KEPT, "aud", "cognito:username", "client_id", "username", "scope", "event_id"), "forged"
    )
    changes = {"claimsToAddOrOverride": wanted, "claimsToSuppress": list(wanted)}
    app, _ = app_of(later(idTokenGeneration=changes, accessTokenGeneration=changes), "V2_0")
    identity, access = both(app)
    for token, kept in ((identity, (*KEPT, "aud", "cognito:username")), (access, (*KEPT, "client_id", "username", "event_id"))):
        assert all(token[name] not in (None, "forged") for name in kept)
    assert access["scope"] == SCOPE


def test_other_groups() -> None:
    override = {"groupsToOverride": ["guests"], "iamRolesToOverride": ["r1", "r2"], "preferredRole": "r2"}
    app, _ = app_of(first(groupOverrideDetails=override))
    identity, access = both(app)
    assert (identity["cognito:groups"], access["cognito:groups"]) == (["guests"], ["guests"])
    assert (identity["cognito:roles"], identity["cognito:preferred_role"]) == (["r1", "r2"], "r2")


@pytest.mark.parametrize("override", [None, {}])
def test_no_groups(override: object) -> None:
    app, _ = app_of(first(groupOverrideDetails=override))
    identity, access = both(app)
    assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & (identity.keys() | access.keys())


WRONG: Final[dict[str, tuple[str, Change]]] = {
    "details": ("V1_0", responding(claimsOverrideDetails=[])),
    "claim of the first version": ("V1_0", first(claimsToAddOrOverride={"a": 1})),
    "suppressed": ("V1_0", first(claimsToSuppress="email")),
    "suppressed item": ("V1_0", first(claimsToSuppress=[1])),
    "groups": ("V1_0", first(groupOverrideDetails={"groupsToOverride": "staff"})),
    "claims": ("V2_0", later(idTokenGeneration={"claimsToAddOrOverride": []})),
    "scope": ("V2_0", later(accessTokenGeneration={"scopesToAdd": ["two words"]})),
    "empty scope": ("V2_0", later(accessTokenGeneration={"scopesToAdd": [""]})),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_answer(name: str) -> None:
    version, change = WRONG[name]
    app, _ = app_of(change, version)
    assert refusal(app.password_auth) == NO_ANSWER


def test_a_refusal() -> None:
    app, _ = app_of(refusing("no tokens"))
    assert refusal(app.password_auth) == "UserLambdaValidation: PreTokenGeneration failed with error no tokens."


def test_the_first_password() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_token_generation=calls()))
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", temporary_password=PASSWORD, message_action="SUPPRESS"))
    assert signed_in(app.reply_to(app.password_auth(), NEW_PASSWORD=NEW_PASSWORD))
    app.tokens(password=NEW_PASSWORD)
    assert calls.sources == ["TokenGeneration_NewPasswordChallenge", "TokenGeneration_Authentication"]


def test_a_device() -> None:
    app = new_app(pool={"device_configuration": DeviceConfiguration(challenge_required_on_new_device=True)})
    app.create_user()
    device = registered(app)
    calls = Calls()
    app.cognito.triggers = Triggers(pre_token_generation=calls())
    assert signed_in(device.prove(app, device.password_auth(app)))
    assert calls.sources == ["TokenGeneration_AuthenticateDevice"]
