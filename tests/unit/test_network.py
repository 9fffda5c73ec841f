"""The ways on which both drivers reach a server, over TLS and through the environment's proxies.

Replacing what httpx's pools use must not close any of them. Who asks is a process of its own, as its environment counts.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from cognito_auth.client.network import bounded

ROOT: Final = Path(__file__).parents[2]
KINDS: Final = ("blocking", "asyncio", "trio", "aiohttp")
PROGRAM: Final = """
import sys
from tests.support.scripted import SETTINGS
from tests.unit.test_drivers import carry_out, get
for _ in range(2):
    print(carry_out(sys.argv[1], SETTINGS, get(sys.argv[2])).body.decode())
"""


class Handler(BaseHTTPRequestHandler):
    """Answers with the address that it was asked for, and is a proxy where it is asked to be one (RFC 9110, section 9.3.6)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"asked for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        host, port = self.path.split(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.send_header("Via", "tests")
            self.end_headers()
            back = threading.Thread(target=pump, args=(there, self.connection))
            back.start()
            pump(self.connection, there)
            back.join()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing is logged."""


def pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Generator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for ``localhost`` that it signed itself, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with serving(context) as port:
        yield port


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    with serving() as port:
        yield port


def asked(kind: str, url: str, **environment: str) -> list[str]:
    """What two requests are answered, the second perhaps on the connection of the first."""
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = [sys.executable, "-W", "error", "-c", PROGRAM, kind, url]
    ran = subprocess.run(command, env={**inherited, **environment}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_over_tls(kind: str, secure: int, certificate: Path) -> None:
    assert asked(kind, f"https://localhost:{secure}/x", SSL_CERT_FILE=str(certificate)) == ["asked for /x"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_over_tls_through_a_proxy(kind: str, secure: int, plain: int, certificate: Path) -> None:
    proxy = {"HTTPS_PROXY": f"http://localhost:{plain}"}
    assert asked(kind, f"https://localhost:{secure}/x", SSL_CERT_FILE=str(certificate), **proxy) == ["asked for /x"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_through_a_proxy_that_knows_the_name(kind: str, plain: int) -> None:
    url = "http://name.invalid/x"
    assert asked(kind, url, HTTP_PROXY=f"http://localhost:{plain}") == [f"asked for {url}"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_nobody_vouches_for(kind: str, secure: int) -> None:
    with pytest.raises(AssertionError, match="TransportError: ConnectError"):
        asked(kind, f"https://localhost:{secure}/x")


def test_a_release_of_httpx_that_is_built_otherwise_is_used_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with httpx.Client(transport=Otherwise()) as client:
        assert bounded(client).get("http://server.example").text == "here"
    assert "this release of httpx is not known" in caplog.text


def test_this_release_of_httpx_is_known(caplog: pytest.LogCaptureFixture) -> None:
    with httpx.Client() as client:
        bounded(client)
    assert caplog.text == ""


class Otherwise(httpx.BaseTransport):
    """A transport without a pool."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="here", request=request)
