"""``CUSTOM_AUTH``: challenges that triggers choose, pose and judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.auth import (
    AdminInitiateAuth,
    AdminRespondToAuthChallenge,
    RespondToAuthChallenge,
)
from cognito_auth.api.pool_settings import DeviceConfiguration, SignInPolicy, UserPoolPolicy
from cognito_auth.api.users import AdminCreateUser, AdminDeleteUser, AdminDisableUser, AdminGetUser
from cognito_auth.local import Triggers
from cognito_auth.local.sign_in.custom_auth import MOST_ROUNDS

from .device_client import registered
from .riddle import ANSWER, CUSTOM, app_with_riddle, begin, begin_with_srp, prove, triggers, verify
from .support import NEW_PASSWORD, App, claims, listed, new_app, refusal, signed_in
from .triggers import DATA, Calls, Event, refusing, responding

INCORRECT: Final = "NotAuthorized: Incorrect username or password."
NO_ANSWER: Final = "InvalidLambdaResponse: Unrecognizable lambda output"
USED: Final = "NotAuthorized: Invalid session for the user, session can only be used once."
INVALID: Final = "NotAuthorized: Invalid session for the user."


# The whole way


def test_a_right_answer() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    challenge = begin(app)
    assert challenge.challenge_name == "CUSTOM_CHALLENGE"
    assert challenge.challenge_parameters == {"riddle": "What has scales?", "USERNAME": "ana"}
    tokens = signed_in(app.reply_to(challenge, ANSWER=ANSWER))
    assert claims(tokens.access_token)["username"] == "ana"
    assert tokens.refresh_token
    assert calls.sources == [
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
    ]


def test_what_each_trigger_is_told() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    challenge = begin(app)
    app.send(
        RespondToAuthChallenge(
            client_id=app.client_id,
            challenge_name="CUSTOM_CHALLENGE",
            session=challenge.session,
            challenge_responses=app.parameters("ana", ANSWER=ANSWER),
            client_metadata=DATA,
        )
    )
    requests = [event["request"] for event in calls.events]
    assert all(request.pop("userAttributes")["email"] == "ana@example.com" for request in requests)
    assert [request.pop("userNotFound") for request in requests] == [False] * 4
    assert requests == [
        {"session": []},
        {"challengeName": "CUSTOM_CHALLENGE", "session": []},
        {"privateChallengeParameters": {"answer": ANSWER}, "challengeAnswer": ANSWER, "clientMetadata": DATA},
        {
            "session": [{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": "RIDDLE"}],
            "clientMetadata": DATA,
        },
    ]


def test_three_attempts() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    challenge = begin(app)
    for _ in range(2):
        challenge = app.reply_to(challenge, ANSWER="bird")
        assert challenge.challenge_name == "CUSTOM_CHALLENGE"
    assert refusal(app.reply_to, challenge, ANSWER="bird") == INCORRECT
    results = [each["challengeResult"] for each in calls.last["request"]["session"]]
    assert results == [False, False, False]


def test_a_late_right_answer() -> None:
    app = app_with_riddle()
    challenge = app.reply_to(begin(app), ANSWER="bird")
    assert signed_in(app.reply_to(challenge, ANSWER=ANSWER))


def test_the_triggers_around_it() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    app.cognito.triggers = triggers(
        calls, pre_authentication=calls(), post_authentication=calls(), pre_token_generation=calls()
    )
    app.reply_to(begin(app), ANSWER=ANSWER)
    assert calls.sources[0] == "PreAuthentication_Authentication"
    assert calls.sources[-2:] == ["PostAuthentication_Authentication", "TokenGeneration_Authentication"]


def test_by_an_administrator() -> None:
    app = app_with_riddle()
    place: dict[str, Any] = {"user_pool_id": app.pool_id, "client_id": app.client_id}
    challenge = app.send(AdminInitiateAuth(**place, auth_flow="CUSTOM_AUTH", auth_parameters=app.parameters("ana")))
    assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == INVALID
    answer = AdminRespondToAuthChallenge(
        **place,
        challenge_name="CUSTOM_CHALLENGE",
        session=challenge.session,
        challenge_responses=app.parameters("ana", ANSWER=ANSWER),
    )
    assert signed_in(app.send(answer))


def test_with_a_secret() -> None:
    app = app_with_riddle(generate_secret=True)
    assert signed_in(app.reply_to(begin(app), ANSWER=ANSWER))


# Sessions


def test_a_session_is_used_up_by_any_answer() -> None:
    app = app_with_riddle()
    for answer in ("bird", ANSWER):
        challenge = begin(app)
        app.reply_to(challenge, ANSWER=answer)
        assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == USED


def test_a_session_is_used_up_by_a_refusal() -> None:
    app = app_with_riddle()
    for broken in (
        triggers(verify_auth_challenge_response=Calls()(refusing("wrong"))),
        triggers(define_auth_challenge=Calls()(responding(failAuthentication=True))),
        triggers(define_auth_challenge=Calls()()),
    ):
        challenge = begin(app)
        app.cognito.triggers = broken
        refusal(app.reply_to, challenge, ANSWER="bird")
        app.cognito.triggers = triggers()
        assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == USED


def test_a_missing_answer_leaves_the_session() -> None:
    app = app_with_riddle()
    challenge = begin(app)
    assert refusal(app.reply_to, challenge) == "InvalidParameter: Missing required parameter ANSWER"
    assert signed_in(app.reply_to(challenge, ANSWER=ANSWER))


def test_sessions_belong_to_their_user() -> None:
    app = app_with_riddle()
    app.cognito.triggers = Triggers()
    app.create_user("bob", email="bob@example.com")
    app.cognito.triggers = triggers()
    challenge = begin(app)
    assert refusal(app.reply_to, challenge, "bob", ANSWER=ANSWER) == INVALID
    assert refusal(app.reply_to, challenge, "nobody", ANSWER=ANSWER) == INVALID


def test_an_old_session() -> None:
    app = app_with_riddle()
    challenge = begin(app)
    app.cognito.clock.move(180)
    expired = "NotAuthorized: Invalid session for the user, session is expired."
    assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == expired


def test_challenges_have_a_bound() -> None:
    app = app_with_riddle()
    endless = Calls()(responding(challengeName="CUSTOM_CHALLENGE"))
    app.cognito.triggers = triggers(define_auth_challenge=endless)
    challenge = begin(app)
    for _ in range(MOST_ROUNDS - 1):
        challenge = app.reply_to(challenge, ANSWER=ANSWER)
    assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == INCORRECT


# Who gets no tokens


def disable(app: App) -> None:
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))


def delete(app: App) -> None:
    app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))


@pytest.mark.parametrize(
    ("change", "text"), [(disable, "NotAuthorized: User is disabled."), (delete, INVALID)], ids=["disabled", "deleted"]
)
def test_users_who_go_on_the_way(change: Callable[[App], None], text: str) -> None:
    app = app_with_riddle()
    challenge = begin(app)
    change(app)
    assert refusal(app.reply_to, challenge, ANSWER=ANSWER) == text


def test_a_user_whom_a_trigger_deletes() -> None:
    app = app_with_riddle()

    def remove(event: Event) -> None:
        verify(event)
        delete(app)

    app.cognito.triggers = triggers(verify_auth_challenge_response=Calls()(remove))
    assert refusal(app.reply_to, begin(app), ANSWER=ANSWER) == INCORRECT


def test_a_user_who_is_not_confirmed() -> None:
    app = new_app(explicit_auth_flows=CUSTOM)
    app.sign_up()
    app.cognito.triggers = triggers()
    assert refusal(app.reply_to, begin(app), ANSWER=ANSWER) == "UserNotConfirmed: User is not confirmed."


def test_a_temporary_password_is_not_asked_for() -> None:
    app = new_app(explicit_auth_flows=CUSTOM)
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", message_action="SUPPRESS"))
    app.cognito.triggers = triggers()
    assert signed_in(app.reply_to(begin(app), ANSWER=ANSWER))
    assert app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana")).user_status == "FORCE_CHANGE_PASSWORD"


def test_a_stranger_is_treated_like_anybody() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    challenge = begin(app, "bob")
    assert challenge.challenge_parameters == {"riddle": "What has scales?", "USERNAME": "bob"}
    assert [event["request"]["userNotFound"] for event in calls.events] == [True, True]
    assert [event["request"]["userAttributes"] for event in calls.events] == [{}, {}]
    challenge = app.reply_to(challenge, "bob", ANSWER="bird")
    assert refusal(app.reply_to, challenge, "bob", ANSWER=ANSWER) == INCORRECT
    assert refusal(app.reply_to, challenge, "bob", ANSWER=ANSWER) == USED


def test_a_strangers_address_is_answered_with_an_identifier() -> None:
    app = new_app(pool={"username_attributes": ("email",)}, explicit_auth_flows=CUSTOM)
    app.cognito.triggers = triggers()
    first, second = (begin(app, "bob@example.com") for _ in range(2))
    name = (first.challenge_parameters or {})["USERNAME"]
    assert name == (second.challenge_parameters or {})["USERNAME"]
    assert "@" not in name
    for username, challenge in ((name, first), ("bob@example.com", second)):
        assert refusal(app.reply_to, challenge, username, ANSWER=ANSWER) == INCORRECT


def test_a_stranger_is_told_where_everybody_may_know() -> None:
    app = app_with_riddle(prevent_user_existence_errors="LEGACY")
    assert refusal(begin, app, "bob") == "UserNotFound: User does not exist."


# With the password first


def test_srp_first() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    pair, reply = begin_with_srp(app)
    assert reply.challenge_name == "PASSWORD_VERIFIER"
    assert calls.last["request"]["session"] == [{"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None}]
    challenge = prove(app, pair, reply)
    assert challenge.challenge_name == "CUSTOM_CHALLENGE"
    assert signed_in(app.reply_to(challenge, ANSWER=ANSWER))
    assert [(each["challengeName"], each["challengeResult"]) for each in calls.last["request"]["session"]] == [
        ("SRP_A", True),
        ("PASSWORD_VERIFIER", True),
        ("CUSTOM_CHALLENGE", True),
    ]


def test_a_wrong_password() -> None:
    calls = Calls()
    app = app_with_riddle(calls)
    pair, reply = begin_with_srp(app)
    assert refusal(prove, app, pair, reply, NEW_PASSWORD) == INCORRECT
    assert len(calls.events) == 1


def test_the_proof_needs_its_session() -> None:
    app = app_with_riddle()
    pair, reply = begin_with_srp(app)
    missing = "InvalidParameter: Missing required parameter Session"
    assert refusal(prove, app, pair, replace(reply, session=None)) == missing
    assert refusal(prove, app, pair, replace(reply, session=begin_with_srp(app)[1].session)) == INVALID


def test_a_stranger_with_srp() -> None:
    app = app_with_riddle()
    pair, reply = begin_with_srp(app, "bob")
    assert reply.challenge_name == "PASSWORD_VERIFIER"
    assert refusal(prove, app, pair, reply) == INCORRECT


def test_who_has_no_password_is_asked_for_one() -> None:
    factors = SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP"))
    app = new_app(pool={"policies": UserPoolPolicy(sign_in_policy=factors)}, explicit_auth_flows=CUSTOM)
    given = listed({"email": "ana@example.com", "email_verified": "true"})
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", user_attributes=given))
    app.cognito.triggers = triggers()
    pair, reply = begin_with_srp(app)
    assert reply.challenge_name == "PASSWORD_VERIFIER"
    assert refusal(prove, app, pair, reply) == INCORRECT
    assert signed_in(app.reply_to(begin(app), ANSWER=ANSWER))


def test_a_riddle_in_place_of_the_password() -> None:
    app = app_with_riddle()
    app.cognito.triggers = triggers(define_auth_challenge=Calls()(responding(challengeName="CUSTOM_CHALLENGE")))
    _, reply = begin_with_srp(app)
    assert reply.challenge_name == "CUSTOM_CHALLENGE"


def test_parameters_of_srp() -> None:
    app = app_with_riddle()
    assert refusal(begin, app, CHALLENGE_NAME="SRP_A") == "InvalidParameter: Missing required parameter SRP_A"
    assert refusal(begin, app, CHALLENGE_NAME="OTHER") == "InvalidParameter: CHALLENGE_NAME must be SRP_A"


# Devices


def test_a_device_proves_itself_before_the_tokens() -> None:
    app = new_app(
        pool={"device_configuration": DeviceConfiguration(challenge_required_on_new_device=True)}, explicit_auth_flows=CUSTOM
    )
    app.create_user()
    device = registered(app)
    calls = Calls()
    app.cognito.triggers = triggers(calls)
    pair, reply = begin_with_srp(app, DEVICE_KEY=device.key)
    challenge = app.reply_to(app.reply_to(begin(app, DEVICE_KEY=device.key), ANSWER="bird"), ANSWER=ANSWER)
    tokens = signed_in(device.prove(app, challenge))
    assert claims(tokens.access_token)["device_key"] == device.key
    assert [each["challengeName"] for each in calls.last["request"]["session"]] == [
        "CUSTOM_CHALLENGE",
        "CUSTOM_CHALLENGE",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
    ]
    challenge = app.reply_to(prove(app, pair, reply), ANSWER=ANSWER)
    assert signed_in(device.prove(app, challenge)).new_device_metadata is None


def test_a_new_device_is_offered() -> None:
    app = app_with_riddle(pool={"device_configuration": DeviceConfiguration()})
    assert signed_in(app.reply_to(begin(app), ANSWER=ANSWER)).new_device_metadata
    unknown = begin(app, DEVICE_KEY="us-east-1_00000000-0000-4000-8000-000000000000")
    assert signed_in(app.reply_to(unknown, ANSWER=ANSWER)).new_device_metadata
