"""The domains of a user pool's sign-in pages."""

from __future__ import annotations

from typing import Annotated, ClassVar

from .declared import COMMON
from .shapes import (
    Arn,
    AWSAccountId,
    Domain,
    DomainStatus,
    DomainVersion,
    HealthCheckId,
    RegionName,
    S3Bucket,
    SecurityPolicy,
    UserPoolId,
)
from .structure import NoReply, Operation, Structure, Wire, structure


@structure
class CustomDomainConfig(Structure):
    """The certificate of a domain of one's own."""

    certificate_arn: Arn
    security_policy: SecurityPolicy | None = None


@structure
class Failover(Structure):
    """Where requests go when the primary region is away."""

    secondary_region: RegionName
    primary_route53_health_check_id: HealthCheckId


@structure
class Routing(Structure):
    """How a domain of several regions routes requests."""

    failover: Failover | None = None


@structure
class DomainDescription(Structure):
    """A domain with its settings."""

    user_pool_id: UserPoolId | None = None
    aws_account_id: Annotated[AWSAccountId | None, Wire("AWSAccountId")] = None
    domain: Domain | None = None
    s3_bucket: S3Bucket | None = None
    cloud_front_distribution: str | None = None
    version: DomainVersion | None = None
    status: DomainStatus | None = None
    custom_domain_config: CustomDomainConfig | None = None
    managed_login_version: int | None = None
    routing: Routing | None = None


@structure
class CreateUserPoolDomainReply(Structure):
    """The reply of `CreateUserPoolDomain`."""

    managed_login_version: int | None = None
    cloud_front_domain: Domain | None = None
    routing: Routing | None = None


@structure
class CreateUserPoolDomain(Operation[CreateUserPoolDomainReply]):
    """Give a user pool a domain."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON | {"ConcurrentModificationException", "FeatureUnavailableInTierException", "LimitExceededException"}
    ) - {"TooManyRequestsException"}

    domain: Domain
    user_pool_id: UserPoolId = ""
    managed_login_version: int | None = None
    custom_domain_config: CustomDomainConfig | None = None
    routing: Routing | None = None


@structure
class DescribeUserPoolDomainReply(Structure):
    """The reply of `DescribeUserPoolDomain`."""

    domain_description: DomainDescription | None = None


@structure
class DescribeUserPoolDomain(Operation[DescribeUserPoolDomainReply]):
    """A domain; of one that nobody has, an empty description."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON - {"TooManyRequestsException"}

    domain: Domain


@structure
class UpdateUserPoolDomainReply(Structure):
    """The reply of `UpdateUserPoolDomain`."""

    managed_login_version: int | None = None
    cloud_front_domain: Domain | None = None
    routing: Routing | None = None


@structure
class UpdateUserPoolDomain(Operation[UpdateUserPoolDomainReply]):
    """Change the certificate or the look of a domain."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"ConcurrentModificationException", "FeatureUnavailableInTierException"}

    domain: Domain
    user_pool_id: UserPoolId = ""
    managed_login_version: int | None = None
    custom_domain_config: CustomDomainConfig | None = None
    routing: Routing | None = None


@structure
class DeleteUserPoolDomain(Operation[NoReply]):
    """Take a domain away from a user pool."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (COMMON | {"ConcurrentModificationException"}) - {"TooManyRequestsException"}

    domain: Domain
    user_pool_id: UserPoolId = ""
