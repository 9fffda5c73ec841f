"""RFC 6750 and RFC 9470 in one table: which status, and what ``WWW-Authenticate`` says; and what answers vary by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pytest

from ..scenarios.world import HOUR
from .expectations import accepted
from .faces import ApiClient, Browser
from .servers import Pairs, Sent, Server
from .sites import ADDRESS

INVALID: Final = 'Bearer error="invalid_token", error_description="The access token is not valid."'
EXPIRED: Final = 'Bearer error="invalid_token", error_description="The access token has expired."'
FOREIGN: Final = ("Sec-Fetch-Site", "cross-site")

Sender = Literal["nobody", "bearer", "late bearer", "session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is answered to whom."""

    sender: Sender = "nobody"
    headers: Pairs = ()
    method: str = "GET"
    path: str = "/private"
    status: int
    challenge: str | None


RULES: Final = {
    "nothing was sent": Rule(status=401, challenge="Bearer"),
    "nothing, for a right": Rule(path="/admin", status=401, challenge="Bearer"),
    "nothing, for an endpoint": Rule(path="/auth/me", status=401, challenge="Bearer"),
    "another scheme": Rule(headers=[("Authorization", "Basic YTpi")], status=401, challenge="Bearer"),
    "no scheme": Rule(headers=[("Authorization", "a.b.c")], status=401, challenge="Bearer"),
    "another's cookie": Rule(headers=[("Cookie", "session=a.b.c")], status=401, challenge="Bearer"),
    "a token in a form": Rule(
        headers=[("Content-Type", "application/x-www-form-urlencoded")], method="POST", status=401, challenge="Bearer"
    ),
    "a token in the query": Rule(path="/private?access_token=a.b.c", status=401, challenge="Bearer"),
    "no token": Rule(headers=[("Authorization", "Bearer ")], status=401, challenge=INVALID),
    "a wrong token": Rule(headers=[("Authorization", "Bearer a.b.c")], status=401, challenge=INVALID),
    "a wrong token, for a right": Rule(
        headers=[("Authorization", "Bearer a.b.c")], path="/admin", status=401, challenge=INVALID
    ),
    "a wrong token, for an endpoint": Rule(
        headers=[("Authorization", "Bearer a.b.c")], path="/auth/me", status=401, challenge=INVALID
    ),
    "a token that expired": Rule(sender="late bearer", status=401, challenge=EXPIRED),
    "a good token": Rule(sender="bearer", status=200, challenge=None),
    "a good token from another site": Rule(sender="bearer", method="POST", headers=[FOREIGN], status=200, challenge=None),
    "a good token, without the group": Rule(
        sender="bearer", path="/admin", status=403, challenge='Bearer error="insufficient_scope"'
    ),
    "a good token, without the scope": Rule(
        sender="bearer", path="/orders", status=403, challenge='Bearer error="insufficient_scope", scope="orders/read"'
    ),
    "a session": Rule(sender="session", status=200, challenge=None),
    "a session, without the group": Rule(
        sender="session", path="/admin", status=403, challenge='Bearer error="insufficient_scope"'
    ),
    "a session, from another site": Rule(sender="session", method="POST", headers=[FOREIGN], status=403, challenge="Bearer"),
}


def credentials(sender: Sender, client: ApiClient, browser: Browser) -> Pairs:
    if sender == "nobody":
        return []
    if sender == "session":
        accepted(browser.login())
        return [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    accepted(client.login())
    if sender == "late bearer":
        client.site.world.move(1.1 * HOUR)
    return client.credentials("GET")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_is_answered_to_whom(server: Server, api_client: ApiClient, browser: Browser, rule: Rule) -> None:
    headers = [*rule.headers, *credentials(rule.sender, api_client, browser)]
    body = b"access_token=a.b.c" if rule.method == "POST" else b""
    answer = server.answer(Sent(method=rule.method, path=rule.path, headers=headers, body=body))
    assert (answer.status, answer.header("www-authenticate")) == (rule.status, rule.challenge)
    varies = {name.strip() for value in answer.every("vary") for name in value.split(",")}
    assert {"Authorization", "Cookie"} <= varies
    assert len(answer.every("vary")) == 1


def test_what_nobody_guards_varies_by_nothing(server: Server) -> None:
    assert not server.answer(Sent(method="GET", path=ADDRESS)).every("vary")
