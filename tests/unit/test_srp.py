"""SRP against the vectors, through both arithmetic back ends."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth import srp
from cognito_auth.errors import ProtocolError
from cognito_auth.modexp import G, N, OpenSslPower, Power, python_power
from cognito_auth.secret_hash import secret_hash

VECTORS: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "srp_vectors.json").read_text())
USERS_AND_DEVICES: Final = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["vectors"]]
BACK_ENDS: Final = [pytest.param(OpenSslPower(), id="openssl"), pytest.param(python_power, id="python")]


def test_the_group_is_the_vectors_own() -> None:
    parameters = VECTORS["parameters"]
    assert int(parameters["N_hex"], 16) == N
    assert parameters["g"] == G
    assert srp.multiplier() == int(parameters["k_hex"], 16)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["int_hex"]) for case in VECTORS["pad"]])
def test_pad(case: dict[str, str]) -> None:
    assert srp.pad(int(case["int_hex"], 16)).hex() == case["padded_hex"]


@pytest.mark.parametrize("case", VECTORS["secret_hash"], ids=lambda case: case["username"])
def test_secret_hash(case: dict[str, str]) -> None:
    assert secret_hash(case["username"], case["client_id"], case["client_secret"]) == case["secret_hash"]


@pytest.mark.parametrize("power", BACK_ENDS)
@pytest.mark.parametrize("vector", USERS_AND_DEVICES)
def test_client(vector: dict[str, Any], power: Power) -> None:
    given, wire, inner = vector["input"], vector["wire"], vector["intermediate"]
    identity = srp.Identity(given["group"], given["identity"])
    a = int(given["small_a_hex"], 16)
    pair = srp.Ephemeral(a=a, A=power(G, a))
    assert pair.srp_a == wire["SRP_A"]
    challenge = srp.Challenge.parse(wire["SALT"], wire["SRP_B"], b64decode(given["secret_block_b64"]))
    assert srp.pad(challenge.salt).hex() == inner["salt_padded_hex"]
    assert f"{srp.password_hash(identity, given['password'], challenge.salt):064x}" == inner["x_hex"].zfill(64)
    assert srp.pad(srp.verifier(identity, given["password"], challenge.salt, power=power)).hex() == inner["verifier_padded_hex"]
    assert srp.scrambler(pair.A, challenge.B) == int(inner["u_hex"], 16)
    assert srp.client_key(pair, identity, given["password"], challenge, power=power).hex() == inner["hkdf_key_hex"]
    when = srp.timestamp(datetime.fromisoformat(given["datetime_utc"]).timestamp())
    assert when == wire["TIMESTAMP"]
    signature = srp.claim_signature(pair, identity, given["password"], challenge, when, power=power)
    assert signature == wire["PASSWORD_CLAIM_SIGNATURE"]


DEVICES: Final = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["vectors"] if vector["kind"] == "device"]


@pytest.mark.parametrize("power", BACK_ENDS)
@pytest.mark.parametrize("vector", DEVICES)
def test_what_a_device_registers_with(vector: dict[str, Any], power: Power) -> None:
    given, inner = vector["input"], vector["intermediate"]
    identity = srp.Identity(given["device_group_key"], given["device_key"])
    salt = bytes.fromhex(given["salt_hex"].zfill(2 * srp.DEVICE_SALT_BYTES))
    made = srp.device_verifier(identity, given["device_password"], salt, power=power)
    assert b64decode(made.password_verifier).hex() == inner["verifier_padded_hex"]
    assert b64decode(made.salt).hex() == inner["salt_padded_hex"]
    assert made.password_verifier not in repr(made)


def test_a_devices_password_is_strong() -> None:
    password = srp.device_password(bytes(range(40)))
    assert b64decode(password) == bytes(range(40))
    with pytest.raises(ValueError, match="40 bytes"):
        srp.device_password(bytes(39))


@given(base=st.integers(0, 3 * N), exponent=st.one_of(st.integers(0, 2**70), st.integers(0, 2**1100), st.just(N)))
def test_back_ends_agree(base: int, exponent: int) -> None:
    assert OpenSslPower()(base, exponent) == python_power(base, exponent)


@pytest.mark.parametrize("base", [0, 1, 2, N - 2, N - 1, N, N + 1, N + 2], ids=["0", "1", "2", "N-2", "N-1", "N", "N+1", "N+2"])
@pytest.mark.parametrize(
    "exponent", [0, 1, 2, 3, (N - 1) // 2 - 1, (N - 1) // 2, N - 1], ids=["0", "1", "2", "3", "q-1", "q", "2q"]
)
def test_back_ends_agree_at_the_edges(base: int, exponent: int) -> None:
    assert OpenSslPower()(base, exponent) == python_power(base, exponent)


@pytest.mark.parametrize("factor", [0, 1, 2], ids=["0", "N", "2N"])
def test_b_of_zero_modulo_n_is_refused(factor: int) -> None:
    pair = srp.ephemeral(b"\x07" * 32)
    challenge = srp.Challenge(salt=1, B=factor * N, secret_block=b"")
    with pytest.raises(ProtocolError, match="zero"):
        srp.client_key(pair, srp.Identity("pool", "ana"), "secret", challenge)


@pytest.mark.parametrize("text", ["", "0x12", "12 ", " 12", "1_2", "-1", "g", "f" * 771, "\u0661"])
def test_malformed_numbers_are_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="SALT"):
        srp.Challenge.parse(text, "1", b"")


def test_ephemeral_is_strong_and_hidden() -> None:
    pair = srp.ephemeral(bytes(32))
    assert pair.a == 1 << 255
    assert str(pair.a) not in repr(pair)
    with pytest.raises(ValueError, match="32 bytes"):
        srp.ephemeral(bytes(31))
