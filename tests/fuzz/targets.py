"""What is fuzzed: functions of some bytes that raise nothing, unless something is wrong.

Each swallows the errors that its subject documents, and holds what was read to what must be true of it. The first byte often
picks one of several ways in, so that the deeper layers are reached too: what lies behind a signature or a seal is signed or
sealed here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Final, NoReturn, cast

from cognito_auth.api.structure import Operation
from cognito_auth.config import PasswordFlow
from cognito_auth.effects import HttpResponse
from cognito_auth.errors import (
    BodyTooLarge,
    CognitoAuthError,
    KeysUnavailable,
    RequestRejected,
    SealError,
    TokenError,
    UnsupportedMediaType,
)
from cognito_auth.exchange import to_reply
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Sealer, Session
from cognito_auth.sessions.cookies import MAX_PIECES
from cognito_auth.sessions.packing import pack, unpack
from cognito_auth.sessions.seal import NONCE_BYTES
from cognito_auth.sessions.session import pack_state, unpack_state
from cognito_auth.states import SEALABLE, Challenge, Tokens
from cognito_auth.tokens import KeyWanted, TokenVerifier, VerifiedToken
from cognito_auth.tokens.keys import KeySet
from cognito_auth.web import ROUTES, Request, WebAuth, WebOptions
from cognito_auth.web.body import MAX_BODY, Flag, Member, Names, Object, Texts, read_body
from cognito_auth.web.client_address import client_address, networks
from tests.support.drive import World
from tests.support.machine import STATES
from tests.support.scripted import SETTINGS, Scripted, run
from tests.support.tokens import (
    CLIENT_ID,
    ISSUER,
    NEW_ISSUER,
    NOW,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    key_set,
    signed,
    verifier,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A function of some bytes, and the first of them: what is well-formed, for the fuzzer to begin with."""

    run: Callable[[bytes], None]
    seeds: Sequence[bytes]


def _split(data: bytes) -> tuple[int, bytes]:
    return (data[0], data[1:]) if data else (0, b"")


def _text(data: bytes) -> str:
    """As servers hand headers over: each byte a character."""
    return data.decode("latin-1")


# Tokens


def _loaded() -> TokenVerifier:
    made = verifier(remember=4)
    World(key_set()).run(made.load_keys())
    return made


VERIFIER: Final = _loaded()


def token(data: bytes) -> None:
    """A token as it came, or one that is signed rightly around a header and a payload."""
    way, rest = _split(data)
    head, zero, payload = rest.partition(b"\0")
    text = _text(rest) if way % 2 else signed(payload if zero else rest, head if zero else header())
    for check in (VERIFIER.check_access_token, VERIFIER.check_id_token):
        with suppress(TokenError, KeyWanted):
            _hold(check(text, NOW))


def _hold(verified: VerifiedToken) -> None:
    """What is true of every token that was let in."""
    assert verified.issuer in {ISSUER, NEW_ISSUER}
    assert verified.claims[verified.CLIENT_CLAIM] == CLIENT_ID
    assert verified.claims["token_use"] == verified.USE
    assert verified.expires_at + VERIFIER.leeway > NOW
    assert max(verified.issued_at, verified.not_before or 0) <= NOW + VERIFIER.leeway
    assert verified.sub
    assert all(isinstance(group, str) for group in verified.groups)
    json.dumps(dict(verified.claims), default=_thawed, allow_nan=False, ensure_ascii=False).encode()


def _thawed(value: Any) -> Any:
    assert isinstance(value, Mapping)
    return dict(cast("Mapping[str, Any]", value))


# Cookies


POLICY: Final = CookiePolicy()


def cookie_header(data: bytes) -> None:
    """A ``Cookie`` header, or several of them between line feeds."""
    headers = tuple(("Cookie", line) for line in _text(data).split("\n"))
    cookies = Request(method="GET", scheme="https", headers=headers).cookies
    for secure in (True, False):
        value = POLICY.read(cookies, secure=secure)
        if value is None:
            continue
        first = cookies["__Host-cognito_auth.0" if secure else "cognito_auth.0"]
        count = int(first.partition(".")[0])
        assert 1 <= count <= MAX_PIECES
        assert value.startswith(first.partition(".")[2])
        written = POLICY.clear(secure=secure, present=cookies)
        assert len(list(written)) >= count


# Sealed values


SEALER: Final = Sealer([Secret("0123456789" * 4)])


