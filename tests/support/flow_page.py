"""A page of ``docs/flows``, taken apart, and what its parts do when they are run.

The section "Example" holds a program, and the output that the page shows. The section "Over HTTP" holds exchanges, requests and
replies by turns; ``"..."`` stands for whatever a reply holds there, and for what a request has to hold. The section
"Operations" lists what these exchanges have the library send, each once, in the order of its first time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

import httpx
from flask import Flask
from pyotp.totp import TOTP

from cognito_auth import AwsCredentials, CognitoClient, Secret, Settings, WebOptions
from cognito_auth.client import Surroundings
from cognito_auth.local import LocalCognito, LocalTransport
from cognito_auth_flask import CognitoAuth

FLOWS: Final = Path(__file__).parents[2] / "docs" / "flows"
ANYTHING: Final = "..."

_OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),))
_CREDENTIALS: Final = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))
_LEFT_OUT: Final = frozenset(
    {"UserPoolId", "ClientId", "SECRET_HASH", "SecretHash", "ClientSecret", "ContextData", "UserContextData"}  # the settings'
    | {"AuthFlow", "AuthParameters", "ChallengeName", "ChallengeResponses"}  # told in another way
)
"""What the lines about operations do not list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its reply, as the page shows them."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    status: str
    reply: Any


def section(text: str, title: str) -> str:
    """What stands below a heading of the second level; empty where there is none of that title."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def exchanges(text: str) -> Iterator[Exchange]:
    """The exchanges of a page, in their order."""
    for block in blocks(section(text, "Over HTTP"), "http"):
        parts = block.strip().split("\n\n")
        for request, reply in zip(parts[::2], parts[1::2], strict=True):
            first, *rest = request.splitlines()
            method, path = first.split()
            headers = dict(line.split(": ") for line in rest if not line.startswith(("{", " ", "}")))
            body = "\n".join(line for line in rest if line.startswith(("{", " ", "}")))
            status, _, document = reply.partition("\n")
            yield Exchange(
                method=method,
                path=path,
                headers=headers,
                body=json.loads(body) if body else None,
                status=status,
                reply=json.loads(document),
            )


class Recorder(LocalTransport):
    """A way to the pool that writes a line about each operation that was carried out."""

    def __init__(self, cognito: LocalCognito) -> None:
        super().__init__(cognito)
        self.lines: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        target = request.headers.get("x-amz-target", "")
        if target and response.is_success:
            self.lines.append(line_of(target.partition(".")[2], json.loads(request.content), response.content))
        return response


def line_of(name: str, sent: Mapping[str, Any], answered: bytes) -> str:
    """An operation's name, the flow or challenge it is for, the names of what it carries, and where it leads."""
    inside = {**sent.get("AuthParameters", {}), **sent.get("ChallengeResponses", {})}
    carried = [each for each in (*inside, *sent) if each not in _LEFT_OUT]
    about = sent.get("AuthFlow") or sent.get("ChallengeName")
    leads = _leads(json.loads(answered) if answered else {})
    return f"{name}{f' {about}' if about else ''} ({', '.join(carried)}){f' -> {leads}' if leads else ''}"


def _leads(reply: Mapping[str, Any]) -> str:
    result = reply.get("AuthenticationResult")
    if result is None:
        return reply.get("ChallengeName") or ", ".join(reply)
    return "tokens" if "RefreshToken" in result else "access and ID token"


@dataclass(kw_only=True)
class Visitor:
    """Sends a page's requests to an application, and knows what ``"..."`` stands for."""

    cognito: LocalCognito
    names: Mapping[str, Any]
    """What the page's example has defined."""
    browser: httpx.Client
    seen: dict[str, Any] = field(default_factory=dict[str, Any])
    """The newest value of every member of the replies, by its name."""
    newest: str = ""
    """The newest reply that was no refusal."""

    def send(self, exchange: Exchange) -> tuple[str, Any]:
        """Status and document of the application's reply."""
        headers = {name: value.replace(ANYTHING, self.seen.get("access_token", "")) for name, value in exchange.headers.items()}
        body = None if exchange.body is None else self._filled(exchange.body)
        reply = self.browser.request(exchange.method, exchange.path, json=body, headers=headers)
        if reply.is_success:
            self.newest = reply.text
            self._see(reply.json())
        return f"{reply.status_code} {HTTPStatus(reply.status_code).phrase}", reply.json()

    def _see(self, document: Any) -> None:
        if isinstance(document, dict):
            found = cast("dict[str, Any]", document)
            self.seen |= found
            document = list(found.values())
        if isinstance(document, list):
            for each in cast("list[Any]", document):
                self._see(each)

    def _filled(self, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        given = cast("dict[str, Any]", body)
        return {name: self._value(name) if value == ANYTHING else self._filled(value) for name, value in given.items()}

    def _value(self, name: str) -> Any:
        if name == "code":
            return self._code()
        if name == "credential" and "options" in json.loads(self.newest):
            return self.names["authenticator"].create(self.seen["options"])
        if name == "credential":
            return json.loads(self.names["authenticator"].get(self.seen["request_options"]))
        return self.seen[name]

    def _code(self) -> str:
        """What the authenticator app shows in the next period, where that is asked for; else what was sent last."""
        if "SOFTWARE_TOKEN_MFA" not in self.newest:
            return self.cognito.outbox()[-1].code
        self.cognito.clock.move(30)
        secret = self.seen.get("secret_code") or self.names["secret"]
        return TOTP(secret).at(int(self.cognito.clock.now()))


@contextmanager
def visit(names: Mapping[str, Any], recorder: Recorder) -> Generator[Visitor]:
    """A visitor of an application that has the pool and the settings of a page's example."""
    cognito: LocalCognito = names["cognito"]
    settings: Settings = names["settings"]
    surroundings = Surroundings(now=cognito.clock.now)
    app = Flask("page")
    with (
        CognitoClient(settings, credentials=_CREDENTIALS, transport=recorder, surroundings=surroundings) as client,
        httpx.Client(transport=httpx.WSGITransport(app=app), base_url="https://shop.example.com") as browser,
    ):
        CognitoAuth(app, settings, _OPTIONS, client=client)
        yield Visitor(cognito=cognito, names=names, browser=browser)


def matches(shown: Any, actual: Any) -> bool:
    """Whether a document is as shown; ``"..."`` is whatever is there."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict) and isinstance(actual, dict):
        wanted, found = cast("dict[str, Any]", shown), cast("dict[str, Any]", actual)
        return wanted.keys() == found.keys() and all(matches(value, found[name]) for name, value in wanted.items())
    if isinstance(shown, list) and isinstance(actual, list):
        items, others = cast("list[Any]", shown), cast("list[Any]", actual)
        return len(items) == len(others) and all(map(matches, items, others))
    return bool(shown == actual)
