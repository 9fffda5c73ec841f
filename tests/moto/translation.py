"""What has to be translated between Cognito's protocol and moto's, in one place.

moto stands in for AWS in many people's tests, but it is no user pool: it proves nothing and checks little. We accept
these differences because each is a gap in moto, not another reading of the protocol:

- its ``SECRET_BLOCK`` is a UUID where Cognito sends base64, and it wants it back letter by letter;
- its ``USER_ID_FOR_SRP`` is the sub, by which moto itself then finds nobody; ``USERNAME`` beside it is the right name;
- an operation that it lacks (`GetTokensFromRefreshToken`, `RevokeToken`) ends in a status 500 without an error code, where
  endpoints that speak the protocol answer ``UnknownOperationException``.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any, Final, cast

import httpx

LACKING: Final = frozenset({"GetTokensFromRefreshToken", "RevokeToken"})
_UNKNOWN: Final = {"__type": "UnknownOperationException", "message": ""}


class MotoTransport(httpx.HTTPTransport):
    """httpx's own transport to a moto server, with the differences evened out."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
        if operation in LACKING:
            return httpx.Response(400, json=_UNKNOWN)
        if operation == "RespondToAuthChallenge":
            request = _with_body(request, _to_moto(json.loads(request.read())))
        response = super().handle_request(request)
        if operation != "InitiateAuth":
            return response
        try:
            return httpx.Response(response.status_code, json=_from_moto(json.loads(response.read())))
        finally:
            response.close()


def _with_body(request: httpx.Request, document: dict[str, Any]) -> httpx.Request:
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(
        request.method, request.url, headers=headers, content=json.dumps(document), extensions=request.extensions
    )


def _to_moto(document: dict[str, Any]) -> dict[str, Any]:
    responses = cast("dict[str, str]", document["ChallengeResponses"])
    block = responses.get("PASSWORD_CLAIM_SECRET_BLOCK")
    if block is not None:
        responses["PASSWORD_CLAIM_SECRET_BLOCK"] = b64decode(block).decode()
    return document


def _from_moto(document: dict[str, Any]) -> dict[str, Any]:
    parameters = cast("dict[str, str]", document.get("ChallengeParameters", {}))
    if "SECRET_BLOCK" in parameters:
        parameters["SECRET_BLOCK"] = b64encode(parameters["SECRET_BLOCK"].encode()).decode()
        parameters["USER_ID_FOR_SRP"] = parameters["USERNAME"]
    return document
