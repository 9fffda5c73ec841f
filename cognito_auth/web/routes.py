"""Every endpoint, in one table."""

from __future__ import annotations

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
