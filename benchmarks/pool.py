"""Sign-ins a second: the embedded pool beside moto's server and, where it is installed, cognito-local.

Each server is a process of its own with the same pool, client and users, and is asked by the same code, which speaks HTTP with
as little work as it can: what it sends is prepared before, but for the one power that an SRP sign-in cannot do without.
``npm ci`` in ``benchmarks/js`` installs cognito-local.

moto computes nothing for SRP and takes any proof; cognito-local knows no SRP. Both compare passwords in clear, where the
embedded pool derives the verifier anew.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPConnection
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time
from typing import Any, Final

from cognito_auth import srp
from cognito_auth.modexp import G

from .measuring import MILLISECONDS, Candidate, Compared, Table, side_by_side
from .reports import Report, main

JS: Final = Path(__file__).parent / "js"
COGNITO_LOCAL: Final = JS / "node_modules" / "cognito-local" / "lib" / "bin" / "start.js"
HOST: Final = "127.0.0.1"
PASSWORD: Final = "Corr3ct-Horse!"
USERS: Final = tuple(f"user-{number}@example.com" for number in range(20))
"""Addresses, because cognito-local takes no other names unless its own settings say so."""
FLOWS: Final = ("ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
SIGNED: Final = (
    "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
)
CONNECTIONS: Final = 4
SIGN_INS: Final = 100
"""In each turn."""
PAIR: Final = srp.ephemeral(bytes(range(srp.EPHEMERAL_BYTES)))


class Refused(Exception):
    """An error reply."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server with a pool."""

    name: str
    port: int
    pool_id: str
    client_id: str


class Connection:
    """One connection to a server, kept open where the server lets it be."""

    def __init__(self, port: int) -> None:
        self._http = HTTPConnection(HOST, port, timeout=60)

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Authorization": SIGNED,
        }
        self._http.request("POST", "/", json.dumps(members).encode(), headers)
        reply = self._http.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise Refused(f"{operation}: {reply.status} {body.decode()[:200]}")
        document: dict[str, Any] = json.loads(body or b"{}")
        return document

    def close(self) -> None:
        self._http.close()


def by_password(server: Server, connection: Connection, name: str) -> dict[str, Any]:
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    return connection.call("InitiateAuth", ClientId=server.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def by_srp(server: Server, connection: Connection, name: str) -> dict[str, Any]:
    parameters = {"USERNAME": name, "SRP_A": PAIR.srp_a}
    begun = connection.call("InitiateAuth", ClientId=server.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    given = begun["ChallengeParameters"]
    block, when = given["SECRET_BLOCK"], srp.timestamp(time())
    proof = "unread" if server.name == "moto" else proved(server, given, when)
    responses = {
        "USERNAME": name,
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "PASSWORD_CLAIM_SIGNATURE": proof,
        "TIMESTAMP": when,
    }
    return connection.call(
        "RespondToAuthChallenge",
        ClientId=server.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=responses,
    )


def proved(server: Server, given: dict[str, str], when: str) -> str:
    identity = srp.Identity(server.pool_id.partition("_")[2], given["USER_ID_FOR_SRP"])
    challenge = srp.Challenge.parse(given["SALT"], given["SRP_B"], b64decode(given["SECRET_BLOCK"]))
    return srp.claim_signature(PAIR, identity, PASSWORD, challenge, when, power=power)


@cache
def power_of_g(exponent: int) -> int:
    return srp.default_power()(G, exponent)


def power(base: int, exponent: int) -> int:
    """As `srp.default_power`; what depends on nothing but the user is computed once."""
    return power_of_g(exponent) if base == G else srp.default_power()(base, exponent)


SignIn = Callable[[Server, Connection, str], dict[str, Any]]
KINDS: Final[dict[str, SignIn]] = {"password": by_password, "SRP": by_srp}


def commands(skipped: list[str]) -> Iterator[tuple[str, Callable[[int], list[str]]]]:
    """The servers that can be started here, with the command for a port; of the others, a word goes to ``skipped``."""
    yield "this library", lambda port: [sys.executable, "-m", "cognito_auth", "local", "--port", str(port)]
    start_moto = "import sys; from moto.server import main; main(sys.argv[1:])"
    if find_spec("moto") is None:
        skipped.append("moto: not installed")
    else:
        yield "moto", lambda port: [sys.executable, "-c", start_moto, "-H", HOST, "-p", str(port)]
    node = shutil.which("node")
    if node and COGNITO_LOCAL.exists():
        yield "cognito-local", lambda _: [node, str(COGNITO_LOCAL)]
    else:
        skipped.append("cognito-local: not installed; npm ci in benchmarks/js")


@contextmanager
def running(name: str, command: Callable[[int], list[str]], directory: str) -> Generator[Server]:
    """Start a server, and give it a pool."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    surroundings = {**os.environ, "HOST": HOST, "PORT": str(port)}
    process = subprocess.Popen(
        command(port), cwd=directory, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(process, port)
        yield prepared(name, port)
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody listens. Raises `RuntimeError` when the process ends instead."""
    while process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex((HOST, port)) == 0:
                return
    raise RuntimeError("a server did not start")


def prepared(name: str, port: int) -> Server:
    """Make the pool, the client and the users."""
    connection = Connection(port)
    pool_id = connection.call("CreateUserPool", PoolName="benchmark")["UserPool"]["Id"]
    made = connection.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="benchmark", ExplicitAuthFlows=FLOWS)
    for user in USERS:
        connection.call("AdminCreateUser", UserPoolId=pool_id, Username=user, MessageAction="SUPPRESS")
        connection.call("AdminSetUserPassword", UserPoolId=pool_id, Username=user, Password=PASSWORD, Permanent=True)
    connection.close()
    return Server(name, port, pool_id, made["UserPoolClient"]["ClientId"])


def took(server: Server, sign_in: SignIn, sign_ins: int = SIGN_INS) -> float:
    """Seconds for each sign-in, when several connections are at it."""

    def work(count: int) -> None:
        connection, names = Connection(server.port), cycle(USERS)
        for _ in range(count):
            assert "AccessToken" in sign_in(server, connection, next(names))["AuthenticationResult"]
        connection.close()

    share = max(1, sign_ins // CONNECTIONS)
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        started = perf_counter()
        list(threads.map(work, [share] * CONNECTIONS))
        return (perf_counter() - started) / (share * CONNECTIONS)


def supported(server: Server, kind: str) -> bool:
    """Whether the server knows this kind of sign-in; trying it also warms the server up."""
    try:
        took(server, KINDS[kind], CONNECTIONS)
    except Refused:
        return False
    return True


def run(effort: float) -> Report:
    """A table for each kind of sign-in."""
    tables: list[Table] = []
    skipped: list[str] = []
    with ExitStack() as stack:
        directory = stack.enter_context(TemporaryDirectory())
        servers = [stack.enter_context(running(name, command, directory)) for name, command in commands(skipped)]
        for kind, sign_in in KINDS.items():
            turns = [Candidate(server.name, partial(took, server, sign_in)) for server in servers if supported(server, kind)]
            skipped += [f"{server.name}: {kind} is not supported" for server in servers if not supported(server, kind)]
            tables.append(
                side_by_side(
                    f"Sign-ins by {kind} on local pools, {CONNECTIONS} connections",
                    turns,
                    rounds=max(3, int(10 * effort)),
                    unit=MILLISECONDS,
                    compared=Compared.THROUGHPUT,
                )
            )
    return Report(name="pool", tables=tuple(tables), skipped=tuple(skipped))


if __name__ == "__main__":
    main(run, __doc__)
