"""What a browser asked for, as adapters find it out: with what a server or proxy took off the path."""

from __future__ import annotations

from typing import Any, Final

import pytest
from flask import Flask, request
from starlette.requests import HTTPConnection

import cognito_auth_flask.translate
import cognito_auth_starlette.translate

ASGI: Final = {
    "a path": ({"path": "/a"}, "/a"),
    "as it was sent": ({"path": "/a b", "raw_path": b"/a%20b"}, "/a%20b"),
    "without the raw path": ({"path": "/a b\u00e9"}, "/a%20b%C3%A9"),
    "a query": ({"path": "/a", "raw_path": b"/a", "query_string": b"b=%2F&c"}, "/a?b=%2F&c"),
    "a query that is not ASCII": ({"path": "/a", "query_string": b"b=\xe9"}, "/a?b=\xe9"),
    "mounted": ({"path": "/shop/a", "root_path": "/shop", "app_root_path": ""}, "/shop/a"),
    "a server's prefix": ({"path": "/site/a", "raw_path": b"/site/a", "root_path": "/site"}, "/site/a"),
    "a prefix that a proxy took off": ({"path": "/a", "raw_path": b"/a", "root_path": "/site"}, "/site/a"),
    "mounted there": ({"path": "/shop/a", "root_path": "/site/shop", "app_root_path": "/site"}, "/site/shop/a"),
    "a prefix that is another's beginning": ({"path": "/sites", "root_path": "/site"}, "/site/sites"),
}


@pytest.mark.parametrize(("scope", "target"), ASGI.values(), ids=ASGI)
def test_asgi(scope: dict[str, Any], target: str) -> None:
    connection = HTTPConnection({"type": "http", "method": "GET", "headers": [], **scope})
    assert cognito_auth_starlette.translate.to_request(connection).target == target


WSGI: Final = {
    "a path": ("/a", "", "/a"),
    "decoded": ("/a%20b%C3%A9", "", "/a%20b%C3%A9"),
    "a query": ("/a?b=%2F&c", "", "/a?b=%2F&c"),
    "below a prefix": ("/a?b", "/site", "/site/a?b"),
}


@pytest.mark.parametrize(("path", "prefix", "target"), WSGI.values(), ids=WSGI)
def test_wsgi(path: str, prefix: str, target: str) -> None:
    with Flask("targets").test_request_context(path, environ_overrides={"SCRIPT_NAME": prefix}):
        assert cognito_auth_flask.translate.to_request(request).target == target
