"""The day of a service centre: by the hour, with what was alarming, and its indicators."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboards.data.mood import COUNTS, with_intervals
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection


def by_hour(source: Source, selection: Selection, day: dt.date) -> pd.DataFrame:
    """Return 24 rows, one a local hour of `day`: hour, counts, mean score with interval, median reply delay."""
    frame = source.over(
        _on(selection, day),
        "SELECT date_trunc('hour', timezone($shown_zone, started_at)) AS hour,"
        f" {COUNTS} FROM contact WHERE {{where}} AND started_at IS NOT NULL GROUP BY 1 ORDER BY 1",
        shown_zone=source.zone,
    )
    hours = pd.date_range(pd.Timestamp(day), periods=24, freq="h", name="hour")
    whole = with_intervals(frame).set_index(pd.to_datetime(frame["hour"])).drop(columns="hour").reindex(hours)
    counts = [name for name in whole.columns if name.startswith("n")]
    return whole.assign(**{name: whole[name].fillna(0).astype(int) for name in counts}).reset_index(names="hour")


def dips(source: Source, start: dt.date, end: dt.date, channels: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return falls of mood between two days, both included, worst first; local times as started and ended."""
    return source.rows(
        "SELECT *, timezone($zone, started_at) AS started, timezone($zone, ended_at) AS ended,"
        " len(contact_ids) AS n_listed FROM dip"
        " WHERE day BETWEEN $start AND $end"
        " AND (len($channels) = 0 OR channel = '*' OR list_contains($channels, channel)) ORDER BY \"drop\" DESC",
        zone=source.zone,
        start=start,
        end=end,
        channels=list(channels),
    )


def spikes(source: Source, start: dt.date, end: dt.date, channels: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return surges between two days, both included, newest first; `label` names a topic by its label.

    Falls of mood stand in the table of alarms too; they are `dips` here.
    """
    return source.rows(
        "SELECT s.*, timezone($zone, s.started_at) AS started, len(s.contact_ids) AS n_listed,"
        " coalesce(t.label, g.label, s.key) AS label"
        " FROM spike s LEFT JOIN topic t ON s.kind = 'topic' AND t.topic_id = s.key"
        " LEFT JOIN category g ON s.kind = 'category' AND g.category = s.key"
        " WHERE s.kind <> 'sentiment' AND s.day BETWEEN $start AND $end"
        " AND (len($channels) = 0 OR s.channel = '*' OR list_contains($channels, s.channel))"
        " ORDER BY s.started_at DESC, s.spike_id",
        zone=source.zone,
        start=start,
        end=end,
        channels=list(channels),
    )


def kpis(source: Source, start: dt.date, end: dt.date, channel: str) -> pd.DataFrame:
    """Return a channel's ('*' = all) indicators by day, all teams together: indicator, day, value, low, high, n."""
    return source.rows(
        "SELECT indicator, day, value, low, high, n FROM kpi_day"
        " WHERE team = '*' AND channel = $channel AND day BETWEEN $start AND $end ORDER BY indicator, day",
        channel=channel,
        start=start,
        end=end,
    )


def rejected_by_reason(source: Source) -> pd.DataFrame:
    """Return why records were refused: reason, n, most frequent first."""
    return source.rows("SELECT reason, count(*) AS n FROM rejected GROUP BY 1 ORDER BY n DESC, reason")


def _on(selection: Selection, day: dt.date) -> Selection:
    return Selection(Filters(day, day, *_channels_products(selection)), selection.narrowing)


def _channels_products(selection: Selection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return selection.filters.channels, selection.filters.products
