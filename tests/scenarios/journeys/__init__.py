"""What people do, from end to end: the list of all journeys.

Each is one function over a person (`tests.scenarios.person`). It runs on every driver, on every framework by browser and by API
client, and on moto's server as far as that goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from cognito_auth.config import PasswordFlow

from ..person import Person
from . import choice, custom, devices, own_account, passwords, second_factors, signing_up, tokens


@dataclass(frozen=True, slots=True)
class Journey:
    """What is done, in which of the `tests.scenarios.pools.POOLS`, and by what kind of app client."""

    make: Callable[[Person], None]
    pool: str = "optional"
    flows: tuple[PasswordFlow, ...] = ("USER_SRP_AUTH",)
    rotating: bool = False


BY_PASSWORD: Final[tuple[PasswordFlow, ...]] = (
    "USER_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "USER_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
)
"""The flows in which a password is followed by whatever challenge there is."""

EVERY_FLOW: Final[Mapping[str, tuple[Callable[[Person], None], str]]] = {
    "the password alone": (passwords.signs_in, "optional"),
    "mistyped": (passwords.mistyped, "optional"),
    "unconfirmed": (signing_up.unconfirmed, "optional"),
    "disabled": (passwords.disabled, "optional"),
    "password reset by an administrator": (passwords.reset_by_administrator, "optional"),
    "locked out": (passwords.locked_out, "optional"),
    "NEW_PASSWORD_REQUIRED": (passwords.invited, "optional"),
    "NEW_PASSWORD_REQUIRED, MFA_SETUP": (passwords.invited_with_factor, "required"),
    **second_factors.FACTORS,
    "DEVICE_SRP_AUTH": (devices.in_place_of_factor, "guarded"),
    "NEW_PASSWORD_REQUIRED, DEVICE_SRP_AUTH": (devices.with_new_password, "guarded"),
    "a device that was forgotten": (devices.forgotten_elsewhere, "guarded"),
}
"""What can be met after a password, and in which pool."""

BY_CHOICE: Final[Mapping[str, Callable[[Person], None]]] = {
    "what is on offer": choice.what_is_on_offer,
    **{
        f"{way}, {name}": partial(journey, way)
        for way in ("PASSWORD", "PASSWORD_SRP")
        for name, journey in {
            "chosen": choice.password_chosen,
            "asked for": choice.password_asked_for,
            "preferred": choice.password_preferred,
        }.items()
    },
    **{
        f"{way}, {name}": partial(journey, way, destination)
        for way, destination in {"EMAIL_OTP": "a***@e***", "SMS_OTP": "+*******4567"}.items()
        for name, journey in {
            "chosen and sent again": choice.code_chosen,
            "preferred and too late": choice.code_preferred,
        }.items()
    },
    "WEB_AUTHN": choice.passkey,
    "WEB_AUTHN, wrong answers": choice.passkeys_wrong_answers,
    "preferred in vain": choice.preferred_in_vain,
    "disabled in between": choice.disabled_between,
}

BY_TRIGGERS: Final[Mapping[str, tuple[Callable[[Person], None], str]]] = {
    "CUSTOM_CHALLENGE": (custom.riddle, "optional"),
    "CUSTOM_CHALLENGE, posed again": (custom.riddle_posed_again, "optional"),
    "CUSTOM_CHALLENGE, not solved": (custom.riddle_not_solved, "optional"),
    "a password, CUSTOM_CHALLENGE": (custom.riddle_after_password, "optional"),
    "a password, CUSTOM_CHALLENGE, DEVICE_SRP_AUTH": (custom.riddle_on_known_device, "guarded"),
    "disabled in between": (custom.disabled_between, "optional"),
}

OTHERS: Final[Mapping[str, Journey]] = {
    # Signing up
    "sign-up: confirmed by a code": Journey(signing_up.confirmed_by_code),
    "sign-up: refused at first": Journey(signing_up.refused_at_first),
    "sign-up: a code that is too old": Journey(signing_up.code_too_old),
    "sign-up: confirmed twice": Journey(signing_up.confirmed_twice),
    "sign-up: signed in by confirming": Journey(signing_up.signed_in_by_confirming, "choice"),
    "sign-up: confirmed by its state": Journey(signing_up.confirmed_by_state, "choice"),
    "sign-up: a session that is too old": Journey(signing_up.session_too_old_to_sign_in, "choice"),
    "sign-up: a factor set up at once": Journey(signing_up.factor_set_up_at_once, "required"),
    "sign-up: by mail address": Journey(signing_up.by_mail_address, "mail"),
    # Passwords
    "password: forgotten": Journey(passwords.forgotten),
    "password: forgotten too long ago": Journey(passwords.forgotten_too_long_ago),
    "password: forgotten by nobody": Journey(passwords.forgotten_by_nobody),
    "password: changed": Journey(passwords.changed),
    "password: a temporary one that is too old": Journey(passwords.invited_too_long_ago),
    "password: an account that is gone": Journey(passwords.deleted),
    # Second factors
    "factors: too late": Journey(second_factors.too_late),
    "factors: a code used twice": Journey(second_factors.code_used_twice),
    "factors: answered twice": Journey(second_factors.answered_twice),
    "factors: disabled in between": Journey(second_factors.disabled_between),
    "factors: switched off": Journey(second_factors.switched_off),
    # Devices
    "devices: forgotten here": Journey(devices.forgotten_here, "guarded"),
    "devices: refreshed unconfirmed": Journey(devices.refreshed_unconfirmed, "guarded"),
    "devices: remembered when asked": Journey(devices.remembered_when_asked, "tracked"),
    "devices: several": Journey(devices.several, "tracked"),
    "devices: none offered": Journey(devices.not_offered),
    # Tokens
    "tokens: refreshed": Journey(tokens.refreshed),
    "tokens: refreshed and rotated": Journey(tokens.refreshed, rotating=True),
    "tokens: rotated and used again": Journey(tokens.rotated, rotating=True),
    "tokens: a session that is too old": Journey(tokens.session_too_old),
    "tokens: groups": Journey(tokens.groups),
    "tokens: ended here": Journey(tokens.ended_here),
    "tokens: ended everywhere": Journey(tokens.ended_everywhere),
    "tokens: a recent sign-in": Journey(tokens.recent),
    # One's own account
    "account: profile": Journey(own_account.profile),
    "account: careful profile": Journey(own_account.careful_profile, "tracked"),
    "account: sessions": Journey(own_account.sessions, "tracked"),
    "account: left": Journey(own_account.left),
    "account: nobody signed in": Journey(own_account.nobody),
}


def _every_journey() -> Iterator[tuple[str, Journey]]:
    for flow in BY_PASSWORD:
        for name, (make, pool) in EVERY_FLOW.items():
            yield f"{flow}: {name}", Journey(make, pool, (flow,))
    for name, make in BY_CHOICE.items():
        yield f"USER_AUTH by choice: {name}", Journey(make, "choice", ("USER_SRP_AUTH", "USER_AUTH"))
    for name, (make, pool) in BY_TRIGGERS.items():
        yield f"CUSTOM_AUTH: {name}", Journey(make, pool, ("CUSTOM_AUTH",))
    yield from OTHERS.items()


JOURNEYS: Final[Mapping[str, Journey]] = dict(_every_journey())
