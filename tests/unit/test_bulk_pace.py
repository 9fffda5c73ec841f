"""Rates: token buckets for each category, one brake for all, and flows that wait for their turn."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.groups import AdminAddUserToGroup
from cognito_auth.api.users import AdminCreateUser, AdminGetUser
from cognito_auth.bulk import exporting, steps
from cognito_auth.bulk.pace import CATEGORIES, DEFAULT_RATES, Bucket, Category, Pace, paced
from cognito_auth.effects import Flow, HttpResponse, Now, perform
from cognito_auth.errors import InternalError, TooManyRequests, UserNotFound
from tests.support.scripted import NOW, Scripted

CREATE: Final = AdminCreateUser(username="ana", message_action="SUPPRESS")
READ: Final = AdminGetUser(username="ana")


def answer(status: int, body: str = "{}") -> HttpResponse:
    return HttpResponse(status=status, headers={}, body=body.encode())


OK: Final = answer(200)
USER: Final = answer(200, '{"Username": "ana"}')
THROTTLED: Final = answer(400, '{"__type": "TooManyRequestsException"}')
FAILED: Final = answer(500, '{"__type": "InternalErrorException"}')
UNKNOWN: Final = answer(400, '{"__type": "UserNotFoundException"}')


def test_a_bucket_lets_a_second_s_worth_through_and_then_one_at_a_time() -> None:
    bucket = Bucket(4)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0, 0, 0]
    assert [bucket.take(0.0) for _ in range(3)] == pytest.approx([0.25, 0.5, 0.75])
    assert bucket.take(1.0) == 0.0
    assert bucket.take(1.0) == pytest.approx(0.25)


def test_a_bucket_holds_no_more_than_a_second_s_worth() -> None:
    bucket = Bucket(2)
    bucket.take(0.0)
    assert [bucket.take(1000.0) for _ in range(3)] == pytest.approx([0, 0, 0.5])


def test_a_rate_below_one() -> None:
    bucket = Bucket(0.1)
    assert [bucket.take(0.0), bucket.take(0.0)] == pytest.approx([0, 10])


def test_a_clock_that_stands_still_or_steps_back_gives_no_tokens() -> None:
    bucket = Bucket(1)
    assert [bucket.take(10.0), bucket.take(5.0), bucket.take(5.0)] == pytest.approx([0, 1, 2])


def test_categories_have_buckets_of_their_own() -> None:
    pace = Pace({Category.USER_CREATION: 1, Category.USER_RESOURCE_UPDATE: 1})
    add = AdminAddUserToGroup(username="ana", group_name="staff")
    assert [pace.turn(CREATE, 0.0), pace.turn(CREATE, 0.0), pace.turn(add, 0.0)] == pytest.approx([0, 1, 0])
    assert [pace.turn(READ, 0.0) for _ in range(1000)] == [0] * 1000


def test_every_operation_that_bulk_work_sends_has_a_category_with_a_rate() -> None:
    sent = {value for module in (steps, exporting) for value in vars(module).values() if hasattr(value, "errors")}
    assert len(sent) > 9
    assert {kind.__name__ for kind in sent} <= {kind.__name__ for kind in CATEGORIES}
    assert DEFAULT_RATES.keys() == set(Category)
    assert DEFAULT_RATES[Category.USER_CREATION] == 50


def test_the_brake_doubles_and_is_let_go() -> None:
    pace = Pace()
    holds: list[float] = []
    now = 0.0
    for _ in range(8):
        pace.throttled(now, now)
        holds.append(pace.held(now))
        now += holds[-1]
    assert holds == [0.5, 1, 2, 4, 8, 16, 30, 30]
    pace.passed(now)
    pace.throttled(now, now)
    assert pace.held(now) == 0.5


def test_requests_that_were_on_their_way_brake_once() -> None:
    pace = Pace()
    for _ in range(16):
        pace.throttled(1.0, 1.5)
    assert pace.held(1.5) == 0.5
    pace.passed(1.0)
    pace.throttled(2.0, 2.0)
    assert pace.held(2.0) == 1.0


# Flows


def both() -> Flow[tuple[Any, Any]]:
    return (yield from perform(READ)), (yield from perform(READ))


def test_a_flow_waits_for_its_turn() -> None:
    driver = Scripted([USER, USER])
    driver.run(paced(both(), Pace({Category.USER_READ: 0.5})))
    assert driver.pauses == [2.0]


def test_without_a_rate_nothing_waits() -> None:
    driver = Scripted([USER, USER])
    driver.run(paced(both(), Pace({})))
    assert driver.pauses == []


def test_what_is_throttled_is_sent_again_and_everybody_waits() -> None:
    pace = Pace({})
    driver = Scripted([THROTTLED, THROTTLED, OK])
    driver.run(paced(perform(CREATE), pace))
    assert driver.pauses == [0.5, 1.0]
    pace.throttled(driver.now, driver.now)
    other = Scripted([USER], now=driver.now)
    other.run(paced(perform(READ), pace))
    assert other.pauses == [0.5]


def test_what_is_throttled_for_ever_fails() -> None:
    driver = Scripted([THROTTLED] * 12)
    with pytest.raises(TooManyRequests):
        driver.run(paced(perform(CREATE), Pace({})))
    assert len(driver.exchanges) == 12


def test_reads_are_tried_again_after_other_failures_and_creations_are_not() -> None:
    assert Scripted([FAILED, FAILED, USER]).run(paced(perform(READ), Pace({}))).username == "ana"
    with pytest.raises(InternalError):
        Scripted([FAILED]).run(paced(perform(CREATE), Pace({})))


def test_errors_and_other_effects_reach_the_flow_and_the_driver() -> None:
    def flow() -> Flow[float]:
        try:
            yield from perform(READ)
        except UserNotFound:
            return (yield from perform(Now()))
        return 0.0

    assert Scripted([UNKNOWN]).run(paced(flow(), Pace({}))) == NOW


def test_a_flow_is_closed_when_its_caller_is_torn_away() -> None:
    closed: list[bool] = []

    def flow() -> Flow[None]:
        try:
            yield from perform(Now())
        finally:
            closed.append(True)

    held = paced(flow(), Pace({}))
    next(held)
    held.close()
    assert closed == [True]
