"""The ``cognito-auth`` command.

``cognito-auth local`` runs the embedded user pool as a server on this machine. The command reads arguments and prints; what
it starts is in `cognito_auth.local`, which is loaded only when it is asked for, because it needs the extra ``local``.
``cognito-auth users`` exports and imports users (`cognito_auth.bulk.command`).
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib import metadata
from typing import TYPE_CHECKING, Final

from .errors import ConfigurationError, MissingExtra
from .secret import Secret
from .signing import AwsCredentials

if TYPE_CHECKING:
    from .local import FirstPool

_USAGE_ERROR: Final = 2
_FAILED: Final = 1
_INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as shells have it
_SECRET_KEY: Final = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a variable; every process can read arguments
_TOKEN: Final = "AWS_SESSION_TOKEN"  # noqa: S105 - likewise


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with ``argv`` (by default the process's own arguments); gives the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (MissingExtra, ConfigurationError) as error:
        return _complain(str(error), _USAGE_ERROR)
    except sqlite3.Error as error:
        return _complain(f"the state file {arguments.state}: {error}", _FAILED)
    except OSError as error:
        return _complain(str(error), _FAILED)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    from .bulk.command import add_users_arguments

    parser = argparse.ArgumentParser(prog="cognito-auth", description="Tools of the cognito-auth library.")
    parser.add_argument("--version", action="version", version=f"cognito-auth {_version()}")
    commands = parser.add_subparsers(required=True, metavar="command")
    local = commands.add_parser("local", help="run a user pool on this machine", description="Run a user pool on this machine.")
    local.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    local.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    local.add_argument("--state", metavar="FILE", help="keep users and pools in this file (default: in memory only)")
    local.add_argument("--region", metavar="R", default="us-east-1", help="region of new pools (default: %(default)s)")
    local.add_argument(
        "--access-key-id",
        metavar="ID",
        help=f"take only requests signed with this AWS key and the secret that {_SECRET_KEY} holds, and, where it is set,"
        f" the token that {_TOKEN} holds (default: the form of a signature is checked, not its truth)",
    )
    local.add_argument(
        "--triggers",
        metavar="MODULE[:NAME]",
        help="call the triggers of this Python module, or of what it has under this name",
    )
    local.add_argument("--json", action="store_true", help="print one line of JSON instead of text")
    local.add_argument("--allow-remote", action="store_true", help="accept a --host that other machines reach")
    local.add_argument(
        "--name",
        dest="names",
        metavar="NAME",
        action="append",
        default=[],
        help="a host name, besides localhost, by which clients address the server; may be given again",
    )
    local.set_defaults(run=_local)
    add_users_arguments(commands.add_parser("users", help="export or import users", description="Export or import users."))
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def _version() -> str:
    try:
        return metadata.version("cognito-auth-kit")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _local(arguments: argparse.Namespace) -> int:
    from .local import LocalCognito
    from .local.base.triggers import load_triggers
    from .local.http.server import listen, serve

    credentials = _credentials(arguments.access_key_id, os.environ)
    names = frozenset(name.lower() for name in arguments.names)
    listener = listen(arguments.host, arguments.port, allow_remote=arguments.allow_remote, names=names)
    with (
        listener.socket,
        closing(
            LocalCognito(path=arguments.state, endpoint=listener.endpoint, region=arguments.region, credentials=credentials)
        ) as cognito,
    ):
        if arguments.triggers:
            cognito.triggers = load_triggers(arguments.triggers, cognito)
        show = _show_json if arguments.json else _show_text
        show(listener.endpoint, cognito.first_pool(), arguments.state)
        serve(cognito, listener)
    return 0


def _credentials(access_key_id: str | None, environment: Mapping[str, str]) -> tuple[AwsCredentials, ...]:
    if access_key_id is None:
        return ()
    secret, token = environment.get(_SECRET_KEY), environment.get(_TOKEN)
    if not access_key_id or not secret:
        raise ConfigurationError(f"--access-key-id needs an id, and its secret in the environment variable {_SECRET_KEY}")
    return (
        AwsCredentials(
            access_key_id=access_key_id, secret_access_key=Secret(secret), session_token=Secret(token) if token else None
        ),
    )


def _show_json(endpoint: str, pool: FirstPool, _: str | None) -> None:
    document = {
        "endpoint": endpoint,
        "user_pool_id": pool.user_pool_id,
        "client_id": pool.client_id,
        "confidential_client_id": pool.confidential_client_id,
        "confidential_client_secret": pool.confidential_client_secret,
    }
    print(json.dumps(document), flush=True)


def _show_text(endpoint: str, pool: FirstPool, state: str | None) -> None:
    print(
        f"""A user pool runs on this machine.

  COGNITO_ENDPOINT={endpoint}
  COGNITO_USER_POOL_ID={pool.user_pool_id}
  COGNITO_CLIENT_ID={pool.client_id}
  COGNITO_AUTH_FLOWS=USER_SRP_AUTH,USER_AUTH

Or, as an app client with a secret:

  COGNITO_CLIENT_ID={pool.confidential_client_id}
  COGNITO_CLIENT_SECRET={pool.confidential_client_secret}

Codes and messages: {endpoint}/_local/
State: {state or "in memory; it ends with this process"}
Stop it with Ctrl+C.""",
        flush=True,
    )


def _complain(message: str, status: int) -> int:
    print(f"cognito-auth: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
