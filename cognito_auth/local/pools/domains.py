"""The domains of a pool: a prefix under Cognito's own name, and a name of one's own with a certificate.

A domain belongs to one pool of the server. A pool has at most one of each kind, and cannot be deleted while it has any. The
names are kept and shown only: the pool answers at its own address.

ConcurrentModification cannot occur: operations run one at a time.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from typing import Final

from ...api.domains import (
    CreateUserPoolDomain,
    CreateUserPoolDomainReply,
    CustomDomainConfig,
    DeleteUserPoolDomain,
    DescribeUserPoolDomain,
    DescribeUserPoolDomainReply,
    DomainDescription,
    UpdateUserPoolDomain,
    UpdateUserPoolDomainReply,
)
from ...api.structure import NoReply
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Domain, Pool
from ..store.tables import DOMAINS
from .pools import ACCOUNT

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PREFIX: Final = re.compile(_LABEL, re.ASCII)
_FULL_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_CERTIFICATE: Final = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:[0-9]+:certificate/.+", re.ASCII)
_RESERVED: Final = ("aws", "amazon", "cognito")
_CLASSIC, _MANAGED = 1, 2
"""Versions of the sign-in pages."""


def create_user_pool_domain(context: Context, request: CreateUserPoolDomain) -> CreateUserPoolDomainReply:
    pool = pool_of(context, request.user_pool_id)
    if request.custom_domain_config:
        _check_custom(request.domain, request.custom_domain_config)
    else:
        _check_prefix(request.domain)
        if request.routing:
            raise faults.PREFIX_DOMAIN("Routing")
    version = _version(pool, request.managed_login_version, _CLASSIC)
    settings = DomainDescription(
        user_pool_id=pool.id,
        aws_account_id=ACCOUNT,
        domain=request.domain,
        s3_bucket=f"aws-cognito-{context.region}-assets",
        cloud_front_distribution=f"d{context.text(13, string.ascii_lowercase + string.digits)}.cloudfront.net",
        version=f"{context.moment:%Y%m%d%H%M%S}",
        status="ACTIVE",
        custom_domain_config=request.custom_domain_config,
        managed_login_version=version,
        routing=request.routing,
    )
    domain = Domain(domain=request.domain, pool_id=pool.id, settings=settings)
    _check_free(context, pool, domain)
    context.records.insert(DOMAINS, domain)
    return CreateUserPoolDomainReply(
        managed_login_version=version, cloud_front_domain=_distribution(domain), routing=settings.routing
    )


def describe_user_pool_domain(context: Context, request: DescribeUserPoolDomain) -> DescribeUserPoolDomainReply:
    found = context.records.get(DOMAINS, request.domain)
    return DescribeUserPoolDomainReply(domain_description=found.settings if found else DomainDescription())


def update_user_pool_domain(context: Context, request: UpdateUserPoolDomain) -> UpdateUserPoolDomainReply:
    """Change what the request names; the rest stays."""
    pool, domain = _domain_of(context, request)
    if request.custom_domain_config:
        if not domain.custom:
            raise faults.PREFIX_DOMAIN("CustomDomainConfig")
        _check_custom(domain.domain, request.custom_domain_config)
    if request.routing and not domain.custom:
        raise faults.PREFIX_DOMAIN("Routing")
    version = _version(pool, request.managed_login_version, domain.settings.managed_login_version or _CLASSIC)
    settings = replace(
        domain.settings,
        custom_domain_config=request.custom_domain_config or domain.settings.custom_domain_config,
        managed_login_version=version,
        routing=request.routing or domain.settings.routing,
    )
    context.records.put(DOMAINS, replace(domain, settings=settings))
    return UpdateUserPoolDomainReply(
        managed_login_version=version, cloud_front_domain=_distribution(domain), routing=settings.routing
    )


def delete_user_pool_domain(context: Context, request: DeleteUserPoolDomain) -> NoReply:
    _, domain = _domain_of(context, request)
    context.records.delete(DOMAINS, domain=domain.domain)
    return NoReply()


def _domain_of(context: Context, request: UpdateUserPoolDomain | DeleteUserPoolDomain) -> tuple[Pool, Domain]:
    """The pool and its domain. Raises `Fault` when there is no such pool, or the domain is not the pool's."""
    pool = pool_of(context, request.user_pool_id)
    domain = context.records.get(DOMAINS, request.domain)
    if domain is None or domain.pool_id != pool.id:
        raise faults.DOMAIN_UNKNOWN
    return pool, domain


def _distribution(domain: Domain) -> str | None:
    """What an alias in the name system has to point to."""
    return domain.settings.cloud_front_distribution if domain.custom else None


def _check_free(context: Context, pool: Pool, domain: Domain) -> None:
    if any(each.custom == domain.custom for each in context.records.find(DOMAINS, pool_id=pool.id)):
        raise faults.DOMAIN_PRESENT
    if context.records.get(DOMAINS, domain.domain):
        raise faults.DOMAIN_TAKEN


def _check_prefix(domain: str) -> None:
    if not _PREFIX.fullmatch(domain):
        raise faults.DOMAIN_FORM
    for word in _RESERVED:
        if word in domain:
            raise faults.DOMAIN_RESERVED(word)


def _check_custom(domain: str, config: CustomDomainConfig) -> None:
    if not _FULL_NAME.fullmatch(domain):
        raise faults.CUSTOM_DOMAIN_FORM
    if not _CERTIFICATE.fullmatch(config.certificate_arn):
        raise faults.CERTIFICATE


def _version(pool: Pool, asked: int | None, default: int) -> int:
    """The version of the sign-in pages. Raises `Fault` when there is no such version, or not in the pool's tier."""
    version = default if asked is None else asked
    if version not in (_CLASSIC, _MANAGED):
        raise faults.LOGIN_VERSION
    if version == _MANAGED and pool.settings.user_pool_tier == "LITE":
        raise faults.TIER_LACKS_ONE("LITE", "Managed Login Version 2")
    return version


HANDLERS: Final[Handlers] = handlers(
    create_user_pool_domain, describe_user_pool_domain, update_user_pool_domain, delete_user_pool_domain
)
