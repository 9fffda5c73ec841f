"""The pools that the journeys in node are given."""

from __future__ import annotations

from typing import Any, Final

from tests.support.aws import PASSWORD, Aws
from tests.support.local_server import Server

OPT_IN: Final = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
"""Users decide which devices are remembered; a remembered one stands in for the second factor."""
ALWAYS: Final = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
"""Every device is remembered."""
SMS: Final = {"SnsCallerArn": "arn:aws:iam::123456789012:role/messages", "ExternalId": "messages"}
_MAIL: Final = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/pool@example.org",
}
_REQUIRED_MAIL: Final = {"Name": "email", "Required": True, "Mutable": True}
_FLOWS: Final = ("ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")


def journey_pools(server: Server, invited: str) -> dict[str, Any]:
    """Four pools: one where a second factor is up to the user, one that demands it, one that demands it and can mail it, and
    one whose users sign in with their mail address.

    ``invited`` is a user whom an administrator created in the first and in the third, without a mail address.
    """
    first = Aws.first(server)
    settings = {"MfaConfiguration": "OPTIONAL", "DeviceConfiguration": OPT_IN, "SmsConfiguration": SMS}
    pool = first.with_pool(Schema=[_REQUIRED_MAIL], **settings).with_client(ExplicitAuthFlows=_FLOWS)
    demanding = first.with_pool(MfaConfiguration="ON")
    mailing = first.with_pool(MfaConfiguration="ON", EmailConfiguration=_MAIL)
    by_address = first.with_pool(
        UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False}, DeviceConfiguration=ALWAYS
    )
    for each in (pool, mailing):
        each.client.admin_create_user(
            UserPoolId=each.user_pool_id, Username=invited, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
    return {
        "endpoint": server.endpoint,
        "invited": invited,
        **_ids(pool),
        "demanding": _ids(demanding),
        "mailing": _ids(mailing),
        "byAddress": _ids(by_address),
    }


def _ids(pool: Aws) -> dict[str, str]:
    return {"userPoolId": pool.user_pool_id, "clientId": pool.client_id}
