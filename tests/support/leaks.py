"""Nothing secret is logged or printed: what goes over the wire is noted, and looked for in everything that a test said.

A pytest plugin. In the folders that `WATCHED` names, whatever `cognito_auth*` loggers say at DEBUG and what is printed must
hold no token, and none of the secrets that were noted, as whole words; warnings are errors anyway. The embedded pool's
transport notes those of each request and reply (`NotingTransport`), visitors note what they are handed sealed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Generator, Iterator
from typing import Any, Final, cast

import httpx
import pytest

from cognito_auth.local import LocalCognito
from cognito_auth.local.http.transport import LocalTransport

WATCHED: Final = ("tests/adapters/", "tests/scenarios/")
MEMBERS: Final = frozenset(
    {"AccessToken", "ClientSecret", "Code", "ConfirmationCode", "IdToken", "NEW_PASSWORD", "PASSWORD", "Password"}
    | {"PasswordVerifier", "PreviousPassword", "ProposedPassword", "REFRESH_TOKEN", "RefreshToken", "SECRET_BLOCK"}
    | {"SECRET_HASH", "SecretCode", "SecretHash", "Session", "TemporaryPassword", "Token", "UserCode", "ANSWER"}
    | {"EMAIL_OTP_CODE", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "SMS_MFA_CODE", "SMS_OTP_CODE"}
    | {"SOFTWARE_TOKEN_MFA_CODE"}
)
"""Members of Cognito's requests and replies that are secret."""
HANDED_OUT: Final = frozenset({"access_token", "device", "id_token", "refresh_token", "secret_code", "state"})
"""Members of the endpoints' replies that are."""

_TOKEN: Final = re.compile(r"\beyJ[\w-]{8,}")
_WORD: Final = re.compile(r"[\w-]{6,}")
_COMMON: Final = re.compile(r"(?i:password)|[A-Z]+(_[A-Z]+)+")
"""What is a secret in its place and elsewhere a word: a weak password, and a challenge's name, which can be an ``ANSWER``."""

_OF_EVERY_RECORD: Final = frozenset(vars(logging.makeLogRecord({})))
"""Attributes that say nothing of what is logged: moments and numbers of processes could look like codes."""

_noted: Final[set[str]] = set()


def note(secret: str) -> None:
    """Let nobody say this any more."""
    _noted.update(word for word in _WORD.findall(secret) if not _COMMON.fullmatch(word))


def note_members(document: Any, names: frozenset[str]) -> None:
    """Note the members of these names, however deep."""
    match document:
        case dict():
            for name, value in cast("dict[str, Any]", document).items():
                if name in names and isinstance(value, str):
                    note(value)
                else:
                    note_members(value, names)
        case list():
            for value in cast("list[Any]", document):
                note_members(value, names)
        case _:
            pass


def leaks(said: str) -> list[str]:
    """What of it is secret."""
    return [*_TOKEN.findall(said), *(word for word in _WORD.findall(said) if word in _noted)]


class NotingTransport(LocalTransport):
    """The embedded pool's transport, which notes what is secret on the wire."""

    def __init__(self, cognito: LocalCognito) -> None:
        super().__init__(cognito)

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        response = super()._answer(request, body)
        for content in (body, response.content):
            if content.startswith(b"{"):
                note_members(json.loads(content), MEMBERS)
        return response


class Listener(logging.Handler):
    """Keeps what is logged, tracebacks included, until it is asked for."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = [str(value) for name, value in vars(record).items() if name not in _OF_EVERY_RECORD]
        self.lines.append(" ".join((self.format(record), *extra)))

    def taken(self) -> str:
        lines, self.lines = self.lines, []
        return "\n".join(lines)


_listener: Final = Listener()


def pytest_configure() -> None:
    """Listen from now on."""
    logger = logging.getLogger("cognito_auth")
    logger.addHandler(_listener)
    logger.setLevel(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what said something secret, in whatever phase."""
    report = yield
    logged = _listener.taken()
    if not any(folder in item.nodeid for folder in WATCHED) or report.failed:
        return report
    found = leaks("\n".join((logged, *_printed(report))))
    if found:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} let out what is secret: {', '.join(sorted({word[:6] + '...' for word in found}))}"
    return report


def _printed(report: pytest.TestReport) -> Iterator[str]:
    """What was printed in this phase; what was logged is there as well."""
    yield from (content for name, content in report.sections if name.endswith(f" {report.when}"))
