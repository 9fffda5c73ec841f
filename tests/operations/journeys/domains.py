"""The domains of a pool's sign-in pages."""

from __future__ import annotations

from ..registry import journey
from ..world import World, unique

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
OTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-0000-4000-8000-000000000000"
ROUTING = {"Failover": {"SecondaryRegion": "us-west-2", "PrimaryRoute53HealthCheckId": "check"}}


@journey("CreateUserPoolDomain", "DescribeUserPoolDomain", "DeleteUserPoolDomain", "DescribeUserPool")
def prefix(world: World) -> None:
    app, domain = world.new(), unique("sign-in")
    reply = app.call("CreateUserPoolDomain", Domain=domain, ManagedLoginVersion=2)
    assert reply["ManagedLoginVersion"] == 2
    found = app.call("DescribeUserPoolDomain", Domain=domain)["DomainDescription"]
    assert (found["Domain"], found["UserPoolId"], found["Status"]) == (domain, app.pool_id, "ACTIVE")
    assert found["ManagedLoginVersion"] == 2
    assert app.call("DescribeUserPool")["UserPool"]["Domain"] == domain
    app.refused("InvalidParameter", "DeleteUserPool")
    assert app.call("DeleteUserPoolDomain", Domain=domain) == {}
    assert app.call("DescribeUserPoolDomain", Domain=domain) == {"DomainDescription": {}}
    assert "Domain" not in app.call("DescribeUserPool")["UserPool"]
    assert app.call("DeleteUserPool") == {}


@journey("CreateUserPoolDomain", "UpdateUserPoolDomain", "DescribeUserPoolDomain", "DescribeUserPool")
def custom(world: World) -> None:
    app, domain = world.new(), f"{unique('login')}.example.org"
    first = {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_2_2021"}
    reply = app.call("CreateUserPoolDomain", Domain=domain, ManagedLoginVersion=1, CustomDomainConfig=first, Routing=ROUTING)
    assert reply["CloudFrontDomain"]
    assert (reply["ManagedLoginVersion"], reply["Routing"]) == (1, ROUTING)
    second = {"CertificateArn": OTHER_CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025"}
    given = {"Domain": domain, "ManagedLoginVersion": 2, "CustomDomainConfig": second, "Routing": ROUTING}
    assert app.call("UpdateUserPoolDomain", **given).keys() == {"CloudFrontDomain", "ManagedLoginVersion", "Routing"}
    found = app.call("DescribeUserPoolDomain", Domain=domain)["DomainDescription"]
    assert (found["CustomDomainConfig"], found["ManagedLoginVersion"], found["Routing"]) == (second, 2, ROUTING)
    assert app.call("DescribeUserPool")["UserPool"]["CustomDomain"] == domain


@journey("CreateUserPoolDomain", "UpdateUserPoolDomain", "DeleteUserPoolDomain")
def refused(world: World) -> None:
    app, domain = world.new(), unique("sign-in")
    app.refused("InvalidParameter", "CreateUserPoolDomain", Domain=f"my-cognito-{domain[-4:]}")
    app.refused("InvalidParameter", "UpdateUserPoolDomain", Domain=domain, ManagedLoginVersion=1)
    app.refused("InvalidParameter", "DeleteUserPoolDomain", Domain=domain)
    app.call("CreateUserPoolDomain", Domain=domain)
    app.refused("InvalidParameter", "CreateUserPoolDomain", Domain=unique("sign-in"))
    other = world.new(UserPoolTier="LITE")
    managed = {"Domain": unique("sign-in"), "ManagedLoginVersion": 2}
    other.refused("FeatureUnavailableInTier", "CreateUserPoolDomain", **managed)
    other.call("CreateUserPoolDomain", **managed | {"ManagedLoginVersion": 1})
    other.refused("FeatureUnavailableInTier", "UpdateUserPoolDomain", **managed)
    other = world.new()
    other.refused("InvalidParameter", "CreateUserPoolDomain", Domain=domain)
    other.refused("InvalidParameter", "DeleteUserPoolDomain", Domain=domain)
