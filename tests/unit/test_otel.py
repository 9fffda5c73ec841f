"""The OpenTelemetry observer with the real SDK: which spans and metrics come of what drivers do, and what is in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from cognito_auth.api.account import GetUser
from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.effects import Flow, perform
from cognito_auth.errors import CognitoAuthError
from cognito_auth.otel import SERVICE, OpenTelemetryObserver
from cognito_auth.secret import Secret
from cognito_auth.web import ROUTES, Reply, Request, WebAuth, WebOptions

from ..scenarios.world import PASSWORD, World

OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),), deliveries=("tokens",))
ROUTE: Final = {route.name: route for route in ROUTES}
Run = Callable[[Flow[Any]], Any]


@dataclass(slots=True)
class Measured:
    """The SDK, as what measures finds it."""

    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader
    tracers: TracerProvider
    observer: OpenTelemetryObserver

    @classmethod
    def begin(cls) -> Measured:
        exporter, reader, tracers = InMemorySpanExporter(), InMemoryMetricReader(), TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(exporter))
        observer = OpenTelemetryObserver(tracer_provider=tracers, meter_provider=MeterProvider([reader]))
        return cls(exporter, reader, tracers, observer)

    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        return next(span for span in self.spans() if span.name == name)

    def points(self, name: str) -> list[Any]:
        data = self.reader.get_metrics_data()
        assert data is not None
        metrics = [metric for resource in data.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics]
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = World()
    with closing(made):
        yield made


@pytest.fixture
def measured() -> Measured:
    return Measured.begin()


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def run(request: pytest.FixtureRequest, world: World, measured: Measured) -> Run:
    """Carries out a flow with a client of its own, within a span of the application's."""
    settings, tracer = world.settings(flows=("USER_PASSWORD_AUTH",)), measured.tracers.get_tracer("application")
    arguments: Any = {
        "transport": world.stand.transport,
        "surroundings": world.stand.surroundings,
        "observer": measured.observer,
    }

    def blocking(flow: Flow[Any]) -> Any:
        with CognitoClient(settings, **arguments) as client, tracer.start_as_current_span("application"):
            return client.run(flow)

    def asynchronous(flow: Flow[Any]) -> Any:
        async def main() -> Any:
            async with AsyncCognitoClient(settings, **arguments) as client:
                with tracer.start_as_current_span("application"):
                    return await client.run(flow)

        return anyio.run(main, backend=request.param)

    return blocking if request.param == "blocking" else asynchronous


@pytest.fixture
def auth(world: World) -> WebAuth:
    return WebAuth(world.settings(flows=("USER_PASSWORD_AUTH",)), OPTIONS)


def called(route: str, body: bytes = b"", authorization: str = "") -> Request:
    headers = (("Host", "app.example.com"), ("Content-Type", "application/json"), ("Authorization", authorization))
    given = headers if authorization else headers[:2]
    return Request(method=ROUTE[route].method, scheme="https", headers=given, body=body)


def login(auth: WebAuth, username: str, password: str = PASSWORD) -> Flow[Reply]:
    body = f'{{"username": "{username}", "password": "{password}"}}'.encode()
    return auth.handle(ROUTE["login"], called("login", body))


def span_id(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.span_id)


def test_an_endpoint_and_what_it_asks_cognito(world: World, auth: WebAuth, measured: Measured, run: Run) -> None:
    username = world.name()
    world.create_user(auth.settings, username)
    assert run(login(auth, username)).status == 200
    endpoint_url = urlsplit(auth.settings.endpoint)
    operation, endpoint, application = measured.spans()
    assert [span.name for span in (operation, endpoint)] == [f"{SERVICE}/InitiateAuth", "cognito_auth login"]
    assert (operation.kind, endpoint.kind) == (SpanKind.CLIENT, SpanKind.INTERNAL)
    assert operation.parent is not None
    assert endpoint.parent is not None
    assert operation.parent.span_id == span_id(endpoint)
    assert endpoint.parent.span_id == span_id(application)
    assert dict(operation.attributes or {}) == {
        "rpc.system": "aws-api",
        "rpc.service": SERVICE,
        "rpc.method": "InitiateAuth",
        "server.address": endpoint_url.hostname,
        "server.port": endpoint_url.port or 80,
        "http.response.status_code": 200,
    }
    (point,) = measured.points("rpc.client.duration")
    assert (point.count, point.attributes["rpc.method"]) == (1, "InitiateAuth")
    (event,) = measured.points("cognito_auth.events")
    assert (event.value, dict(event.attributes)) == (1, {"cognito_auth.event.name": "signed_in"})


def test_a_refusal_fails_the_operation_and_not_the_endpoint(world: World, auth: WebAuth, measured: Measured, run: Run) -> None:
    assert run(login(auth, world.name(), "Wr0ng-password")).status == 401
    operation, endpoint = measured.span(f"{SERVICE}/InitiateAuth"), measured.span("cognito_auth login")
    assert operation.status.status_code is StatusCode.ERROR
    assert endpoint.status.status_code is StatusCode.UNSET
    assert operation.attributes is not None
    assert operation.attributes["error.type"] == "NotAuthorizedException"
    assert operation.attributes["http.response.status_code"] == 400
    assert dict(endpoint.attributes or {}) == {"error.type": "IncorrectCredentials"}
    (event,) = measured.points("cognito_auth.events")
    assert dict(event.attributes) == {
        "cognito_auth.event.name": "sign_in_failed",
        "cognito_auth.event.code": "incorrect_credentials",
    }


def test_finding_out_who_it_is_and_the_key_set_for_that(world: World, auth: WebAuth, measured: Measured, run: Run) -> None:
    username = world.name()
    world.create_user(auth.settings, username)
    token = str(run(login(auth, username)).document["access_token"])
    measured.exporter.clear()
    assert run(auth.handle(ROUTE["me"], called("me", authorization=f"Bearer {token}"))).status == 200
    fetch, found, _, _ = measured.spans()
    assert [span.name for span in measured.spans()] == ["GET", "cognito_auth authenticate", "cognito_auth me", "application"]
    assert fetch.parent is not None
    assert fetch.parent.span_id == span_id(found)
    assert fetch.attributes is not None
    assert fetch.attributes["http.response.status_code"] == 200
    (point,) = measured.points("http.client.request.duration")
    assert point.count == 1
    assert {point.attributes["cognito_auth.activity"] for point in measured.points("cognito_auth.activity.duration")} == {
        "cognito_auth login",
        "cognito_auth authenticate",
        "cognito_auth me",
    }


def test_nothing_that_is_measured_is_secret(world: World, auth: WebAuth, measured: Measured, run: Run) -> None:
    username = world.name()
    world.create_user(auth.settings, username)
    reply = run(login(auth, username))
    with pytest.raises(CognitoAuthError):
        run(perform(GetUser(access_token=str(reply.document["access_token"])[:-1])))
    shown = "".join(span.to_json() for span in measured.spans()) + str(measured.reader.get_metrics_data())
    assert "GetUser" in shown
    for secret in (PASSWORD, username, "eyJ", str(reply.document["refresh_token"])):
        assert secret not in shown


def test_without_the_packages_it_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from cognito_auth.otel import OpenTelemetryObserver\n"
        "from cognito_auth.errors import MissingExtra\n"
        "try: OpenTelemetryObserver()\n"
        "except MissingExtra as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "cognito-auth-kit[otel]" in said
