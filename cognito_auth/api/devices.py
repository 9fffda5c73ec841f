"""Remembered devices."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from .declared import COMMON, SIGNED_IN
from .listing import Paged
from .shapes import (
    DeviceKey,
    DeviceName,
    DeviceRememberedStatus,
    QueryLimit,
    SearchPaginationToken,
    TokenModel,
    Username,
    UserPoolId,
)
from .structure import NoReply, Operation, Structure, structure
from .types import Attribute


@structure
class DeviceSecretVerifierConfig(Structure):
    """A device's SRP verifier and salt, in base64."""

    password_verifier: str | None = None
    salt: str | None = None


@structure
class Device(Structure):
    """A device with its attributes."""

    device_key: DeviceKey | None = None
    device_attributes: tuple[Attribute, ...] | None = None
    device_create_date: datetime | None = None
    device_last_modified_date: datetime | None = None
    device_last_authenticated_date: datetime | None = None


@structure
class ConfirmDeviceReply(Structure):
    """The reply of `ConfirmDevice`."""

    user_confirmation_necessary: bool | None = None


@structure
class ConfirmDevice(Operation[ConfirmDeviceReply]):
    """Confirm a device that a sign-in offered to remember."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SIGNED_IN
        | {
            "DeviceKeyExistsException",
            "InvalidLambdaResponseException",
            "InvalidPasswordException",
            "InvalidUserPoolConfigurationException",
            "UsernameExistsException",
        }
    )

    access_token: TokenModel
    device_key: DeviceKey
    device_secret_verifier_config: DeviceSecretVerifierConfig | None = None
    device_name: DeviceName | None = None


@structure
class GetDeviceReply(Structure):
    """The reply of `GetDevice`."""

    device: Device


@structure
class GetDevice(Operation[GetDeviceReply]):
    """A device of the signed-in user."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN | {"InvalidUserPoolConfigurationException"}

    device_key: DeviceKey
    access_token: TokenModel | None = None


@structure
class ListDevicesReply(Structure):
    """The reply of `ListDevices`."""

    devices: tuple[Device, ...] | None = None
    pagination_token: SearchPaginationToken | None = None


@structure
class ListDevices(Operation[ListDevicesReply]):
    """The signed-in user's devices."""

    paged = Paged[ListDevicesReply, Device]("devices", "pagination_token")

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN | {"InvalidUserPoolConfigurationException"}

    access_token: TokenModel
    limit: QueryLimit | None = None
    pagination_token: SearchPaginationToken | None = None


@structure
class UpdateDeviceStatus(Operation[NoReply]):
    """Remember a device of the signed-in user, or no longer."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN | {"InvalidUserPoolConfigurationException"}

    access_token: TokenModel
    device_key: DeviceKey
    device_remembered_status: DeviceRememberedStatus | None = None


@structure
class ForgetDevice(Operation[NoReply]):
    """Remove a device of the signed-in user."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN | {"InvalidUserPoolConfigurationException"}

    device_key: DeviceKey
    access_token: TokenModel | None = None


@structure
class AdminGetDeviceReply(Structure):
    """The reply of `AdminGetDevice`."""

    device: Device


@structure
class AdminGetDevice(Operation[AdminGetDeviceReply]):
    """A user's device."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"InvalidUserPoolConfigurationException"}

    device_key: DeviceKey
    username: Username
    user_pool_id: UserPoolId = ""


@structure
class AdminListDevicesReply(Structure):
    """The reply of `AdminListDevices`."""

    devices: tuple[Device, ...] | None = None
    pagination_token: SearchPaginationToken | None = None


@structure
class AdminListDevices(Operation[AdminListDevicesReply]):
    """A user's devices."""

    paged = Paged[AdminListDevicesReply, Device]("devices", "pagination_token")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"InvalidUserPoolConfigurationException"}

    username: Username
    user_pool_id: UserPoolId = ""
    limit: QueryLimit | None = None
    pagination_token: SearchPaginationToken | None = None


@structure
class AdminUpdateDeviceStatus(Operation[NoReply]):
    """Remember a user's device, or no longer."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"InvalidUserPoolConfigurationException", "UserNotFoundException"}

    username: Username
    device_key: DeviceKey
    user_pool_id: UserPoolId = ""
    device_remembered_status: DeviceRememberedStatus | None = None


@structure
class AdminForgetDevice(Operation[NoReply]):
    """Remove a user's device."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"InvalidUserPoolConfigurationException", "UserNotFoundException"}

    username: Username
    device_key: DeviceKey
    user_pool_id: UserPoolId = ""
