"""How the walk is told: numbered steps, and clients that print what they ask and what is answered, without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import httpx

_CONCEALED: Final = frozenset({"password", "new_password"})
_SHORTENED: Final = frozenset({"access_token", "id_token", "refresh_token", "state", "secret_code", "otpauth_uri", "qr_svg"})
_LEFT_OUT: Final = frozenset({"credential", "options", "request_options"})  # documents of WebAuthn, a page long
_SHOWN: Final = 10  # characters of a token: enough to see that it changed, too few to use it


class StepFailed(Exception):
    """Something was not answered as the walk expects."""


class Story:
    """Numbers the steps and knows the one that is being told."""

    def __init__(self) -> None:
        self.number = 0
        self.title = "the beginning"

    def step(self, title: str) -> None:
        """Begin a step."""
        self.number += 1
        self.title = title
        print(f"\n{self.number:2}. {title}", flush=True)

    def tell(self, line: str) -> None:
        """Print a line of the current step."""
        print(f"      {line}", flush=True)

    def require(self, condition: object, expectation: str) -> None:
        """Raise `StepFailed` unless ``condition`` is true."""
        if not condition:
            raise StepFailed(f"expected that {expectation}")


class Client:
    """Somebody who sends requests to the application; keeps cookies as a browser does."""

    def __init__(self, story: Story, site: str, headers: Mapping[str, str] | None = None) -> None:
        self._story: Final = story
        self._http: Final = httpx.Client(base_url=site, headers=headers)

    @property
    def cookies(self) -> str:
        """The cookies as a ``Cookie`` header has them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._http.cookies.jar)

    def get(self, path: str, expected: int, *, token: str | None = None) -> dict[str, Any]:
        """Ask for ``path``; gives the reply's members. Raises `StepFailed` for another status than the one expected."""
        return self._ask("GET", path, expected, token=token)

    def post(self, path: str, expected: int, *, headers: Mapping[str, str] | None = None, **members: Any) -> dict[str, Any]:
        """Send ``members`` as JSON; otherwise as `get`."""
        return self._ask("POST", path, expected, headers=headers, members=members)

    def _ask(
        self,
        method: str,
        path: str,
        expected: int,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        members: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        notes = [f"Bearer {token[:_SHOWN]}..."] if token else [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._story.tell(" ".join((f"{method} {path}", *notes, _printable(members) if members else "")).rstrip())
        reply = self._http.request(method, path, json=members, headers={**bearer, **(headers or {})})
        document: dict[str, Any] = reply.json() if reply.headers["Content-Type"] == "application/json" else {}
        self._story.tell(f"  -> {reply.status_code} {_printable(document)}")
        for cookie in reply.headers.get_list("Set-Cookie"):
            self._story.tell(f"     Set-Cookie: {_cookie(cookie)}")
        self._story.require(reply.status_code == expected, f"{method} {path} answers {expected}, not {reply.status_code}")
        return document


def shortened(secret: str) -> str:
    """The beginning of a secret, and its length."""
    return f"{secret[:_SHOWN]}... ({len(secret)} characters)"


def _printable(document: Mapping[str, Any]) -> str:
    return json.dumps({name: _safe(name, value) for name, value in document.items()}, ensure_ascii=False)


def _safe(name: str, value: Any) -> Any:
    if name in _LEFT_OUT:
        return "(a document)"
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {key: _safe(key, inner) for key, inner in members.items()}
    if name in _CONCEALED:
        return "********"
    return shortened(value) if name in _SHORTENED else value


def _cookie(header: str) -> str:
    pair, _, attributes = header.partition(";")
    name, _, value = pair.partition("=")
    return f"{name}={shortened(value) if value else '(deleted)'};{attributes}"
