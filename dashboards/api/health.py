"""Whether there is anything to read, and how fresh it is."""

from __future__ import annotations

from typing import Any

import duckdb
import flask
import marshmallow as ma

from analytics.errors import KeshengError
from dashboards.api.alerts import AskedNothing
from dashboards.api.blueprint import resource
from dashboards.api.rows import plain
from dashboards.api.site import current_site
from dashboards.api.told import fields, local_day, moment, word


class Health(ma.Schema):
    """How it stands."""

    status = word("ok, empty (no contacts), or not_published; the last with HTTP status 503")
    version = word("changes with each publication")
    published = moment("when the numbers were published")
    age_seconds = fields.Integer(allow_none=True, metadata={"description": "time since then, seconds"})
    last_day = local_day("newest day with a contact")


@resource("/health", Health, asks=AskedNothing, may_be_down="nothing was published, or it cannot be read")
def health(asked: dict[str, Any]) -> Any:
    """Say whether there is anything to read, and how fresh it is. Needs no token."""
    site, now = current_site(), flask.g.api_now
    published = site.published_at
    found: dict[str, Any] = {
        "status": "not_published", "version": site.version, "published": plain(published, site.source.zone),
        "age_seconds": int((now - published).total_seconds()) if published else None, "last_day": None,
    }  # fmt: skip
    try:
        known = site.extent()
    except (KeshengError, duckdb.Error):
        return found, 503
    found["status"] = "ok" if known.n_contacts else "empty"
    found["last_day"] = plain(known.last_day, site.source.zone)
    return found
