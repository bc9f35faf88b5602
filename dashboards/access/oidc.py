"""Signing in by a company's own provider (OpenID Connect), with Authlib: code flow, PKCE, nonce, signature checked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import flask
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from analytics.serve_settings import OidcSettings
from dashboards.access import sign_in
from dashboards.access.sessions import Sessions
from dashboards.language import say

_START = f"{sign_in.PATH}/oidc"
BACK = f"{_START}/back"
"""Where the provider sends people back to: the redirect URI to register there."""
_NEXT = "oidc-next"
_SECONDS = 10
_LOG = logging.getLogger(__name__)


def role_of(claims: Mapping[str, Any], settings: OidcSettings) -> str:
    """Return the role that a person's claims give them; '' = none.

    Examples
    --------
    >>> settings = OidcSettings(roles={"voc-leaders": "leader", "voc": "reader"})
    >>> role_of({"groups": ["staff", "voc", "voc-leaders"]}, settings), role_of({"groups": "staff"}, settings)
    ('leader', '')
    """
    told = claims.get(settings.role_claim, ())
    values = {told} if isinstance(told, str) else set(told) if isinstance(told, list | tuple) else set()
    return next((role for value, role in settings.roles.items() if value in values), settings.other_role)


def register(server: flask.Flask, sessions: Sessions, settings: OidcSettings) -> None:
    """Add the way to the provider and back to a server."""
    client = OAuth(server).register(
        name="company",
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        client_kwargs={"scope": settings.scope, "code_challenge_method": "S256", "timeout": _SECONDS},
    )

    @server.get(_START)
    def go_to_provider() -> ResponseReturnValue:
        flask.session[_NEXT] = sign_in.next_of(flask.request.args.get("next"))
        try:
            found: ResponseReturnValue = client.authorize_redirect(flask.url_for("come_back", _external=True))
        except (requests.RequestException, OAuthError, ValueError) as error:
            return _failed(error)
        return found

    @server.get(BACK)
    def come_back() -> ResponseReturnValue:
        wanted = flask.session.pop(_NEXT, "")
        try:
            claims = client.authorize_access_token().get("userinfo") or {}
        except (requests.RequestException, OAuthError, JoseError, ValueError) as error:
            return _failed(error)
        name, role = str(claims.get(settings.name_claim, "")).strip()[:60], role_of(claims, settings)
        viewer = sessions.begin_oidc(name, role) if name and role else None
        if viewer is None:
            return sign_in.page(said=say("你的帐号没有查看客声的角色，请联系管理员。")), 403
        _LOG.info("%s signed in by the provider", name)
        return flask.redirect(sign_in.next_of(wanted) or sign_in.first_page(viewer))


def _failed(error: Exception) -> ResponseReturnValue:
    _LOG.error("sign-in by the provider failed: %s", type(error).__name__)
    return sign_in.page(said=say("公司登录没有成功，请再试一次；仍不行请联系管理员。")), 502
