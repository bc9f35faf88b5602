"""Two sets of contacts beside each other, topic by topic: two periods, two products or two channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.share_changes import NO_CHANGE, Change, false_discovery, share_change
from dashboards.data.share_changes import changes
from dashboards.data.source import Source
from dashboards.data.topic_daily import daily, every_day, summed
from dashboards.data.topic_drivers import mood_change
from dashboards.data.topics import known
from dashboards.intervals import wilson
from dashboards.language import say
from dashboards.names import OTHER
from dashboards.selection import Narrowing, Selection

ORDERS = ("share", "mood")


@dataclass(frozen=True)
class Side:
    """One of two sets of contacts.

    Attributes
    ----------
    name : str
        As people call it.
    selection : Selection
        Its contacts.
    narrowing : dict
        What leads from the page's contacts to these, for what opens.
    """

    name: str
    selection: Selection
    narrowing: Narrowing


@dataclass(frozen=True)
class Pair:
    """What is known of A beside B.

    Attributes
    ----------
    n, n_mood, n_negative, mean : tuple
        Of all contacts, A first; a mean is NaN without moods.
    negative, mood : Change
        A minus B, of the share of negative contacts and of the mean mood, tested over days.
    topics : DataFrame
        topic_id, label, hidden; n_a, n_b, share_a, share_b with their intervals (share_a_low, …), mean_a, mean_b,
        n_mood_a, n_mood_b; what `share_changes.changes` says of the shares, and the same of the mean moods with
        `mood_` before it. What differs most surely stands first, '' (no topic) last.
    """

    n: tuple[int, int]
    n_mood: tuple[int, int]
    n_negative: tuple[int, int]
    mean: tuple[float, float]
    negative: Change
    mood: Change
    topics: pd.DataFrame


def compare(source: Source, first: Side, second: Side, order: str = "share") -> Pair:
    """Return two sets of contacts beside each other, ordered by the difference of shares or of moods."""
    rows = [daily(source, side.selection) for side in (first, second)]
    totals = [side[["n", "n_mood", "n_negative", "total"]].sum() for side in rows]
    means = [float(t["total"] / t["n_mood"]) if t["n_mood"] else float("nan") for t in totals]
    topics = _topics(rows)
    every = known(source).set_index("topic_id")
    labels = (
        topics["topic_id"].map(every["label"]).fillna(topics["topic_id"]).mask(topics["topic_id"] == "", say(OTHER))
    )
    topics = topics.assign(label=labels, hidden=topics["topic_id"].map(every["hidden"]).eq(True))
    return Pair(
        **{name: (int(totals[0][name]), int(totals[1][name])) for name in ("n", "n_mood", "n_negative")},
        mean=(means[0], means[1]), negative=_negative(rows), mood=mood_change(*rows),
        topics=_ordered(topics, order),
    )  # fmt: skip


def _topics(rows: list[pd.DataFrame]) -> pd.DataFrame:
    keys = sorted({*rows[0]["key"], *rows[1]["key"]})
    found = pd.DataFrame({"topic_id": pd.Series(keys, dtype=object)})
    for name, side in zip("ab", rows, strict=True):
        own = summed(side, ["key"]).set_index("key").reindex(keys)
        n = own["n"].fillna(0).to_numpy(dtype=float)
        low, high = wilson(n, np.full(len(n), n.sum()))
        found[f"n_{name}"], found[f"n_mood_{name}"] = n.astype(int), own["n_mood"].fillna(0).astype(int).to_numpy()
        found[f"share_{name}"] = n / n.sum() if n.sum() else float("nan")
        found[f"share_{name}_low"], found[f"share_{name}_high"] = low, high
        found[f"mean_{name}"] = own["mean"].to_numpy()
    shares = [every_day(side, keys).assign(is_now=is_a) for side, is_a in zip(rows, (True, False), strict=True)]
    tested = changes(pd.concat(shares, ignore_index=True)).rename(columns={"key": "topic_id"})
    return found.merge(tested, on="topic_id", how="left").merge(_moods(rows, keys), on="topic_id", how="left")


def _moods(rows: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    sides = [dict(list(side.groupby("key"))) for side in rows]
    nothing = rows[0].iloc[:0]
    tested = {key: mood_change(*(side.get(key, nothing) for side in sides)) for key in keys}
    q_values = false_discovery(np.array([change.p_value for change in tested.values()]))
    found = [
        (key, c.difference, c.low, c.high, c.p_value, q, c.n_days, c.dispersion, c.verdict(float(q)))
        for (key, c), q in zip(tested.items(), q_values, strict=True)
    ]
    names = ("change", "change_low", "change_high", "p_value", "q_value", "n_days", "dispersion", "verdict")
    return pd.DataFrame(found, columns=["topic_id", *(f"mood_{name}" for name in names)])


def _negative(rows: list[pd.DataFrame]) -> Change:
    days = [side.groupby("day", as_index=False)[["n_negative", "n_mood"]].sum() for side in rows]
    if any(side["n_mood"].sum() == 0 for side in days):
        return NO_CHANGE
    both = pd.concat(days, ignore_index=True)
    k, n = both["n_negative"].to_numpy(dtype=float), both["n_mood"].to_numpy(dtype=float)
    return share_change(k, n, np.arange(len(both)) < len(days[0]))


def _ordered(topics: pd.DataFrame, order: str) -> pd.DataFrame:
    prefix = "mood_" if order == "mood" else ""
    return (
        topics.assign(
            _last=topics["topic_id"] == "", _sure=topics[f"{prefix}verdict"] == "significant",
            _size=topics[f"{prefix}change"].abs().fillna(-1),
        )
        .sort_values(["_last", "_sure", "_size", "topic_id"], ascending=[True, False, False, True])
        .drop(columns=["_last", "_sure", "_size"])
        .reset_index(drop=True)
    )  # fmt: skip
