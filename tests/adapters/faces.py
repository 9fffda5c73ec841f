"""Two kinds of visitors, with one face: a browser that keeps cookies, and an API client that holds tokens.

Both keep a transcript of what they were answered, in which everything that differs from run to run is masked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, Self, TypeAlias, cast

from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.errors import CognitoAuthError
from cognito_auth.web import ROUTES, Delivery, ServerSessions
from cognito_auth.web.options import WebOptions

from ..scenarios.person import Outcome, Person
from ..scenarios.world import PASSWORD, World
from ..support.classes import below
from ..support.leaks import HANDED_OUT, note, note_members
from .servers import BASE, Answer, Pairs, Sent, Server
from .sites import Site

ROUTE: Final = {route.name: route for route in ROUTES}
MAX_COOKIE: Final = 4096
"""Bytes of name, value and attributes that browsers keep."""
STATUSES: Final[Mapping[str, set[int]]] = {
    code: {kind.http_status for kind in below(CognitoAuthError) if kind.code == code}
    for code in {kind.code for kind in below(CognitoAuthError)}
}
"""The status that each error's code goes with."""

_SHOWN_HEADERS: Final = (
    "cache-control",
    "content-type",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
    "x-content-type-options",
)
_VARIABLE: Final = frozenset(
    {"access_token", "active_at", "authenticated_at", "challenge", "client_id", "created_at", "credential_id", "device"}
    | {"device_key", "email", "expires_at", "id", "id_token", "otpauth_uri", "qr_svg", "refresh_token", "secret_code"}
    | {"session_id", "state", "sub"}
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COOKIE: Final = re.compile(r"([^=;]+)=([^;]*); Path=/; Max-Age=(\d+); HttpOnly; SameSite=(Lax|Strict)(; Secure)?")


Open: TypeAlias = Callable[[Site], Server]
"""Opens a site on a framework."""


@dataclass(kw_only=True)
class Face(Person):
    """A visitor of a site. `Face.auth` calls an endpoint by its name, `Face.visit` one of the application's own routes."""

    delivery: ClassVar[Delivery]

    site: Site
    server: Server
    username: str
    open: Open | None = None
    """Opens the other sites that the visitor goes to."""
    transcript: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    called: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Names of the endpoints that were called, with the status of the answer."""
    world: World = field(init=False)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.world, self.settings = self.site.world, self.site.settings
        self.always_newest = isinstance(self, Browser) and isinstance(self.options.sessions, ServerSessions)

    @classmethod
    def registered(cls, site: Site, server: Server) -> Self:
        """Somebody with a confirmed account, made on the side."""
        username = site.world.name()
        site.world.create_user(site.settings, username)
        return cls(site=site, server=server, username=username)

    def auth(self, name: str, **members: Any) -> Answer:
        """Call an endpoint with the members of its body."""
        route = ROUTE[name]
        body = json.dumps(members).encode() if members or route.method != "GET" else b""
        headers = [("Content-Type", "application/json")] if body else []
        answer = self.call(route.method, f"{self.options.prefix}/{route.path}", body=body, headers=headers)
        self.called.append((name, answer.status))
        _require_good_manners(answer)
        return answer

    def visit(self, path: str, method: str = "GET") -> Answer:
        return self.call(method, path)

    def call(self, method: str, path: str, *, body: bytes = b"", headers: Pairs = ()) -> Answer:
        """Send one request with this visitor's credentials, and take over what the answer brings."""
        sent = Sent(method=method, path=path, headers=[*headers, *self.credentials(method)], body=body)
        answer = self.server.answer(sent)
        _note_secrets(answer)
        self.take(answer)
        self.transcript.append(self._shown(sent, answer))
        return answer

    def credentials(self, method: str) -> Pairs:
        """The headers that say who asks."""
        raise NotImplementedError

    def take(self, answer: Answer) -> None:
        """Take over what an answer brings."""
        raise NotImplementedError

    def login(self, password: str | None = PASSWORD, **members: Any) -> Answer:
        given = {} if password is None else {"password": password}
        return self.auth("login", username=self.username, delivery=self.delivery, **given, **members)

    def answer(self, asked: Outcome, **answer: Any) -> Answer:
        return self.auth("challenge", state=asked.told["state"], answer=answer)

    def refresh(self) -> Answer:
        return self.auth("refresh")

    def logout(self, **members: Any) -> Answer:
        return self.auth("logout", **members)

    def guard(self, path: str) -> Answer:
        return self.visit(path)

    def elsewhere(self) -> Self:
        return self._at(self.site, self.server)

    def copy(self) -> Self:
        return replace(self)

    def through(self, *flows: PasswordFlow) -> Self:
        assert self.open is not None
        site = replace(self.site, settings=replace(self.settings, auth_flows=flows))
        return self._at(site, self.open(site))

    def _at(self, site: Site, server: Server) -> Self:
        # What is told there belongs to this visitor's story.
        other = type(self)(site=site, server=server, username=self.username, open=self.open)
        other.transcript, other.called = self.transcript, self.called
        return other

    @property
    def options(self) -> WebOptions:
        return self.site.options

    def _shown(self, sent: Sent, answer: Answer) -> dict[str, Any]:
        document = masked(answer.json, self.username) if answer.is_json else None
        headers = {name: answer.every(name) for name in _SHOWN_HEADERS if answer.every(name)}
        if "set-cookie" in headers:
            headers["set-cookie"] = shown_cookies(headers["set-cookie"])
        return {"request": f"{sent.method} {sent.path}", "status": answer.status, "headers": headers, "body": document}


@dataclass(kw_only=True)
class Browser(Face):
    """Keeps cookies as browsers do, and says with each request which page sends it."""

    delivery: ClassVar[Delivery] = "cookie"

    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def copy(self) -> Self:
        return replace(self, cookies=dict(self.cookies))

    def credentials(self, method: str) -> Pairs:
        headers = [("Sec-Fetch-Site", "same-origin")]
        if method not in ("GET", "HEAD"):
            headers.append(("Origin", BASE))
        if self.cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        return headers

    def take(self, answer: Answer) -> None:
        for line in answer.every("set-cookie"):
            name, value = accepted_cookie(line)
            self.cookies.pop(name, None)
            if value is not None:
                self.cookies[name] = value


@dataclass(kw_only=True)
class ApiClient(Face):
    """Sends its access token as RFC 6750 says, and keeps its refresh token's envelope."""

    delivery: ClassVar[Delivery] = "tokens"

    access_token: str | None = None
    envelope: str | None = None
    device: str | None = None
    """The device that was confirmed, sealed."""

    def credentials(self, method: str) -> Pairs:
        return [("Authorization", f"Bearer {self.access_token}")] if self.access_token else []

    def take(self, answer: Answer) -> None:
        assert not answer.every("set-cookie"), "an API client gets no cookies"
        match answer.json if answer.is_json else None:
            case {"access_token": str(access_token), "refresh_token": str(envelope)}:
                self.access_token, self.envelope = access_token, envelope
                if "device_forgotten" in answer.json:
                    self.device = None
            case {"device": str(device)}:
                self.device = device
            case _:
                pass

    def auth(self, name: str, **members: Any) -> Answer:
        """Call an endpoint, and send along what only this client keeps."""
        if name == "login" and self.device is not None:
            members = {"device": self.device, **members}
        if name == "devices_confirm" and self.envelope is not None:
            members = {"refresh_token": self.envelope, **members}
        if name == "signup_confirm" and "sign_in" in members:
            members = {"delivery": self.delivery, **members}
        return super().auth(name, **members)

    def refresh(self) -> Answer:
        return self.auth("refresh", refresh_token=self.envelope)

    def logout(self, **members: Any) -> Answer:
        """Sign out and forget the access token, which nothing but its expiry can make invalid; the envelope is kept."""
        answer = self.auth("logout", refresh_token=self.envelope, **members)
        self.access_token = None
        return answer


def _require_good_manners(answer: Answer) -> None:
    """What holds of every answer of an endpoint: nothing is kept by a cache, a refusal has its error's status, and says how to
    sign in where it has to (RFC 9110, section 11.6.1)."""
    assert answer.header("cache-control") == "no-store"
    assert (answer.header("www-authenticate") is not None) == (answer.status in (401, 403))
    if answer.refusal is not None:
        assert answer.status in STATUSES[answer.refusal], f"{answer.refusal} with the status {answer.status}"


def _note_secrets(answer: Answer) -> None:
    """Let nobody log what was handed out: tokens, sealed values, sessions."""
    if answer.is_json:
        note_members(answer.json, HANDED_OUT)
    for line in answer.every("set-cookie"):
        note(line.partition(";")[0].partition("=")[2])


FACES: Final[Mapping[str, type[Face]]] = {"browser": Browser, "api client": ApiClient}


def accepted_cookie(line: str) -> tuple[str, str | None]:
    """Name and value of a ``Set-Cookie`` header that a browser accepts over https; no value where it deletes the cookie."""
    match = _COOKIE.fullmatch(line)
    assert match is not None, f"unexpected attributes: {line.partition(';')[2]}"
    name, value, max_age, _, secure = match.groups()
    assert name.startswith("__Host-")
    assert secure, "browsers refuse a __Host- cookie that is not Secure"
    assert len(line.encode()) <= MAX_COOKIE
    return name, value if int(max_age) else None


def masked(document: Any, username: str) -> Any:
    """A JSON value in which everything that differs from run to run is replaced."""
    if isinstance(document, dict):
        members = cast("dict[str, Any]", document)
        return {
            name: "(variable)" if name in _VARIABLE and isinstance(value, str | int) else masked(value, username)
            for name, value in members.items()
        }
    if isinstance(document, list):
        return [masked(item, username) for item in cast("list[Any]", document)]
    return _UUID.sub("(uuid)", document.replace(username, "(user)")) if isinstance(document, str) else document


def shown_cookies(lines: list[str]) -> list[str]:
    """The kinds of cookies that are set, without number and value, or else those that are deleted.

    How many pieces a session needs depends on how well it could be compressed, which differs from run to run.
    """
    kinds = {re.sub(r"^(__Host-[^=.]+)(\.\d)?=[^;]*", r"\1", line) for line in lines}
    return sorted(kind for kind in kinds if "Max-Age=0" not in kind) or sorted(kinds)
