"""Where ``cognito-auth local --triggers`` takes triggers from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from cognito_auth.errors import ConfigurationError
from cognito_auth.local.base.triggers import Trigger, Triggers, load_triggers
from tests.support.local_server import Server, local_server

from .support import new_cognito

SOURCE: Final = """
from cognito_auth.local import Triggers

pre_token_generation_version = "V2_0"

def pre_sign_up(event):
    event["response"]["autoConfirmUser"] = event["userName"] == "ana"
    return event

class Others:
    @staticmethod
    def post_confirmation(event):
        return event

ready = Triggers(custom_message=pre_sign_up)
nothing = object()
wrong = type("Wrong", (), {"pre_sign_up": 7})

def made(cognito):
    def pre_sign_up(event):
        if cognito.pools() == (event["userPoolId"],):
            raise ValueError("seen")
        return event
    return Triggers(pre_sign_up=pre_sign_up)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module in the working directory, with the source above."""
    name = f"triggers_{uuid4().hex}"
    (tmp_path / f"{name}.py").write_text(SOURCE)
    (tmp_path / f"{name}_broken.py").write_text("import there_is_no_such_module")
    monkeypatch.chdir(tmp_path)
    return name


def found(triggers: Triggers) -> set[str]:
    return {trigger.member for trigger in Trigger if triggers.function(trigger) is not None}


@pytest.mark.parametrize(
    ("suffix", "members"),
    [
        ("", {"pre_sign_up"}),
        (":Others", {"post_confirmation"}),
        (":ready", {"custom_message"}),
        (":made", {"pre_sign_up"}),
    ],
)
def test_sources(module: str, suffix: str, members: set[str]) -> None:
    assert found(load_triggers(module + suffix, new_cognito())) == members


def test_the_version_is_found_too(module: str) -> None:
    assert load_triggers(module, new_cognito()).pre_token_generation_version == "V2_0"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("{}_absent", "there is no module"),
        ("{}.inside", "there is no module"),
        ("{}:absent", "has no 'absent'"),
        ("{}:nothing", "has no trigger: pre_sign_up"),
        ("{}:wrong", "pre_sign_up is not a function"),
    ],
)
def test_what_is_not_there(module: str, path: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        load_triggers(path.format(module), new_cognito())


def test_a_module_that_cannot_be_imported_tells_why(module: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_module"):
        load_triggers(f"{module}_broken", new_cognito())


def sign_up(server: Server, username: str) -> dict[str, object]:
    document = {
        "ClientId": server.client_id,
        "Username": username,
        "Password": "Correct-Horse-7",
        "UserAttributes": [{"Name": "email", "Value": f"{username}@example.org"}],
    }
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
    reply: dict[str, object] = httpx.post(server.endpoint, headers=headers, json=document).json()
    return reply


def with_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes find modules where this one does."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(each or "." for each in sys.path))


def test_a_server_calls_them(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_path(monkeypatch)
    with local_server("--triggers", module) as server:
        assert [sign_up(server, name)["UserConfirmed"] for name in ("ana", "bob")] == [True, False]
    with local_server("--triggers", f"{module}:made") as server:
        assert sign_up(server, "ana")["message"] == "PreSignUp failed with error seen."


def test_an_absent_module_is_one_sentence(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_path(monkeypatch)
    command = [sys.executable, "-m", "cognito_auth", "local", "--triggers", f"{module}_absent"]
    failed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert failed.returncode == 2
    assert failed.stderr == f"cognito-auth: there is no module '{module}_absent'\n"
