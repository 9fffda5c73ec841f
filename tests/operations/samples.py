"""A request of every operation that keeps to the model's constraints, about things that are nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from cognito_auth.api import OPERATIONS
from cognito_auth.api.structure import members

_SOMEBODY: Final = {
    "ProviderName": "Elsewhere",
    "ProviderAttributeName": "Cognito_Subject",
    "ProviderAttributeValue": "1",
}
VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "AccessToken": "a.b.c",
        "AttributeName": "email",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "nobody", "PASSWORD": "Correct-Horse-7"},
        "ChallengeName": "SMS_MFA",
        "ClientId": "nosuchclient",
        "ClientName": "sample",
        "Code": "123456",
        "ConfirmationCode": "123456",
        "Credential": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
        "CredentialId": "AA",
        "CustomAttributes": [{"Name": "sample", "AttributeDataType": "String"}],
        "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": "nobody"},
        "DeviceKey": "us-east-1_00000000-0000-4000-8000-000000000000",
        "Domain": "sample",
        "GroupName": "nosuchgroup",
        "Identifier": "sample",
        "MFAOptions": [],
        "MaxResults": 1,
        "Name": "sample",
        "Password": "Correct-Horse-7",
        "PoolName": "sample",
        "ProposedPassword": "Correct-Horse-7",
        "RefreshToken": "a.b.c.d.e",
        "SessionId": f"tkn{25 * '0'}",
        "SourceUser": _SOMEBODY,
        "Token": "a.b.c.d.e",
        "TokenSession": {"MaxPerUser": 20},
        "User": _SOMEBODY,
        "UserAttributeNames": ["name"],
        "UserAttributes": [{"Name": "name", "Value": "Nobody"}],
        "UserCode": "123456",
        "UserSessionTracking": "ENABLED",
        "UserPoolId": "us-east-1_nosuchpoo",
        "Username": "nobody",
    }
)
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AdminInitiateAuth": ("AuthParameters",),
        "AssociateSoftwareToken": ("AccessToken",),
        "ForgetDevice": ("AccessToken",),
        "GetDevice": ("AccessToken",),
        "InitiateAuth": ("AuthParameters",),
        "SignUp": ("Password",),
        "VerifySoftwareToken": ("AccessToken",),
    }
)
"""Members that a sample has although they are not required."""
_OTHERWISE: Final[Mapping[tuple[str, str], Any]] = MappingProxyType(
    {("AdminInitiateAuth", "AuthFlow"): "ADMIN_USER_PASSWORD_AUTH"}
)


def sample(operation: str, **changes: Any) -> dict[str, Any]:
    """The request, with ``changes``."""
    wanted = [member.wire_name for member in members(OPERATIONS[operation]) if _is_wanted(operation, member.wire_name)]
    required = [member.wire_name for member in members(OPERATIONS[operation]) if member.required]
    names = dict.fromkeys([*wanted, *required])
    return {name: _OTHERWISE.get((operation, name), VALUES[name]) for name in names} | changes


def has(operation: str, *names: str) -> bool:
    """Whether the operation has all these members."""
    return set(names) <= {member.wire_name for member in members(OPERATIONS[operation])}


def _is_wanted(operation: str, name: str) -> bool:
    return name in _BESIDE.get(operation, ()) or name in ("UserPoolId", "ClientId")
