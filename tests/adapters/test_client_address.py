"""Where requests come from, on each framework: headers count only when a trusted proxy sends them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cognito_auth.api.users import AdminListUserAuthEvents

from ..scenarios.world import PASSWORD
from .conftest import Open
from .expectations import accepted
from .servers import Sent, Server
from .sites import ADDRESS, Site

PEER = "127.0.0.1"
"""The other end of connections within this process."""
CLIENT = "203.0.113.7"


def address(server: Server, *headers: tuple[str, str]) -> str | None:
    told: str | None = server.answer(Sent(method="GET", path=ADDRESS, headers=headers)).json["address"]
    return told


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Client-IP"])
def test_a_header_from_whoever_is_not_trusted_is_ignored(server: Server, name: str) -> None:
    assert address(server) == PEER
    assert address(server, (name, CLIENT)) == PEER
    assert address(server, ("Forwarded", f"for={CLIENT}"), (name, CLIENT)) == PEER


def test_a_trusted_network_that_the_peer_is_not_in(site: Site, open_site: Open) -> None:
    server = open_site(site.with_options(trusted_proxies=("10.0.0.0/8",)))
    assert address(server, ("X-Forwarded-For", CLIENT)) == PEER


@pytest.mark.parametrize(
    "header",
    [("X-Forwarded-For", f"6.6.6.6, {CLIENT}, 10.0.0.2"), ("Forwarded", f"for=6.6.6.6, for={CLIENT}, for=10.0.0.2")],
    ids=["X-Forwarded-For", "Forwarded"],
)
def test_a_trusted_proxy_is_believed(site: Site, open_site: Open, header: tuple[str, str]) -> None:
    server = open_site(site.with_options(trusted_proxies=("127.0.0.0/8", "10.0.0.0/8")))
    assert address(server, header) == CLIENT
    assert address(server) == PEER


@pytest.mark.parametrize(("send", "told"), [(True, CLIENT), (False, None)], ids=["told", "not told"])
def test_what_cognito_is_told(site: Site, open_site: Open, send: bool, told: str | None) -> None:
    site = replace(site, settings=site.world.settings("watched", confidential=True))
    site = site.with_options(trusted_proxies=("127.0.0.1",), send_client_address=send)
    username = site.world.name()
    site.world.create_user(site.settings, username)
    body = json.dumps({"username": username, "password": PASSWORD}).encode()
    headers = [("Content-Type", "application/json"), ("X-Forwarded-For", f"6.6.6.6, {CLIENT}")]
    accepted(open_site(site).answer(Sent(method="POST", path="/auth/login", headers=headers, body=body)))
    with site.world.admin(site.settings) as admin:
        events = admin.send(AdminListUserAuthEvents(username=username)).auth_events or ()
    assert [event.event_context_data and event.event_context_data.ip_address for event in events] == [told]


def test_headers_that_were_sent_twice_are_one_list(site: Site, open_site: Open) -> None:
    server = open_site(site.with_options(trusted_proxies=("127.0.0.1",)))
    assert address(server, ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", CLIENT)) == CLIENT
