"""Journeys in which the pool's triggers ask (``CUSTOM_AUTH``), after a password or without one."""

from __future__ import annotations

from cognito_auth.api.users import AdminDisableUser

from ..person import Outcome, Person, accepted, challenged, refused

QUESTION = {"question": "What colour is the sky?"}


def asked_a_riddle(outcome: Outcome) -> Outcome:
    asked = challenged(outcome, "CUSTOM_CHALLENGE")
    assert asked.told["challenge"]["parameters"] == QUESTION
    return asked


def riddle(me: Person) -> None:
    """Solve the riddle at the second attempt."""
    me.register()
    asked = asked_a_riddle(me.login(None))
    asked = asked_a_riddle(me.answer(asked, answer="green"))
    accepted(me.answer(asked, answer="blue"), status="signed_in", username=me.username)
    me.passes()


def riddle_posed_again(me: Person) -> None:
    """Have the riddle posed anew."""
    me.register()
    asked = asked_a_riddle(me.login(None))
    anew = asked_a_riddle(me.wish(asked, "resend_code"))
    refused(me.wish(anew, "choose_again"), "illegal_transition")
    accepted(me.answer(anew, answer="blue"), status="signed_in")


def riddle_not_solved(me: Person) -> None:
    """Fail three times, which is all that the triggers allow."""
    me.register()
    asked = asked_a_riddle(me.login(None))
    for _ in range(2):
        asked = asked_a_riddle(me.answer(asked, answer="green"))
    refused(me.answer(asked, answer="green"), "incorrect_credentials")


def riddle_after_password(me: Person) -> None:
    """Prove the password first; to be asked again would need it again."""
    me.register()
    refused(me.login("Wr0ng-password"), "incorrect_credentials")
    asked = asked_a_riddle(me.login())
    refused(me.wish(asked, "resend_code"), "invalid_answer")
    accepted(me.answer(asked, answer="blue"), status="signed_in", username=me.username)
    me.passes()


def riddle_on_known_device(me: Person) -> None:
    """Solve the riddle on a device that is known, which proves itself afterwards."""
    me.register()
    signed_in = accepted(me.answer(asked_a_riddle(me.login()), answer="blue"), status="signed_in")
    assert signed_in.told["device_offered"]
    key = accepted(me.auth("devices_confirm"), status="confirmed").told["device_key"]
    accepted(me.answer(asked_a_riddle(me.login()), answer="blue"), status="signed_in")
    (listed,) = accepted(me.auth("devices")).told["devices"]
    assert listed["device_key"] == key
    assert listed["current"]


def disabled_between(me: Person) -> None:
    """Be disabled between the riddle and its solution."""
    me.register()
    asked = asked_a_riddle(me.login(None))
    me.world.send(me.settings, AdminDisableUser(username=me.username))
    refused(me.answer(asked, answer="blue"), "user_disabled")
