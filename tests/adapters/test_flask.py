"""Flask's own idioms: decorators, class-based views, blueprints, `current_user`, error handlers, several applications."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, g, render_template_string, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from werkzeug.exceptions import HTTPException, Unauthorized

from cognito_auth.client import CognitoClient
from cognito_auth.errors import ConfigurationError
from cognito_auth.guards import group
from cognito_auth.web.body import MAX_BODY
from cognito_auth_flask import CognitoAuth, current_user

from ..scenarios.world import PASSWORD
from .expectations import signed_in
from .faces import ApiClient
from .servers import BASE, FlaskServer
from .sites import Site


@pytest.fixture
def client(site: Site) -> Iterator[CognitoClient]:
    with site.client() as made:
        yield made


@pytest.fixture
def app() -> Flask:
    made = Flask("idioms")
    made.config["PROPAGATE_EXCEPTIONS"] = True
    return made


@pytest.fixture
def auth(app: Flask, site: Site, client: CognitoClient) -> CognitoAuth:
    return CognitoAuth(app, site.settings, site.options, client=client)


def statuses(app: Flask, visitor: ApiClient, path: str) -> tuple[int, int]:
    """The statuses without credentials and with them."""
    client = app.test_client()
    headers = dict(visitor.credentials("GET"))
    return client.get(path, base_url=BASE).status_code, client.get(path, base_url=BASE, headers=headers).status_code


def test_decorated_views(app: Flask, auth: CognitoAuth, site: Site) -> None:
    @app.get("/plain")
    @auth.login_required
    def plain() -> str:
        return str(current_user.username)

    @app.get("/async")
    @auth.require(group("admin"))
    async def asynchronous() -> str:
        return str(current_user.username)

    @app.get("/hello/<name>")
    @auth.require()
    def with_arguments(name: str) -> str:
        return name

    visitor = signed_in(ApiClient, site, FlaskServer(app))
    assert statuses(app, visitor, "/plain") == (401, 200)
    assert statuses(app, visitor, "/async") == (401, 403)
    assert statuses(app, visitor, "/hello/world") == (401, 200)
    site.world.ensure_group(site.settings, "admin")
    site.world.add_to_group(site.settings, visitor.username, "admin")
    visitor.refresh()
    assert statuses(app, visitor, "/async") == (401, 200)
    assert plain.__name__ == "plain"


def test_class_based_views(app: Flask, auth: CognitoAuth, site: Site) -> None:
    class Orders(MethodView):
        decorators = [auth.login_required]  # noqa: RUF012 - as Flask's base class declares it

        def get(self) -> str:
            return str(current_user.username)

    app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
    assert statuses(app, signed_in(ApiClient, site, FlaskServer(app)), "/orders") == (401, 200)


def test_a_whole_blueprint(app: Flask, auth: CognitoAuth, site: Site) -> None:
    inside, outside = Blueprint("inside", __name__), Blueprint("outside", __name__)

    @inside.get("/inside")
    def guarded() -> str:
        return "guarded"

    @outside.get("/outside")
    def open_to_all() -> str:
        return "open"

    auth.protect(inside)
    app.register_blueprint(inside)
    app.register_blueprint(outside)
    visitor = signed_in(ApiClient, site, FlaskServer(app))
    assert statuses(app, visitor, "/inside") == (401, 200)
    assert statuses(app, visitor, "/outside") == (200, 200)


def test_the_user_in_a_template(app: Flask, auth: CognitoAuth, site: Site) -> None:
    @app.get("/page")
    def page() -> str:
        return render_template_string("Hello {{ user.username }}", user=current_user)

    visitor = signed_in(ApiClient, site, FlaskServer(app))
    assert statuses(app, visitor, "/page") == (401, 200)
    reply = app.test_client().get("/page", base_url=BASE, headers=dict(visitor.credentials("GET")))
    assert reply.text == f"Hello {visitor.username}"


def test_what_was_put_on_g_is_still_there(app: Flask, auth: CognitoAuth, site: Site) -> None:
    @app.before_request
    def prepare() -> None:
        g.prepared = "before"

    @app.get("/prepared")
    @auth.login_required
    def view() -> str:
        return str(g.prepared)

    assert statuses(app, signed_in(ApiClient, site, FlaskServer(app)), "/prepared") == (401, 200)


@pytest.mark.usefixtures("auth")
@pytest.mark.parametrize(("length", "status"), [(0, 200), (MAX_BODY, 413)], ids=["short", "too long"])
def test_a_hook_may_read_the_body_first(app: Flask, site: Site, length: int, status: int) -> None:
    @app.before_request
    def look() -> None:
        assert request.get_data()

    username = site.world.name()
    site.world.create_user(site.settings, username)
    body = json.dumps({"username": username, "password": PASSWORD}) + " " * length
    client = app.test_client()
    assert client.post("/auth/login", base_url=BASE, data=body, content_type="application/json").status_code == status


@pytest.mark.parametrize("handled", [401, HTTPException, Unauthorized], ids=str)
def test_error_handlers_answer_in_place_of_a_refusal(
    app: Flask, auth: CognitoAuth, site: Site, handled: int | type[HTTPException]
) -> None:
    @app.errorhandler(handled)
    def answer(error: HTTPException) -> ResponseReturnValue:
        return f"own page for {error.code}", 418

    @app.get("/private")
    @auth.login_required
    def view() -> str:
        return "in"

    reply = app.test_client().get("/private", base_url=BASE)
    assert (reply.status_code, reply.text) == (418, "own page for 401")
    assert app.test_client().get("/auth/me", base_url=BASE).json == {
        "error": {"code": "not_signed_in", "message": "Sign in first."}
    }


def test_one_extension_for_several_applications(site: Site, client: CognitoClient) -> None:
    auth = CognitoAuth(settings=site.settings, options=site.options, client=client)
    first, second = Flask("first"), Flask("second")
    for app in (first, second):
        auth.init_app(app)

        @app.get("/private")
        @auth.login_required
        def view() -> str:
            return str(current_user.username)

    visitor = signed_in(ApiClient, site, FlaskServer(first))
    assert statuses(first, visitor, "/private") == statuses(second, visitor, "/private") == (401, 200)
    with first.app_context():
        web = auth.web
        assert auth.client is client
    with second.app_context():
        assert auth.web is not web


def test_settings_from_the_applications_configuration(site: Site) -> None:
    app = Flask("configured")
    auth = CognitoAuth(transport=site.world.stand.transport)
    with pytest.raises(ConfigurationError, match="COGNITO_USER_POOL_ID"):
        auth.init_app(app)
    app.config.from_mapping(
        COGNITO_USER_POOL_ID=site.settings.user_pool_id,
        COGNITO_CLIENT_ID=site.settings.client_id,
        COGNITO_CLIENT_SECRET=site.settings.client_secret,
        COGNITO_ENDPOINT=site.settings.endpoint,
        COGNITO_AUTH_SECRET="a-secret-that-only-these-tests-seal-with",
        COGNITO_AUTH_PREFIX="/account/auth",
    )
    auth.init_app(app)
    assert app.test_client().get("/account/auth/me", base_url=BASE).status_code == 401
    with app.app_context():
        auth.client.close()


def test_without_the_extension_nobody_gets_in_and_the_log_says_why(
    app: Flask, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    auth = CognitoAuth(settings=site.settings, options=site.options)

    @app.get("/private")
    @auth.login_required
    def view() -> str:
        return "in"

    assert app.test_client().get("/private").status_code == 500
    assert "call init_app" in caplog.text


def test_a_view_that_is_called_outside_routing_is_guarded_too(app: Flask, auth: CognitoAuth) -> None:
    @auth.login_required
    def view() -> str:
        return "in"

    with app.test_request_context("/", base_url=BASE), pytest.raises(HTTPException) as refusal:
        view()
    assert refusal.value.code == 401


@pytest.mark.usefixtures("auth")
def test_flasks_own_test_client_keeps_the_session(app: Flask, site: Site) -> None:
    username = site.world.name()
    site.world.create_user(site.settings, username)
    client = app.test_client()
    credentials = {"username": username, "password": PASSWORD}
    assert client.post("/auth/login", base_url=BASE, json=credentials).status_code == 200
    assert username in client.get("/auth/me", base_url=BASE).text
