"""Structures that several operations share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from .shapes import AttributeName, AttributeValue, DeliveryMedium, Username, UserStatus
from .structure import Structure, Wire, structure


@structure
class AnalyticsMetadata(Structure):
    """The Amazon Pinpoint endpoint that a request belongs to."""

    analytics_endpoint_id: str | None = None


@structure
class UserContextData(Structure):
    """The person's device and address, for threat protection."""

    ip_address: str | None = None
    encoded_data: str | None = None


@structure
class Attribute(Structure):
    """A user attribute; values are always strings on the wire."""

    name: AttributeName
    value: AttributeValue | None = None


@structure
class CodeDeliveryDetails(Structure):
    """Where a code was sent; the destination is masked."""

    destination: str | None = None
    delivery_medium: DeliveryMedium | None = None
    attribute_name: AttributeName | None = None


@structure
class MfaOption(Structure):
    """A delivery medium of the legacy SMS settings."""

    delivery_medium: DeliveryMedium | None = None
    attribute_name: AttributeName | None = None


@structure
class User(Structure):
    """A user as the administrator sees it."""

    username: Username | None = None
    attributes: tuple[Attribute, ...] | None = None
    user_create_date: datetime | None = None
    user_last_modified_date: datetime | None = None
    enabled: bool | None = None
    user_status: UserStatus | None = None
    mfa_options: Annotated[tuple[MfaOption, ...] | None, Wire("MFAOptions")] = None
