"""The pages of signing in and out."""

from __future__ import annotations

import logging
import math
from urllib.parse import quote, urlsplit

import flask
import jinja2
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from dashboards import preferences
from dashboards.access.grant import access_now
from dashboards.access.sessions import Sessions
from dashboards.access.throttle import Tries
from dashboards.access.viewer import Viewer
from dashboards.language import say

PATH = "/sign-in"
OUT = "/sign-out"
AGAIN = "X-Kesheng-Again"
"""Header of a refused callback: what the browser must do, `sign-in` or `reload` (see `assets/access.js`)."""
_LOG = logging.getLogger(__name__)


def address(wanted: str) -> str:
    """Return the address of the sign-in page, from which somebody goes on to what they wanted.

    Examples
    --------
    >>> address("/topics?topic=t1")
    '/sign-in?next=%2Ftopics%3Ftopic%3Dt1'
    """
    return PATH if wanted in ("", "/") else f"{PATH}?next={quote(wanted, safe='')}"


def next_of(text: str | None) -> str:
    r"""Return where to go on: an address of this site, else ''.

    Examples
    --------
    >>> next_of("/topics?a=b"), next_of("//evil.example"), next_of("/\\evil.example"), next_of("https://evil.example")
    ('/topics?a=b', '', '', '')
    """
    if not text or not text.startswith("/") or text[1:2] in ("/", "\\") or any(ord(letter) < 32 for letter in text):
        return ""
    parts = urlsplit(text)
    return "" if parts.scheme or parts.netloc or parts.path.startswith((PATH, OUT)) else text


def first_page(viewer: Viewer) -> str:
    """Return the address that a viewer starts on."""
    return viewer.pages[0] if viewer.pages else "/"


def register(server: flask.Flask, sessions: Sessions) -> None:
    """Add the pages to a server."""
    tries = Tries()

    @server.get(PATH)
    def show_sign_in() -> ResponseReturnValue:
        seen = flask.g.get("viewer")
        if isinstance(seen, Viewer) and (seen.signed_in or access_now().sign_in == "none"):
            return flask.redirect(next_of(flask.request.args.get("next")) or first_page(seen))
        return page()

    @server.post(PATH)
    def try_password() -> ResponseReturnValue:
        access, form = access_now(), flask.request.form
        if access.sign_in != "local" or access.users is None:
            return page(said=say("这里不用密码登录。")), 404
        name, from_where = form.get("name", "").strip(), flask.request.remote_addr or ""
        wait = tries.wait_seconds(name, from_where)
        if wait:
            said = say("尝试次数太多，请在 {n} 分钟后再试。", n=math.ceil(wait / 60))
            return page(name=name, said=said), 429, {"Retry-After": str(wait)}
        user = access.users.of_password(name, form.get("password", ""))
        if user is None:
            _LOG.warning("sign-in failed from %s", from_where)  # what was typed as a name may be a password
            return page(name=name, said=say("用户名或密码不对，请再试一次。")), 401
        tries.right(name, from_where)
        viewer = sessions.begin_local(user.name)
        if viewer is None:
            return page(said=say("你的角色没有定义，请联系管理员。")), 403
        _LOG.info("%s signed in from %s", user.name, from_where)
        return flask.redirect(next_of(form.get("next")) or first_page(viewer))

    @server.post(OUT)
    def sign_out() -> ResponseReturnValue:
        sessions.end()
        return flask.redirect(PATH)


def page(*, name: str = "", said: str = "") -> str:
    """Return the sign-in page; `said` tells what went wrong."""
    wanted, access = preferences.current(), access_now()
    shown = _next_shown()
    return _template().render(
        language=wanted.language,
        scheme="dark" if wanted.dark else "light",
        say=say,
        other="zh-CN" if wanted.language == "en" else "en",
        dark=wanted.dark,
        name=name,
        said=said,
        next=shown,
        oidc=f"{PATH}/oidc?next={quote(shown, safe='')}" if access.sign_in == "oidc" else "",
        visitors=bool(access.anonymous_role),
        token=generate_csrf(),
    )


def _next_shown() -> str:
    given = flask.request.form.get("next") if flask.request.method == "POST" else flask.request.args.get("next")
    return next_of(given)


def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("dashboards", "templates")
    return jinja2.Environment(loader=loader, autoescape=True).get_template("sign_in.html.j2")
