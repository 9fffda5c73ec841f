"""Devices that a pool remembers: how a sign-in offers one, and what its user or an administrator does with it.

A sign-in without a device offers a new one: its keys stand in that sign-in's `Grant`, whose tokens are bound to it, until the
client confirms it with an SRP verifier. How a confirmed device proves itself is `cognito_auth.local.sign_in.device_sign_in`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

from __future__ import annotations

import string
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NoReturn

from ...api.auth import NewDeviceMetadata
from ...api.devices import (
    AdminForgetDevice,
    AdminGetDevice,
    AdminGetDeviceReply,
    AdminListDevices,
    AdminListDevicesReply,
    AdminUpdateDeviceStatus,
    ConfirmDevice,
    ConfirmDeviceReply,
    DeviceSecretVerifierConfig,
    ForgetDevice,
    GetDevice,
    GetDeviceReply,
    ListDevices,
    ListDevicesReply,
    UpdateDeviceStatus,
)
from ...api.devices import Device as DeviceReply
from ...api.structure import NoReply
from ...api.types import Attribute
from ...modexp import N
from ..base import faults, paging
from ..base.access import Caller, caller_of, pool_of
from ..base.context import Context
from ..base.faults import Refusal
from ..base.handlers import Handlers, handlers
from ..store.records import Device, Grant, Pool, User
from ..store.tables import DEVICES, GRANTS
from ..users.names import find_user

_GROUP_KEY_LENGTH: Final = 8
_ALPHABET: Final = string.ascii_letters + string.digits
_MAX_SALT_BYTES: Final = 64
_MAX_TEXT: Final = 1024
_STATUSES: Final = {True: "remembered", False: "not_remembered"}


def remembers(pool: Pool) -> bool:
    """Whether the pool remembers devices at all."""
    return pool.settings.device_configuration is not None


def offer(context: Context) -> NewDeviceMetadata:
    """The keys of a device that a sign-in offers to remember."""
    group_key = f"-{context.text(_GROUP_KEY_LENGTH, _ALPHABET)}"
    return NewDeviceMetadata(device_key=f"{context.region}_{context.uuid()}", device_group_key=group_key)


def find_device(context: Context, user: User, key: str) -> Device | None:
    """The user's confirmed device with this key."""
    return context.records.get(DEVICES, user.pool_id, user.sub, key)


def sent_device(context: Context, pool: Pool, user: User, key: str | None) -> str | None:
    """The device that a request names, if the pool remembers devices. Raises `Fault` when the user has none with this key."""
    if not key or not remembers(pool):
        return None
    if find_device(context, user, key) is None:
        raise faults.DEVICE_UNKNOWN
    return key


def replaces_factor(pool: Pool, device: Device) -> bool:
    """Whether the device stands for the second factor."""
    configuration = pool.settings.device_configuration
    return device.remembered and configuration is not None and bool(configuration.challenge_required_on_new_device)


def check_bound(context: Context, pool: Pool, user: User, grant: Grant, key: str | None) -> None:
    """Raises `Fault` unless a renewal of tokens names the device that they are bound to, and that is not forgotten."""
    if grant.device_key is None or not remembers(pool):
        return
    if key is None or key != grant.device_key:
        raise faults.REFRESH_WITHOUT_DEVICE
    if grant.device_group_key is None and find_device(context, user, key) is None:
        raise faults.DEVICE_UNKNOWN


def confirm_device(context: Context, request: ConfirmDevice) -> ConfirmDeviceReply:
    caller = _caller(context, request.access_token)
    grant, key = caller.grant, request.device_key
    if find_device(context, caller.user, key) is not None:
        raise faults.DEVICE_EXISTS
    if grant.device_key != key or grant.device_group_key is None:
        raise faults.DEVICE_NOT_OFFERED
    verifier, salt = _verifier_config(request.device_secret_verifier_config)
    configuration = caller.pool.settings.device_configuration
    prompts = configuration is not None and bool(configuration.device_only_remembered_on_user_prompt)
    device = Device(
        pool_id=caller.pool.id,
        sub=caller.user.sub,
        key=key,
        group_key=grant.device_group_key,
        salt=f"{salt:x}",
        verifier=f"{verifier:x}",
        remembered=not prompts,
        created_at=context.now,
        modified_at=context.now,
        authenticated_at=context.now,
        name=request.device_name,
    )
    context.records.insert(DEVICES, device)
    context.records.put(GRANTS, replace(grant, device_group_key=None))
    return ConfirmDeviceReply(user_confirmation_necessary=prompts)


def get_device(context: Context, request: GetDevice) -> GetDeviceReply:
    caller = _caller(context, request.access_token)
    return GetDeviceReply(device=_described(_known(context, caller.user, request.device_key)))


def list_devices(context: Context, request: ListDevices) -> ListDevicesReply:
    user = _caller(context, request.access_token).user
    page = _page(context, user, request.limit, request.pagination_token)
    return ListDevicesReply(devices=tuple(map(_described, page.records)), pagination_token=page.token)


