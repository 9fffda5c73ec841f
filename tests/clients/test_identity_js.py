"""amazon-cognito-identity-js, unchanged, in node, against a real server process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.clients.node import Node
from tests.clients.pools import journey_pools
from tests.support.local_server import Server

CODE_SENT: Final = {"Destination": "j***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}

EXPECTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "signingUp": {
        "userConfirmed": False,
        "medium": "EMAIL",
        "again": "UsernameExistsException",
        "unconfirmed": "UserNotConfirmedException",
        "wrongCode": "CodeMismatchException",
        "replacedCode": "CodeMismatchException",
        "rightCode": "SUCCESS",
        "wrongPassword": "NotAuthorizedException",
        "unknownUser": "UserNotFoundException",
        "signedIn": True,
    },
    "secondFactor": {
        "verified": "SUCCESS",
        "challenge": "SOFTWARE_TOKEN_MFA",
        "wrongCode": "CodeMismatchException",
        "newAccessToken": True,
        "subject": True,
    },
    "secondFactorAtFirstSignIn": {
        "challenge": "MFA_SETUP",
        "wrongCode": "EnableSoftwareTokenMFAException",
        "session": True,
        "next": "SOFTWARE_TOKEN_MFA",
    },
    "signInByAddress": {
        "username": True,
        "mustBeRemembered": False,
        "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 3],
        "device": True,
    },
    "choiceOfFactors": {
        "chosen": {"challenge": "SELECT_MFA_TYPE", "offered": ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "next": "SMS_MFA"},
        "wrongCode": "CodeMismatchException",
        "bySms": True,
        "next": "SOFTWARE_TOKEN_MFA",
        "byTotp": True,
    },
    "invitation": {
        "required": ["email"],
        "weakPassword": "InvalidPasswordException",
        "missing": "InvalidParameterException",
        "answered": True,
        "email": "invited@example.org",
    },
    "attributes": {
        "changed": ["jutta@example.net", "false", "Jutta"],
        "sent": CODE_SENT,
        "wrongCode": "CodeMismatchException",
        "rightCode": "SUCCESS",
        "left": {"email": "jutta@example.net", "email_verified": "true"},
    },
    "devices": {
        "mustBeRemembered": True,
        "listed": [True],
        "unremembered": {
            "challenge": "SOFTWARE_TOKEN_MFA",
            "device": None,
            "operations": ["InitiateAuth", "RespondToAuthChallenge"],
        },
        # The answers to PASSWORD_VERIFIER, DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER; none to SOFTWARE_TOKEN_MFA.
        "remembered": {"challenge": None, "device": True, "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 3]},
        "refreshed": True,
        # One answer less: the password is in the first request.
        "byPassword": {"challenge": None, "device": True, "operations": ["InitiateAuth", *["RespondToAuthChallenge"] * 2]},
        "found": True,
        "name": "string",
        "elsewhere": "SOFTWARE_TOKEN_MFA",
        "noLonger": {
            "challenge": "SOFTWARE_TOKEN_MFA",
            "device": None,
            "operations": ["InitiateAuth", "RespondToAuthChallenge"],
        },
        "both": 2,
        # The first answer names the device and is refused, the second does not name it.
        "forgotten": {
            "challenge": "SOFTWARE_TOKEN_MFA",
            "device": None,
            "operations": ["InitiateAuth", "RespondToAuthChallenge", "RespondToAuthChallenge"],
        },
        "none": 0,
        "unknown": "ResourceNotFoundException",
    },
    "passwords": {
        "sent": CODE_SENT,
        "wrongCode": "CodeMismatchException",
        "weakPassword": "InvalidPasswordException",
        "rightCode": "SUCCESS",
        "oldPassword": "NotAuthorizedException",
        "newPassword": "none",
        "wrongChange": "NotAuthorizedException",
        "rightChange": "SUCCESS",
    },
    "signingOut": {"others": "none", "accessToken": "NotAuthorizedException", "again": "none"},
    "deletion": {"deleted": "SUCCESS", "afterwards": "UserNotFoundException", "nameIsFree": "none"},
}
"""What each part of the journey reports."""


@pytest.fixture(scope="module")
def happened(node: Node, server: Server) -> dict[str, Any]:
    return node.run("identity.mjs", journey_pools(server, "jolanda"))


@pytest.mark.parametrize("part", EXPECTED)
def test_journey(happened: dict[str, Any], part: str) -> None:
    assert happened[part] == EXPECTED[part]


def test_no_part_is_left_out(happened: dict[str, Any]) -> None:
    assert happened.keys() == EXPECTED.keys()
