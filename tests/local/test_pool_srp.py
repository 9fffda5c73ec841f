"""The server's half of SRP: against the vectors, and against those who do not play by the rules."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import InitiateAuth
from cognito_auth.errors import ProtocolError
from cognito_auth.local.base import srp as server
from cognito_auth.modexp import N, OpenSslPower, Power, python_power

from .support import App, Refused, add_client, new_app, signed_in

VECTORS: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "srp_vectors.json").read_text())
USERS_AND_DEVICES: Final = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["vectors"]]
BACK_ENDS: Final = [pytest.param(OpenSslPower(), id="openssl"), pytest.param(python_power, id="python")]


@pytest.mark.parametrize("power", BACK_ENDS)
@pytest.mark.parametrize("vector", USERS_AND_DEVICES)
def test_vectors(vector: dict[str, Any], power: Power) -> None:
    given, wire, inner = vector["input"], vector["wire"], vector["intermediate"]
    identity = srp.Identity(given["group"], given["identity"])
    v = srp.verifier(identity, given["password"], srp.parse_hex(wire["SALT"], "SALT"), power=power)
    A, b = server.parse_srp_a(wire["SRP_A"]), int(given["small_b_hex"], 16)  # noqa: N806 RFC 5054's name
    B = server.public_value(v, b, power=power)  # noqa: N806 likewise
    assert f"{B:x}" == wire["SRP_B"]
    key = server.server_key(A, B, v, b, power=power)
    assert key.hex() == inner["hkdf_key_hex"]
    block = b64decode(given["secret_block_b64"])
    assert server.proves(key, identity, block, wire["TIMESTAMP"], wire["PASSWORD_CLAIM_SIGNATURE"])
    assert not server.proves(key, identity, block + b"x", wire["TIMESTAMP"], wire["PASSWORD_CLAIM_SIGNATURE"])
    assert server.is_timestamp(wire["TIMESTAMP"])


@pytest.mark.parametrize("text", ["0", "00", f"{N:x}", f"{2 * N:x}"], ids=["0", "00", "N", "2N"])
def test_a_of_zero_modulo_n_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        server.parse_srp_a(text)


@pytest.mark.parametrize(
    "when",
    [
        "Sun Mar 08 04:05:06 UTC 2026",
        "Sun Mar  8 04:05:06 UTC 2026",
        "Mon Mar 8 04:05:06 UTC 2026",
        "Sun Mrz 8 04:05:06 UTC 2026",
        "So Mär 8 04:05:06 UTC 2026",
        "Sun Mar 8 4:05:06 UTC 2026",
        "Sun Mar 8 04:05:06 GMT 2026",
        "Sun Mar 8 24:05:06 UTC 2026",
        "Sun Feb 30 04:05:06 UTC 2026",
        "2026-03-08T04:05:06Z",
        "Sun Mar \uff18 04:05:06 UTC 2026",
        "",
    ],
)
def test_timestamps_of_another_form(when: str) -> None:
    assert not server.is_timestamp(when)
    assert server.is_timestamp("Sun Mar 8 04:05:06 UTC 2026")


def test_the_client_need_not_know_the_real_name() -> None:
    app = new_app(pool={"username_attributes": ("email",)})
    app.sign_up("ana@example.com", name="Ana")
    app.confirm("ana@example.com")
    _, reply = app.srp_challenge("ana@example.com")
    parameters = reply.challenge_parameters or {}
    assert parameters["USER_ID_FOR_SRP"] == parameters["USERNAME"] != "ana@example.com"
    assert reply.session is None
    assert signed_in(app.srp_auth("ana@example.com"))


@pytest.mark.parametrize("srp_a", ["0", f"{N:x}", "xyz", "1" * 800], ids=["zero", "N", "no number", "too long"])
def test_unusable_srp_a(srp_a: str) -> None:
    app = new_app()
    app.create_user()
    request = InitiateAuth(
        client_id=app.client_id, auth_flow="USER_SRP_AUTH", auth_parameters=app.parameters("ana", SRP_A=srp_a)
    )
    with pytest.raises(Refused) as caught:
        app.send(request)
    assert caught.value.code == "InvalidParameter"


def refused_claim(app: App, claim: dict[str, str]) -> str:
    with pytest.raises(Refused) as caught:
        app.answer("PASSWORD_VERIFIER", None, claim)
    return f"{caught.value.code}: {caught.value.text}"


INCORRECT: Final = "NotAuthorized: Incorrect username or password."


@pytest.mark.parametrize(
    "change",
    [
        {"PASSWORD_CLAIM_SIGNATURE": b64encode(bytes(32)).decode()},
        {"PASSWORD_CLAIM_SIGNATURE": "no base64"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": b64encode(bytes(2076)).decode()},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "AAAA"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "no base64"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "A" * 10_000},
        {"TIMESTAMP": "Sun Mar 08 04:05:06 UTC 2026"},
        {"USERNAME": "bob"},
        {"USERNAME": "nobody"},
    ],
    ids=["signature", "signature form", "block", "short block", "block form", "long block", "time", "other", "unknown"],
)
def test_wrong_claims(change: dict[str, str]) -> None:
    app = new_app()
    app.create_user()
    app.create_user("bob", email="bob@example.com")
    claim = app.srp_claim(*app.srp_challenge())
    assert refused_claim(app, {**claim, **change}) == INCORRECT


def test_a_right_proof_with_a_wrong_timestamp_form_is_refused() -> None:
    """The timestamp is part of what is signed, so the form has to be refused even where the signature fits."""
    app = new_app()
    app.create_user()
    pair, reply = app.srp_challenge()
    given = reply.challenge_parameters or {}
    block, when = given["SECRET_BLOCK"], "Sun Mar 08 04:05:06 UTC 2026"
    challenge = srp.Challenge.parse(given["SALT"], given["SRP_B"], b64decode(block))
    proof = srp.claim_signature(pair, srp.Identity(app.group, "ana"), "Corr3ct-Horse!", challenge, when)
    claim = app.srp_claim(pair, reply)
    assert refused_claim(app, {**claim, "PASSWORD_CLAIM_SIGNATURE": proof, "TIMESTAMP": when}) == INCORRECT


@pytest.mark.parametrize("right", [True, False], ids=["after success", "after failure"])
def test_a_block_is_good_for_one_answer(*, right: bool) -> None:
    app = new_app()
    app.create_user()
    claim = app.srp_claim(*app.srp_challenge())
    if right:
        signed_in(app.answer("PASSWORD_VERIFIER", None, claim))
    else:
        refused_claim(app, {**claim, "PASSWORD_CLAIM_SIGNATURE": "AAAA"})
    assert refused_claim(app, claim) == "NotAuthorized: Invalid session for the user, session can only be used once."


def test_a_block_grows_old() -> None:
    app = new_app()
    app.create_user()
    claim = app.srp_claim(*app.srp_challenge())
    app.cognito.clock.move(180)
    assert refused_claim(app, claim) == "NotAuthorized: Invalid session for the user, session is expired."


def test_a_block_belongs_to_its_client_and_pool() -> None:
    app = new_app()
    app.create_user()
    claim = app.srp_claim(*app.srp_challenge())
    assert refused_claim(add_client(app.cognito, app.pool_id), claim) == INCORRECT
    assert refused_claim(new_app(app.cognito), claim) == INCORRECT


@pytest.mark.parametrize("name", ["USERNAME", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"])
def test_missing_parameters(name: str) -> None:
    app = new_app()
    app.create_user()
    claim = app.srp_claim(*app.srp_challenge())
    del claim[name]
    assert refused_claim(app, claim) == f"InvalidParameter: Missing required parameter {name}"


def test_nobody_is_answered_like_somebody() -> None:
    app = new_app()
    app.create_user()
    known = app.srp_challenge("ana")[1].challenge_parameters or {}
    first = app.srp_challenge("nobody")[1].challenge_parameters or {}
    again = app.srp_challenge("nobody")[1].challenge_parameters or {}
    other = app.srp_challenge("noone")[1].challenge_parameters or {}
    elsewhere = add_client(app.cognito, app.pool_id).srp_challenge("nobody")[1].challenge_parameters or {}
    assert first.keys() == known.keys()
    assert len(first["SECRET_BLOCK"]) == len(known["SECRET_BLOCK"]) > 1000
    assert len(first["USER_ID_FOR_SRP"]) == 36
    for name in ("SALT", "USER_ID_FOR_SRP"):
        assert first[name] == again[name]
        assert first[name] not in (other[name], elsewhere[name])
    assert first["SRP_B"] != again["SRP_B"]
    assert refused_claim(app, app.srp_claim(*app.srp_challenge("nobody"))) == INCORRECT
