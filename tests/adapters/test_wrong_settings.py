"""Settings that name another secret, app client or pool: who signs in is told that it is not their fault, and the log says what
is wrong, without the secret. On every framework."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.config import PasswordFlow
from cognito_auth.secret import Secret

from ..support.lossy import lossy
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .sites import Site

WRONG: Final = "a-secret-that-is-another-one-0123456789"
FLOWS: Final[tuple[PasswordFlow, ...]] = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH")
TOLD: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "secret": ({"client_secret": Secret(WRONG)}, "Unable to verify secret hash for client"),
    "no secret": ({"client_secret": None}, "is configured with secret but SECRET_HASH was not received"),
    "client": ({"client_id": "nobodysclient"}, "User pool client nobodysclient does not exist"),
}


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("what", TOLD)
def test_the_first_sign_in_tells(
    site: Site, open_site: Open, caplog: pytest.LogCaptureFixture, what: str, flow: PasswordFlow
) -> None:
    changes, said = TOLD[what]
    username = site.world.name()
    site.world.create_user(site.settings, username)
    wrong = replace(site, settings=replace(site.settings, auth_flows=(flow,), **changes))
    browser = Browser(site=wrong, server=open_site(wrong), username=username)
    with caplog.at_level(logging.DEBUG, "cognito_auth"):
        answer = browser.login()
    assert answer.status >= 500, "the password is not what is wrong"
    assert any(said in message for message in caplog.messages)
    secret = site.settings.client_secret
    assert secret is not None
    for text in (*caplog.messages, answer.body.decode()):
        assert WRONG not in text
        assert secret.reveal() not in text


def test_a_pool_that_is_not_there(site: Site, open_site: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Its key set is not there either, which the first guarded request finds out."""
    client = ApiClient.registered(site, open_site(site))
    accepted(client.login())
    transport = site.world.stand.transport
    assert transport is not None
    with lossy(transport, site.world.stand.endpoint) as between:
        jwks_uri = f"{between.url}/{site.settings.user_pool_id}x/.well-known/jwks.json"
        wrong = replace(site, settings=replace(site.settings, jwks_uri=jwks_uri), online=False)
        there = ApiClient(site=wrong, server=open_site(wrong), username=client.username, access_token=client.access_token)
        with caplog.at_level(logging.DEBUG, "cognito_auth"):
            assert refused(there.visit("/private"), 503, "keys_unavailable").header("retry-after")
    assert any(jwks_uri in message and "is the user pool id right?" in message for message in caplog.messages)
