"""Before and after each request: who asks, and whether they have the answer already."""

from __future__ import annotations

import datetime as dt
import hashlib

import flask

from analytics.access.users import reads_contacts
from dashboards.access.grant import access_now
from dashboards.access.tokens import viewer_of_token
from dashboards.access.viewer import LOCAL
from dashboards.api import PREFIX
from dashboards.api.problems import Problem
from dashboards.api.site import current_site

_OPEN = (f"{PREFIX}/health",)
_LIVE = (f"{PREFIX}/health", f"{PREFIX}/contacts")
"""Never kept by whoever asked: how fresh it is, and words, each look at which is written down."""
_CHANGING = f"{PREFIX}/alerts"
"""What people change between publications: known by its content."""


def who_asks() -> None:
    """Find who asks by the request's token; cookies count for nothing here.

    Raises
    ------
    Problem
        401 without a token where people sign in, or with one that is unknown.
    """
    flask.g.api_now = dt.datetime.now(dt.UTC)
    flask.g.api_reads_contacts = False
    token, signs_in = _token(), access_now().sign_in != "none"
    if not signs_in:
        flask.g.viewer, flask.g.api_reads_contacts = LOCAL, True
        return
    viewer = viewer_of_token(token)
    if viewer is None and flask.request.path not in _OPEN:
        found = Problem(401, "no token, or one that is not known", expected="Authorization: Bearer TOKEN",
                        advice="have a token made: kesheng users token NAME")  # fmt: skip
        found.headers = {"WWW-Authenticate": 'Bearer realm="kesheng"'}
        raise found
    if viewer is not None:
        flask.g.viewer, flask.g.api_reads_contacts = viewer, reads_contacts(token)


def refuse_without_contacts() -> None:
    """Go on only for whoever may read customers' words.

    Raises
    ------
    Problem
        403 otherwise.
    """
    if not flask.g.api_reads_contacts:
        raise Problem(403, "this token may read numbers, not contacts", expected="a token made with --contacts",
                      advice="have one made: kesheng users token NAME --contacts")  # fmt: skip


def kept_already() -> flask.Response | None:
    """Answer 304 where whoever asks has these numbers of this publication."""
    path = flask.request.path
    if path.startswith((*_LIVE, _CHANGING)):
        return None
    flask.g.api_etag = _etag()
    if flask.request.if_none_match.contains_weak(flask.g.api_etag):
        return _marked(flask.Response(status=304))
    return None


def mark(response: flask.Response) -> flask.Response:
    """Put on the answer what it may be known by, and that it is for whoever asked alone."""
    path = flask.request.path
    if response.status_code == 200 and path.startswith(_CHANGING):
        flask.g.api_etag = hashlib.sha256(response.get_data()).hexdigest()[:32]
        if flask.request.if_none_match.contains_weak(flask.g.api_etag):
            response = flask.Response(status=304)
    if response.status_code in (200, 304) and not path.startswith(_LIVE):
        return _marked(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def _marked(response: flask.Response) -> flask.Response:
    response.set_etag(flask.g.api_etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    return response


def _etag() -> str:
    """Return what the answer depends on: the publication, people's decisions on topics, who asks, and what."""
    site = current_site()
    said = (site.version, site.decisions.overlay(), flask.g.get("viewer"), flask.request.full_path)
    return hashlib.sha256(repr(said).encode(errors="replace")).hexdigest()[:32]


def _token() -> str:
    kind, _, token = flask.request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
