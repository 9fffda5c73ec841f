"""A signed-in user's devices: confirm the one that the sign-in offers, list them, remember or forget them."""

from __future__ import annotations

from .. import srp
from ..api.devices import (
    ConfirmDevice,
    DeviceSecretVerifierConfig,
    ForgetDevice,
    ListDevices,
    UpdateDeviceStatus,
)
from ..api.devices import Device as ListedDevice
from ..api.shapes import DeviceRememberedStatus
from ..effects import Compute, Flow, RandomBytes, perform
from ..errors import InvalidAnswer
from ..pagination import Pager
from ..states import Device, SignedIn


def confirm_device(state: SignedIn, *, name: str | None = None) -> Flow[Device]:
    """Confirm the device that the sign-in offers, under a ``name`` to list it by, with a fresh secret.

    Keep the result, as secret as a password, and give it to the user's next sign-ins. Where it says ``user_decides``, ask the
    user, and call `remember_device`. Raises `InvalidAnswer` when the sign-in offers no device.
    """
    offered = state.device
    if offered is None or offered.secret is not None or offered.group_key is None:
        raise InvalidAnswer("this sign-in offers no device: the pool tracks none, or the sign-in named one that it knows")
    identity = srp.Identity(offered.group_key, offered.key)
    secret = srp.device_password((yield from perform(RandomBytes(srp.DEVICE_PASSWORD_BYTES))))
    salt = yield from perform(RandomBytes(srp.DEVICE_SALT_BYTES))
    verifier = yield from perform(Compute(lambda: srp.device_verifier(identity, secret, salt)))
    config = DeviceSecretVerifierConfig(password_verifier=verifier.password_verifier, salt=verifier.salt)
    reply = yield from perform(
        ConfirmDevice(
            access_token=state.tokens.access_token,
            device_key=offered.key,
            device_secret_verifier_config=config,
            device_name=name,
        )
    )
    return Device(
        key=offered.key,
        group_key=offered.group_key,
        secret=secret,
        user_decides=bool(reply.user_confirmation_necessary),
    )


def list_devices(access_token: str) -> Flow[tuple[ListedDevice, ...]]:
    """All devices of the signed-in user, as Cognito describes them."""
    pager = Pager(ListDevices(access_token=access_token))
    found: list[ListedDevice] = []
    while pager.more:
        found += yield from pager.items()
    return tuple(found)


def remember_device(access_token: str, device_key: str, *, remembered: bool = True) -> Flow[None]:
    """Remember a confirmed device, so that it can stand for the second factor, or do so no longer."""
    status: DeviceRememberedStatus = "remembered" if remembered else "not_remembered"
    operation = UpdateDeviceStatus(access_token=access_token, device_key=device_key, device_remembered_status=status)
    yield from perform(operation)


def forget_device(access_token: str, device_key: str) -> Flow[None]:
    """Remove a device; raises `DeviceNotFound` when there is none with this key."""
    yield from perform(ForgetDevice(access_token=access_token, device_key=device_key))
