"""A stand-in for Cognito's own address, for clients that have it written in their code.

An HTTP proxy (RFC 9110, section 9.3.6) that ends TLS itself, with a certificate for that address, and passes each request on
to a local server. A client that honours the usual environment variables needs no change to arrive here.
"""

from __future__ import annotations

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, cast

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

HOST: Final = "cognito-idp.us-east-1.amazonaws.com"
_PASSED_ON: Final = ("authorization", "content-type", "x-amz-target")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amazon:
    """Where the proxy is, and the file with the certificate that its clients must trust."""

    proxy: str
    certificate: Path


@contextmanager
def amazon(endpoint: str, directory: Path) -> Generator[Amazon]:
    """Run the proxy in front of ``endpoint``; ``directory`` is where its certificate goes."""
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    _write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _Proxy(endpoint, context) as proxy:
        thread = Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield Amazon(proxy=f"http://127.0.0.1:{proxy.server_port}", certificate=certificate)
        finally:
            proxy.shutdown()
            thread.join()


class _Proxy(ThreadingHTTPServer):
    def __init__(self, endpoint: str, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint
        self.context = context


class _Handler(BaseHTTPRequestHandler):
    @property
    def proxy(self) -> _Proxy:
        return cast("_Proxy", self.server)

    def do_CONNECT(self) -> None:
        known = self.path == f"{HOST}:443"
        self.send_response(200 if known else 403)
        self.end_headers()
        if known:
            self.connection = self.proxy.context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb")
            self.handle_one_request()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        reply = httpx.post(self.proxy.endpoint, content=content, headers=headers)
        self.send_response(reply.status_code)
        for name in ("content-type", "x-amzn-errortype"):
            if name in reply.headers:
                self.send_header(name, reply.headers[name])
        self.send_header("content-length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing is written to the tests' output."""


def _write_certificate(certificate: Path, key: Path) -> None:
    """A certificate that signs itself, for a day."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
