"""A signed-in user's attributes: read them, change them, verify an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..api.account import (
    DeleteUserAttributes,
    GetUser,
    GetUserAttributeVerificationCode,
    UpdateUserAttributes,
    VerifyUserAttribute,
)
from ..api.structure import Structure, structure
from ..api.types import Attribute, CodeDeliveryDetails
from ..effects import Flow, perform
from ..states import Sensitive


@structure
class Account(Structure):
    """A user: the pool's own name, and the attributes that the app client may read."""

    username: str
    attributes: Mapping[str, Sensitive]


def read_account(access_token: str) -> Flow[Account]:
    """The signed-in user, as Cognito knows them now."""
    reply = yield from perform(GetUser(access_token=access_token))
    return Account(username=reply.username, attributes={each.name: each.value or "" for each in reply.user_attributes})


def change_attributes(access_token: str, attributes: Mapping[str, str]) -> Flow[dict[str, CodeDeliveryDetails | None]]:
    """Give the signed-in user's attributes these values; an empty one removes.

    Gives for each attribute where a code went, with which the new value is to be verified, or ``None`` where none was sent.
    Whether the new value counts before it is verified is the pool's setting. Raises `AttributeNotWritable`, `AliasExists`,
    `InvalidParameter` and what sending a code may raise.
    """
    listed = tuple(Attribute(name=name, value=value) for name, value in attributes.items())
    reply = yield from perform(UpdateUserAttributes(access_token=access_token, user_attributes=listed))
    sent = {details.attribute_name: details for details in reply.code_delivery_details_list or ()}
    return {name: sent.get(name) for name in attributes}


def delete_attributes(access_token: str, names: Iterable[str]) -> Flow[None]:
    """Remove attributes of the signed-in user; those that are not there do not matter."""
    yield from perform(DeleteUserAttributes(access_token=access_token, user_attribute_names=tuple(names)))


def send_verification_code(access_token: str, attribute: str) -> Flow[CodeDeliveryDetails | None]:
    """Send a code that verifies ``email`` or ``phone_number``; gives where it went."""
    reply = yield from perform(GetUserAttributeVerificationCode(access_token=access_token, attribute_name=attribute))
    return reply.code_delivery_details


def verify_attribute(access_token: str, attribute: str, code: str) -> Flow[None]:
    """Verify an address with the code that was sent; raises `CodeMismatch` or `CodeExpired`."""
    yield from perform(VerifyUserAttribute(access_token=access_token, attribute_name=attribute, code=code))
