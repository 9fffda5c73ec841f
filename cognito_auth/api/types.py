"""Structures that several operations share."""

from __future__ import annotations

from .shapes import AttributeName, AttributeValue, DeliveryMedium
from .structure import Structure, structure


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
