"""Identities of other providers."""

from __future__ import annotations

from typing import ClassVar

from .declared import COMMON
from .shapes import ProviderName
from .structure import NoReply, Operation, Structure, structure


@structure
class ProviderUserIdentifier(Structure):
    """A user of a provider, found by one of the provider's attributes."""

    provider_name: ProviderName | None = None
    provider_attribute_name: str | None = None
    provider_attribute_value: str | None = None


@structure
class AdminLinkProviderForUser(Operation[NoReply]):
    """Let an identity of another provider sign in as an existing user."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"AliasExistsException", "LimitExceededException", "UserNotFoundException"}

    destination_user: ProviderUserIdentifier
    source_user: ProviderUserIdentifier
    user_pool_id: str = ""


@structure
class AdminDisableProviderForUser(Operation[NoReply]):
    """Keep an identity of another provider from signing in."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"AliasExistsException", "UserNotFoundException"}

    user: ProviderUserIdentifier
    user_pool_id: str = ""
