"""Who is signed in, for the header."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component
from flask_wtf.csrf import generate_csrf

from dashboards import preferences
from dashboards.access.grant import access_now
from dashboards.access.sign_in import OUT, PATH
from dashboards.access.viewer import viewer_now
from dashboards.language import say


def account() -> Component | None:
    """Return the viewer's name and role with the way out, or the way in for a visitor; None where nobody signs in."""
    access, viewer = access_now(), viewer_now()
    if access.sign_in == "none":
        return None
    if not viewer.signed_in:
        return html.Div(html.A(say("登录"), href=PATH, className="account-out"), className="account")
    role = access.roles.get(viewer.role)
    label = "" if role is None else role.label_en if preferences.current().language == "en" else role.label
    out = html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=generate_csrf()),
            html.Button(say("退出"), type="submit", className="account-out"),
        ],
        action=OUT,
        method="POST",
    )
    return html.Div(
        [html.Span(viewer.name, className="account-name", title=viewer.name),
         html.Span(label, className="account-role"), out],
        className="account",
    )  # fmt: skip