def update_device_status(context: Context, request: UpdateDeviceStatus) -> NoReply:
    return _update(context, _caller(context, request.access_token).user, request.device_key, request.device_remembered_status)


def forget_device(context: Context, request: ForgetDevice) -> NoReply:
    return _forget(context, _caller(context, request.access_token).user, request.device_key)


def admin_get_device(context: Context, request: AdminGetDevice) -> AdminGetDeviceReply:
    user = _user(context, request, unknown=faults.DEVICE_OWNER_UNKNOWN)
    return AdminGetDeviceReply(device=_described(_known(context, user, request.device_key)))


def admin_list_devices(context: Context, request: AdminListDevices) -> AdminListDevicesReply:
    user = _user(context, request, unknown=faults.DEVICE_OWNER_UNKNOWN)
    page = _page(context, user, request.limit, request.pagination_token)
    return AdminListDevicesReply(devices=tuple(map(_described, page.records)), pagination_token=page.token)


def admin_update_device_status(context: Context, request: AdminUpdateDeviceStatus) -> NoReply:
    user = _user(context, request, unknown=faults.USER_UNKNOWN)
    return _update(context, user, request.device_key, request.device_remembered_status)


def admin_forget_device(context: Context, request: AdminForgetDevice) -> NoReply:
    return _forget(context, _user(context, request, unknown=faults.USER_UNKNOWN), request.device_key)


def _caller(context: Context, access_token: str | None) -> Caller:
    if access_token is None:
        raise faults.MISSING_PARAMETER("AccessToken")
    caller = caller_of(context, access_token)
    _check_remembers(caller.pool)
    return caller


def _user(
    context: Context,
    request: AdminGetDevice | AdminListDevices | AdminUpdateDeviceStatus | AdminForgetDevice,
    *,
    unknown: Refusal,
) -> User:
    pool = pool_of(context, request.user_pool_id)
    _check_remembers(pool)
    user = find_user(context, pool, request.username)
    if user is None:
        raise unknown
    return user


def _check_remembers(pool: Pool) -> None:
    if not remembers(pool):
        raise faults.DEVICES_OFF


def _known(context: Context, user: User, key: str) -> Device:
    device = find_device(context, user, key)
    if device is None:
        raise faults.DEVICE_UNKNOWN
    return device


def _page(context: Context, user: User, limit: int | None, token: str | None) -> paging.Page[Device]:
    return paging.page(context, DEVICES, limit=limit, token=token, pool_id=user.pool_id, sub=user.sub)


def _update(context: Context, user: User, key: str, status: str | None) -> NoReply:
    device = _known(context, user, key)
    if status is not None:
        remembered = status == _STATUSES[True]
        context.records.put(DEVICES, replace(device, remembered=remembered, modified_at=context.now))
    return NoReply()


def _forget(context: Context, user: User, key: str) -> NoReply:
    device = _known(context, user, key)
    context.records.delete(DEVICES, pool_id=device.pool_id, sub=device.sub, key=device.key)
    return NoReply()


def _described(device: Device) -> DeviceReply:
    return DeviceReply(
        device_key=device.key,
        device_attributes=tuple(Attribute(name=name, value=value) for name, value in _attributes(device)),
        device_create_date=datetime.fromtimestamp(device.created_at, UTC),
        device_last_modified_date=datetime.fromtimestamp(device.modified_at, UTC),
        device_last_authenticated_date=datetime.fromtimestamp(device.authenticated_at, UTC),
    )


def _attributes(device: Device) -> Iterator[tuple[str, str]]:
    yield "device_status", "valid"
    if device.name is not None:
        yield "device_name", device.name
    if device.address is not None:
        yield "last_ip_used", device.address
    yield "dev:device_remembered_status", _STATUSES[device.remembered]


def _verifier_config(config: DeviceSecretVerifierConfig | None) -> tuple[int, int]:
    """Verifier and salt. Raises `Fault` when one is missing, or no number that SRP can work with."""
    if config is None:
        raise faults.MISSING_PARAMETER("DeviceSecretVerifierConfig")
    if not config.password_verifier:
        raise faults.MISSING_PARAMETER("PasswordVerifier")
    if not config.salt:
        raise faults.MISSING_PARAMETER("Salt")
    verifier, salt = _number(config.password_verifier), _number(config.salt)
    if not 1 < verifier < N - 1 or salt >= 1 << (8 * _MAX_SALT_BYTES):
        _invalid()
    return verifier, salt


def _number(text: str) -> int:
    if len(text) > _MAX_TEXT:
        _invalid()
    try:
        return int.from_bytes(b64decode(text, validate=True))
    except ValueError:
        _invalid()


def _invalid() -> NoReturn:
    raise faults.DEVICE_VERIFIER_INVALID


HANDLERS: Final[Handlers] = handlers(
    confirm_device,
    get_device,
    list_devices,
    update_device_status,
    forget_device,
    admin_get_device,
    admin_list_devices,
    admin_update_device_status,
    admin_forget_device,
)
