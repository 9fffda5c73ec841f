"""Journeys of somebody who is signed in: refreshing, rotation, groups, signing out here and everywhere."""

from __future__ import annotations

from ..person import Person, accepted, refused
from ..world import GRACE, HOUR


def refreshed(me: Person) -> None:
    """Get new tokens, again and again."""
    refused(me.refresh(), "not_signed_in")
    me.register()
    me.sign_in()
    for _ in range(3):
        me.world.move(1)
        accepted(me.refresh(), status="signed_in", username=me.username)
        me.passes()


def rotated(me: Person) -> None:
    """Get a new refresh token with each refresh: the old one is good for a moment, and never again."""
    me.register()
    me.sign_in()
    late = me.copy()
    accepted(me.refresh(), status="signed_in")
    accepted(late.copy().refresh(), status="signed_in")
    me.world.move(GRACE + 1)
    assert late.refresh().refusal == (None if me.always_newest else "refresh_token_invalid")
    accepted(me.refresh(), status="signed_in")
    me.passes()


def session_too_old(me: Person) -> None:
    """Come back after the refresh token's life."""
    me.register()
    me.sign_in()
    me.world.move(31 * 24 * HOUR)
    assert me.refresh().refusal in ("refresh_token_invalid", "not_signed_in"), "a browser has dropped the session by then"


def groups(me: Person) -> None:
    """Join a group, which a refresh brings into the token."""
    me.register()
    me.sign_in()
    refused(me.guard("/admin"), "forbidden")
    me.world.ensure_group(me.settings, "admin")
    me.world.add_to_group(me.settings, me.username, "admin")
    refused(me.guard("/admin"), "forbidden")
    accepted(me.refresh())
    accepted(me.guard("/admin"), username=me.username)
    accepted(me.auth("me"), groups=["admin"])
    accepted(me.guard("/account"))
    refused(me.guard("/orders"), "forbidden")


def ended_here(me: Person) -> None:
    """Sign out here, and stay signed in elsewhere; what is left of the session is worth nothing."""
    me.register()
    me.sign_in()
    elsewhere, left_over = me.elsewhere(), me.copy()
    elsewhere.sign_in()
    accepted(me.logout(), status="signed_out", revoked=True, everywhere=False)
    refused(me.guard("/private"), "not_signed_in")
    assert left_over.auth("account").refusal in ("access_token_rejected", "not_signed_in"), "a session on the server is gone"
    assert left_over.refresh().refusal in ("refresh_token_invalid", "not_signed_in")
    accepted(elsewhere.refresh(), status="signed_in")
    elsewhere.passes()


def ended_everywhere(me: Person) -> None:
    """Sign out everywhere; what is left of any session is worth nothing."""
    me.register()
    me.sign_in()
    elsewhere = me.elsewhere()
    elsewhere.sign_in()
    accepted(me.logout(everywhere=True), status="signed_out", everywhere=True)
    assert elsewhere.refresh().refusal in ("refresh_token_invalid", "not_signed_in")


def recent(me: Person) -> None:
    """Do what needs a sign-in of the last minutes, later, and after signing in again."""
    me.register()
    me.sign_in()
    accepted(me.guard("/recent"), username=me.username)
    me.world.move(400)
    refused(me.guard("/recent"), "insufficient_user_authentication")
    accepted(me.refresh())
    refused(me.guard("/recent"), "insufficient_user_authentication")
    me.sign_in()
    accepted(me.guard("/recent"))
