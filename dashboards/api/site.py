"""The dashboard that an API belongs to: its warehouse, its inbox, its zone."""

from __future__ import annotations

import flask

from dashboards.data.source import Source
from dashboards.site import Site

_KEY = "kesheng-site"


def keep_site(server: flask.Flask, site: Site) -> None:
    """Let requests to a server find their dashboard."""
    server.extensions[_KEY] = site


def current_site() -> Site:
    """Return the dashboard of the request that is being answered."""
    found: Site = flask.current_app.extensions[_KEY]
    return found


def current_source() -> Source:
    """Return its warehouse; queries see the rows of whoever asks."""
    return current_site().source
