"""``cognito-auth users export`` and ``cognito-auth users import``: arguments in, text and exit status out.

Settings come from options or from ``COGNITO_USER_POOL_ID`` and ``COGNITO_ENDPOINT``, credentials from AWS's usual chain. An
endpoint on this machine is an embedded pool or another stand-in for Cognito: it gets credentials that are none, and no rate.
"""

from __future__ import annotations

import argparse
import math
import os
import sqlite3
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ..client import AwsCredentials
from ..config import Settings, is_loopback
from ..errors import CognitoAuthError, ConfigurationError, MissingExtra
from ..secret import Secret
from .exporting import ExportOptions, run_export
from .formats import Format
from .importing import ImportOptions, run_import
from .pace import DEFAULT_RATES, Category
from .progress import Progress, Text, bar
from .steps import Existing

_FAILED: Final = 1
_NO_CLIENT: Final = "none"
"""No operation here is sent for an app client, but settings have one."""


def add_users_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser of ``users`` its actions; each sets ``run``, which takes the arguments and gives the exit status."""
    actions = parser.add_subparsers(required=True, metavar="action")
    text = "write the pool's users and groups to a file"
    exporting = _common(actions.add_parser("export", help=text, description=f"{text.capitalize()}."))
    exporting.add_argument("file", metavar="FILE", type=Path, help="the file to write; it is replaced when all is written")
    exporting.set_defaults(run=_export)
    text = "create the users and groups of a file"
    importing = _common(actions.add_parser("import", help=text, description=f"{text.capitalize()}."))
    importing.add_argument("file", metavar="FILE", type=Path, help="the file to read")
    importing.add_argument("--journal", metavar="FILE", type=Path, help="where progress is kept (default: FILE.journal)")
    importing.add_argument("--concurrency", metavar="N", type=int, default=16, help="users at a time (default: %(default)s)")
    importing.add_argument("--update", action="store_true", help="update who exists already (default: leave them alone)")
    importing.add_argument("--invite", action="store_true", help="have Cognito send each new user a temporary password")
    importing.set_defaults(run=_import)


def _common(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--format", type=Format, metavar="jsonl|csv", help="default: as the name ends")
    parser.add_argument("--user-pool-id", metavar="ID", help="default: COGNITO_USER_POOL_ID")
    parser.add_argument("--endpoint", metavar="URL", help="default: COGNITO_ENDPOINT, or Cognito's own")
    parser.add_argument("--progress", choices=["auto", "bar", "text", "none"], default="auto", help="default: %(default)s")
    parser.add_argument(
        "--rate",
        dest="rates",
        metavar="CATEGORY=N",
        type=_rate,
        action="append",
        default=[],
        help=f"at most N requests in a second of a category, or of all; may be given again. {_default_rates()}",
    )
    return parser


def _default_rates() -> str:
    return "Defaults: " + ", ".join(f"{category.value}={rate:g}" for category, rate in DEFAULT_RATES.items())


def _rate(text: str) -> dict[Category, float]:
    name, _, number = text.partition("=")
    return dict.fromkeys(Category if name == "all" else [Category(name)], float(number))


def _import(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    options = ImportOptions(
        format=arguments.format,
        existing=Existing.UPDATE if arguments.update else Existing.LEAVE,
        invite=arguments.invite,
        concurrency=arguments.concurrency,
        rates=rates_of(arguments.rates, settings),
        journal=arguments.journal,
    )
    with _progress(arguments.progress) as progress:
        try:
            report = run_import(settings, arguments.file, options, progress, credentials=_credentials(settings))
        except (ConfigurationError, MissingExtra):
            raise
        except CognitoAuthError as error:
            return _complain(f"{error}; start the same command again to go on")
    counts = {
        "created": report.created,
        "updated": report.updated,
        "left alone": report.left_alone,
        "done before": report.done_before,
        "failed": report.failed,
    }
    print(", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to do")
    return _FAILED if report.failed else 0


def _export(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    options = ExportOptions(format=arguments.format, rates=rates_of(arguments.rates, settings))
    with _progress(arguments.progress) as progress:
        try:
            exported = run_export(settings, arguments.file, options, progress, credentials=_credentials(settings))
        except (ConfigurationError, MissingExtra):
            raise
        except (CognitoAuthError, sqlite3.Error) as error:
            return _complain(str(error))
    federated = f", and left out {exported.federated} of other providers" if exported.federated else ""
    print(f"{exported.users} users and {exported.groups} groups{federated}")
    return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {"COGNITO_USER_POOL_ID": arguments.user_pool_id, "COGNITO_ENDPOINT": arguments.endpoint}
    chosen = {name: value for name, value in given.items() if value}
    return Settings.from_mapping({**os.environ, "COGNITO_CLIENT_ID": _NO_CLIENT, "COGNITO_CLIENT_SECRET": "", **chosen})


def _is_stand_in(settings: Settings) -> bool:
    return is_loopback(urlsplit(settings.endpoint).hostname or "")


def _credentials(settings: Settings) -> AwsCredentials | None:
    return AwsCredentials(access_key_id="local", secret_access_key=Secret("local")) if _is_stand_in(settings) else None


def rates_of(given: Iterable[Mapping[Category, float]], settings: Settings) -> Mapping[Category, float]:
    """The rates for an endpoint, changed by those given, of which the last one counts."""
    rates = {} if _is_stand_in(settings) else dict(DEFAULT_RATES)
    for each in given:
        rates.update(each)
    return rates


@contextmanager
def _progress(wanted: str) -> Generator[Progress]:
    if wanted == "bar" or (wanted == "auto" and sys.stderr.isatty() and _can_draw()):
        with bar() as drawn:
            yield drawn
    else:
        yield Text(sys.stderr, every=math.inf if wanted == "none" else 5.0)


def _can_draw() -> bool:
    try:
        with bar():
            return True
    except MissingExtra:
        return False


def _complain(message: str) -> int:
    print(f"cognito-auth: {message}", file=sys.stderr)
    return _FAILED
