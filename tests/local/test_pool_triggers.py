"""Triggers: which are called, what becomes of their answers, and what they may do with the pool."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth.api.groups import AdminAddUserToGroup, AdminListGroupsForUser, CreateGroup
from cognito_auth.api.pool_settings import LambdaConfig, PreTokenGenerationVersionConfig
from cognito_auth.api.structure import Operation
from cognito_auth.api.users import AdminCreateUser, AdminDeleteUser, AdminDisableUser
from cognito_auth.errors import ConfigurationError
from cognito_auth.local import LocalCognito, Triggers
from cognito_auth.local.base.triggers import Trigger

from .support import App, new_app, new_cognito, refusal
from .triggers import Calls, Change, Event, app_with, confirm_by_code, names, refusing, status

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:f"

# What is no answer


def nothing(_: Event) -> None:
    """Returns no event."""


def a_list(_: Event) -> list[Event]:
    return []


def without_response(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "response"}


def no_json(event: Event) -> Event:
    return {**event, "response": {"autoConfirmUser": object()}}


def not_a_number(event: Event) -> Event:
    return {**event, "response": {"anything": float("nan")}}


def a_text(event: Event) -> Event:
    return {**event, "response": {"autoConfirmUser": "true"}}


@pytest.mark.parametrize("function", [nothing, a_list, without_response, no_json, not_a_number, a_text])
def test_no_answers(function: Callable[[Event], object]) -> None:
    app = app_with(Triggers(pre_sign_up=function))
    assert refusal(app.sign_up) == "InvalidLambdaResponse: Unrecognizable lambda output"
    assert names(app) == []


def test_braces_in_a_message() -> None:
    app = app_with(Triggers(pre_sign_up=Calls()(refusing("{0} {x}"))))
    assert refusal(app.sign_up) == "UserLambdaValidation: PreSignUp failed with error {0} {x}."


# Which are called


def test_a_pool_that_names_triggers_calls_no_others() -> None:
    calls = Calls()
    app = app_with(
        Triggers(pre_sign_up=calls(), custom_message=calls()), pool={"lambda_config": LambdaConfig(pre_sign_up=FUNCTION)}
    )
    app.sign_up()
    assert calls.sources == ["PreSignUp_SignUp"]


def test_a_trigger_that_was_not_given() -> None:
    app = new_app(pool={"lambda_config": LambdaConfig(pre_sign_up=FUNCTION)})
    assert refusal(app.sign_up) == "UnexpectedLambda: PreSignUp invocation failed due to configuration."


def test_pools_name_their_functions() -> None:
    calls = Calls()
    cognito = new_cognito(triggers=Triggers(pre_sign_up=calls(), functions={FUNCTION: calls(refusing("own"))}))
    named = new_app(cognito, pool={"lambda_config": LambdaConfig(pre_sign_up=FUNCTION)})
    other = new_app(cognito, pool={"lambda_config": LambdaConfig(pre_sign_up=f"{FUNCTION}-2")})
    assert refusal(named.sign_up) == "UserLambdaValidation: PreSignUp failed with error own."
    assert other.sign_up()
    assert new_app(cognito).sign_up()


def test_a_versioned_function_is_named_elsewhere() -> None:
    config = PreTokenGenerationVersionConfig(lambda_version="V2_0", lambda_arn=FUNCTION)
    calls = Calls()
    app = app_with(
        Triggers(functions={FUNCTION: calls()}), pool={"lambda_config": LambdaConfig(pre_token_generation_config=config)}
    )
    app.create_user()
    app.tokens()
    assert calls.sources == ["TokenGeneration_Authentication"]


@pytest.mark.parametrize("trigger", Trigger, ids=lambda trigger: trigger.value)
def test_every_trigger_has_its_place_in_both(trigger: Trigger) -> None:
    assert getattr(Triggers(), trigger.member) is None
    assert getattr(LambdaConfig(), trigger.member) is None


def test_what_is_no_trigger() -> None:
    with pytest.raises(ConfigurationError, match="pre_sign_up"):
        Triggers(pre_sign_up="no function")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose
    with pytest.raises(ConfigurationError, match="V1_0"):
        Triggers(pre_token_generation_version="V9_0")


def test_triggers_may_be_set_later_and_copied() -> None:
    calls = Calls()
    app = new_app()
    app.cognito.triggers = Triggers(pre_sign_up=calls())
    app.sign_up()
    copy = LocalCognito.from_snapshot(app.cognito.snapshot(), triggers=Triggers(pre_sign_up=Calls()(refusing())))
    assert refusal(App(copy, app.pool_id, app.client_id).sign_up, "bob").startswith("UserLambdaValidation")
    app.sign_up("bob", email="bob@example.com")
    assert len(calls.events) == 2


# Triggers that use the pool


def app_whose_triggers_use_it(**triggers: Callable[[App], Change]) -> App:
    """Each function gets the app, and gives the trigger of its name."""
    app = new_app()
    made: dict[str, Any] = {name: Calls()(make(app)) for name, make in triggers.items()}
    app.cognito.triggers = Triggers(**made)
    return app


def joining(app: App) -> Change:
    def join(event: Event) -> None:
        request = AdminAddUserToGroup(user_pool_id=event["userPoolId"], username=event["userName"], group_name="new")
        app.send(request)

    return join


def groups(app: App) -> list[str | None]:
    reply = app.send(AdminListGroupsForUser(user_pool_id=app.pool_id, username="ana"))
    return [group.group_name for group in reply.groups or ()]


def test_a_trigger_may_write() -> None:
    app = app_whose_triggers_use_it(post_confirmation=joining)
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name="new"))
    confirm_by_code(app)
    assert groups(app) == ["new"]


def test_a_trigger_reads_what_the_operation_has_done_so_far() -> None:
    seen: list[object] = []
    app = app_whose_triggers_use_it(
        pre_sign_up=lambda app: lambda _: seen.append(names(app)),
        post_confirmation=lambda app: lambda _: seen.append((status(app), len(app.cognito.outbox(app.pool_id, "ana")))),
    )
    confirm_by_code(app)
    assert seen == [[], ("CONFIRMED", 1)]


def test_a_refused_call_undoes_itself_alone() -> None:
    app = new_app()
    app.create_user()
    # It is made, and then cannot be told of it.
    unreachable = AdminCreateUser(user_pool_id=app.pool_id, username="eve", desired_delivery_mediums=("SMS",))

    def create(_: Event) -> None:
        app.create_user("bob", email="bob@example.com")
        assert refusal(app.send, unreachable).startswith("CodeDeliveryFailure")

    app.cognito.triggers = Triggers(post_authentication=Calls()(create))
    app.tokens()
    assert names(app) == ["ana", "bob"]


def test_what_a_trigger_wrote_goes_with_its_operation() -> None:
    def create_and_refuse(app: App) -> Change:
        def create(_: Event) -> None:
            app.create_user("bob", email="bob@example.com")
            raise ValueError("no")

        return create

    app = app_whose_triggers_use_it(custom_message=create_and_refuse)
    assert refusal(app.sign_up).startswith("UserLambdaValidation")
    assert names(app) == []


def test_a_trigger_cannot_take_the_name() -> None:
    def take(app: App) -> Change:
        def create(event: Event) -> None:
            if event["triggerSource"] == "PreSignUp_SignUp":
                app.create_user(event["userName"], email="other@example.com")

        return create

    app = app_whose_triggers_use_it(pre_sign_up=take)
    assert refusal(app.sign_up) == "UsernameExists: User already exists"


def sending(app: App, request: Operation[Any]) -> Change:
    """Sends a request."""
    return lambda _: app.send(request)


def test_a_user_who_is_switched_off_on_the_way_gets_no_tokens() -> None:
    for operation, text in (
        (AdminDisableUser, "NotAuthorized: User is disabled."),
        (AdminDeleteUser, "NotAuthorized: Invalid session for the user."),
    ):
        app = new_app()
        app.create_user()
        request = operation(user_pool_id=app.pool_id, username="ana")
        app.cognito.triggers = Triggers(post_authentication=Calls()(sending(app, request)))
        assert refusal(app.password_auth) == text


def test_others_wait_for_a_trigger() -> None:
    app = new_app()
    app.create_user()
    inside = threading.Event()
    seen: list[list[str | None]] = []

    def other() -> None:
        inside.wait()
        seen.append(names(app))

    def create(_: Event) -> None:
        inside.set()
        app.create_user("bob", email="bob@example.com")

    app.cognito.triggers = Triggers(post_authentication=Calls()(create))
    thread = threading.Thread(target=other)
    thread.start()
    app.tokens()
    thread.join()
    assert seen == [["ana", "bob"]]


def test_a_file_keeps_what_a_trigger_wrote(tmp_path: Any) -> None:
    path = tmp_path / "pools.db"
    app = new_app(new_cognito(path=path))
    app.cognito.triggers = Triggers(post_confirmation=Calls()(lambda _: app.create_user("bob", email="bob@example.com")))
    confirm_by_code(app)
    app.cognito.close()
    again = new_cognito(path=path)
    assert names(App(again, app.pool_id, app.client_id)) == ["ana", "bob"]
    again.close()


def test_events_are_json() -> None:
    calls = Calls()
    app = app_with(Triggers(**{trigger.member: calls() for trigger in Trigger}))  # type: ignore[arg-type]  # one of each
    app.sign_up()
    assert calls.sources == ["PreSignUp_SignUp", "CustomMessage_SignUp"]
    assert [json.loads(json.dumps(event)) for event in calls.events] == calls.events
