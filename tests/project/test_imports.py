"""What importing loads, what the top-level names are, and what is said where an extra is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

import cognito_auth

ROOT: Final = Path(__file__).parents[2]
HEAVY: Final = {
    "anyio",
    "asyncio",
    "botocore",
    "cryptography",
    "fastapi",
    "flask",
    "httpx",
    "jwt",
    "segno",
    "sqlite3",
    "starlette",
}
SELDOM: Final = {f"cognito_auth.api.{name}" for name in ("clients", "domains", "operations", "pool_mfa", "pools", "providers")}
"""Operations that no flow sends: their classes are made when somebody asks for them."""
HOME: Final[dict[str, str]] = cognito_auth._HOME  # pyright: ignore[reportPrivateUsage]

BLOCK = """
import importlib.abc, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Block())
"""


def python(program: str) -> str:
    """What a new interpreter prints."""
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'adapters')!r}]\n"
    done = subprocess.run([sys.executable, "-c", path + program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("program", "light"),
    [
        pytest.param("import cognito_auth", HEAVY, id="cognito_auth"),
        pytest.param("import cognito_auth.errors, cognito_auth.config, cognito_auth.api", HEAVY, id="values"),
        pytest.param("import cognito_auth.flows, cognito_auth.exchange", HEAVY, id="flows"),
        pytest.param("import cognito_auth.web", HEAVY - {"cryptography", "jwt"} | SELDOM, id="web"),
        pytest.param(
            "import cognito_auth.client", {"botocore", "fastapi", "flask", "sqlite3", "starlette"} | SELDOM, id="client"
        ),
        pytest.param("import cognito_auth.cli", HEAVY - {"sqlite3"}, id="cli"),
        pytest.param("import cognito_auth_flask", {"botocore", "fastapi", "sqlite3", "starlette"} | SELDOM, id="flask"),
        pytest.param("import cognito_auth_starlette", {"botocore", "fastapi", "flask", "sqlite3"} | SELDOM, id="starlette"),
        pytest.param("import cognito_auth_fastapi", {"botocore", "flask", "sqlite3"} | SELDOM, id="fastapi"),
    ],
)
def test_what_is_not_loaded(program: str, light: set[str]) -> None:
    loaded = python(f"{program}\nprint(*sys.modules)").split()
    assert "cognito_auth" in loaded
    assert light & set(loaded) == set()


def test_the_package_alone_loads_next_to_nothing() -> None:
    program = "before = {*sys.modules}\nimport cognito_auth\nprint(*sys.modules.keys() - before)"
    loaded = set(python(program).split())
    assert loaded - {"__future__", "cognito_auth"} <= {
        "importlib",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "warnings",
    }


def test_top_level_names_are_those_that_type_checkers_see() -> None:
    tree = ast.parse((ROOT / "cognito_auth" / "__init__.py").read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert seen == HOME


@pytest.mark.parametrize("name", sorted(HOME))
def test_top_level_names_resolve(name: str) -> None:
    assert getattr(cognito_auth, name) is getattr(import_module(f"cognito_auth.{HOME[name]}"), name)
    assert name in dir(cognito_auth)


def test_other_names_do_not() -> None:
    with pytest.raises(AttributeError, match="riddle"):
        cognito_auth.riddle  # noqa: B018


@pytest.mark.parametrize("package", ["pyotp", "regex"])
def test_the_embedded_pool_without_its_extra(package: str) -> None:
    program = f"""
{BLOCK.format(blocked={package})}
from cognito_auth.errors import MissingExtra
try:
    import cognito_auth.local
except MissingExtra as error:
    print(error)
"""
    assert python(program) == "The embedded user pool needs more packages: pip install 'cognito-auth-kit[local]'\n"


def test_passkeys_without_their_package() -> None:
    program = f"""
{BLOCK.format(blocked={"webauthn", "cbor2"})}
from cognito_auth.errors import MissingExtra
from cognito_auth.local import SoftwareAuthenticator
options = {{"rp": {{"id": "a"}}, "user": {{"id": "AA"}}, "pubKeyCredParams": [{{"alg": -7}}], "challenge": "AA"}}
def verify():
    import cognito_auth.local.sign_in.ceremonies
for use in (verify, lambda: SoftwareAuthenticator("https://a").create(options)):
    try:
        use()
    except MissingExtra as error:
        print(error)
"""
    assert python(program).splitlines() == [
        f"{feature} needs more packages: pip install 'cognito-auth-kit[local]'"
        for feature in ("A passkey in the embedded user pool", "The software authenticator")
    ]


def test_the_embedded_pool_loads_no_passkeys_until_they_are_used() -> None:
    assert "webauthn" not in python("import cognito_auth.local, sys\nprint(*sys.modules)").split()


def test_the_command_without_the_extra() -> None:
    program = f"""
{BLOCK.format(blocked={"pyotp"})}
from cognito_auth.cli import main
sys.stderr = sys.stdout
print(main(["local"]))
"""
    said = "cognito-auth: The embedded user pool needs more packages: pip install 'cognito-auth-kit[local]'\n2\n"
    assert python(program) == said


def test_qr_codes_without_their_extra() -> None:
    program = f"""
{BLOCK.format(blocked={"segno"})}
from cognito_auth.web.qr import qr_svg
flow = qr_svg("text")
print(next(flow).work())
"""
    assert python(program) == "None\n"


@pytest.mark.parametrize(
    ("package", "opened", "said"),
    [
        ("limits", "RateLimits('memory://')", "RateLimits|[limits]"),
        ("redis", "RateLimits('redis://127.0.0.1')", "RateLimits in Redis|[redis]"),
        ("redis", "RedisStore('redis://127.0.0.1')", "RedisStore|[redis]"),
    ],
)
def test_stores_without_their_extra(package: str, opened: str, said: str) -> None:
    program = f"""
{BLOCK.format(blocked={package})}
from cognito_auth.errors import MissingExtra
from cognito_auth.stores import RateLimits, RedisStore
try:
    {opened}
except MissingExtra as error:
    print(error)
"""
    feature, extra = said.split("|")
    assert python(program) == f"{feature} needs more packages: pip install 'cognito-auth-kit{extra}'\n"


def test_signing_without_its_extra() -> None:
    program = f"""
{BLOCK.format(blocked={"botocore"})}
from cognito_auth.api.users import AdminGetUser
from cognito_auth import CognitoClient, Settings
from cognito_auth.errors import MissingExtra
with CognitoClient(Settings(user_pool_id="eu-west-1_a", client_id="c")) as client:
    try:
        client.send(AdminGetUser(username="ana"))
    except MissingExtra as error:
        print(error)
"""
    assert "pip install 'cognito-auth-kit[admin]'" in python(program)


@pytest.mark.parametrize(
    ("adapter", "framework"),
    [("cognito_auth_flask", "flask"), ("cognito_auth_starlette", "starlette"), ("cognito_auth_fastapi", "fastapi")],
)
def test_an_adapter_without_its_framework(adapter: str, framework: str) -> None:
    program = f"""
{BLOCK.format(blocked={framework})}
try:
    import {adapter}
except ImportError as error:
    print(error)
"""
    assert framework in python(program)
