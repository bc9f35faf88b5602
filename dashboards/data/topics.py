"""Topics: how large, how they feel, how they changed, and what people decided about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboards.data.share_changes import COLUMNS, both_periods, changes
from dashboards.data.source import Source, buckets, step_of
from dashboards.data.topic_daily import daily, every_day, summed
from dashboards.intervals import wilson
from dashboards.language import say
from dashboards.names import OTHER
from dashboards.selection import Selection

_KNOWN = "topic_id, label, words, state, first_seen, last_seen, touchpoint, n_contacts, merged_into, sibling"


def known(source: Source) -> pd.DataFrame:
    """Return every topic there is, whatever the filters, as people decided by now.

    Columns: those of the table `topic`; `into` (the topic that it is or will be part of, '' for none), `is_pending`
    (a merge decided or withdrawn since the last run), `parts` (of a split not yet done by the warehouse; 0 for none).
    """
    frame = source.rows(
        f"SELECT {_KNOWN}, coalesce(pinned, false) AS pinned, coalesce(hidden, false) AS hidden,"
        " EXISTS (SELECT 1 FROM topic_event e WHERE e.event = 'split' AND e.other_topic_id = topic.topic_id)"
        " AS was_split FROM topic ORDER BY topic_id"
    )
    over = source.decided()
    ids, published = list(frame["topic_id"]), [_text(value) for value in frame["merged_into"]]
    into = [over.merged.get(i, "" if i in over.unmerged else was) for i, was in zip(ids, published, strict=True)]
    return frame.assign(
        label=[over.label(i, label) for i, label in zip(ids, frame["label"], strict=True)],
        words=pd.Series([_words(words) for words in frame["words"]], index=frame.index, dtype=object),
        touchpoint=[over.touchpoint(i, _text(point)) for i, point in zip(ids, frame["touchpoint"], strict=True)],
        pinned=[i in over.pinned for i in ids] if over.known else frame["pinned"],
        hidden=[i in over.hidden for i in ids] if over.known else frame["hidden"],
        merged_into=published,
        into=into,
        is_pending=[now != was for now, was in zip(into, published, strict=True)],
        parts=[0 if done else over.splits.get(i, 0) for i, done in zip(ids, frame["was_split"], strict=True)],
    ).drop(columns="was_split")


def topic_table(source: Source, selection: Selection) -> pd.DataFrame:
    """Return one row a topic, largest first, `其他` ('' as id) last.

    Columns: those of `known`, counts, mean with interval, n_total, share with interval, and against the period of equal
    length before: n_before, n_total_before, share_before (NaN without), and `dashboards.data.share_changes.COLUMNS`,
    tested over all topics together.
    """
    rows = both_days(source, selection)
    found = summed(rows[rows["is_now"]], ["key"]).rename(columns={"key": "topic_id"})
    total = int(found["n"].sum())
    low, high = wilson(found["n"].to_numpy(), [total] * len(found))
    found = found.assign(share=found["n"] / max(total, 1), share_low=low, share_high=high, n_total=total)
    found = _without_before(found) if both_periods(selection) is None else _with_before(found, rows)
    found = found.merge(known(source), on="topic_id", how="left")
    found["label"] = found["label"].fillna(found["topic_id"]).mask(found["topic_id"] == "", say(OTHER))
    found["words"] = [_words(words) for words in found["words"]]
    for name in ("state", "touchpoint", "into", "merged_into"):
        found[name] = found[name].fillna("").astype(str)
    for name in ("hidden", "pinned", "is_pending"):
        found[name] = found[name].eq(True)
    found["parts"] = found["parts"].fillna(0).astype(int)
    return (
        found.assign(_last=found["topic_id"] == "")
        .sort_values(["_last", "n", "topic_id"], ascending=[True, False, True])
        .drop(columns="_last")
        .reset_index(drop=True)
    )


def both_days(source: Source, selection: Selection) -> pd.DataFrame:
    """Return `daily` of all topics over the period and the one before it, with `is_now`: one query for all views."""
    periods = both_periods(selection)
    rows = daily(source, periods[0] if periods else selection)
    return rows.assign(is_now=rows["day"] >= pd.Timestamp(periods[1]) if periods else True)


def days(source: Source, selection: Selection) -> pd.DataFrame:
    """Return `daily` of all topics over the period."""
    rows = both_days(source, selection)
    return rows[rows["is_now"]]


def topic_over_time(source: Source, selection: Selection, topic_id: str) -> pd.DataFrame:
    """Return one row a bucket: the topic's counts and mood, `n_total`, share and interval, `day_from`, `day_to`."""
    return courses(days(source, selection), selection, [topic_id]).drop(columns="key")


def courses(rows: pd.DataFrame, selection: Selection, topic_ids: Sequence[str]) -> pd.DataFrame:
    """Return one row a topic and bucket of time, the topics in the order given, from `daily` of all topics.

    Columns: key (the topic), bucket, day_from, day_to, `SUMS`, mean, low, high, n_total, share, share_low, share_high.
    """
    step = step_of(selection.filters, int(rows["n"].sum()))
    starts = rows["day"] if step == "day" else rows["day"].dt.to_period("W" if step == "week" else "M").dt.start_time
    rows = rows.assign(bucket=starts)
    whole = rows.groupby("bucket", as_index=False)[["n"]].sum()
    total = buckets(whole, selection.filters, step)["n"].to_numpy(dtype=float)
    found: list[pd.DataFrame] = []
    for topic_id in topic_ids:
        mine = buckets(summed(rows[rows["key"] == topic_id], ["bucket"]), selection.filters, step)
        low, high = wilson(mine["n"].to_numpy(), total)
        share = mine["n"].to_numpy(dtype=float) / np.where(total > 0, total, np.nan)
        found.append(mine.assign(key=topic_id, n_total=total.astype(int), share=share, share_low=low, share_high=high))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["key", "bucket", "share"])


def labels(source: Source, topic_ids: list[str]) -> pd.DataFrame:
    """Return topic_id and label of some topics."""
    found = source.rows(
        "SELECT topic_id, label FROM topic WHERE list_contains($topic_ids, topic_id)", topic_ids=topic_ids
    )
    return source.renamed(found, "topic_id", "label")


def n_mentions(source: Source, selection: Selection, topic_id: str) -> int:
    """Return how many contacts came for something else and have the topic as a further matter."""
    found = source.over(selection.narrowed(mentions=topic_id), "SELECT count(*) AS n FROM contact WHERE {where}")
    return int(found["n"].iloc[0])


def _without_before(found: pd.DataFrame) -> pd.DataFrame:
    nothing = dict.fromkeys((*COLUMNS, "share_before"), float("nan"))
    return found.assign(n_before=0, n_total_before=0, **nothing).assign(n_days=0, verdict="none")


def _with_before(found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    before = rows[~rows["is_now"]]
    total = int(before["n"].sum())
    n_before = found["topic_id"].map(before.groupby("key")["n"].sum()).fillna(0).astype(int)
    found = found.assign(
        n_before=n_before, n_total_before=total, share_before=n_before / total if total else float("nan")
    )
    counted = every_day(rows)
    now = counted["day"].isin(rows.loc[rows["is_now"], "day"])
    tested = changes(counted.assign(is_now=now)[counted["key"].isin(found["topic_id"])])
    return found.merge(tested.rename(columns={"key": "topic_id"}), on="topic_id", how="left")


def _words(words: object) -> list[str]:
    return list(words) if isinstance(words, list) or hasattr(words, "tolist") else []  # type: ignore[call-overload]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
