"""Add the API to the server of the dashboard."""

from __future__ import annotations

import hashlib
from typing import Any

import dash
import flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_smorest import Api
from werkzeug.exceptions import MethodNotAllowed, NotFound

from dashboards.api import PREFIX, alerts, contacts, events, forecast, health, indicators, series, topics
from dashboards.api.blueprint import BLUEPRINT
from dashboards.api.guard import kept_already, mark, who_asks
from dashboards.api.problems import TYPE, ProblemTold, of_error
from dashboards.api.reading import page
from dashboards.api.site import keep_site
from dashboards.site import Site

RESOURCES = (alerts, contacts, events, forecast, health, indicators, series, topics)
"""Importing a module adds its resources to the blueprint."""
PER_MINUTE = "KESHENG_API_PER_MINUTE"
"""Key of the server's configuration: requests a minute of one token, or of one address without."""
_DEFAULT_PER_MINUTE = 240
_DESCRIPTION = (
    "What the pages of Kesheng show, read only, under the same row limits. Days are local days of the zone that each"
    " answer names; times are ISO 8601 with their offset. A problem is answered as RFC 9457 describes."
)


class _Documented(Api):  # type: ignore[misc]
    """The documented API; errors are problems, answered by the blueprint alone."""

    ERROR_SCHEMA = ProblemTold

    def _register_error_handlers(self) -> None:
        """Leave the errors of the pages alone."""

    def described(self) -> dict[str, Any]:
        """Return the description (OpenAPI), problems in their own type."""
        found: dict[str, Any] = self.spec.to_dict()
        for response in found["components"]["responses"].values():
            told = response.get("content", {}).pop("application/json", None)
            if told is not None:
                response["content"][TYPE] = told
        return found

    def _openapi_json(self) -> flask.Response:
        return flask.jsonify(self.described())


def register(app: dash.Dash, site: Site) -> None:
    """Serve the API beside the pages of `app`."""
    server: flask.Flask = app.server
    server.config.setdefault(PER_MINUTE, _DEFAULT_PER_MINUTE)
    server.config.update(
        API_TITLE="Kesheng", API_VERSION="v1", OPENAPI_VERSION="3.0.3", OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS=_options(),
    )  # fmt: skip
    server.json.ensure_ascii, server.json.sort_keys = False, False  # type: ignore[attr-defined]
    keep_site(server, site)
    limiter = Limiter(_whose, app=server, storage_uri="memory://", headers_enabled=False)
    limiter.limit(lambda: f"{server.config[PER_MINUTE]} per minute")(BLUEPRINT)
    api = _Documented(server)
    api.register_blueprint(BLUEPRINT)
    server.extensions["kesheng-api"] = api
    server.add_url_rule(f"{PREFIX}/", "api-page", lambda: page(api.described()))
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"]
    server.add_url_rule(f"{PREFIX}/<path:rest>", "api-nothing", _nothing, methods=methods)
    server.register_error_handler(NotFound, _not_routed)


def _options() -> dict[str, Any]:
    bearer = {"type": "http", "scheme": "bearer", "description": "of kesheng users token NAME; not where none signs in"}
    return {
        "info": {"description": _DESCRIPTION},
        "components": {"securitySchemes": {"token": bearer}},
        "security": [{"token": []}, {}],
    }


def _whose() -> str:
    """Return whom a request counts for: a token, or an address without one."""
    token = flask.request.headers.get("Authorization", "")
    return hashlib.sha256(token.encode()).hexdigest() if token else get_remote_address()


def _nothing(rest: str) -> flask.Response:
    return of_error(NotFound() if flask.request.method == "GET" else MethodNotAllowed(["GET", "HEAD"]))


def _not_routed(error: NotFound) -> flask.Response | NotFound:
    """Answer for addresses that no rule fits, as one with a line break in it; those of the pages are as they were."""
    return of_error(error) if flask.request.path.startswith(f"{PREFIX}/") else error


BLUEPRINT.before_request(who_asks)
BLUEPRINT.before_request(kept_already)
BLUEPRINT.after_request(mark)
BLUEPRINT.register_error_handler(Exception, of_error)
