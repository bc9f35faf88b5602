"""The gate before every page and callback: who comes, whether they may, and that it is their own browser that asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import dash
import flask
import flask_login
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from analytics.access import Limits
from analytics.serve_settings import ServeSettings
from dashboards.access import oidc, sign_in
from dashboards.access.grant import Access, keep_access
from dashboards.access.headers import send_headers
from dashboards.access.sessions import Ends, Sessions
from dashboards.access.viewer import LOCAL, Viewer

_CSRF_COOKIE = "_csrf_token"
"""Where Dash looks for the token that it sends with each callback."""
_OPEN = ("/assets/", "/_dash-component-suites/", "/_favicon.ico", "/api/", f"{sign_in.PATH}/")
"""What needs no session: code and looks, signing in, and the interface, which has tokens of its own."""
LARGEST_REQUEST_BYTES = 16 * 2**20
"""A callback brings what its page holds, some hundred kilobytes at most."""
NOBODY = Viewer(
    name="", may_decide=False, limits=Limits(channels=("\0",), products=("\0",), teams=("\0",)), pages=("/sign-in",)
)
"""Who asks before it is known: sees nothing, may nothing."""


@dataclass(frozen=True)
class Gate:
    """What the gate needs to know.

    Attributes
    ----------
    access : Access
    settings : ServeSettings
    key : str
        Secret that sessions are signed with.
    """

    access: Access
    settings: ServeSettings
    key: str


def guard(app: dash.Dash, gate: Gate) -> None:
    """Put the gate before an application."""
    server: flask.Flask = app.server
    settings = gate.settings
    keep_access(server, gate.access)
    secure = settings.https
    server.config.update(
        SECRET_KEY=gate.key,
        SESSION_COOKIE_NAME="__Host-kesheng" if secure else "kesheng",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
    )
    if settings.names:
        server.config["TRUSTED_HOSTS"] = list(settings.names)
    if settings.proxies:
        n = settings.proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    send_headers(app, https=secure)
    sessions = Sessions(gate.access, Ends(settings.idle_minutes * 60.0, settings.session_hours * 3600.0))
    flask_login.LoginManager(server).user_loader(sessions.load)
    _watch(server, gate, sessions, CSRFProtect(server))
    sign_in.register(server, sessions)
    if gate.access.sign_in == "oidc":
        oidc.register(server, sessions, settings.oidc)


def _watch(server: flask.Flask, gate: Gate, sessions: Sessions, csrf: CSRFProtect) -> None:
    @server.before_request
    def who_comes() -> ResponseReturnValue | None:
        flask.g.viewer = NOBODY
        path = flask.request.path
        if path.startswith(_OPEN):
            return None
        viewer = _viewer(gate.access, sessions)
        if viewer is not None:
            flask.g.viewer = viewer
        csrf.protect()
        signs_out = path == sign_in.OUT and flask.request.method == "POST"
        if viewer is None and path != sign_in.PATH and not signs_out:
            return _sign_in_first()
        if path == "/" and viewer is not None and not viewer.has_page("/"):
            return flask.redirect(sign_in.first_page(viewer))
        return None

    @server.after_request
    def hand_token(response: flask.Response) -> flask.Response:
        if flask.request.method == "GET" and response.mimetype == "text/html" and response.status_code == 200:
            response.set_cookie(_CSRF_COOKIE, generate_csrf(), samesite="Strict", secure=gate.settings.https)
        return response

    @server.errorhandler(CSRFError)
    def not_from_here(_: CSRFError) -> ResponseReturnValue:
        if flask.request.path in (sign_in.PATH, sign_in.OUT):
            return flask.redirect(sign_in.PATH)  # the form stood open longer than its session
        return {"error": "reload"}, 403, {sign_in.AGAIN: "reload"}


def _viewer(access: Access, sessions: Sessions) -> Viewer | None:
    if access.sign_in == "none":
        return LOCAL
    signed = flask_login.current_user
    if signed.is_authenticated:
        if sessions.in_time(by_hand=not _by_clock()):
            found: Viewer = signed.viewer
            return found
        sessions.end()
    return visitor(access)


def _by_clock() -> bool:
    """Return whether a page's own clock asks (`dcc.Interval`), not a person."""
    asked = flask.request.get_json(silent=True) if flask.request.method == "POST" else None
    changed = asked.get("changedPropIds") if isinstance(asked, dict) else None
    return isinstance(changed, list) and bool(changed) and all(str(name).endswith(".n_intervals") for name in changed)


def visitor(access: Access) -> Viewer | None:
    """Return what somebody sees who has not signed in; None where everybody must."""
    found = access.viewer("visitor", access.anonymous_role, signed_in=False) if access.anonymous_role else None
    return replace(found, may_decide=False) if found is not None else None


def _sign_in_first() -> ResponseReturnValue:
    wants_page = flask.request.method == "GET" and not flask.request.path.startswith("/_dash")
    if not wants_page:
        return {"error": "sign in"}, 401, {sign_in.AGAIN: "sign-in"}
    return flask.redirect(sign_in.address(flask.request.full_path.removesuffix("?")))


__all__ = ["NOBODY", "Gate", "guard", "visitor"]
