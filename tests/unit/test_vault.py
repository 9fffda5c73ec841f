"""Sealing for one application: what it hands out opens here, for its purpose, in its time, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.effects import Now, RandomBytes
from cognito_auth.errors import SealError, SealExpired
from cognito_auth.secret import Secret
from cognito_auth.sessions.seal import NONCE_BYTES, Sealer
from cognito_auth.web.vault import Vault
from tests.support.scripted import NOW, RANDOM, SETTINGS, Scripted

SECRETS: Final = (Secret("new-0123456789-abcdefghijklmnopqrstuvwxyz"), Secret("old-0123456789-abcdefghijklmnopqrstuvwxyz"))
VAULT: Final = Vault(SECRETS, SETTINGS)
DOCUMENT: Final[dict[str, Any]] = {"state": {"name": "SmsMfa", "Username": "an\xe9"}, "proofs": ["PASSWORD"]}


def sealed(vault: Vault = VAULT, *, now: float = NOW) -> str:
    return Scripted(now=now).run(vault.seal(b"content", "state", 60))


def opened(value: str, vault: Vault = VAULT, *, purpose: str = "state", now: float = NOW) -> bytes:
    return Scripted(now=now).run(vault.open(value, purpose)).content


def test_what_is_sealed_opens_until_it_expires() -> None:
    assert opened(sealed(), now=NOW + 59) == b"content"
    with pytest.raises(SealExpired):
        opened(sealed(), now=NOW + 60)


def test_a_seal_takes_the_time_and_a_nonce_of_its_own() -> None:
    driver = Scripted()
    value = driver.run(VAULT.seal(b"content", "state", 60))
    assert driver.asked == [Now(), RandomBytes(NONCE_BYTES)]
    scope = f"state {SETTINGS.user_pool_id}/{SETTINGS.client_id}"
    nonce = RANDOM * NONCE_BYTES
    assert value == Sealer(SECRETS).seal(b"content", purpose=scope, now=NOW, lifetime=60, nonce=nonce)


@pytest.mark.parametrize("purpose", ["session", "stat", "state ", ""])
def test_another_purpose(purpose: str) -> None:
    with pytest.raises(SealError, match="another purpose"):
        opened(sealed(), purpose=purpose)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(replace(SETTINGS, client_id="client2"), id="another app client"),
        pytest.param(replace(SETTINGS, user_pool_id="eu-west-1_Other"), id="another pool"),
    ],
)
def test_another_application_with_the_same_secret(settings: Any) -> None:
    with pytest.raises(SealError, match="another purpose"):
        opened(sealed(), Vault(SECRETS, settings))


def test_secrets_are_changed_while_values_are_out() -> None:
    old = Vault(SECRETS[1:], SETTINGS)
    assert opened(sealed(old)) == b"content"
    assert Scripted().run(VAULT.open(sealed(old), "state")).outdated
    assert not Scripted().run(VAULT.open(sealed(), "state")).outdated


def test_documents() -> None:
    value = Scripted().run(VAULT.seal_document(DOCUMENT, "state", 60))
    assert Scripted(now=NOW + 59).run(VAULT.open_document(value, "state")) == DOCUMENT
    for purpose, now in (("session", NOW), ("state", NOW + 60)):
        with pytest.raises(SealError):
            Scripted(now=now).run(VAULT.open_document(value, purpose))


def test_a_document_takes_no_more_room_than_it_has_to() -> None:
    assert opened(Scripted().run(VAULT.seal_document({"a": [1, 2], "b": None}, "state", 60))) == b'{"a":[1,2],"b":null}'
