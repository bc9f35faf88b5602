"""Tokens of the HTTP API: whose they are."""

from __future__ import annotations

from dashboards.access.grant import access_now
from dashboards.access.viewer import Viewer


def viewer_of_token(token: str) -> Viewer | None:
    """Return who comes with a token (`Authorization: Bearer …`), limited by their role; None for an unknown token.

    To be called while a request is answered. The caller puts the viewer into `flask.g.viewer` (see `act_as`), so that
    every query of the request is limited by the role.
    """
    access = access_now()
    user = access.users.of_token(token) if access.users is not None and token else None
    return access.viewer_of(user) if user is not None else None
