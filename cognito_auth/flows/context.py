"""What a server knows of the request for which it runs a flow, filled into every operation of the flow that can carry it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import fields, replace
from typing import Annotated, Any, TypeVar

from ..api.auth import ContextData, HttpHeader
from ..api.structure import Constraint, Structure, structure
from ..api.types import UserContextData
from ..effects import Effect, Flow
from ..states import Sensitive

T = TypeVar("T")


@structure
class RequestContext(Structure):
    """What Cognito may be told of a request, all of it optional.

    The administrator's operations carry address, server and headers only when ``ip_address``, ``server_name`` and
    ``server_path`` are all given, as Cognito wants them together.
    """

    client_metadata: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    """For the pool's triggers (``ClientMetadata``)."""
    ip_address: Sensitive | None = None
    """The person's address, for threat protection."""
    encoded_data: Sensitive | None = None
    """The device fingerprint that Amazon's script makes in the browser, for threat protection."""
    server_name: str | None = None
    server_path: str | None = None
    headers: Annotated[Mapping[str, str], Constraint(sensitive=True)] | None = None
    """The headers of the person's request."""


def with_context(flow: Flow[T], context: RequestContext) -> Flow[T]:
    """The same flow with every operation told about ``context``; what an operation says by itself is kept.

    Nothing of it is in the states, so each step of a sign-in takes its own:
    ``client.run(with_context(answer(state, event), context))``.
    """
    values = _members(context)
    with closing(flow):
        try:
            effect = next(flow)
            while True:
                try:
                    result = yield _told(effect, values)
                except Exception as error:  # every error reply is the flow's own affair
                    effect = flow.throw(error)
                else:
                    effect = flow.send(result)
        except StopIteration as done:
            value: T = done.value
            return value


def _members(context: RequestContext) -> dict[str, Any]:
    """The values of the members that carry the context, by their names in the operations."""
    values: dict[str, Any] = {"client_metadata": context.client_metadata}
    if context.ip_address or context.encoded_data:
        values["user_context_data"] = UserContextData(ip_address=context.ip_address, encoded_data=context.encoded_data)
    if context.ip_address and context.server_name and context.server_path:
        values["context_data"] = ContextData(
            ip_address=context.ip_address,
            server_name=context.server_name,
            server_path=context.server_path,
            http_headers=tuple(
                HttpHeader(header_name=name, header_value=value) for name, value in (context.headers or {}).items()
            ),
            encoded_data=context.encoded_data,
        )
    return values


def _told(effect: Effect[Any], values: Mapping[str, Any]) -> Effect[Any]:
    if not isinstance(effect, Structure):
        return effect
    missing = {field.name for field in fields(effect) if getattr(effect, field.name) is None}
    filled = {name: value for name, value in values.items() if name in missing and value is not None}
    return replace(effect, **filled) if filled else effect
