"""Every endpoint, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .endpoints import (
    account,
    devices,
    known_device,
    mfa,
    passkey_script,
    passkeys,
    password,
    session,
    sessions,
    sign_in,
    sign_up,
    site_sessions,
)
from .route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *sign_in.ROUTES,
    *session.ROUTES,
    *sign_up.ROUTES,
    *password.ROUTES,
    *mfa.ROUTES,
    *account.ROUTES,
    *devices.ROUTES,
    *known_device.ROUTES,
    *passkeys.ROUTES,
    *passkey_script.ROUTES,
    *sessions.ROUTES,
    *site_sessions.ROUTES,
)

PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    path: tuple(route.method for route in ROUTES if route.path == path)
    for path in dict.fromkeys(route.path for route in ROUTES)
}
"""The methods of the endpoints at each path below the prefix."""
