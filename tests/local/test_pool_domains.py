"""Domains: prefixes and names of one's own, which of them can be, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.domains import (
    CreateUserPoolDomain,
    CreateUserPoolDomainReply,
    CustomDomainConfig,
    DeleteUserPoolDomain,
    DescribeUserPoolDomain,
    DomainDescription,
    Failover,
    Routing,
    UpdateUserPoolDomain,
    UpdateUserPoolDomainReply,
)
from cognito_auth.api.pools import DescribeUserPool
from cognito_auth.api.structure import Operation
from cognito_auth.local import LocalCognito

from .support import App, new_app, new_cognito, refusal, send
from .tables import Tables

CERTIFICATE: Final = "arn:aws:acm:us-east-1:123456789012:certificate/one"
CUSTOM: Final = CustomDomainConfig(certificate_arn=CERTIFICATE, security_policy="TLS_V1_2_2021")
ROUTING: Final = Routing(failover=Failover(secondary_region="eu-west-1", primary_route53_health_check_id="check"))
NOBODYS: Final = "InvalidParameter: No such domain or user pool exists."


def create(app: App, domain: str = "example", **options: Any) -> CreateUserPoolDomainReply:
    return app.send(CreateUserPoolDomain(user_pool_id=app.pool_id, domain=domain, **options))


def update(app: App, domain: str = "example", **options: Any) -> UpdateUserPoolDomainReply:
    return app.send(UpdateUserPoolDomain(user_pool_id=app.pool_id, domain=domain, **options))


def describe(cognito: LocalCognito, domain: str = "example") -> DomainDescription:
    found = send(cognito, DescribeUserPoolDomain(domain=domain)).domain_description
    assert found is not None
    return found


def domains(app: App) -> tuple[str | None, str | None]:
    pool = app.send(DescribeUserPool(user_pool_id=app.pool_id)).user_pool
    assert pool is not None
    return pool.domain, pool.custom_domain


def test_a_prefix() -> None:
    app = new_app()
    assert create(app) == CreateUserPoolDomainReply(managed_login_version=1)
    found = describe(app.cognito)
    assert (found.user_pool_id, found.aws_account_id, found.domain) == (app.pool_id, "123456789012", "example")
    assert (found.status, found.managed_login_version) == ("ACTIVE", 1)
    assert (found.s3_bucket, found.version) == ("aws-cognito-us-east-1-assets", "20260308040506")
    assert (found.cloud_front_distribution or "").endswith(".cloudfront.net")
    assert (found.custom_domain_config, found.routing) == (None, None)
    assert domains(app) == ("example", None)


def test_a_domain_of_ones_own_beside_a_prefix() -> None:
    app = new_app()
    create(app)
    made = create(app, "auth.example.com", custom_domain_config=CUSTOM, managed_login_version=2, routing=ROUTING)
    found = describe(app.cognito, "auth.example.com")
    assert (made.managed_login_version, made.routing) == (2, ROUTING)
    assert made.cloud_front_domain is not None
    assert made.cloud_front_domain == found.cloud_front_distribution
    assert (found.domain, found.custom_domain_config, found.routing) == ("auth.example.com", CUSTOM, ROUTING)
    assert (found.managed_login_version, found.user_pool_id) == (2, app.pool_id)
    assert domains(app) == ("example", "auth.example.com")


def test_a_domain_that_nobody_has() -> None:
    assert describe(new_cognito()) == DomainDescription()
    assert describe(new_cognito(), "auth.example.com") == DomainDescription()


def test_an_update_changes_what_it_names() -> None:
    app = new_app()
    create(app)
    made = create(app, "auth.example.com", custom_domain_config=CUSTOM, routing=ROUTING)
    other = CustomDomainConfig(certificate_arn=f"{CERTIFICATE}-and-a-half", security_policy="TLS_V1_3_2025")
    changed = update(app, "auth.example.com", custom_domain_config=other)
    assert changed == UpdateUserPoolDomainReply(
        managed_login_version=1, cloud_front_domain=made.cloud_front_domain, routing=ROUTING
    )
    assert describe(app.cognito, "auth.example.com").custom_domain_config == other
    changed = update(app, "auth.example.com", managed_login_version=2, routing=Routing())
    assert (changed.managed_login_version, changed.routing) == (2, Routing())
    found = describe(app.cognito, "auth.example.com")
    assert (found.managed_login_version, found.custom_domain_config, found.routing) == (2, other, Routing())
    assert update(app, managed_login_version=2) == UpdateUserPoolDomainReply(managed_login_version=2)
    assert update(app) == UpdateUserPoolDomainReply(managed_login_version=2)


def test_deleting() -> None:
    app = new_app()
    create(app)
    create(app, "auth.example.com", custom_domain_config=CUSTOM)
    app.send(DeleteUserPoolDomain(user_pool_id=app.pool_id, domain="example"))
    assert describe(app.cognito) == DomainDescription()
    assert domains(app) == (None, "auth.example.com")
    create(new_app(app.cognito))


def test_a_domain_belongs_to_one_pool_of_the_server() -> None:
    app = new_app()
    other = new_app(app.cognito)
    create(app)
    assert refusal(create, other) == "InvalidParameter: Domain already associated with another user pool."
    create(app, "auth.example.com", custom_domain_config=CUSTOM)
    text = "InvalidParameter: Domain already associated with another user pool."
    assert refusal(create, other, "auth.example.com", custom_domain_config=CUSTOM) == text
    for request in (
        UpdateUserPoolDomain(user_pool_id=other.pool_id, domain="example", managed_login_version=2),
        DeleteUserPoolDomain(user_pool_id=other.pool_id, domain="example"),
        DeleteUserPoolDomain(user_pool_id=app.pool_id, domain="nobodys"),
    ):
        assert refusal(send, app.cognito, request) == NOBODYS
    assert describe(app.cognito).managed_login_version == 1


def test_a_pool_has_one_domain_of_each_kind() -> None:
    app = new_app()
    create(app)
    create(app, "auth.example.com", custom_domain_config=CUSTOM)
    text = "InvalidParameter: User pool already has a domain configured."
    for domain in ("example", "another"):
        assert refusal(create, app, domain) == text
    assert refusal(create, app, "login.example.com", custom_domain_config=CUSTOM) == text
    assert domains(app) == ("example", "auth.example.com")


@pytest.mark.parametrize("domain", ["Example", "-example", "example-", "ex_ample", "ex.ample", "exämple", "example\n"])
def test_prefixes_that_cannot_be(domain: str) -> None:
    text = (
        "InvalidParameter: The domain name contains an invalid character. "
        "Domain names can only contain lower-case letters, numbers, and hyphens. "
        r"Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"
    )
    assert refusal(create, new_app(), domain) == text


@pytest.mark.parametrize(
    ("domain", "word"), [("aws-app", "aws"), ("my-amazon-app", "amazon"), ("mycognito", "cognito"), ("laws", "aws")]
)
def test_words_that_are_reserved(domain: str, word: str) -> None:
    app = new_app()
    assert refusal(create, app, domain) == f"InvalidParameter: Domain cannot contain reserved word: {word}"
    create(app, f"{domain}.example.com", custom_domain_config=CUSTOM)


def test_prefixes_at_their_limits() -> None:
    app = new_app()
    assert "at 'domain'" in refusal(create, app, "x" * 64)
    assert "at 'domain'" in refusal(create, app, "")
    create(app, "x" * 63)
    create(new_app(app.cognito), "0")


@pytest.mark.parametrize(
    ("domain", "certificate", "text"),
    [
        ("example", CERTIFICATE, "Custom domain is not a valid subdomain"),
        ("auth..example.com", CERTIFICATE, "Custom domain is not a valid subdomain"),
        ("Auth.example.com", CERTIFICATE, "Custom domain is not a valid subdomain"),
        ("auth.-example.com", CERTIFICATE, "Custom domain is not a valid subdomain"),
        ("auth.example.com", CERTIFICATE.replace("us-east-1", "eu-west-1"), "The specified SSL certificate doesn't exist"),
        ("auth.example.com", CERTIFICATE.replace("acm", "iam"), "The specified SSL certificate doesn't exist"),
    ],
    ids=["no dot", "empty label", "capital", "hyphen", "region", "service"],
)
def test_domains_of_ones_own_that_cannot_be(domain: str, certificate: str, text: str) -> None:
    app = new_app()
    config = CustomDomainConfig(certificate_arn=certificate)
    assert refusal(create, app, domain, custom_domain_config=config).startswith(f"InvalidParameter: {text}")
    assert domains(app) == (None, None)


def test_certificates_are_looked_at_again() -> None:
    app = new_app()
    create(app, "auth.example.com", custom_domain_config=CUSTOM)
    elsewhere = replace(CUSTOM, certificate_arn=CERTIFICATE.replace("us-east-1", "eu-west-1"))
    assert refusal(update, app, "auth.example.com", custom_domain_config=elsewhere) == (
        "InvalidParameter: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, "
        "or doesn't include a valid certificate chain."
    )


def test_what_a_prefix_does_not_have() -> None:
    app = new_app()
    assert refusal(create, app, routing=ROUTING) == "InvalidParameter: Routing is only for custom domains"
    create(app)
    assert refusal(update, app, routing=ROUTING) == "InvalidParameter: Routing is only for custom domains"
    assert (
        refusal(update, app, custom_domain_config=CUSTOM) == "InvalidParameter: CustomDomainConfig is only for custom domains"
    )


def test_versions_of_the_pages() -> None:
    app, lite = new_app(), new_app(pool={"user_pool_tier": "LITE"})
    for version in (0, 3):
        assert refusal(create, app, managed_login_version=version) == "InvalidParameter: ManagedLoginVersion must be 1 or 2"
    text = (
        "FeatureUnavailableInTier: "
        "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2"
    )
    assert refusal(create, lite, managed_login_version=2) == text
    create(lite, managed_login_version=1)
    assert refusal(update, lite, managed_login_version=2) == text
    assert describe(lite.cognito).managed_login_version == 1


@pytest.mark.parametrize(
    "operation",
    [
        CreateUserPoolDomain(user_pool_id="us-east-1_none", domain="example"),
        UpdateUserPoolDomain(user_pool_id="us-east-1_none", domain="example"),
        DeleteUserPoolDomain(user_pool_id="us-east-1_none", domain="example"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_pools_that_are_not_there(operation: Any) -> None:
    assert refusal(send, new_cognito(), operation) == "ResourceNotFound: User pool us-east-1_none does not exist."


PLANNED: Final[dict[str, Callable[[Tables], Operation[Any]]]] = {
    "create": lambda tables: CreateUserPoolDomain(user_pool_id=tables.pool_id, domain="example"),
    "describe": lambda _: DescribeUserPoolDomain(domain="example"),
}


@pytest.mark.parametrize("operation", PLANNED)
def test_no_table_is_scanned(operation: str) -> None:
    tables = Tables()
    plans = list(tables.plans(PLANNED[operation](tables)))
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
