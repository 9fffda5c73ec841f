"""The attacks, by what they abuse. A request that would be served but for what makes it an attack is among the controls."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from cognito_auth.web import ROUTES, Route

from .attack import EVIL, JSON, ORIGIN, Attack, Scene, request

CHANGING: Final = tuple(route for route in ROUTES if route.method != "GET")
_MEMBERS: Final[dict[str, Any]] = {
    "answer": {"code": "1"},
    "attributes": {"email": f"mallory@{EVIL}"},
    "credential": {"id": "x"},
    "names": ["email"],
    "remembered": True,
    "others": True,
    "max_age": 1,
    "linked": True,
    "everywhere": True,
    "sign_in": True,
}


def body_of(route: Route) -> str:
    """A body that the endpoint understands."""
    return json.dumps({member.name: _MEMBERS.get(member.name, "x1") for member in route.members if member.required})


def _encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _edited(token: str, claims: dict[str, Any] | None = None, **header: Any) -> str:
    """A token whose header and claims were changed, and whose signature was not."""
    parts = token.split(".")
    for number, changes in enumerate((header, claims or {})):
        known = json.loads(base64.urlsafe_b64decode(parts[number] + "=="))
        parts[number] = _encoded({**known, **changes})
    return ".".join(parts)


def bearers(scene: Scene) -> Iterator[Attack]:
    """Tokens that nobody issued, or for something else."""
    head, payload, proof = scene.token.split(".")
    admin = {"cognito:groups": ["admin"], "username": scene.victim}
    made = {
        "groups": _edited(scene.token, admin),
        "no algorithm": _edited(scene.token, admin, alg="none"),
        "no algorithm and no signature": _edited(scene.token, admin, alg="none").rpartition(".")[0] + ".",
        "a cased no algorithm": _edited(scene.token, admin, alg="nOnE"),
        "HS256": _edited(scene.token, admin, alg="HS256"),
        "RS512": _edited(scene.token, alg="RS512"),
        "PS256": _edited(scene.token, alg="PS256"),
        "a key of its own": _edited(scene.token, admin, jwk={"kty": "oct", "k": "AAAA"}),
        "a key set elsewhere": _edited(scene.token, admin, jku=f"https://{EVIL}/jwks.json"),
        "a certificate elsewhere": _edited(scene.token, admin, x5u=f"https://{EVIL}/x.pem"),
        "a path as its key": _edited(scene.token, kid="../../../../dev/null"),
        "SQL as its key": _edited(scene.token, kid="' OR 1=1 --"),
        "an extension": _edited(scene.token, crit=["exp"]),
        "compressed": _edited(scene.token, zip="DEF"),
        "a number as its algorithm": _edited(scene.token, alg=5),
        "another issuer": _edited(scene.token, {"iss": f"https://{EVIL}"}),
        "another client": _edited(scene.token, {"client_id": "x"}),
        "no end": _edited(scene.token, {"exp": 99999999999}),
        "an endless end": f"{head}.{_encoded({'exp': 1e308})}.{proof}",
        "the ID token": scene.id_token,
        "no signature": f"{head}.{payload}.",
        "two tokens in one": f"{scene.token}.{scene.token}",
        "the refresh token": scene.envelope,
        "a state": scene.state,
        "dots": "." * 5000,
        "depth": f"{head}.{base64.urlsafe_b64encode(b'[' * 6000).decode()}.{proof}",
        "length": "A" * 30_000,
        "bytes": "\xff\xfe.\x80.\x81",
        "encrypted": ".".join([_encoded({"alg": "dir", "enc": "A128GCM"}), "", "AA", "AA", "AA"]),
        "nothing": "",
    }
    for name, token in made.items():
        yield Attack(f"bearer: {name}", request(scene, "GET", "/admin", f"Authorization: Bearer {token}"))
    for name, line in {
        "Basic": f"Basic {scene.token}",
        "no scheme": scene.token,
        "a list": f"Bearer {scene.token}, Bearer {_edited(scene.token, admin)}",
        "a parameter": f'Bearer token="{scene.token}"',
        "its own, for administrators": f"Bearer {scene.token}",
    }.items():
        yield Attack(f"bearer: {name}", request(scene, "GET", "/admin", f"Authorization: {line}"))
    two = (f"Authorization: Bearer {scene.token}", f"Authorization: Bearer {_edited(scene.token, admin)}")
    yield Attack("bearer: two headers", request(scene, "GET", "/admin", *two))
    yield Attack("bearer: in the query", request(scene, "GET", f"/hello?access_token={scene.token}"))
    form = f"access_token={scene.token}"
    yield Attack(
        "bearer: in a form", request(scene, "GET", "/hello", "Content-Type: application/x-www-form-urlencoded", body=form)
    )


def headers(scene: Scene) -> Iterator[Attack]:
    """Headers that proxies set, and that whoever has no proxy must not believe."""
    for line in (
        f"X-Forwarded-User: {scene.victim}",
        f"Remote-User: {scene.victim}",
        f"X-Remote-User: {scene.victim}",
        f"X-Amzn-Oidc-Identity: {scene.victim}",
        f"X-Amzn-Oidc-Data: {scene.token}",
        f"X-Amzn-Oidc-Accesstoken: {scene.token}",
        "X-Original-URL: /auth/passkeys.js",
        "X-Rewrite-URL: /",
        "X-HTTP-Method-Override: OPTIONS",
        "X-Forwarded-Prefix: /auth",
        "X-Forwarded-For: 127.0.0.1",
        f"X-Forwarded-Host: {EVIL}",
        "X-Real-IP: 127.0.0.1",
        "Forwarded: for=127.0.0.1;host=localhost;proto=https",
        "X-Middleware-Subrequest: middleware",
        "Script_Name: /auth",
    ):
        yield Attack(f"header: {line.partition(':')[0]}", request(scene, "GET", "/hello", line))
    for host in (EVIL, f"{scene.host}@{EVIL}", "", "[", "a b", f"localhost:{'9' * 40}", "\xff"):
        yield Attack(f"host: {host!a}", request(scene, "GET", "/hello", f"Host: {host}"))
    for name, line in {
        "a long one": f"X-Long: {'x' * 70_000}",
        "a NUL": "X-Nul: a\x00b",
        "a folded one": "X-Folded: a\r\n Cookie: b",
        "a bare carriage return": "X-Bare: a\rCookie: b",
        "a name with a blank": "X Bad: a",
        "a name with a blank after it": "Content-Length : 5",
        "bytes": "Accept-Language: \xff\xfe",
        "five hundred": "\r\n".join(f"X-{number}: x" for number in range(500)),
    }.items():
        yield Attack(f"header: {name}", request(scene, "GET", "/hello", line))


def cookies(scene: Scene) -> Iterator[Attack]:
    """Sessions that nobody was given."""
    name, _, value = scene.cookie.partition("=")
    changed = {
        "nothing": "",
        "a version alone": "1.",
        "half": value[: len(value) // 2],
        "one character more": f"{value}A",
        "a character less": value[:-1],
        "twice": value + value,
        "in quotes": f'"{value}x"',
        "a refresh token": scene.envelope,
        "a state": scene.state,
        "a token": scene.token,
        "JSON": '{"username":"admin"}',
        "a pickle": base64.b64encode(b"cos\nsystem\n(S'true'\ntR.").decode(),
        "length": "A" * 20_000,
        "bytes": "\xff\xfe\x00",
        "percents": "%00%0d%0aSet-Cookie:x=1",
    }
    for spot in range(0, len(value), max(1, len(value) // 12)):
        swapped = "A" if value[spot] != "A" else "B"
        changed[f"another character at {spot}"] = value[:spot] + swapped + value[spot + 1 :]
    for kind, wrong in changed.items():
        yield Attack(f"cookie: {kind}", request(scene, "GET", "/hello", f"Cookie: {name}={wrong}"))
    for kind, line in {
        "as secure": f"__Host-{scene.cookie}",
        "another case": f"{name.upper()}={value}",
        "another chunk": f"{name.removesuffix('.0')}.1={value}",
        "another's name": f"{name}_device={value}",
        "a thousand": "; ".join(f"{name}{number}=x" for number in range(1000)),
        "its own, for administrators": scene.cookie,
        "a name with a blank": f"{name} x={value}",
    }.items():
        target = "/admin" if "administrators" in kind else "/hello"
        yield Attack(f"cookie: {kind}", request(scene, "GET", target, f"Cookie: {line}"))


def other_sites(scene: Scene) -> Iterator[Attack]:
    """What pages of another site let the victim's browser send: whatever changes anything, in three ways, and what is read."""
    cookie = f"Cookie: {scene.victims_cookie}"
    for route in CHANGING:
        path, body = f"/auth/{route.path}", body_of(route)
        yield Attack(f"cross-site: {route.name} by fetch", request(scene, route.method, path, cookie, ORIGIN, JSON, body=body))
        opaque = (cookie, "Origin: null", "Sec-Fetch-Site: cross-site", JSON)
        yield Attack(f"cross-site: {route.name} from a frame", request(scene, route.method, path, *opaque, body=body))
        form = (cookie, ORIGIN, "Sec-Fetch-Site: cross-site", "Content-Type: text/plain")
        yield Attack(f"cross-site: {route.name} by form", request(scene, route.method, path, *form, body=body))
        preflight = (ORIGIN, f"Access-Control-Request-Method: {route.method}", "Access-Control-Request-Headers: content-type")
        yield Attack(f"cross-site: {route.name} preflight", request(scene, "OPTIONS", path, *preflight), harmless=True)
    for origin in (
        f"http://{scene.host}.{EVIL}",
        f"http://{EVIL}:{scene.port}",
        f"http://localhost:{scene.port + 1}",
        "http://localhost",
    ):
        line = f"Origin: {origin}"
        yield Attack(f"cross-site: from {origin}", request(scene, "POST", "/auth/logout", cookie, line, JSON, body="{}"))
    for site in ("same-site", "cross-site"):  # what is read is answered, and must not be for that page's eyes
        lines = (cookie, f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: cors", ORIGIN)
        yield Attack(f"cross-site: reads as {site}", request(scene, "GET", "/auth/mfa", *lines), harmless=True)
    upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
    hijack = request(scene, "GET", "/ws", cookie, ORIGIN, *upgrade).replace(b"Connection: close", b"Connection: Upgrade")
    yield Attack("cross-site: a WebSocket", hijack, hangs_up=True)


def redirects(scene: Scene) -> Iterator[Attack]:
    """Ways to make the site send somebody elsewhere."""
    for value in (
        f"//{EVIL}",
        f"https://{EVIL}",
        f"/\\{EVIL}",
        f"\\\\{EVIL}",
        f"/%2F{EVIL}",
        f"/%09/{EVIL}",
        f"https:{EVIL}",
        f"javascript:alert('{EVIL}')",
        f"/%0d%0aLocation:%20https://{EVIL}",
        f"@{EVIL}",
    ):
        html = ("Accept: text/html", "Sec-Fetch-Mode: navigate")
        yield Attack(f"redirect: {value}", request(scene, "GET", f"/hello?next={value}", *html))
        body = json.dumps({"next": value, "everywhere": False})
        yield Attack(f"redirect: {value} on leaving", request(scene, "POST", "/auth/logout", JSON, body=body))
    for target in (f"//{EVIL}/hello", f"/{EVIL}//..", f"//{EVIL}/%2e%2e/", f"/auth//{EVIL}/"):
        yield Attack(f"redirect: the path {target}", request(scene, "GET", target))


def paths(scene: Scene) -> Iterator[Attack]:
    """Other spellings of what is guarded, and ways out of the folder of files."""
    for target in (
        "/admin/",
        "//admin",
        "/./admin",
        "/static/../admin",
        "/auth/../admin",
        "/auth/passkeys.js/../../admin",
        "/%61dmin",
        "/admin%2f",
        "/admin%00",
        "/admin%20",
        "/admin;x=1",
        "/admin?x=1",
        "/ADMIN",
        "/admin.json",
        "/%2e/admin",
        "/%c0%afadmin",
        "/\xff",
        f"http://{EVIL}/admin",
        "http://localhost/admin",
        "/static/../pool.py",
        "/static/%2e%2e/pool.py",
        "/static/..%2fpool.py",
        "/static/..%5cpool.py",
        "/static/....//pool.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/auth/passkeys.js/",
        "/auth/passkeys.js%00.html",
        "/auth/../../etc/passwd",
        "/auth/",
        "/auth/login",
        "/auth/me/x",
        "/" + "a" * 30_000,
        "*",
        "admin",
    ):
        yield Attack(f"path: {target[:40]!a}", request(scene, "GET", target, f"Cookie: {scene.cookie}"))
    for method in ("HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "X" * 100):
        yield Attack(f"method: {method[:10]}", request(scene, method, "/admin", f"Cookie: {scene.cookie}"))


def bodies(scene: Scene) -> Iterator[Attack]:
    """Bodies that are none, or that say other things than they seem to."""
    victim = json.dumps(scene.victim)
    for name, body in {
        "half": b'{"username": ',
        "depth": b'{"username":' + b"[" * 20_000,
        "a list": b"[]",
        "a number": b"1",
        "null": b"null",
        "NaN": b'{"username": NaN, "password": "x"}',
        "a huge number": b'{"username": "a", "max_age": ' + b"9" * 5000 + b"}",
        "a member twice": f'{{"username": "a", "username": {victim}, "password": "x1"}}'.encode(),
        "operators": b'{"username": {"$ne": ""}, "password": {"$ne": ""}}',
        "a flag as a password": b'{"username": "a", "password": true}',
        "half of a pair": b'{"username": "\\ud800", "password": "x"}',
        "a NUL": b'{"username": "a\\u0000b", "password": "x"}',
        "UTF-16": '{"username": "a"}'.encode("utf-16"),
        "bytes": b"\xff\xfe\x00",
        "gigabytes": b'{"username": "' + b"a" * 2_000_000 + b'"}',
        "SQL": b'{"username": "\' OR 1=1 --", "password": "x"}',
        "a template": b'{"username": "{{7*7}}${7*7}", "password": "x"}',
        "a prototype": b'{"__proto__": {"admin": true}, "username": "a", "password": "x"}',
        "a delivery": b'{"username": "a", "password": "x", "delivery": "log"}',
        "a wish": b'{"username": "a", "preferred": "ADMIN_NO_SRP_AUTH"}',
    }.items():
        yield Attack(f"body: {name}", request(scene, "POST", "/auth/login", JSON, body=body))
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/xml", ""):
        line = f"Content-Type: {kind}"
        yield Attack(f"body: as {kind!a}", request(scene, "POST", "/auth/login", line, body='{"username": "a"}'))
    zipped = (JSON, "Content-Encoding: gzip")
    yield Attack("body: compressed", request(scene, "POST", "/auth/login", *zipped, body=b"\x1f\x8b\x08\x00AAAA"))
    answer = {"answer": {"new_password": "Correct-Horse-8"}}
    spot = len(scene.state) // 2
    for name, state in {
        "a state of its own": "AAAA",
        "a changed state": scene.state[:spot] + ("A" if scene.state[spot] != "A" else "B") + scene.state[spot + 1 :],
        "a cut state": scene.state[:-4],
        "a session": scene.cookie.partition("=")[2],
        "a refresh token": scene.envelope,
        "a long state": "A" * 50_000,
    }.items():
        told = json.dumps({"state": state, **answer})
        yield Attack(f"body: {name} to be answered", request(scene, "POST", "/auth/challenge", JSON, body=told))
    for name, token in {
        "a token": scene.token,
        "a state": scene.state,
        "an open one": "eyJjdHkiOiJKV1QifQ.AA.AA.AA.AA",
    }.items():
        told = json.dumps({"refresh_token": token})
        yield Attack(f"body: {name} to be refreshed", request(scene, "POST", "/auth/refresh", JSON, body=told))


def framings(scene: Scene) -> Iterator[Attack]:
    """Requests that end where it is not clear, so that a second one may hide in them (RFC 9112, section 11.2)."""
    hidden = request(scene, "GET", "/admin", f"Cookie: {scene.cookie}")
    chunked = "Transfer-Encoding: chunked"
    for name, lines, body in (
        ("a length and chunks", ("Content-Length: 4", chunked), b"0\r\n\r\n" + hidden),
        ("two lengths", ("Content-Length: 0", f"Content-Length: {len(hidden)}"), hidden),
        ("a signed length", ("Content-Length: +5",), b"{}   "),
        ("a negative length", ("Content-Length: -1",), b"{}"),
        ("a length in hex", ("Content-Length: 0x2",), b"{}"),
        ("a list of lengths", ("Content-Length: 2, 5",), b"{}"),
        ("a length of its own kind", ("Content-Length: \xb2",), b"{}"),
        ("a huge length", (f"Content-Length: {'9' * 60}",), b"{}"),
        ("an unknown encoding", ("Transfer-Encoding: xchunked",), b"0\r\n\r\n"),
        ("an encoding twice", (chunked, "Transfer-Encoding: identity"), b"0\r\n\r\n"),
        ("a chunk of no size", (chunked,), b"zz\r\n{}\r\n0\r\n\r\n"),
        ("a chunk of a negative size", (chunked,), b"-2\r\n{}\r\n0\r\n\r\n"),
        ("a chunk that is longer than it says", (chunked,), b"1\r\n{}\r\n0\r\n\r\n"),
        ("a chunk with a long extension", (chunked,), b"2;" + b"x" * 40_000 + b"\r\n{}\r\n0\r\n\r\n"),
        ("too little", ("Content-Length: 500",), b"{}"),
        ("chunks without an end", (chunked,), b"2\r\n{}\r\n"),
    ):
        sent = request(scene, "POST", "/auth/login", JSON, *lines, body=body)
        yield Attack(f"framing: {name}", sent, hangs_up=True)
    for version in ("HTTP/9.9", "HTTP/1.10", "ICY", ""):
        sent = request(scene, "GET", "/admin").replace(b"HTTP/1.1", version.encode(), 1)
        yield Attack(f"framing: version {version!a}", sent, hangs_up=True)
    yield Attack("framing: nothing but noise", bytes(range(256)) * 4, hangs_up=True)
    yield Attack("framing: another protocol", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 9, hangs_up=True)


FAMILIES: Final[tuple[Callable[[Scene], Iterator[Attack]], ...]] = (
    bearers,
    headers,
    cookies,
    other_sites,
    redirects,
    paths,
    bodies,
    framings,
)
