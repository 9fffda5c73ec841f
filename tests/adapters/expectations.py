"""What journeys expect of answers, and how they get an account on the side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from ..scenarios.world import wrong
from .faces import Face
from .servers import Answer, Server
from .sites import Site

F = TypeVar("F", bound=Face)


def accepted(answer: Answer, http: int = 200, /, **members: Any) -> Answer:
    """Assert the HTTP status and some members of an answer."""
    assert answer.status == http, answer.body
    shown: Mapping[str, Any] = answer.json
    assert {name: shown.get(name) for name in members} == members
    assert answer.header("cache-control") in ("no-store", None)
    return answer


def refused(answer: Answer, status: int, code: str) -> Answer:
    """Assert that an answer is this refusal."""
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.header("cache-control") == "no-store"
    assert (answer.header("www-authenticate") is not None) == (status in (401, 403))
    return answer


def challenged(answer: Answer, name: str) -> Answer:
    accepted(answer)
    assert answer.json["challenge"]["name"] == name
    assert not answer.every("set-cookie")
    return answer


def register(visitor: Face) -> None:
    """A confirmed account, made on the side."""
    visitor.site.world.create_user(visitor.site.settings, visitor.username)


def signed_in(face: type[F], site: Site, server: Server) -> F:
    """Somebody who has just signed in, with an account made on the side."""
    visitor = face.registered(site, server)
    accepted(visitor.login(), status="signed_in")
    return visitor


def set_up_app(visitor: Face) -> str:
    """Set up an authenticator app; gives its secret."""
    setup = accepted(visitor.auth("mfa_totp_setup")).json
    assert setup["otpauth_uri"].startswith(f"otpauth://totp/Tests:{visitor.username}?secret={setup['secret_code']}")
    assert setup["qr_svg"].startswith("<svg ")
    code = visitor.totp(setup["secret_code"])
    refused(visitor.auth("mfa_totp_verify", code=wrong(code)), 400, "code_mismatch")
    accepted(visitor.auth("mfa_totp_verify", code=code, device_name="phone"), status="verified", software_token="preferred")
    return str(setup["secret_code"])


def add_to_group(visitor: Face, group: str) -> None:
    visitor.world.ensure_group(visitor.settings, group)
    visitor.world.add_to_group(visitor.settings, visitor.username, group)