def sealed_value(data: bytes) -> None:
    """A sealed value as it came, or what lies in one that was sealed here: a session, or the state of a sign-in."""
    way, rest = _split(data)
    with suppress(SealError):
        match way % 3:
            case 0:
                SEALER.open(_text(rest), purpose="session", now=NOW)
            case 1:
                sealed = SEALER.seal(rest, purpose="session", now=NOW, lifetime=1, nonce=bytes(NONCE_BYTES))
                session = unpack(SEALER.open(sealed, purpose="session", now=NOW).content)
                assert unpack(pack(session)) == session
            case _:
                state = unpack_state(_json(rest))
                assert unpack_state(json.loads(json.dumps(pack_state(state)))) == state


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


# Key sets


def key_set_document(data: bytes) -> None:
    """The body of a key set."""
    with suppress(KeysUnavailable):
        for name, key in KeySet.parse(data).by_kid.items():
            assert name.encode("utf-8", "strict")
            assert 2048 <= key.key_size <= 8192
            assert key.public_numbers().e % 2
            assert key.public_numbers().e >= 3


# Requests


def request_body(data: bytes) -> None:
    """The body of a request to one of the endpoints."""
    way, body = _split(data)
    members = ROUTES[way % len(ROUTES)].members
    request = Request(method="POST", scheme="https", headers=(("Content-Type", "application/json"),), body=body)
    try:
        read = read_body(request, members)
    except (BodyTooLarge, RequestRejected, UnsupportedMediaType):
        return
    assert len(body) <= MAX_BODY
    assert read.keys() <= {member.name for member in members}
    json.dumps(read, ensure_ascii=False).encode()
    for member in members:
        assert not member.required or member.name in read
        assert not isinstance(read.get(member.name), str) or len(read[member.name]) <= member.max_length


TRUSTED: Final = networks(("10.0.0.0/8", "2001:db8:ffff::/48"))
PEERS: Final = ("10.0.0.1", "2001:db8:ffff::1", "203.0.113.7", "testclient")


def forwarded_header(data: bytes) -> None:
    """``Forwarded`` and ``X-Forwarded-For`` headers, lines of either kind, from a trusted proxy or from anybody."""
    way, rest = _split(data)
    peer = PEERS[way % 4]
    names = ("Forwarded", "X-Forwarded-For") if way & 4 else ("X-Forwarded-For", "Forwarded")
    headers = tuple((names[number % 2], line) for number, line in enumerate(_text(rest).split("\n")))
    found = client_address(Request(method="GET", scheme="https", client=peer, headers=headers), TRUSTED)
    if peer == "testclient":
        assert found is None
        return
    assert found is not None
    assert str(ip_address(found)) == found
    assert "%" not in found
    assert any(ip_address(peer) in network for network in TRUSTED) or found == peer


# Replies of Cognito


FLOWS: Final[tuple[PasswordFlow, ...]] = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH")
OPTIONS: Final = WebOptions(secrets=(Secret("0123456789" * 4),))
APPLICATIONS: Final = tuple(WebAuth(replace(SETTINGS, auth_flows=(flow,)), OPTIONS) for flow in FLOWS)
STATUSES: Final = (200, 200, 200, 400, 429, 500, 302, 204)
ROUTE: Final = {route.name: route for route in ROUTES}


def _state(kind: type[Any]) -> str:
    state = STATES[kind]
    assert isinstance(state, Challenge)
    content = {"state": pack_state(state), "delivery": "tokens", "proofs": ["PASSWORD"]}
    return run(APPLICATIONS[0].vault.seal_document(content, "state", 900))


def _asked() -> Iterator[tuple[str, dict[str, Any]]]:
    """Requests to the endpoints, each of which asks something of Cognito."""
    yield "login", {"username": "ana", "password": "secret", "delivery": "tokens"}
    yield "login", {"username": "ana", "password": "secret", "delivery": "cookie"}
    yield "signup", {"username": "ana", "password": "secret", "attributes": {"email": "ana@example.com"}}
    yield "signup_confirm", {"username": "ana", "code": "123456"}
    yield "password_forgot", {"username": "ana"}
    yield "password_reset", {"username": "ana", "code": "123456", "new_password": "secret"}
    for kind in STATES:
        if kind.__name__ in {"SoftwareTokenMfa", "MfaSetup", "SoftwareTokenPending", "EmailOtp", "PasswordSrpChallenge"}:
            answer = {"choice": "SOFTWARE_TOKEN_MFA"} if kind.__name__ == "MfaSetup" else {"code": "123456"}
            if kind.__name__ == "PasswordSrpChallenge":
                answer = {"password": "secret"}
            yield "challenge", {"state": _state(kind), "answer": answer}


