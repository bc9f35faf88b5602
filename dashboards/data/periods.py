"""The period of a page against the one before, from one reading of its days: volume, mood, share of the unhappy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.mean_changes import mean_change
from analytics.share_changes import Change, share_change
from analytics.volume_changes import BEFORE, EARLIER, NOW, VolumeChange, volume_change
from dashboards.data.source import Extent, Source
from dashboards.selection import Selection

_HISTORY = dt.timedelta(days=35)
"""Days before both periods that tell the weekdays: five of each."""
_SQL = """
SELECT day, count(*) AS n, count(sentiment_label) AS n_mood,
    count(*) FILTER (sentiment_label = 'negative') AS n_negative,
    coalesce(avg(sentiment_score), 0) AS mean, coalesce(var_pop(sentiment_score), 0) AS spread,
    count(sentiment_score) AS n_score
FROM contact WHERE {where} GROUP BY day ORDER BY day
"""


@dataclass(frozen=True)
class Periods:
    """What is known of a period beside the one of equal length before it.

    Attributes
    ----------
    start, end, before_start, before_end : date
        First and last days, included.
    n_before, n_negative_before, n_mood_before : int
        Contacts of the period before: all, unhappy, with a mood.
    mean_before : float
        Their mean score; NaN without.
    volume, mood, negative : VolumeChange, Change, Change
        Of the volume, the mean score and the share of negative contacts.
    """

    start: dt.date
    end: dt.date
    before_start: dt.date
    before_end: dt.date
    n_before: int
    n_negative_before: int
    n_mood_before: int
    mean_before: float
    volume: VolumeChange
    mood: Change
    negative: Change

    @property
    def has_whole_weeks(self) -> bool:
        """Whether both periods have each weekday equally often, so that plain sums compare like with like."""
        return ((self.end - self.start).days + 1) % 7 == 0


def periods(source: Source, selection: Selection, extent: Extent) -> Periods | None:
    """Return the page's period against the one before; None without days, or where the data does not reach back."""
    before, first = selection.filters.before(), extent.first_day
    start, end = selection.filters.start, selection.filters.end
    if before is None or before.start is None or before.end is None or start is None or end is None:
        return None
    if first is None or before.start < first:
        return None
    since = max(first, before.start - _HISTORY)
    reaching = Selection(replace(selection.filters, start=since), selection.narrowing)
    days = _every_day(source.over(reaching, _SQL), since, end)
    part = np.select([days.index >= pd.Timestamp(start), days.index >= pd.Timestamp(before.start)], [NOW, BEFORE])
    was = days[part == BEFORE]
    if not was["n"].sum() or not days.loc[part == NOW, "n"].sum():
        return None
    return Periods(
        start, end, before.start, before.end,
        n_before=int(was["n"].sum()),
        n_negative_before=int(was["n_negative"].sum()),
        n_mood_before=int(was["n_mood"].sum()),
        mean_before=float(np.average(was["mean"], weights=was["n_score"])) if was["n_score"].sum() else float("nan"),
        volume=volume_change(days["n"].to_numpy(dtype=float), pd.DatetimeIndex(days.index).dayofweek.to_numpy(), part),
        **_moods(days[part != EARLIER], part[part != EARLIER] == NOW),
    )  # fmt: skip


def _moods(days: pd.DataFrame, is_now: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> dict[str, Change]:
    read = {name: days[name].to_numpy(dtype=float) for name in days}
    return {
        "mood": mean_change(read["n_score"], read["mean"], read["spread"], is_now),
        "negative": share_change(read["n_negative"], read["n_mood"], is_now),
    }


def _every_day(found: pd.DataFrame, first: dt.date, last: dt.date) -> pd.DataFrame:
    """Return a row for every day, zeros where nobody came: a silent day counts."""
    return found.set_index(pd.to_datetime(found["day"])).drop(columns="day").reindex(
        pd.date_range(first, last), fill_value=0
    )  # fmt: skip
