"""Put an answer together: the rows, which part of the list they are, and what all is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import flask
import pandas as pd

from dashboards.api.rows import plain, rows
from dashboards.api.site import current_site
from dashboards.filters import Filters


def listed(found: Sequence[dict[str, Any]], asked: dict[str, Any], filters: Filters | None = None) -> dict[str, Any]:
    """Return a part of a list that was read whole, with its envelope."""
    start = asked["offset"]
    return part(found[start : start + asked["limit"]], len(found), asked, filters)


def listed_rows(
    found: pd.DataFrame, asked: dict[str, Any], filters: Filters | None = None, *, days: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a part of a frame with its envelope: only its rows are made plain; of the columns `days` the day alone."""
    start = asked["offset"]
    shown = found.iloc[start : start + asked["limit"]]
    return part(rows(shown, current_site().source.zone, days=days), len(found), asked, filters)


def part(
    found: Sequence[dict[str, Any]], total: int, asked: dict[str, Any], filters: Filters | None = None
) -> dict[str, Any]:
    """Return a part of a list of `total` rows, with its envelope."""
    limit, offset = asked["limit"], asked["offset"]
    more = offset + len(found) < total and len(found) > 0
    page = {"limit": limit, "offset": offset, "total": total, "next": _next(offset + limit) if more else None}
    return {"data": list(found), "page": page, "about": _about(filters)}


def one(found: dict[str, Any], filters: Filters | None = None) -> dict[str, Any]:
    """Return one thing with its envelope."""
    return {"data": found, "about": _about(filters)}


def _about(filters: Filters | None) -> dict[str, Any]:
    site, over = current_site(), filters or Filters()
    zone = site.source.zone
    return {
        "published": plain(site.published_at, zone), "zone": zone,
        "from_": plain(over.start, zone), "to": plain(over.end, zone),
        "channels": list(over.channels), "products": list(over.products),
    }  # fmt: skip


def _next(offset: int) -> str:
    pairs = [(name, value) for name, value in flask.request.args.items(multi=True) if name != "offset"]
    return f"{flask.request.path}?{urlencode([*pairs, ('offset', str(offset))])}"
