"""What an alert is about, hour by hour: as it came, and as such hours usually are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.inbox.message import MOOD_KEY
from dashboards.data.expected import WEEKS, as_usual
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

_MAX_DAYS = 8
_ALL = "*"


@dataclass(frozen=True)
class Course:
    """An alert's own curve.

    Attributes
    ----------
    hours : DataFrame
        hour (local), n, expected, low, high (see `expected.as_usual`).
    narrowing : dict or None
        What opens an hour to as many contacts as it has; None where nothing does (a word, a mood).
    """

    hours: pd.DataFrame
    narrowing: dict[str, str] | None


def product_of(alert: Mapping[str, Any]) -> str:
    """Return the product that an alert is about; '' where it is about none.

    Examples
    --------
    >>> product_of({"kind": "volume", "key": "无线耳机", "channel": "*"}), product_of({"kind": "volume", "key": "*",
    ... "channel": "*"})
    ('无线耳机', '')
    """
    of_place = alert["kind"] in ("volume", "negative") and alert["channel"] == _ALL
    return str(alert["key"]) if of_place and alert["key"] not in (_ALL, MOOD_KEY) else ""


def narrowing_of(alert: Mapping[str, Any]) -> dict[str, str] | None:
    """Return what narrows contacts to those an alert counts; None where no such narrowing exists."""
    found = {"scope": "all"}
    if alert["channel"] != _ALL:
        found["channel_is"] = str(alert["channel"])
    if alert["kind"] in ("volume", "negative"):
        product = product_of(alert)
        of_place = {"product_is": product} if product else {}
        return found | of_place | ({"mood": "negative"} if alert["kind"] == "negative" else {})
    names = {"topic": "topic", "category": "category"}
    name = names.get(alert["kind"])
    return None if name is None else found | {name: str(alert["key"])}


def course(source: Source, alert: Mapping[str, Any], first: dt.date, last: dt.date) -> Course | None:
    """Return the hours of an alert's days and the day before; None for what has no counts by the hour.

    Parameters
    ----------
    alert : mapping
        A row of `Alerts.table`.
    first, last : date
        Of the data.
    """
    start, end = days_of(alert, first, last)
    narrowing = narrowing_of(alert)
    since = start - dt.timedelta(weeks=WEEKS)
    if alert["kind"] == "keyword":
        frame = _keyword_hours(source, alert, since, end)
    elif narrowing is not None:
        selection = Selection(Filters(), {**narrowing, "day_from": since.isoformat(), "day_to": end.isoformat()})
        frame = source.over(
            selection,
            "SELECT date_trunc('hour', timezone($shown_zone, started_at)) AS hour, count(*) AS n FROM contact"
            " WHERE {where} AND started_at IS NOT NULL GROUP BY 1",
            shown_zone=source.zone,
        )
    else:
        return None
    counts = pd.Series(frame["n"].to_numpy(), index=pd.DatetimeIndex(frame["hour"]), dtype=float)
    return Course(as_usual(counts, start, end, first), narrowing)


def days_of(alert: Mapping[str, Any], first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days that an alert's curve shows: those it was seen on, and the day before."""
    began = alert["started"].date()
    seen = began if pd.isna(alert["last_seen"]) else max(began, alert["last_seen"].date())
    start = max(first, began - dt.timedelta(days=1))
    return start, max(start, min(last, seen, start + dt.timedelta(days=_MAX_DAYS - 1)))


def _keyword_hours(source: Source, alert: Mapping[str, Any], since: dt.date, end: dt.date) -> pd.DataFrame:
    return source.rows(
        "SELECT timezone($zone, hour) AS hour, sum(n_contacts)::BIGINT AS n FROM keyword_hour"
        " WHERE day BETWEEN $since AND $until AND keyword = $keyword AND ($channel = '*' OR channel = $channel)"
        " GROUP BY 1",
        zone=source.zone, since=since, until=end, keyword=str(alert["key"]), channel=str(alert["channel"]),
    )  # fmt: skip
