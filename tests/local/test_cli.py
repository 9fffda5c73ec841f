"""The ``cognito-auth`` command, as a real process."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final, cast

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.local_server import Server, local_server

COMMAND: Final = (sys.executable, "-m", "cognito_auth.cli")


def run(*arguments: str, command: tuple[str, ...] = COMMAND) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *arguments], check=False, capture_output=True, text=True, timeout=60)


def sign_up(server: Server, username: str) -> httpx.Response:
    document = {
        "ClientId": server.client_id,
        "Username": username,
        "Password": "Correct-Horse-7",
        "UserAttributes": [{"Name": "email", "Value": "dora@example.org"}],
    }
    return httpx.post(server.endpoint, headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}, json=document)


def test_json_is_one_line_about_a_server_that_answers() -> None:
    with local_server() as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.endpoint)
        assert server.user_pool_id.startswith("us-east-1_")
        keys = httpx.get(f"{server.endpoint}/{server.user_pool_id}/.well-known/jwks.json")
        assert len(keys.json()["keys"]) == 2
        assert sign_up(server, "dora").status_code == 200
        server.process.terminate()
        assert cast("IO[str]", server.process.stdout).read() == ""


@pytest.mark.parametrize("module", ["cognito_auth", "cognito_auth.cli"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_without_a_word(number: signal.Signals, module: str) -> None:
    command = [sys.executable, "-m", module, "local", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        endpoint = json.loads(cast("IO[str]", process.stdout).readline())["endpoint"]
        with httpx.Client() as web:  # its connection stays open
            assert web.get(f"{endpoint}/_local/health").status_code == 200
            process.send_signal(number)
            output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_state_outlives_the_process(tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    with local_server("--state", state, "--region", "eu-west-1") as first:
        assert sign_up(first, "dina").status_code == 200
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    with local_server("--state", state, "--region", "eu-west-1") as second:
        assert second.user_pool_id == first.user_pool_id
        assert second.client_id == first.client_id
        assert second.confidential_client_secret == first.confidential_client_secret
        assert second.user_pool_id.startswith("eu-west-1_")
        again = sign_up(second, "dina")
        assert again.json()["__type"] == "UsernameExistsException"


def test_text_for_people() -> None:
    command = [*COMMAND, "local"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines: list[str] = []
            for line in cast("IO[str]", process.stdout):
                lines.append(line.strip())
                if "Ctrl+C" in line:
                    break
            given = dict(line.split("=", 1) for line in lines if line.startswith("COGNITO_"))
            names = {"ENDPOINT", "USER_POOL_ID", "CLIENT_ID", "CLIENT_SECRET", "AUTH_FLOWS"}
            assert given.keys() == {f"COGNITO_{name}" for name in names}
            assert given["COGNITO_AUTH_FLOWS"] == "USER_SRP_AUTH,USER_AUTH"
            page = httpx.get(f"{given['COGNITO_ENDPOINT']}/_local/")
            assert f"Codes and messages: {page.url}" in lines
            assert given["COGNITO_USER_POOL_ID"] in page.text
            assert given["COGNITO_CLIENT_SECRET"] not in page.text
        finally:
            process.terminate()


def test_other_host_names_are_known_by_request() -> None:
    with local_server("--host", "localhost", "--name", "Pool") as server:
        assert server.endpoint.startswith("http://localhost:")
        health = f"{server.endpoint}/_local/health"
        statuses = {name: httpx.get(health, headers={"Host": name}).status_code for name in ("pool:80", "other")}
    assert statuses == {"pool:80": 200, "other": 421}


def test_other_machines_only_when_said_twice() -> None:
    refused = run("local", "--host", "0.0.0.0")
    assert refused.returncode == 2
    assert "--allow-remote" in refused.stderr
    assert refused.stderr.count("\n") == 1
    with local_server("--host", "0.0.0.0", "--allow-remote") as server:
        health = f"{server.endpoint}/_local/health"
        statuses = {name: httpx.get(health, headers={"Host": name}).status_code for name in ("192.168.0.7", "evil.example")}
    assert statuses == {"192.168.0.7": 200, "evil.example": 421}


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        failed = run("local", "--port", str(taken.getsockname()[1]))
    assert failed.returncode == 1
    assert failed.stderr.startswith("cognito-auth: ")
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["missing/state.db", "text.db"])
def test_a_state_file_that_cannot_be_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.db").write_text("This is no database.")
    state = str(tmp_path / name)
    failed = run("local", "--state", state)
    assert failed.returncode == 1
    assert failed.stderr.startswith("cognito-auth: ")
    assert state in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_state_file_of_another_version_is_one_sentence(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with closing(sqlite3.connect(state)) as database:
        database.execute("PRAGMA user_version = 99")
    failed = run("local", "--state", str(state))
    assert failed.returncode == 2
    assert "layout 99" in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("package", ["httptools", "uvicorn", "pyotp", "regex"])
def test_a_missing_extra_is_one_sentence(package: str) -> None:
    program = f"import sys; sys.modules[{package!r}] = None; from cognito_auth.cli import main; sys.exit(main(['local']))"
    failed = run("-c", program, command=(sys.executable,))
    assert failed.returncode == 2
    assert "pip install 'cognito-auth-kit[local]'" in failed.stderr
    assert failed.stderr.count("\n") == 1
    assert failed.stdout == ""


def list_pools(server: Server, secret: str) -> None:
    made: Any = boto3
    client = made.client(
        "cognito-idp",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )
    client.list_user_pools(MaxResults=1)


def test_a_key_whose_signatures_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "right")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    with local_server("--access-key-id", "AKIDEXAMPLE") as server:
        list_pools(server, "right")
        with pytest.raises(ClientError, match="InvalidSignatureException"):
            list_pools(server, "wrong")
    with local_server() as server:  # the variable alone changes nothing
        list_pools(server, "wrong")


@pytest.mark.parametrize(("key", "secret"), [("AKIDEXAMPLE", ""), ("", "right")])
def test_a_key_without_its_secret_is_one_sentence(monkeypatch: pytest.MonkeyPatch, key: str, secret: str) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    failed = run("local", "--access-key-id", key)
    assert failed.returncode == 2
    assert "AWS_SECRET_ACCESS_KEY" in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("local", "--port", "x"), ("local", "--port", "65536")], ids=str)
def test_usage(arguments: tuple[str, ...]) -> None:
    failed = run(*arguments)
    assert failed.returncode == 2
    assert "usage: cognito-auth" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_version() -> None:
    shown = run("--version")
    assert shown.returncode == 0
    assert shown.stdout.startswith("cognito-auth ")
