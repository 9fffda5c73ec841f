"""What is sent for one record: a new one, one that is there already, one that was begun, and one whose answer was lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup, CreateGroupReply, UpdateGroup, UpdateGroupReply
from cognito_auth.api.mfa import AdminSetUserMFAPreference
from cognito_auth.api.structure import NoReply
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import (
    AdminCreateUser,
    AdminCreateUserReply,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUserReply,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
)
from cognito_auth.bulk.records import GroupRecord, UserRecord
from cognito_auth.bulk.steps import Existing, Outcome, bring_group, bring_user
from cognito_auth.errors import InternalError, InvalidPassword, TransportError, UsernameExists, UserNotFound
from cognito_auth.secret import Secret
from tests.support.scripted import NOW, Scripted

CREATED: Final = AdminCreateUserReply()
DONE: Final = NoReply()
EXISTS: Final = UsernameExists("UsernameExistsException", "User account already exists")
UNKNOWN: Final = UserNotFound("UserNotFoundException", "User does not exist.")
LOST: Final = TransportError("no answer")

PLAIN: Final = UserRecord(username="ana", attributes={"email": "a@b"})
FULL: Final = UserRecord(
    username="ana", enabled=False, status="CONFIRMED", groups=("x", "y"), sms_mfa=True, password=Secret("Perm4nent!")
)


def user_of(created: float, status: str = "FORCE_CHANGE_PASSWORD") -> AdminGetUserReply:
    return AdminGetUserReply(username="ana", user_status=status, user_create_date=datetime.fromtimestamp(created, UTC))


def bring(record: UserRecord, *script: Any, since: float | None = None, **how: Any) -> tuple[Outcome, list[Any]]:
    driver = Scripted(script)
    options: dict[str, Any] = {"existing": Existing.LEAVE, "invite": False, **how}
    outcome = driver.run(bring_user(record, options.pop("existing"), since=since, **options))
    return outcome, list(driver.operations)


def kinds(operations: list[Any]) -> list[str]:
    return [type(operation).__name__ for operation in operations]


def test_a_new_user() -> None:
    created = AdminCreateUser(
        username="ana", user_attributes=(Attribute(name="email", value="a@b"),), message_action="SUPPRESS"
    )
    assert bring(PLAIN, CREATED) == (Outcome.CREATED, [created])


def test_everything_that_a_record_can_say() -> None:
    outcome, sent = bring(FULL, CREATED, DONE, DONE, DONE, DONE, DONE)
    assert outcome is Outcome.CREATED
    assert sent[:4] == [
        AdminCreateUser(username="ana", message_action="SUPPRESS"),
        AdminSetUserPassword(username="ana", password="Perm4nent!", permanent=True),
        AdminAddUserToGroup(username="ana", group_name="x"),
        AdminAddUserToGroup(username="ana", group_name="y"),
    ]
    assert isinstance(sent[4], AdminSetUserMFAPreference)
    assert sent[5:] == [AdminDisableUser(username="ana")]


def test_a_temporary_password_goes_with_the_creation() -> None:
    record = UserRecord(username="ana", password=Secret("Tempor4ry!"))
    assert bring(record, CREATED, invite=True)[1] == [AdminCreateUser(username="ana", temporary_password="Tempor4ry!")]


def test_who_is_confirmed_is_not_invited_and_gets_a_password_that_nobody_knows() -> None:
    _, sent = bring(UserRecord(username="ana", status="CONFIRMED"), CREATED, DONE, invite=True)
    assert sent[0].message_action == "SUPPRESS"
    assert sent[1].permanent
    assert 99 <= len(sent[1].password) <= 256
    driver = Scripted([CREATED, DONE], random=b"\x08")
    driver.run(bring_user(UserRecord(username="ana", status="CONFIRMED"), Existing.LEAVE, invite=False, since=None))
    other: Any = driver.operations[1]
    assert other.password != sent[1].password


def test_who_is_there_is_left_alone() -> None:
    outcome, sent = bring(FULL, EXISTS)
    assert (outcome, kinds(sent)) == (Outcome.LEFT, ["AdminCreateUser"])


@pytest.mark.parametrize(("enabled", "last"), [(True, AdminEnableUser), (False, AdminDisableUser)])
def test_who_is_there_is_updated(*, enabled: bool, last: type[Any]) -> None:
    record = UserRecord(
        username="ana", attributes={"email": "a@b"}, groups=("x",), enabled=enabled, status="CONFIRMED", password=Secret("P")
    )
    outcome, sent = bring(record, EXISTS, DONE, DONE, DONE, existing=Existing.UPDATE)
    assert outcome is Outcome.UPDATED
    assert sent[1:] == [
        AdminUpdateUserAttributes(username="ana", user_attributes=(Attribute(name="email", value="a@b"),)),
        AdminAddUserToGroup(username="ana", group_name="x"),
        last(username="ana"),
    ]


@pytest.mark.parametrize("existing", Existing)
def test_one_that_was_begun_and_created_is_completed(existing: Existing) -> None:
    outcome, sent = bring(FULL, user_of(NOW + 1), DONE, DONE, DONE, DONE, DONE, since=NOW, existing=existing)
    assert outcome is Outcome.CREATED
    assert kinds(sent) == [
        "AdminGetUser",
        "AdminSetUserPassword",
        "AdminAddUserToGroup",
        "AdminAddUserToGroup",
        "AdminSetUserMFAPreference",
        "AdminDisableUser",
    ]


def test_a_password_that_was_set_is_not_set_again() -> None:
    _, sent = bring(FULL, user_of(NOW + 1, "CONFIRMED"), DONE, DONE, DONE, DONE, since=NOW)
    assert "AdminSetUserPassword" not in kinds(sent)


def test_one_that_was_begun_and_not_created_is_created() -> None:
    outcome, sent = bring(PLAIN, UNKNOWN, CREATED, since=NOW)
    assert (outcome, kinds(sent)) == (Outcome.CREATED, ["AdminGetUser", "AdminCreateUser"])


@pytest.mark.parametrize(
    ("created", "ours"),
    [(NOW + 1, True), (NOW - 299, True), (NOW - 301, False), (NOW - 1e6, False)],
    ids=["later", "by-a-slow-clock", "earlier", "long-ago"],
)
def test_whose_user_it_is_is_told_by_when_it_was_created(created: float, *, ours: bool) -> None:
    outcome, _ = bring(PLAIN, user_of(created), since=NOW)
    assert outcome is (Outcome.CREATED if ours else Outcome.LEFT)


def test_a_user_without_a_date_is_not_ours() -> None:
    assert bring(PLAIN, AdminGetUserReply(username="ana"), since=NOW)[0] is Outcome.LEFT


LOSSES: Final = {
    "it-was-created": ([LOST, user_of(NOW + 1)], ["AdminCreateUser", "AdminGetUser"]),
    "it-was-not": ([LOST, UNKNOWN, CREATED], ["AdminCreateUser", "AdminGetUser", "AdminCreateUser"]),
    "lost-twice": (
        [LOST, UNKNOWN, LOST, user_of(NOW + 1)],
        ["AdminCreateUser", "AdminGetUser", "AdminCreateUser", "AdminGetUser"],
    ),
    "internal-error": ([InternalError("InternalErrorException", ""), user_of(NOW)], ["AdminCreateUser", "AdminGetUser"]),
}


@pytest.mark.parametrize(("script", "sent"), LOSSES.values(), ids=LOSSES.keys())
def test_an_answer_that_was_lost(script: list[Any], sent: list[str]) -> None:
    outcome, operations = bring(PLAIN, *script)
    assert (outcome, kinds(operations)) == (Outcome.CREATED, sent)


def test_answers_that_are_always_lost() -> None:
    with pytest.raises(TransportError):
        bring(PLAIN, LOST, UNKNOWN, LOST, UNKNOWN, LOST, UNKNOWN, LOST)


def test_other_errors_are_the_caller_s() -> None:
    with pytest.raises(InvalidPassword):
        bring(PLAIN, InvalidPassword("InvalidPasswordException", "Password did not conform"))


# Groups

STAFF: Final = GroupRecord(name="staff", description="d", precedence=0, role_arn="arn")


def bring_staff(existing: Existing, record: GroupRecord, *script: Any) -> tuple[Outcome, list[Any]]:
    driver = Scripted(script)
    return driver.run(bring_group(record, existing)), list(driver.operations)


def conflict() -> Exception:
    from cognito_auth.errors import service_error

    return service_error("GroupExistsException", "A group with the name already exists.")


def test_groups() -> None:
    create = CreateGroup(group_name="staff", description="d", precedence=0, role_arn="arn")
    update = UpdateGroup(group_name="staff", description="d", precedence=0, role_arn="arn")
    assert bring_staff(Existing.LEAVE, STAFF, CreateGroupReply()) == (Outcome.CREATED, [create])
    assert bring_staff(Existing.LEAVE, STAFF, conflict()) == (Outcome.LEFT, [create])
    assert bring_staff(Existing.UPDATE, STAFF, conflict(), UpdateGroupReply()) == (Outcome.UPDATED, [create, update])


def test_a_group_of_which_only_the_name_is_known_is_not_updated() -> None:
    assert bring_staff(Existing.UPDATE, GroupRecord(name="staff"), conflict())[0] is Outcome.LEFT
