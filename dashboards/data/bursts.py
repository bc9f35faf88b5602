"""Topics that came in a rush: far more than before in all, but on a few days, so that no lasting rise can be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.share_changes import false_discovery
from dashboards.data.source import Source
from dashboards.selection import Selection

_LEVEL = 0.001
"""Stricter than for a lasting rise: this test takes contacts as independent, which those of one day are not quite."""
_LEAST_GROWTH = 2.0


@dataclass(frozen=True)
class Burst:
    """A topic, its contacts in the period and on its busiest day, and how sure the rise of the total is."""

    topic_id: str
    n: int
    n_before: int
    day: dt.date
    n_day: int
    q_value: float


def bursting(table: pd.DataFrame) -> pd.DataFrame:
    """Return the topics whose total at least doubled beyond chance though their days do not show a rise.

    The totals are compared by the plain test of two proportions, one contact of each kind added to each period (Agresti
    and Caffo, as `analytics.share_changes`), at a false discovery rate of 0.1 %.

    Parameters
    ----------
    table : DataFrame
        `dashboards.data.topics.topic_table`.

    Returns
    -------
    DataFrame
        Those rows, with `q_total`, largest first.

    Examples
    --------
    >>> row = {"topic_id": "t1", "n": 90, "n_total": 900, "n_before": 2, "n_total_before": 900, "verdict": "flat"}
    >>> bursting(pd.DataFrame([row, {**row, "n": 4}]))["n"].tolist()
    [90]
    """
    flat = table[(table["verdict"] == "flat") & (table["topic_id"] != "")]
    now, was = ((flat[k] + 1) / (flat[n] + 2) for k, n in (("n", "n_total"), ("n_before", "n_total_before")))
    variance = now * (1 - now) / (flat["n_total"] + 2) + was * (1 - was) / (flat["n_total_before"] + 2)
    p_values = 2 * ndtr(-np.abs((now - was) / np.sqrt(variance)).to_numpy(dtype=float))
    found = flat.assign(q_total=false_discovery(p_values))
    return found[(found["q_total"] <= _LEVEL) & (now >= _LEAST_GROWTH * was)].sort_values(
        ["n", "topic_id"], ascending=[False, True]
    )


def busiest(source: Source, selection: Selection, found: pd.DataFrame) -> Burst | None:
    """Return the largest of the topics with its busiest day; None where there is none."""
    if found.empty:
        return None
    row = found.iloc[0]
    day = source.over(
        selection.narrowed(topic=str(row["topic_id"])),
        "SELECT day::VARCHAR AS day, count(*) AS n FROM contact WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 1",
    ).iloc[0]
    return Burst(
        topic_id=str(row["topic_id"]), n=int(row["n"]), n_before=int(row["n_before"]),
        day=dt.date.fromisoformat(day["day"]), n_day=int(day["n"]), q_value=float(row["q_total"]),
    )  # fmt: skip
