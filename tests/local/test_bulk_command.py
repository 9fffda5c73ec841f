"""``cognito-auth users``: what it prints, how it ends, and where it takes its settings from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from cognito_auth.bulk.command import rates_of
from cognito_auth.bulk.pace import DEFAULT_RATES, Category
from cognito_auth.cli import main
from cognito_auth.config import Settings
from cognito_auth.local.http.server import running
from tests.local.support import new_cognito

GOOD: Final = [{"type": "group", "name": "staff"}, {"type": "user", "username": "ana", "groups": ["staff"]}]
USERS: Final = "".join(json.dumps(line) + "\n" for line in GOOD)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder to work in, with a pool that the environment names."""
    cognito = new_cognito()
    with running(cognito) as endpoint:
        monkeypatch.setenv("COGNITO_ENDPOINT", endpoint)
        monkeypatch.setenv("COGNITO_USER_POOL_ID", cognito.first_pool().user_pool_id)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "COGNITO_CLIENT_SECRET"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(tmp_path)
        yield tmp_path


def test_import_and_export(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "users.jsonl").write_text(USERS)
    assert main(["users", "import", "users.jsonl"]) == 0
    assert main(["users", "import", "users.jsonl"]) == 0
    assert main(["users", "import", "users.jsonl", "--journal", "other", "--update"]) == 0
    assert main(["users", "export", "out", "--format", "csv"]) == 0
    output, errors = capsys.readouterr()
    assert output.splitlines() == ["1 created", "1 done before", "1 updated", "1 users and 1 groups"]
    assert errors == ""
    assert (place / "out").read_text().splitlines()[1].endswith("false,ana,true,FORCE_CHANGE_PASSWORD,staff")


def test_an_empty_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "users.jsonl").write_text("")
    assert main(["users", "import", "users.jsonl"]) == 0
    assert capsys.readouterr().out == "nothing to do\n"


def test_failures_are_told_by_line_and_status(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "users.jsonl").write_text(f'{USERS}nonsense\n{{"type":"user","username":"eva","password":"Sh0rt!"}}\n')
    assert main(["users", "import", "users.jsonl", "--progress", "none"]) == 1
    output, errors = capsys.readouterr()
    assert output == "1 created, 2 failed\n"
    assert [line.partition(":")[0] for line in sorted(errors.splitlines())] == ["line 3", "line 4"]
    assert "Sh0rt" not in errors


def test_a_file_that_is_not_there(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "import", "users.jsonl"]) == 1
    assert "users.jsonl" in capsys.readouterr().err
    assert list(place.iterdir()) == []


def test_a_header_that_will_not_do(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "users.csv").write_text("name,email\n")
    assert main(["users", "import", "users.csv"]) == 2
    assert "the header has no column cognito:username" in capsys.readouterr().err


def test_nobody_listens(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "export", "out.jsonl", "--endpoint", "http://127.0.0.1:1"]) == 1
    assert capsys.readouterr().err.startswith("cognito-auth: ConnectError")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("action", ["import", "export"])
def test_without_a_pool(place: Path, action: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COGNITO_USER_POOL_ID")
    (place / "users.jsonl").write_text(USERS)
    assert main(["users", action, "users.jsonl"]) == 2
    assert "COGNITO_USER_POOL_ID must be set" in capsys.readouterr().err
    assert main(["users", action, "users.jsonl", "--user-pool-id", "nonsense"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["users"],
        ["users", "delete", "x"],
        ["users", "import"],
        ["users", "import", "x", "--format", "xml"],
        ["users", "import", "x", "--rate", "Riddle=1"],
        ["users", "import", "x", "--rate", "UserCreation=fast"],
        ["users", "export", "x", "--invite"],
    ],
    ids=" ".join,
)
def test_what_the_command_does_not_take(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--concurrency", "0"], ["--rate", "all=0"], ["--rate", "UserList=-1"], ["--rate", "all=nan"]]
)
def test_numbers_that_make_no_sense(place: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (place / "users.jsonl").write_text(USERS)
    assert main(["users", "import", "users.jsonl", *options]) == 2
    assert "must be" in capsys.readouterr().err


REAL: Final = Settings(user_pool_id="eu-west-1_AbC", client_id="none")
STAND_IN: Final = Settings(user_pool_id="eu-west-1_AbC", client_id="none", endpoint="http://127.0.0.1:9")


def test_rates() -> None:
    assert rates_of([], REAL) == DEFAULT_RATES
    assert rates_of([], STAND_IN) == {}
    given = [dict.fromkeys(Category, 500.0), {Category.USER_LIST: 3.0}]
    for settings in (REAL, STAND_IN):
        assert rates_of(given, settings) == {**dict.fromkeys(Category, 500.0), Category.USER_LIST: 3.0}
