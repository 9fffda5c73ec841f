"""Spans and metrics by OpenTelemetry; its API is imported when an observer is made.

Names are those of the semantic conventions as of version 1.37, in which an AWS SDK's calls are spans of the RPC system
``aws-api`` (https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/). Attributes hold names, codes, addresses of
servers and numbers: nothing that a person typed, and nothing secret.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .errors import CognitoAuthError, MissingExtra, ServiceError
from .events import SecurityEvent
from .observer import Activity

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, TracerProvider

SERVICE: Final = "Cognito Identity Provider"
"""What AWS SDKs call the service."""
_SCOPE: Final = "cognito_auth"


class OpenTelemetryObserver:
    """For ``CognitoClient(settings, observer=OpenTelemetryObserver())``, and the asynchronous client alike.

    A span for each operation and each fetch of a key set (``CLIENT``), retries included, and for each endpoint and each time
    that is found out who sent a request (``INTERNAL``); their durations, and a counter of security events. The providers
    default to the global ones. Raises `MissingExtra` without the extra ``otel``.
    """

    def __init__(self, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None) -> None:
        try:
            from opentelemetry import metrics, trace
        except ImportError:
            raise MissingExtra("OpenTelemetryObserver", "otel") from None
        self._trace: Final = trace
        self._tracer: Final = trace.get_tracer(_SCOPE, tracer_provider=tracer_provider)
        meter = metrics.get_meter(_SCOPE, meter_provider=meter_provider)
        self._operations: Final = meter.create_histogram("rpc.client.duration", "ms", "Duration of an operation of Cognito's.")
        self._fetches: Final = meter.create_histogram("http.client.request.duration", "s", "Duration of a key set's fetch.")
        self._work: Final = meter.create_histogram(
            "cognito_auth.activity.duration", "s", "Duration of an endpoint's work, or of finding out who sent a request."
        )
        self._events: Final = meter.create_counter("cognito_auth.events", "{event}", "Security events.")

    @contextmanager
    def observe(self, activity: Activity) -> Generator[None]:
        """A span for as long as it lasts, and its duration."""
        attributes = _attributes(activity)
        goes_out = bool(activity.url)
        kind = self._trace.SpanKind.CLIENT if goes_out else self._trace.SpanKind.INTERNAL
        began = time.perf_counter()
        with self._tracer.start_as_current_span(
            _span_name(activity), kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            error_type: dict[str, str] = {}
            try:
                yield
            except BaseException as error:  # also when it is cancelled: the span says how it ended
                error_type = {"error.type": (goes_out and _aws_code(error)) or type(error).__qualname__}
                self._mark(span, error, error_type, goes_out=goes_out)
                raise
            finally:
                self._measure(activity, time.perf_counter() - began, {**attributes, **error_type})

    def answered(self, status: int) -> None:
        """The status of an answer; of several, as after a retry, the last one stays."""
        self._trace.get_current_span().set_attribute("http.response.status_code", status)

    def reported(self, event: SecurityEvent) -> None:
        """Count an event by its name, and its code where it has one."""
        code = {"cognito_auth.event.code": event.code} if event.code else {}
        self._events.add(1, {"cognito_auth.event.name": event.name, **code})

    def _mark(self, span: Span, error: BaseException, error_type: Mapping[str, str], *, goes_out: bool) -> None:
        """Say what ended the activity; that a client is refused is no failure of the application's own work."""
        span.set_attributes(error_type)
        if goes_out or not isinstance(error, CognitoAuthError) or error.http_status >= 500:
            span.set_status(self._trace.StatusCode.ERROR)

    def _measure(self, activity: Activity, seconds: float, attributes: Mapping[str, str | int]) -> None:
        match activity.kind:
            case "operation":
                self._operations.record(seconds * 1000, attributes)
            case "key_set":
                self._fetches.record(seconds, attributes)
            case _:
                self._work.record(seconds, {"cognito_auth.activity": _span_name(activity), **attributes})


def _span_name(activity: Activity) -> str:
    match activity.kind:
        case "operation":
            return f"{SERVICE}/{activity.name}"
        case "key_set":
            return "GET"
        case "endpoint":
            return f"{_SCOPE} {activity.name}"
        case "authenticate":
            return f"{_SCOPE} authenticate"


def _attributes(activity: Activity) -> dict[str, str | int]:
    """What is known when it begins."""
    if not activity.url:
        return {}
    parts = urlsplit(activity.url)
    server: dict[str, str | int] = {
        "server.address": parts.hostname or "",
        "server.port": parts.port or (443 if parts.scheme == "https" else 80),
    }
    if activity.kind == "operation":
        return {"rpc.system": "aws-api", "rpc.service": SERVICE, "rpc.method": activity.name, **server}
    return {"http.request.method": "GET", **server}


def _aws_code(error: BaseException) -> str:
    return error.aws_code if isinstance(error, ServiceError) else ""
