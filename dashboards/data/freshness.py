"""How fresh each source is: its newest record, when it was collected, and whether it is later than it usually is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.schema import UNDATED_DAY
from dashboards.data.source import Source
from dashboards.records import records

ENOUGH_COLLECTIONS = 6
"""With fewer collections their rhythm is not known; the days that have records then say what is usual."""
ENOUGH_DAYS = 3
TOLERANCE = 1.5
"""A source is late when its newest record is this many times older than it usually gets: half as late again is no
rounding of a schedule. A choice, not a measurement."""
_LOOK_BACK_DAYS = 60
_QUANTILE = 0.9

_DAYS_SQL = """
SELECT source, day, max(started_at) AS newest, count(*) AS n
FROM contact GROUP BY source, day ORDER BY source, day
"""
_FILES_SQL = """
SELECT landed.source, landed.file, landed.collected_at, landed.n_records, said.newest
FROM landed_file AS landed
LEFT JOIN (SELECT file, max(started_at) AS newest FROM contact WHERE day >= $since GROUP BY file) AS said USING (file)
ORDER BY landed.source, landed.collected_at
"""


def freshness(source: Source, now: dt.datetime) -> pd.DataFrame:
    """Return a row for each source, late ones first.

    Returns
    -------
    DataFrame
        source, n_files, n_records (in landing), n_contacts, newest (UTC; NaT without times), collected (UTC), age_hours
        (of the newest record), allowed_hours (how old it may get; NaN where unknown), basis (collections, days or ''),
        state (late, fresh, unknown or undated).
    """
    days = source.rows(_DAYS_SQL)
    dated = days[pd.to_datetime(days["day"]).dt.date != UNDATED_DAY]
    last = pd.to_datetime(dated["day"]).max()
    since = dt.date.min if pd.isna(last) else (last - pd.Timedelta(days=_LOOK_BACK_DAYS)).date()
    files = source.rows(_FILES_SQL, since=since)
    names = sorted({*days["source"], *files["source"]})
    rows = [_of_source(name, days, dated, files, source.zone, now) for name in names]
    found = pd.DataFrame(rows, columns=_COLUMNS)
    order = {"late": 0, "unknown": 1, "fresh": 2, "undated": 3}
    return found.sort_values(["state", "source"], key=lambda part: part.map(order) if part.name == "state" else part,
                             ignore_index=True)  # fmt: skip


_COLUMNS = ["source", "n_files", "n_records", "n_contacts", "newest", "collected", "age_hours", "allowed_hours",
            "basis", "state"]  # fmt: skip


def usual_age(collected: Sequence[dt.datetime], newest: Sequence[dt.datetime]) -> float | None:
    """Return how old the newest record usually gets before the next collection, in hours; None for too few of them.

    Just before a collection the newest record there is is at its oldest. The 90 % quantile of that age over all
    collections but the first.

    Parameters
    ----------
    collected : sequence of datetime
        When each collection was, in order.
    newest : sequence of datetime
        The newest record that each collection brought.

    Examples
    --------
    >>> at = [dt.datetime(2026, 9, day, 8) for day in range(1, 8)]
    >>> usual_age(at, [moment - dt.timedelta(hours=8) for moment in at])
    32.0
    """
    if len(collected) < ENOUGH_COLLECTIONS:
        return None
    known, ages = newest[0], []
    for at in range(1, len(collected)):
        ages.append(max(0.0, (collected[at] - known).total_seconds() / 3600))
        known = max(known, newest[at])
    return float(np.quantile(ages, _QUANTILE))


def usual_gap(days: Sequence[dt.date]) -> float | None:
    """Return the usual number of days between days with records (90 % quantile); None for too few of them.

    Examples
    --------
    >>> usual_gap([dt.date(2026, 9, 1), dt.date(2026, 9, 2), dt.date(2026, 9, 3)])
    1.0
    """
    if len(days) < ENOUGH_DAYS:
        return None
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return float(np.quantile(gaps, _QUANTILE))


def _of_source(
    name: str, days: pd.DataFrame, dated: pd.DataFrame, files: pd.DataFrame, zone: str, now: dt.datetime
) -> tuple[object, ...]:
    mine, landed = dated[dated["source"] == name], files[files["source"] == name]
    newest, collected = mine["newest"].max(), landed["collected_at"].max()
    n_contacts = int(days.loc[days["source"] == name, "n"].sum())
    counts = (name, len(landed), int(landed["n_records"].sum()), n_contacts)
    if pd.isna(newest):
        state = "undated" if n_contacts else "unknown"
        return (*counts, pd.NaT, collected, float("nan"), float("nan"), "", state)
    age = (pd.Timestamp(now) - newest).total_seconds() / 3600
    allowed, basis = _allowed(landed, mine, newest, zone)
    state = "unknown" if allowed is None else "late" if age > allowed else "fresh"
    return (*counts, newest, collected, age, float("nan") if allowed is None else allowed, basis, state)


def _allowed(landed: pd.DataFrame, mine: pd.DataFrame, newest: pd.Timestamp, zone: str) -> tuple[float | None, str]:
    """Return how many hours old the newest record may get, and what says so."""
    seen = landed[landed["newest"].notna()]
    # Files that came within one minute are one collection.
    batches = seen.groupby(seen["collected_at"].dt.floor("min"))["newest"].max()
    age = usual_age([moment.to_pydatetime() for moment in batches.index], [m.to_pydatetime() for m in batches])
    if age is not None:
        return TOLERANCE * age, "collections"
    recent = pd.to_datetime(mine["day"]).dt.date.tolist()[-_LOOK_BACK_DAYS:]
    gap = usual_gap(recent)
    if gap is None:
        return None, ""
    # By days: the next day with records, to its end, is due a gap later.
    due = dt.datetime.combine(recent[-1], dt.time(), ZoneInfo(zone)) + dt.timedelta(days=TOLERANCE * gap + 1)
    return (due - newest.to_pydatetime()).total_seconds() / 3600, "days"


def late(frame: pd.DataFrame) -> list[str]:
    """Return the names of late sources, as `freshness` found them."""
    return [row.source for row in records(frame[frame["state"] == "late"])]
