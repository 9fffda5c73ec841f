"""Devices: offered and confirmed, named at a sign-in and a refresh, proved by the library, and gone."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import (
    AuthenticationResult,
    AuthReply,
    GetTokensFromRefreshToken,
    GetTokensFromRefreshTokenReply,
    InitiateAuth,
    NewDeviceMetadata,
    RespondToAuthChallenge,
)
from cognito_auth.api.devices import (
    ConfirmDevice,
    ConfirmDeviceReply,
    DeviceSecretVerifierConfig,
    ForgetDevice,
    ListDevicesReply,
    UpdateDeviceStatus,
)
from cognito_auth.api.devices import Device as ListedDevice
from cognito_auth.api.structure import NoReply, Operation
from cognito_auth.effects import Flow
from cognito_auth.errors import DeviceNotFound, InvalidAnswer, service_error
from cognito_auth.flows import advance, confirm_device, forget_device, list_devices, remember_device
from cognito_auth.modexp import G, N
from cognito_auth.states import (
    Challenge,
    Course,
    Device,
    DevicePasswordVerifier,
    DeviceProof,
    NewPassword,
    NewPasswordRequired,
    PlainPassword,
    Refresh,
    SignedIn,
    SignedOut,
    SmsCode,
    SmsMfa,
    SrpPassword,
)
from tests.support.machine import (
    ACCESS,
    DEVICE,
    EVENTS,
    NAME,
    ON_DEVICE,
    RESULT,
    STATES,
    TOKENS,
    TYPED,
)
from tests.support.machine_replies import (
    VERIFIER_PARAMETERS,
    challenge,
)
from tests.support.scripted import RANDOM, Scripted, run


def test_a_device_on_offer_is_told() -> None:
    offered = NewDeviceMetadata(device_key="eu-west-1_ab", device_group_key="group")
    reply = AuthReply(authentication_result=AuthenticationResult(access_token=ACCESS, new_device_metadata=offered))
    reached = run(advance(SignedOut(), EVENTS[PlainPassword]), reply)
    assert isinstance(reached, SignedIn)
    assert reached.device == Device(key="eu-west-1_ab", group_key="group")


GONE: Final = service_error("ResourceNotFoundException", "Device does not exist.", operation="InitiateAuth")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([GONE], id="at-once"),
        pytest.param([challenge("PASSWORD_VERIFIER", **VERIFIER_PARAMETERS), GONE], id="after-the-proof"),
        pytest.param([challenge("DEVICE_SRP_AUTH"), GONE], id="by-the-device"),
        pytest.param(
            [
                challenge("DEVICE_SRP_AUTH"),
                challenge("DEVICE_PASSWORD_VERIFIER", **VERIFIER_PARAMETERS),
                service_error("NotAuthorizedException", "Incorrect username or password."),
            ],
            id="by-a-wrong-secret",
        ),
    ],
)
def test_a_sign_in_begins_again_without_a_device_that_is_gone(script: list[object]) -> None:
    event = SrpPassword(username=TYPED, password="secret", device=DEVICE)
    posed = challenge("SMS_MFA")
    driver = Scripted([*script, posed])
    reached = driver.run(advance(SignedOut(), event))
    assert isinstance(reached, SmsMfa)
    assert reached.course == Course(device_forgotten=True)
    first, last = driver.operations[0], driver.operations[-1]
    assert isinstance(first, InitiateAuth)
    assert isinstance(last, InitiateAuth)
    assert (first.auth_parameters or {})["DEVICE_KEY"] == DEVICE.key
    assert "DEVICE_KEY" not in (last.auth_parameters or {})
    signed_in = run(advance(reached, SmsCode(code="1")), AuthReply(authentication_result=RESULT))
    assert signed_in == SignedIn(username=NAME, tokens=TOKENS, device_forgotten=True)
    assert run(advance(SignedOut(), event), *script, AuthReply(authentication_result=RESULT)) == signed_in


def test_a_device_that_is_gone_later_on_ends_the_sign_in() -> None:
    held = replace(cast("Challenge", STATES[NewPasswordRequired]), course=ON_DEVICE)
    with pytest.raises(DeviceNotFound):
        run(advance(held, EVENTS[NewPassword]), challenge("DEVICE_SRP_AUTH"), GONE)
    with pytest.raises(DeviceNotFound):
        run(advance(SignedOut(), EVENTS[SrpPassword]), GONE)


def test_a_refresh_names_the_device_and_keeps_it() -> None:
    held = SignedIn(username=NAME, tokens=TOKENS, device=DEVICE)
    driver = Scripted([GetTokensFromRefreshTokenReply(authentication_result=replace(RESULT, access_token="new"))])
    reached = driver.run(advance(held, Refresh()))
    assert driver.operations == [GetTokensFromRefreshToken(refresh_token="refresh", device_key=DEVICE.key)]
    assert reached == replace(held, tokens=replace(TOKENS, access_token="new"))


VECTORS: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "srp_vectors.json").read_text())
DEVICES: Final = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["vectors"] if vector["kind"] == "device"]


@pytest.mark.parametrize("vector", DEVICES)
def test_a_device_proves_itself_as_the_vectors_do(vector: dict[str, Any]) -> None:
    given, wire = vector["input"], vector["wire"]
    device = Device(key=given["device_key"], group_key=given["device_group_key"], secret=given["device_password"])
    a = int(given["small_a_hex"], 16)
    held = DevicePasswordVerifier(
        username=NAME,
        course=Course(device=device),
        secret_block=given["secret_block_b64"],
        pair=srp.Ephemeral(a=a, A=pow(G, a, N)),
        srp=srp.Challenge.parse(wire["SALT"], wire["SRP_B"], b64decode(given["secret_block_b64"])),
    )
    now = datetime.fromisoformat(given["datetime_utc"]).timestamp()
    driver = Scripted([AuthReply(authentication_result=RESULT)], now=now)
    assert driver.run(advance(held, DeviceProof())) == SignedIn(username=NAME, tokens=TOKENS, device=device)
    assert driver.operations == [
        RespondToAuthChallenge(
            challenge_name="DEVICE_PASSWORD_VERIFIER",
            challenge_responses={
                "USERNAME": NAME,
                "DEVICE_KEY": device.key,
                "PASSWORD_CLAIM_SIGNATURE": wire["PASSWORD_CLAIM_SIGNATURE"],
                "PASSWORD_CLAIM_SECRET_BLOCK": given["secret_block_b64"],
                "TIMESTAMP": wire["TIMESTAMP"],
            },
        )
    ]


OFFER: Final = Device(key=DEVICE.key, group_key="group")


@pytest.mark.parametrize("asks", [True, False, None], ids=["asks", "always", "unsaid"])
def test_a_device_on_offer_is_confirmed_with_a_fresh_secret(asks: bool | None) -> None:
    driver = Scripted([ConfirmDeviceReply(user_confirmation_necessary=asks)])
    device = driver.run(confirm_device(SignedIn(username=NAME, tokens=TOKENS, device=OFFER), name="laptop"))
    assert device.secret is not None
    assert b64decode(device.secret) == RANDOM * srp.DEVICE_PASSWORD_BYTES
    assert device.secret not in repr(device)
    assert device == replace(OFFER, secret=device.secret, user_decides=bool(asks))
    made = srp.device_verifier(srp.Identity("group", DEVICE.key), device.secret, RANDOM * srp.DEVICE_SALT_BYTES)
    assert driver.operations == [
        ConfirmDevice(
            access_token=TOKENS.access_token,
            device_key=DEVICE.key,
            device_secret_verifier_config=DeviceSecretVerifierConfig(password_verifier=made.password_verifier, salt=made.salt),
            device_name="laptop",
        )
    ]


@pytest.mark.parametrize("device", [None, DEVICE, Device(key="k")], ids=["none", "confirmed", "without-group"])
def test_what_is_not_on_offer_is_not_confirmed(device: Device | None) -> None:
    driver = Scripted()
    with pytest.raises(InvalidAnswer, match="offers no device"):
        driver.run(confirm_device(SignedIn(username=NAME, tokens=TOKENS, device=device)))
    assert driver.operations == []


def test_devices_are_listed_page_by_page_remembered_and_forgotten() -> None:
    first, second = ListedDevice(device_key="a_1"), ListedDevice(device_key="a_2")
    script = [ListDevicesReply(devices=(first,), pagination_token="next"), ListDevicesReply(devices=(second,))]
    assert run(list_devices("token"), *script) == (first, second)

    def sent(flow: Flow[None]) -> Operation[Any]:
        driver = Scripted([NoReply()])
        driver.run(flow)
        (operation,) = driver.operations
        return operation

    update = UpdateDeviceStatus(access_token="token", device_key="a_1", device_remembered_status="remembered")
    assert sent(remember_device("token", "a_1")) == update
    not_any_more = replace(update, device_remembered_status="not_remembered")
    assert sent(remember_device("token", "a_1", remembered=False)) == not_any_more
    assert sent(forget_device("token", "a_1")) == ForgetDevice(access_token="token", device_key="a_1")
