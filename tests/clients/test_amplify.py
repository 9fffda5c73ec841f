"""Amplify's auth, unchanged, in node, against a real server process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.clients.node import Node
from tests.clients.pools import journey_pools
from tests.support.local_server import Server

CODE_SENT: Final = {"destination": "a***@e***", "deliveryMedium": "EMAIL", "attributeName": "email"}

EXPECTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "signingUp": {
        "isSignUpComplete": False,
        "next": "CONFIRM_SIGN_UP",
        "sent": CODE_SENT,
        "again": "UsernameExistsException",
        "unconfirmed": "CONFIRM_SIGN_UP",
        "wrongCode": "CodeMismatchException",
        "confirmed": True,
        "wrongPassword": "NotAuthorizedException",
        "signedIn": "DONE",
        "attributes": {"email": "amalia@example.org", "email_verified": "true"},
        "subject": True,
    },
    "secondFactor": {
        "wrongCode": "EnableSoftwareTokenMFAException",
        "preference": {"preferred": "TOTP", "enabled": ["TOTP"]},
        "signInStep": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
        "wrongAnswer": "CodeMismatchException",
        "answered": "DONE",
        "refreshed": True,
    },
    "secondFactorAtFirstSignIn": {
        "signInStep": "CONTINUE_SIGN_IN_WITH_TOTP_SETUP",
        "answered": "DONE",
        "next": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
    },
    "mailAtFirstSignIn": {
        "offered": ["CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION", ["EMAIL", "TOTP"]],
        "chosen": "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP",
        "sent": {
            "signInStep": "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
            "codeDeliveryDetails": {"deliveryMedium": "EMAIL", "destination": "i***@e***"},
        },
        "wrongCode": "CodeMismatchException",
        "answered": "DONE",
        "next": "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
    },
    "signInByAddress": {
        "first": "DONE",
        "username": True,
        "again": "DONE",
        "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 3],
        "device": True,
    },
    "automaticSignIn": {"next": "COMPLETE_AUTO_SIGN_IN", "signedIn": "DONE"},
    "choiceOfFactors": {
        "preference": {"enabled": ["SMS", "TOTP"]},
        "offered": ["CONTINUE_SIGN_IN_WITH_MFA_SELECTION", ["SMS", "TOTP"]],
        "sent": {
            "signInStep": "CONFIRM_SIGN_IN_WITH_SMS_CODE",
            "codeDeliveryDetails": {"deliveryMedium": "SMS", "destination": "+*******0100"},
        },
        "wrongCode": "CodeMismatchException",
        "bySms": "DONE",
        "asked": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
        "byTotp": "DONE",
    },
    "invitation": {
        "asked": {"signInStep": "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED", "missingAttributes": ["email"]},
        "weakPassword": "InvalidPasswordException",
        "missing": "InvalidParameterException",
        "answered": "DONE",
        "email": "invited@example.org",
    },
    "attributes": {
        "email": "CONFIRM_ATTRIBUTE_WITH_CODE",
        "name": "DONE",
        "changed": ["astrid@example.net", "false", "Astrid"],
        "sent": CODE_SENT,
        "wrongCode": "CodeMismatchException",
        "left": {"email": "astrid@example.net", "email_verified": "true"},
    },
    "devices": {
        "name": "string",
        "created": True,
        "unremembered": {
            "signInStep": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
            "device": None,
            "operations": ["InitiateAuth", "RespondToAuthChallenge"],
        },
        # The answers to PASSWORD_VERIFIER, DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER; none to SOFTWARE_TOKEN_MFA.
        "remembered": {"signInStep": "DONE", "device": True, "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 3]},
        "refreshed": True,
        # One answer less: the password is in the first request.
        "byPassword": {"signInStep": "DONE", "device": True, "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 2]},
        "elsewhere": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
        "both": 2,
        # The first answer names the device and is refused, the second does not name it.
        "forgotten": {
            "signInStep": "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
            "device": None,
            "operations": ["InitiateAuth", "RespondToAuthChallenge", "RespondToAuthChallenge"],
        },
        "last": 1,
        "unknown": "ResourceNotFoundException",
    },
    "passwords": {
        "next": {"resetPasswordStep": "CONFIRM_RESET_PASSWORD_WITH_CODE", "codeDeliveryDetails": CODE_SENT},
        "wrongCode": "CodeMismatchException",
        "weakPassword": "InvalidPasswordException",
        "oldPassword": "NotAuthorizedException",
        "newPassword": "DONE",
        "wrongChange": "NotAuthorizedException",
        "rightChange": "none",
    },
    "signingOut": {
        "here": "UserUnAuthenticatedException",
        "accessToken": "NotAuthorizedException",
        "refreshToken": True,
        "again": "DONE",
    },
    "deletion": {"afterwards": "UserNotFoundException", "nameIsFree": "none"},
}
"""What each part of the journey reports."""


@pytest.fixture(scope="module")
def happened(node: Node, server: Server) -> dict[str, Any]:
    return node.run("amplify.mjs", journey_pools(server, "alina"))


@pytest.mark.parametrize("part", EXPECTED)
def test_journey(happened: dict[str, Any], part: str) -> None:
    assert happened[part] == EXPECTED[part]


def test_no_part_is_left_out(happened: dict[str, Any]) -> None:
    assert happened.keys() == EXPECTED.keys()
