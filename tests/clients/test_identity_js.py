"""amazon-cognito-identity-js, unchanged, in node, against a real server process."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.local_server import Server
from tests.support.requirements import require_or_skip

JS: Final = Path(__file__).parent / "js"
PASSWORD: Final = "Correct-Horse-7"


@pytest.fixture(scope="module")
def node() -> str:
    """The node program, with the packages of the lock file installed."""
    programs = [shutil.which(name) for name in ("node", "npm")]
    require_or_skip(all(programs), "node and npm are not installed")
    program, npm = map(str, programs)
    lock, installed = JS / "package-lock.json", JS / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=JS, check=True, stdout=subprocess.DEVNULL)
        installed.touch()
    return program


def test_journey(node: str, server: Server) -> None:
    given = {
        "endpoint": server.endpoint,
        "userPoolId": server.user_pool_id,
        "clientId": server.client_id,
        "username": "johanna",
        "password": PASSWORD,
    }
    done = subprocess.run(
        [node, "journey.mjs", json.dumps(given)], cwd=JS, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    happened: dict[str, Any] = json.loads(done.stdout)
    attributes = happened.pop("attributes")
    assert happened == {
        "confirmedAtSignUp": False,
        "unconfirmed": "UserNotConfirmedException",
        "wrongCode": "CodeMismatchException",
        "wrongPassword": "NotAuthorizedException",
        "first": True,
        "verified": "SUCCESS",
        "second": "SOFTWARE_TOKEN_MFA",
        "wrongTotp": "CodeMismatchException",
        "session": True,
        "newAccessToken": True,
        "subject": attributes["sub"],
    }
    assert attributes["email"] == "johanna@example.org"
    assert attributes["email_verified"] == "true"
