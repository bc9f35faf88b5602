"""Keywords and topics that are said more than the volume of the moment and their own past explain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.schema import ALL
from analytics.signals.feedback import normal_days
from analytics.signals.grid import FloatArray, HourGrid, hour_grid, sums_at
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.scoring import score_windows
from analytics.signals.series import Series
from analytics.signals.tables import require_columns

ALARM_COLUMNS = (
    "kind",
    "key",
    "channel",
    "started_at",
    "judged_hour",
    "bucket_seconds",
    "observed",
    "expected",
    "p_value",
    "q_value",
    "short_history",
)
"""Columns of a table of alarms; `started_at` is the start of the window, `judged_hour` that of its last hour.

`short_history` says that fewer than 14 days were known: the rule was stricter, and the reader should be told.
"""


def detect_spikes(
    counts: pd.DataFrame,
    totals: pd.DataFrame,
    *,
    kind: str,
    hours: JudgedHours,
    rule: SpikeRule | None = None,
    normal: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the windows in which a key came significantly more often than expected.

    Each judged hour is judged from what came before it, as it would have been live: a run over weeks says what the
    runs of each hour would have said.

    Parameters
    ----------
    counts : DataFrame
        hour (UTC), key, n_contacts: contacts that began in the hour and have the key. Hours without a row are 0.
    totals : DataFrame
        hour (UTC), n_contacts: all contacts of the same channel.
    kind : str
        keyword or topic; copied to the result. The result's channel is "*": assign another where counts are of one.
    hours : JudgedHours
        What is judged; everything before it is history.
    rule : SpikeRule, optional
        What counts as a spike.
    normal : DataFrame, optional
        key, started_at, ended_at (UTC, exclusive): rises that a person marked as normal. Their days count in full for
        the level and the dispersion of the key, instead of being cut down as a past spike.

    Returns
    -------
    DataFrame
        `ALARM_COLUMNS`, one row for each alarming (key, window), sorted by judged_hour, key and bucket_seconds.

    Raises
    ------
    SchemaError
        If a column is missing or times carry no zone.

    Examples
    --------
    >>> hour = pd.date_range("2026-01-01", periods=480, freq="h", tz="UTC")
    >>> totals = pd.DataFrame({"hour": hour, "n_contacts": 40})
    >>> counts = pd.DataFrame({"hour": hour[470:471], "key": ["呛口小辣椒面膜"], "n_contacts": [25]})
    >>> judged = JudgedHours(hour[400], hour[470])
    >>> alarms = detect_spikes(counts, totals, kind="keyword", hours=judged)
    >>> alarms[["key", "bucket_seconds", "observed"]].values.tolist()
    [['呛口小辣椒面膜', 3600, 25.0], ['呛口小辣椒面膜', 10800, 25.0]]
    """
    rule = rule or SpikeRule()
    require_columns(counts, "counts", ("hour", "key", "n_contacts"))
    require_columns(totals, "totals", ("hour", "n_contacts"))
    if counts.empty or totals.empty or hours.last_complete < hours.first:
        return empty_alarms()
    begin = min(counts["hour"].min(), totals["hour"].min())
    hours = hours.since(begin)
    if hours.last_complete < hours.first:
        return empty_alarms()
    grid = hour_grid(begin, hours.last_complete, rule.zone, rule.events)
    known = counts[counts["hour"] <= hours.last_complete]
    code, keys = pd.factorize(known["key"], sort=True)
    series = Series(
        code=code.astype(np.int64),
        hour=grid.index_of(known["hour"]),
        n=known["n_contacts"].to_numpy(dtype=np.float64),
        n_keys=len(keys),
        exposure=hourly_totals(totals, grid),
        grid=grid,
        normal=normal_days(normal, keys, grid),
    )
    first, last = grid.index_of(pd.Series([hours.first, hours.last_complete]))
    found = score_windows(series, rule, first=int(first), last=int(last))
    return alarm_table(found, keys, kind=kind, channel=ALL, grid=grid)


def hourly_totals(totals: pd.DataFrame, grid: HourGrid) -> FloatArray:
    """Return all contacts of each hour of the grid; hours outside of it are left out."""
    place = grid.index_of(totals["hour"])
    inside = (place >= 0) & (place < grid.n_hours)
    return sums_at(place[inside], totals["n_contacts"].to_numpy(dtype=np.float64)[inside], grid.n_hours)


def alarm_table(found: pd.DataFrame, keys: pd.Index, *, kind: str, channel: str, grid: HourGrid) -> pd.DataFrame:
    """Return scored windows with readable keys and times, as `ALARM_COLUMNS`."""
    if found.empty:
        return empty_alarms()
    width = found["width"].to_numpy(dtype=np.int64)
    end = found["end"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "kind": kind,
            "key": keys[found["code"].to_numpy(dtype=np.int64)],
            "channel": channel,
            "started_at": grid.hour_at(end - width + 1),
            "judged_hour": grid.hour_at(end),
            "bucket_seconds": width * 3600,
            **{
                name: found[name].to_numpy() for name in ("observed", "expected", "p_value", "q_value", "short_history")
            },
        }
    )


def empty_alarms() -> pd.DataFrame:
    """Return a table of alarms without rows, with the types it has when it holds some."""
    table = pd.DataFrame({name: np.empty(0) for name in ALARM_COLUMNS})
    times = dict.fromkeys(("started_at", "judged_hour"), "datetime64[ns, UTC]")
    texts = dict.fromkeys(("kind", "key", "channel"), "object")
    return table.astype({**times, **texts, "bucket_seconds": "int64", "short_history": "bool"})