ASKED: Final = tuple(_asked())


def cognito_reply(data: bytes) -> None:
    """What Cognito answers to whatever it is asked: an error's name in a header, a line feed, a body."""
    way, rest = _split(data)
    status, rest = _split(rest)
    code, _, body = rest.partition(b"\n")
    headers = {"x-amzn-errortype": _text(code)} if code else {}
    response = HttpResponse(status=STATUSES[status % len(STATUSES)], headers=headers, body=body)
    name, members = ASKED[way % len(ASKED)]
    request = Request(
        method="POST",
        scheme="https",
        headers=(("Content-Type", "application/json"), ("Host", "app.example.com")),
        body=json.dumps(members).encode(),
    )

    def answered(operation: Operation[Any]) -> object:
        try:
            return to_reply(operation, response)
        except CognitoAuthError as error:
            return error

    application = APPLICATIONS[(way // len(ASKED)) % len(APPLICATIONS)]
    reply = Scripted([answered] * 12).run_on(application.handle(ROUTE[name], request))
    told = json.loads(reply.content(), parse_constant=_never)
    assert ("error" in told) == (reply.status >= 400)
    for header_name, value in reply.header_list():
        assert f"{header_name}{value}".isascii()
        assert f"{header_name}{value}".isprintable()


def _never(name: str) -> NoReturn:
    raise AssertionError(f"{name} is not JSON")


# What they begin with


def _is_kept(state: Challenge) -> bool:
    return SEALABLE.get(type(state).__name__) is type(state)


def _filled(members: Sequence[Member]) -> dict[str, Any]:
    """A body with a value for each member."""
    samples: Mapping[type[Member], Any] = {Flag: True, Texts: {"name": "Ana"}, Names: ["name"], Object: {"code": "123456"}}
    return {member.name: samples.get(type(member), member.choices[0] if member.choices else "text") for member in members}


def _compact_lines(*documents: object) -> list[bytes]:
    return [compact(document) for document in documents]


ENTRY: Final = {
    "alg": "RS256",
    "e": "AQAB",
    "kid": "first",
    "kty": "RSA",
    "n": base64url((2**2047 + 2**1000 + 1).to_bytes(256)),
    "use": "sig",
}
SESSION: Final = Session(username="ana", tokens=Tokens(access_token="a.b.c", refresh_token="r"), proofs=("PASSWORD",))
SIGNED_IN: Final = {
    "AuthenticationResult": {"AccessToken": "a.b.c", "IdToken": "a.b.c", "RefreshToken": "r", "ExpiresIn": 3600}
}
CHALLENGES: Final = (
    {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {"SALT": "ab", "SRP_B": "1234", "SECRET_BLOCK": "YmxvY2s="}},
    {"ChallengeName": "SELECT_CHALLENGE", "AvailableChallenges": ["PASSWORD", "EMAIL_OTP"]},
    {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {"requiredAttributes": '["userAttributes.email"]'}},
    {"ChallengeName": "MFA_SETUP", "ChallengeParameters": {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'}},
    {"ChallengeName": "SELECT_MFA_TYPE", "ChallengeParameters": {"MFAS_CAN_CHOOSE": '["SMS_MFA"]'}},
    {"ChallengeName": "WEB_AUTHN", "ChallengeParameters": {"CREDENTIAL_REQUEST_OPTIONS": '{"challenge":"abc"}'}},
    {"ChallengeName": "EMAIL_OTP", "ChallengeParameters": {"CODE_DELIVERY_DESTINATION": "a***@e***"}},
    {"ChallengeName": "CUSTOM_CHALLENGE", "ChallengeParameters": {"USERNAME": "ana", "QUESTION": "?"}},
    {"ChallengeName": "SOMETHING_NEW", "ChallengeParameters": {"A": "B"}},
)
REPLIES: Final = _compact_lines(
    SIGNED_IN,
    *({"Session": "s", **challenge} for challenge in CHALLENGES),
    {"UserConfirmed": False, "UserSub": "u", "Session": "s", "CodeDeliveryDetails": {"DeliveryMedium": "EMAIL"}},
    {"SecretCode": "ABCDEFGHIJKLMNOP", "Session": "s"},
    {"Status": "SUCCESS", "Session": "s"},
    {},
)
ERRORS: Final = _compact_lines(
    {"__type": "NotAuthorizedException", "message": "Incorrect username or password."},
    {"__type": "com.amazonaws#InvalidPasswordException", "message": "Password did not conform with policy: Too short"},
    {"__type": "TooManyRequestsException:x", "Message": "Rate exceeded"},
    {"message": "no type"},
)

WORDS: Final = (
    *(
        rb"\ud83d",
        rb"\u0000",
        rb"\u00e9",
        b"\xc3\xa9",
        b"\xed\xa0\xbd",
        b"\xef\xbb\xbf",
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"9" * 20,
    ),
    *(b"null", b"true", b"{}", b"[]", b'""', b"[[[[", b'{"a":', b"-1", b"0.5"),
    *(name.encode() for name in {*access_claims(), *id_claims(), *header(), *ENTRY}),
    *(b"crit", b"b64", b"zip", b"jku", b"jwk", b"x5c", b"typ", b"RS256", b"none", b"nbf", b"acr", b"amr", b"key_ops"),
    *(b"__Host-cognito_auth.", b"for=", b"by=", b"proto=", b'"[2001:db8::1]:80"', b"unknown", b"%eth0", b"::ffff:10.0.0.1"),
    *(name.encode() for document in (SIGNED_IN, *CHALLENGES) for name in document),
)
"""Words that the fuzzer puts in here and there."""

TARGETS: Final[Mapping[str, Target]] = {
    "token": Target(
        run=token,
        seeds=[
            b"\0" + compact(access_claims()),
            b"\0" + compact(id_claims()),
            b"\0"
            + compact(header(typ="JWT"))
            + b"\0"
            + compact(access_claims(nbf=int(NOW), device_key="d", acr="x", amr=["mfa"])),
            b"\1" + b"eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.e30.AAAA",
            b"\1" + b"eyJhbGciOiJub25lIn0.e30.",
        ],
    ),
    "cookie": Target(
        run=cookie_header,
        seeds=[
            b"__Host-cognito_auth.0=1.abc; theme=dark",
            b"__Host-cognito_auth.0=2.abc; __Host-cognito_auth.1=def",
            b"cognito_auth.0=1.abc\ncognito_auth.0=1.def; =x; y",
        ],
    ),
    "sealed": Target(
        run=sealed_value,
        seeds=[
            b"\0" + SEALER.seal(b"content", purpose="session", now=NOW, lifetime=60, nonce=bytes(NONCE_BYTES)).encode(),
            b"\1" + pack(SESSION),
            *(
                b"\2" + compact(pack_state(state))
                for state in STATES.values()
                if isinstance(state, Challenge) and _is_kept(state)
            ),
        ],
    ),
    "keys": Target(
        run=key_set_document,
        seeds=[
            key_set(ENTRY),
            key_set(ENTRY, {"kid": "second", "kty": "RSA", "n": ENTRY["n"], "e": "Aw", "key_ops": ["verify"]}),
            key_set(ENTRY, ENTRY, {"kty": "EC", "crv": "P-256"}, None),
        ],
    ),
    "body": Target(
        run=request_body,
        seeds=[bytes([number]) + compact(_filled(route.members)) for number, route in enumerate(ROUTES) if route.members],
    ),
    "forwarded": Target(
        run=forwarded_header,
        seeds=[
            b"\0203.0.113.7, 10.0.0.2",
            b"\1[2001:db8::7]:4711, 2001:db8:ffff::2",
            b"\4for=203.0.113.7;proto=https, for=10.0.0.2\n203.0.113.7",
            b'\5for="[2001:db8::7]:4711";by=_hidden;host="a,b", for=unknown',
        ],
    ),
    "reply": Target(
        run=cognito_reply,
        seeds=[
            *(bytes([way, 0]) + b"\n" + reply for way in (0, 1, 11, 22, 33) for reply in REPLIES[:10]),
            *(bytes([way, 0]) + b"\n" + reply for way in range(2, 11) for reply in REPLIES[10:]),
            *(bytes([0, status]) + b"\n" + error for status in (3, 4, 5) for error in ERRORS),
            bytes([4, 3]) + b"UserNotFoundException:http://internal.amazon.com/\n{}",
        ],
    ),
}
