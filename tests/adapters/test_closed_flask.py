"""Applications on Flask that are closed by default: every view that nobody marked, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView

from cognito_auth.client import CognitoClient
from cognito_auth.guards import group
from cognito_auth.web import ROUTES
from cognito_auth_flask import CognitoAuth

from .expectations import accepted, add_to_group, refused, signed_in
from .faces import ApiClient
from .servers import FlaskServer, Sent
from .sites import Site


class Page(MethodView):
    def get(self) -> str:
        return "in"


def inside() -> str:
    return "in"


@pytest.fixture
def client(site: Site) -> Iterator[CognitoClient]:
    with site.client() as made:
        yield made


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Views of every kind, none of them marked."""
    (tmp_path / "page.txt").write_text("in")
    made = Flask("closed", static_folder=tmp_path)
    outer, inner = Blueprint("outer", __name__, url_prefix="/outer", static_folder=tmp_path), Blueprint("inner", __name__)
    made.add_url_rule("/page", "page", lambda: "in", methods=["GET", "POST"])
    made.add_url_rule("/class", view_func=Page.as_view("class"))
    made.add_url_rule("/slash/", "slash", lambda: "in")
    outer.add_url_rule("/page", "page", lambda: "in")
    inner.add_url_rule("/inner/page", "page", lambda: "in")
    outer.register_blueprint(inner)
    made.register_blueprint(outer)
    return made


@pytest.fixture
def auth(app: Flask, site: Site, client: CognitoClient) -> CognitoAuth:
    return CognitoAuth(app, site.settings, site.options, client=client)


def status(app: Flask, path: str, method: str = "GET") -> int:
    return FlaskServer(app).answer(Sent(method=method, path=path)).status


def test_a_view_that_nobody_marked_is_closed(app: Flask, auth: CognitoAuth, site: Site) -> None:
    auth.protect_all(app)
    app.add_url_rule("/later", "later", lambda: "in")
    visitor = signed_in(ApiClient, site, FlaskServer(app))
    pages = ("/page", "/class", "/slash/", "/outer/page", "/outer/inner/page", "/later")
    files = (f"{app.static_url_path}/page.txt", f"/outer{app.static_url_path}/page.txt")
    for path in (*pages, *files):
        refused(FlaskServer(app).answer(Sent(method="GET", path=path)), 401, "not_signed_in")
        assert (path, status(app, path, "HEAD"), visitor.visit(path).status) == (path, 401, 200)
    assert status(app, "/page", "POST") == 401


def test_the_endpoints_stay_as_they_are(app: Flask, auth: CognitoAuth) -> None:
    auth.protect_all(app)
    for route in ROUTES:
        answer = FlaskServer(app).answer(Sent(method=route.method, path=f"/auth/{route.path}"))
        wants_somebody = route.name == "refresh" or (route.guarded and not any(member.required for member in route.members))
        assert (route.name, answer.status in (200, 400)) == (route.name, not wants_somebody)


def test_where_there_is_no_view_nothing_is_closed(app: Flask, auth: CognitoAuth) -> None:
    auth.protect_all(app)
    assert status(app, "/nowhere") == 404
    assert status(app, "/slash") == 308
    assert status(app, "/page", "DELETE") == 405
    assert status(app, "/page", "OPTIONS") == 200, "Flask answers by itself, and no view is called"


def test_a_view_that_answers_options_itself_is_closed(app: Flask, auth: CognitoAuth) -> None:
    auth.protect_all(app)
    app.add_url_rule("/own", "own", lambda: "in", methods=["OPTIONS"])
    assert status(app, "/own", "OPTIONS") == 401


def test_what_is_marked_is_open(app: Flask, auth: CognitoAuth) -> None:
    auth.protect_all(app, public_endpoints=("outer.static",))

    @app.get("/open")
    @auth.public
    def open_to_all() -> str:
        return "in"

    @app.get("/guarded")
    @auth.public
    @auth.login_required
    def guarded() -> str:
        return "in"

    app.add_url_rule("/open/class", view_func=auth.public(Page.as_view("open_class")))
    auth.public(app.view_functions["static"])
    files = (f"{app.static_url_path}/page.txt", f"/outer{app.static_url_path}/page.txt")
    for path in ("/open", "/open/class", *files):
        assert (path, status(app, path)) == (path, 200)
    assert status(app, "/guarded") == status(app, "/class") == 401


def test_a_requirement_of_the_whole_application(app: Flask, auth: CognitoAuth, site: Site) -> None:
    auth.protect_all(app, group("admin"))
    visitor = signed_in(ApiClient, site, FlaskServer(app))
    refused(visitor.visit("/page"), 403, "forbidden")
    accepted(visitor.auth("me"))
    add_to_group(visitor, "admin")
    visitor.refresh()
    assert visitor.visit("/page").status == 200


def test_it_goes_before_other_hooks(app: Flask, auth: CognitoAuth) -> None:
    called: list[str] = []
    app.before_request(lambda: called.append("hook"))
    auth.protect_all(app)
    assert status(app, "/page") == 401
    assert not called
    assert status(app, "/nowhere") == 404
    assert called == ["hook"]


def test_a_bound_method_cannot_be_marked(auth: CognitoAuth) -> None:
    with pytest.raises(TypeError, match="cannot be marked"):
        auth.public(Page().get)
