"""Devices as their users and administrators see them: confirmed, listed, remembered and forgotten."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.devices import (
    AdminForgetDevice,
    AdminGetDevice,
    AdminListDevices,
    AdminUpdateDeviceStatus,
    ConfirmDevice,
    Device,
    DeviceSecretVerifierConfig,
    ForgetDevice,
    GetDevice,
    ListDevices,
    UpdateDeviceStatus,
)
from cognito_auth.api.pool_settings import DeviceConfiguration
from cognito_auth.modexp import N
from cognito_auth.srp import pad

from .device_client import ClientDevice, registered
from .support import START, App, claims, new_app, refusal, signed_in

ALWAYS: Final = DeviceConfiguration(challenge_required_on_new_device=False, device_only_remembered_on_user_prompt=False)
PROMPT: Final = DeviceConfiguration(device_only_remembered_on_user_prompt=True)
UNKNOWN: Final = "ResourceNotFound: Device does not exist."
NOBODY: Final = "us-east-1_00000000-0000-4000-8000-000000000000"


def new_device_app(configuration: DeviceConfiguration = ALWAYS, **pool: Any) -> App:
    app = new_app(pool={"device_configuration": configuration, **pool})
    app.create_user()
    return app


def attributes(device: Device) -> dict[str, str | None]:
    return {each.name: each.value for each in device.device_attributes or ()}


def seen_by_administrator(app: App, key: str) -> Device:
    return app.send(AdminGetDevice(user_pool_id=app.pool_id, username="ana", device_key=key)).device


# Offering


def test_a_sign_in_offers_a_device() -> None:
    app = new_device_app()
    tokens = app.tokens()
    offer = tokens.new_device_metadata
    assert offer is not None
    assert (offer.device_key or "").startswith("us-east-1_")
    assert len(offer.device_key or "") == len(NOBODY)
    assert len(offer.device_group_key or "") == 9
    assert claims(tokens.access_token)["device_key"] == offer.device_key
    assert list(claims(tokens.access_token))[:2] == ["sub", "device_key"]
    assert "device_key" not in claims(tokens.id_token)
    another = app.tokens().new_device_metadata
    assert another is not None
    assert another.device_key != offer.device_key
    assert another.device_group_key != offer.device_group_key


def test_a_pool_that_does_not_remember_devices_offers_none() -> None:
    app = new_app()
    app.create_user()
    tokens = signed_in(app.password_auth(DEVICE_KEY=NOBODY))
    assert tokens.new_device_metadata is None
    assert "device_key" not in claims(tokens.access_token)


# Confirming


@pytest.mark.parametrize(
    ("configuration", "necessary", "status"),
    [
        pytest.param(ALWAYS, False, "remembered", id="always"),
        pytest.param(PROMPT, True, "not_remembered", id="prompt"),
        pytest.param(DeviceConfiguration(), False, "remembered", id="neither said"),
    ],
)
def test_what_is_remembered_at_once(configuration: DeviceConfiguration, *, necessary: bool, status: str) -> None:
    app = new_device_app(configuration)
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    assert device.confirm(app, tokens.access_token, name="phone").user_confirmation_necessary is necessary
    seen = seen_by_administrator(app, device.key)
    assert attributes(seen) == {"device_status": "valid", "device_name": "phone", "dev:device_remembered_status": status}
    moment = datetime.fromtimestamp(START, UTC)
    assert (seen.device_create_date, seen.device_last_modified_date, seen.device_last_authenticated_date) == (moment,) * 3


def test_a_device_is_confirmed_once_and_by_the_sign_in_that_offered_it() -> None:
    app = new_device_app()
    first, second = app.tokens(), app.tokens()
    device = ClientDevice.offered(first)
    not_offered = "InvalidParameter: DeviceKey is not that of the device which the sign-in offered"
    assert refusal(device.confirm, app, second.access_token) == not_offered
    device.confirm(app, first.access_token)
    for access in (first.access_token, second.access_token):
        assert refusal(device.confirm, app, access).startswith("DeviceKeyExists: ")
    app.send(ForgetDevice(access_token=first.access_token, device_key=device.key))
    assert refusal(device.confirm, app, first.access_token) == not_offered


GOOD: Final = b64encode(pad(12345)).decode()
MISSING: Final = "InvalidParameter: Missing required parameter "
NOT_VALID: Final = "InvalidParameter: DeviceSecretVerifierConfig is not valid."


@pytest.mark.parametrize(
    ("config", "text"),
    [
        pytest.param(None, f"{MISSING}DeviceSecretVerifierConfig", id="none"),
        pytest.param(DeviceSecretVerifierConfig(salt=GOOD), f"{MISSING}PasswordVerifier", id="no verifier"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier=GOOD), f"{MISSING}Salt", id="no salt"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier="no base64", salt=GOOD), NOT_VALID, id="form"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier="AA==", salt=GOOD), NOT_VALID, id="zero"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier="AQ==", salt=GOOD), NOT_VALID, id="one"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier=b64encode(pad(N)).decode(), salt=GOOD), NOT_VALID, id="N"),
        pytest.param(DeviceSecretVerifierConfig(password_verifier="A" * 2000, salt=GOOD), NOT_VALID, id="long"),
        pytest.param(
            DeviceSecretVerifierConfig(password_verifier=GOOD, salt=b64encode(b"\x01" * 65).decode()), NOT_VALID, id="long salt"
        ),
    ],
)
def test_verifiers_that_are_none(config: DeviceSecretVerifierConfig | None, text: str) -> None:
    app = new_device_app()
    tokens = app.tokens()
    request = ConfirmDevice(
        access_token=tokens.access_token or "",
        device_key=ClientDevice.offered(tokens).key,
        device_secret_verifier_config=config,
    )
    assert refusal(app.send, request) == text


# What its user does


def test_a_users_own_devices() -> None:
    app = new_device_app(PROMPT)
    device = registered(app)
    access = app.tokens().access_token or ""
    app.cognito.clock.move(60)
    update = UpdateDeviceStatus(access_token=access, device_key=device.key)
    app.send(update)
    get = GetDevice(access_token=access, device_key=device.key)
    before = app.send(get).device
    app.send(UpdateDeviceStatus(access_token=access, device_key=device.key, device_remembered_status="remembered"))
    after = app.send(get).device
    assert (attributes(before)["dev:device_remembered_status"], attributes(after)["dev:device_remembered_status"]) == (
        "not_remembered",
        "remembered",
    )
    assert before.device_last_modified_date == before.device_create_date == after.device_create_date
    assert after.device_last_modified_date == datetime.fromtimestamp(START + 60, UTC)
    app.send(UpdateDeviceStatus(access_token=access, device_key=device.key, device_remembered_status="not_remembered"))
    assert attributes(app.send(get).device) == attributes(before)
    assert [each.device_key for each in app.send(ListDevices(access_token=access)).devices or ()] == [device.key]
    app.send(ForgetDevice(access_token=access, device_key=device.key))
    assert refusal(app.send, get) == UNKNOWN
    assert app.send(ListDevices(access_token=access)).devices == ()


def test_an_offer_that_nobody_confirmed_is_no_device() -> None:
    app = new_device_app()
    tokens = app.tokens()
    key, access = ClientDevice.offered(tokens).key, tokens.access_token or ""
    assert refusal(app.send, GetDevice(access_token=access, device_key=key)) == UNKNOWN
    assert app.send(ListDevices(access_token=access)).devices == ()


def test_a_list_comes_in_pages() -> None:
    app = new_device_app()
    keys = [registered(app).key for _ in range(3)]
    access = app.tokens().access_token or ""
    first = app.send(ListDevices(access_token=access, limit=2))
    second = app.send(ListDevices(access_token=access, limit=2, pagination_token=first.pagination_token))
    assert [each.device_key for page in (first, second) for each in page.devices or ()] == keys
    assert second.pagination_token is None
    pages = AdminListDevices(user_pool_id=app.pool_id, username="ana", limit=1, pagination_token=first.pagination_token)
    assert [each.device_key for each in app.send(pages).devices or ()] == keys[2:]
    app.create_user("bob", email="bob@example.com")
    others = AdminListDevices(user_pool_id=app.pool_id, username="bob", pagination_token=first.pagination_token)
    assert refusal(app.send, others) == "InvalidParameter: Invalid pagination token."
    assert app.send(AdminListDevices(user_pool_id=app.pool_id, username="bob")).devices == ()


def test_anothers_device_is_unknown() -> None:
    app = new_device_app()
    app.create_user("bob", email="bob@example.com")
    device = registered(app)
    access = app.tokens("bob").access_token or ""
    for request in (
        GetDevice(access_token=access, device_key=device.key),
        ForgetDevice(access_token=access, device_key=device.key),
        UpdateDeviceStatus(access_token=access, device_key=device.key, device_remembered_status="remembered"),
        AdminGetDevice(user_pool_id=app.pool_id, username="bob", device_key=device.key),
    ):
        assert refusal(app.send, request) == UNKNOWN
    assert refusal(device.password_auth, app, "bob") == UNKNOWN
    assert seen_by_administrator(app, device.key)


@pytest.mark.parametrize("request_of", [GetDevice, ForgetDevice])
def test_a_token_is_needed(request_of: Callable[..., GetDevice | ForgetDevice]) -> None:
    app = new_device_app()
    assert refusal(app.send, request_of(device_key=NOBODY)) == f"{MISSING}AccessToken"
    assert refusal(app.send, request_of(device_key=NOBODY, access_token="x")) == "NotAuthorized: Invalid Access Token"


def test_a_forgotten_device_leaves_the_access_token_alive() -> None:
    app = new_device_app()
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    device.confirm(app, tokens.access_token)
    app.send(ForgetDevice(access_token=tokens.access_token, device_key=device.key))
    assert app.send(GetUser(access_token=tokens.access_token or "")).username == "ana"


# What an administrator does


def test_an_administrator_remembers_and_forgets() -> None:
    app = new_device_app(PROMPT)
    device = registered(app, name="phone")
    named: dict[str, Any] = {"user_pool_id": app.pool_id, "username": "ana", "device_key": device.key}
    app.send(AdminUpdateDeviceStatus(**named))
    assert attributes(seen_by_administrator(app, device.key))["dev:device_remembered_status"] == "not_remembered"
    app.send(AdminUpdateDeviceStatus(**named, device_remembered_status="remembered"))
    assert attributes(seen_by_administrator(app, device.key))["dev:device_remembered_status"] == "remembered"
    app.send(AdminForgetDevice(**named))
    for request in (AdminGetDevice(**named), AdminForgetDevice(**named), AdminUpdateDeviceStatus(**named)):
        assert refusal(app.send, request) == UNKNOWN


def test_who_is_not_there() -> None:
    app = new_device_app()
    named: dict[str, Any] = {"user_pool_id": app.pool_id, "username": "nobody"}
    text = "User does not exist."
    # Reading declares no UserNotFoundException.
    assert refusal(app.send, AdminGetDevice(**named, device_key=NOBODY)) == f"ResourceNotFound: {text}"
    assert refusal(app.send, AdminListDevices(**named)) == f"ResourceNotFound: {text}"
    assert refusal(app.send, AdminForgetDevice(**named, device_key=NOBODY)) == f"UserNotFound: {text}"
    assert refusal(app.send, AdminUpdateDeviceStatus(**named, device_key=NOBODY)) == f"UserNotFound: {text}"


def test_a_pool_that_does_not_remember_devices_has_no_operations_for_them() -> None:
    app = new_app()
    app.create_user()
    access = app.tokens().access_token or ""
    named: dict[str, Any] = {"user_pool_id": app.pool_id, "username": "ana"}
    config = DeviceSecretVerifierConfig(password_verifier=b64encode(os.urandom(384)).decode(), salt=GOOD)
    for request in (
        ConfirmDevice(access_token=access, device_key=NOBODY, device_secret_verifier_config=config),
        GetDevice(access_token=access, device_key=NOBODY),
        ListDevices(access_token=access),
        UpdateDeviceStatus(access_token=access, device_key=NOBODY),
        ForgetDevice(access_token=access, device_key=NOBODY),
        AdminGetDevice(**named, device_key=NOBODY),
        AdminListDevices(**named),
        AdminUpdateDeviceStatus(**named, device_key=NOBODY),
        AdminForgetDevice(**named, device_key=NOBODY),
    ):
        assert refusal(app.send, request).startswith("InvalidUserPoolConfiguration: ")
