"""What is sent for one record, as flows: bringing a group in, bringing a user in.

Each may be carried out again after it was broken off at any point. What was created already is found, and only what it lacks
is added; an invitation goes out with the creation or not at all. A user whom somebody else created is left alone or updated, as
the caller says, but never treated as one that an import began.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from enum import Enum
from typing import Final

from ..api.groups import AdminAddUserToGroup, CreateGroup, UpdateGroup
from ..api.mfa import AdminSetUserMFAPreference, SmsMfaSettings
from ..api.types import Attribute
from ..api.users import (
    AdminCreateUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminGetUserReply,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
)
from ..effects import Flow, Now, RandomBytes, perform
from ..errors import Conflict, InternalError, TransportError, UsernameExists, UserNotFound
from .records import CONFIRMED, GroupRecord, UserRecord

_ATTEMPTS: Final = 4
"""Times that a creation is sent whose answer does not come."""
_CLOCKS_DIFFER: Final = 300.0
"""Seconds by which the pool's clock may be behind ours."""
_PASSWORD_BYTES: Final = 96
_EVERY_KIND: Final = "Aa1!"
"""What no password policy misses."""


class Existing(Enum):
    """What becomes of a user or group that is there already."""

    LEAVE = "leave"
    """Nothing."""
    UPDATE = "update"
    """Attributes and description become the record's, memberships are added, enabled or disabled; the password stays."""


class Outcome(Enum):
    """What was done for a record."""

    CREATED = "created"
    UPDATED = "updated"
    LEFT = "left alone"


def bring_group(record: GroupRecord, existing: Existing) -> Flow[Outcome]:
    """Create the group, unless it is there."""
    try:
        yield from perform(
            CreateGroup(
                group_name=record.name,
                description=record.description,
                precedence=record.precedence,
                role_arn=record.role_arn,
            )
        )
    except Conflict:
        if existing is Existing.LEAVE or record == GroupRecord(name=record.name):
            return Outcome.LEFT
        yield from perform(
            UpdateGroup(
                group_name=record.name,
                description=record.description,
                precedence=record.precedence,
                role_arn=record.role_arn,
            )
        )
        return Outcome.UPDATED
    return Outcome.CREATED


def bring_user(record: UserRecord, existing: Existing, *, invite: bool, since: float | None) -> Flow[Outcome]:
    """Create the user with everything that the record says.

    ``since`` is set when an earlier run may have sent something for this record: when that run began, in seconds since the
    epoch. A user created later is that run's, and is completed. Raises what the operations raise.
    """
    attempt = 0
    while True:
        attempt += 1
        found = None if since is None else (yield from _find(record.username))
        if found is not None:
            if not _is_ours(found, since):
                return (yield from _meet(record, existing))
            yield from _complete(record, found)
            return Outcome.CREATED
        started = yield from perform(Now())
        try:
            yield from perform(_creation(record, invite=invite))
        except UsernameExists:
            return (yield from _meet(record, existing))
        except (TransportError, InternalError):  # the pool may have created the user nevertheless
            if attempt == _ATTEMPTS:
                raise
            since = started if since is None else since
        else:
            yield from _complete(record, None)
            return Outcome.CREATED


def _find(username: str) -> Flow[AdminGetUserReply | None]:
    try:
        return (yield from perform(AdminGetUser(username=username)))
    except UserNotFound:
        return None


def _is_ours(found: AdminGetUserReply, since: float | None) -> bool:
    if since is None or found.user_create_date is None:
        return False
    return found.user_create_date.timestamp() >= since - _CLOCKS_DIFFER


def _creation(record: UserRecord, *, invite: bool) -> AdminCreateUser:
    temporary = record.password if record.status != CONFIRMED else None
    return AdminCreateUser(
        username=record.username,
        user_attributes=_listed(record.attributes) or None,
        temporary_password=temporary.reveal() if temporary else None,
        message_action=None if invite and record.status != CONFIRMED else "SUPPRESS",
    )


def _meet(record: UserRecord, existing: Existing) -> Flow[Outcome]:
    """What is done with a user who was there before."""
    if existing is Existing.LEAVE:
        return Outcome.LEFT
    if record.attributes:
        attributes = _listed(record.attributes)
        yield from perform(AdminUpdateUserAttributes(username=record.username, user_attributes=attributes))
    yield from _join(record)
    yield from perform((AdminEnableUser if record.enabled else AdminDisableUser)(username=record.username))
    return Outcome.UPDATED


def _complete(record: UserRecord, found: AdminGetUserReply | None) -> Flow[None]:
    """Add what the creation could not say; ``found`` is what is known of a user whom an earlier run created."""
    if record.status == CONFIRMED and (found is None or found.user_status != CONFIRMED):
        password = record.password.reveal() if record.password else (yield from _unknown_password())
        yield from perform(AdminSetUserPassword(username=record.username, password=password, permanent=True))
    yield from _join(record)
    if record.sms_mfa:
        settings = SmsMfaSettings(enabled=True, preferred_mfa=True)
        yield from perform(AdminSetUserMFAPreference(username=record.username, sms_mfa_settings=settings))
    if not record.enabled:
        yield from perform(AdminDisableUser(username=record.username))


def _join(record: UserRecord) -> Flow[None]:
    for group in record.groups:
        yield from perform(AdminAddUserToGroup(username=record.username, group_name=group))


def _unknown_password() -> Flow[str]:
    return _EVERY_KIND + b64encode((yield from perform(RandomBytes(_PASSWORD_BYTES)))).decode()


def _listed(attributes: Mapping[str, str]) -> tuple[Attribute, ...]:
    return tuple(Attribute(name=name, value=value) for name, value in attributes.items())
