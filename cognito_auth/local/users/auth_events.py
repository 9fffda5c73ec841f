"""The history of a user, in pools whose advanced security is on: sign-ins, sign-ups, codes and passwords.

Handlers call `record`. A sign-in is one event from its first operation to its last, and its tokens have the event's id. Nothing
is judged: no event is a risk. A user's oldest events make room for new ones.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserAuthEvents.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.users import AdminListUserAuthEvents, AdminListUserAuthEventsReply, AuthEvent, EventRisk
from ..base import faults, paging
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Event, Pool, User
from ..store.tables import EVENTS
from .names import find_user

MOST_EVENTS: Final = 200
"""How many events of a user are kept."""
_RECORDING: Final = frozenset({"AUDIT", "ENFORCED"})
_NO_RISK: Final = EventRisk(risk_decision="NoRisk", compromised_credentials_detected=False)


def records_events(pool: Pool) -> bool:
    """Whether the pool keeps its users' history."""
    add_ons = pool.settings.user_pool_add_ons
    return add_ons is not None and add_ons.advanced_security_mode in _RECORDING


def record(context: Context, pool: Pool, user: User, event: AuthEvent) -> None:
    """Keep an event, if the pool does so; one with the id of an earlier event takes its place.

    The event has at least its type and its response (``Pass``, ``Fail`` or ``InProgress``); an id and the time are filled in,
    and that there is no risk.
    """
    if not records_events(pool):
        return
    event_id = event.event_id or context.uuid()
    earlier = context.records.get(EVENTS, pool.id, user.sub, event_id)
    date = earlier.event.creation_date if earlier else context.moment
    full = replace(event, event_id=event_id, creation_date=date, event_risk=event.event_risk or _NO_RISK)
    context.records.put(EVENTS, Event(pool_id=pool.id, sub=user.sub, id=event_id, event=full))
    if context.records.count(EVENTS, pool_id=pool.id, sub=user.sub) > MOST_EVENTS:
        oldest = next(context.records.find(EVENTS, pool_id=pool.id, sub=user.sub))
        context.records.delete(EVENTS, pool_id=pool.id, sub=user.sub, id=oldest.id)


def passed(context: Context, pool: Pool, user: User, kind: str) -> None:
    """Keep that something succeeded which is over at once.

    ``kind`` is ``SignUp``, ``ResendCode``, ``ForgotPassword`` or ``PasswordChange``.
    """
    record(context, pool, user, AuthEvent(event_type=kind, event_response="Pass"))


def admin_list_user_auth_events(context: Context, request: AdminListUserAuthEvents) -> AdminListUserAuthEventsReply:
    pool = pool_of(context, request.user_pool_id)
    if not records_events(pool):
        raise faults.EVENTS_OFF
    user = find_user(context, pool, request.username)
    if user is None:
        raise faults.USER_UNKNOWN
    page = paging.page(context, EVENTS, limit=request.max_results, token=request.next_token, pool_id=pool.id, sub=user.sub)
    return AdminListUserAuthEventsReply(auth_events=tuple(each.event for each in page.records), next_token=page.token)


HANDLERS: Final[Handlers] = handlers(admin_list_user_auth_events)
