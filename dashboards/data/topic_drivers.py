"""What moved the mean mood from the period before to this one: by topic, touchpoint, channel or product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.mean_changes import mean_change
from analytics.mean_parts import mean_parts
from analytics.share_changes import LEVEL, NO_CHANGE, Z_95, Change, false_discovery
from dashboards.data.share_changes import both_periods
from dashboards.data.source import Source
from dashboards.data.topic_daily import daily, spread, summed
from dashboards.selection import Selection

COLUMNS = (
    "key", "n", "base_n", "mean", "base_mean", "contribution", "mix", "within", "low", "high", "q_value", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Drivers:
    """A change of mood and its parts.

    Attributes
    ----------
    change : Change
        Of the mean score, tested over days.
    mean, base_mean : float
        This period's mean and that before; NaN without.
    parts : DataFrame
        `COLUMNS`: contacts with a mood and their mean in both periods, the key's part in the change, of which mix
        (another share of contacts) and within (another mean of its own), the 95 % interval and q-value over all keys,
        and significant, flat, or none (too few to tell); largest first, whichever its sign. The parts add up to
        `change.difference`.
    """

    change: Change
    mean: float
    base_mean: float
    parts: pd.DataFrame

    @property
    def is_known(self) -> bool:
        """Whether both periods have contacts with a mood."""
        return not self.parts.empty


_NOTHING = Drivers(NO_CHANGE, float("nan"), float("nan"), pd.DataFrame(columns=list(COLUMNS)))


def drivers(source: Source, selection: Selection, dimension: str) -> Drivers:
    """Return what moved the mood of a selection; nothing where one of the periods has no moods.

    Parameters
    ----------
    dimension : str
        A key of `dashboards.data.topic_daily.KEYS`.
    """
    periods = both_periods(selection)
    if periods is None:
        return _NOTHING
    rows = daily(source, periods[0], dimension)
    return drivers_between(rows[rows["day"] >= pd.Timestamp(periods[1])], rows[rows["day"] < pd.Timestamp(periods[1])])


def drivers_between(now: pd.DataFrame, base: pd.DataFrame) -> Drivers:
    """Return what moved the mood between two sets of days, rows as of `dashboards.data.topic_daily.daily`."""
    sides = [summed(side[side["n_mood"] > 0], ["key"]).set_index("key") for side in (base, now)]
    if any(side.empty for side in sides):
        return _NOTHING
    keys = sorted({*sides[0].index, *sides[1].index})
    aligned = [side.reindex(keys) for side in sides]
    counts, means, spreads = (
        np.stack([np.nan_to_num(values(side).to_numpy(dtype=float)) for side in aligned])
        for values in (lambda f: f["n_mood"], lambda f: f["mean"], spread)
    )
    parts = mean_parts(counts, means, spreads)
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = 2 * ndtr(-np.abs(parts.total) / (parts.half / Z_95))
    q_values = false_discovery(p_values)
    found = pd.DataFrame(
        {
            "key": keys, "n": counts[1].astype(int), "base_n": counts[0].astype(int),
            "mean": np.where(counts[1] > 0, means[1], np.nan), "base_mean": np.where(counts[0] > 0, means[0], np.nan),
            "contribution": parts.total, "mix": parts.mix, "within": parts.within,
            "low": parts.total - parts.half, "high": parts.total + parts.half, "q_value": q_values,
            "verdict": np.where(np.isnan(q_values), "none", np.where(q_values <= LEVEL, "significant", "flat")),
        }
    )  # fmt: skip
    order = np.argsort(-np.abs(parts.total), kind="stable")
    overall = (counts * means).sum(axis=1) / counts.sum(axis=1)
    return Drivers(
        mood_change(now, base), float(overall[1]), float(overall[0]), found.iloc[order].reset_index(drop=True)
    )


def mood_change(now: pd.DataFrame, base: pd.DataFrame) -> Change:
    """Return the change of the mean mood between two sets of daily rows, tested over their days."""
    days = [summed(side[side["n_mood"] > 0], ["day"]) for side in (now, base)]
    both = pd.concat(days, ignore_index=True)
    is_now = np.arange(len(both)) < len(days[0])
    n, mean = both["n_mood"].to_numpy(dtype=float), both["mean"].to_numpy(dtype=float)
    return mean_change(n, mean, spread(both).to_numpy(dtype=float), is_now)
