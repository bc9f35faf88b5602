"""Topics: how large, how they feel, how they changed."""

from __future__ import annotations

import pandas as pd

from dashboards.data.mood import COUNTS, with_intervals
from dashboards.data.source import Source, buckets, step_for
from dashboards.intervals import shares_differ, wilson
from dashboards.names import OTHER
from dashboards.records import records
from dashboards.selection import Selection


def topic_table(source: Source, selection: Selection) -> pd.DataFrame:
    """Return one row a topic, largest first, `其他` ('' as id) last.

    Columns: topic_id, label, words, counts, mean with interval, n_total, share with interval, and against the period
    of equal length before: n_before, n_total_before, share_before (NaN without), differs (5 % level).
    """
    frame = _counts(source, selection)
    total = int(frame["n"].sum())
    low, high = wilson(frame["n"].to_numpy(), [total] * len(frame))
    found = with_intervals(frame).assign(
        share=frame["n"] / max(total, 1), share_low=low, share_high=high, n_total=total
    )
    found = _with_before(source, selection, found)
    found = found.merge(source.rows("SELECT topic_id, label, words FROM topic"), on="topic_id", how="left")
    found["label"] = found["label"].fillna(found["topic_id"]).mask(found["topic_id"] == "", OTHER)
    found["words"] = [
        list(words) if isinstance(words, list) or hasattr(words, "tolist") else [] for words in found["words"]
    ]
    return (
        found.assign(_last=found["topic_id"] == "")
        .sort_values(["_last", "n", "topic_id"], ascending=[True, False, True])
        .drop(columns="_last")
        .reset_index(drop=True)
    )


def topic_over_time(source: Source, selection: Selection, topic_id: str) -> pd.DataFrame:
    """Return one row a bucket: the topic's counts and mood, `n_total`, share and interval, `day_from`, `day_to`."""
    step = step_for(source, selection)
    sql = f"SELECT date_trunc('{step}', day) AS bucket, {COUNTS} FROM contact WHERE {{where}} GROUP BY 1 ORDER BY 1"
    mine = buckets(with_intervals(source.over(selection.narrowed(topic=topic_id), sql)), selection.filters, step)
    everything = buckets(source.over(selection, sql), selection.filters, step)
    total = everything["n"].to_numpy()
    low, high = wilson(mine["n"].to_numpy(), total)
    share = (mine["n"] / everything["n"].where(everything["n"] > 0)).to_numpy()
    return mine.assign(n_total=total, share=share, share_low=low, share_high=high)


def topic_events(source: Source, topic_id: str) -> pd.DataFrame:
    """Return what happened to the topic: day, event, other_topic_id, other_label."""
    return source.rows(
        "SELECT e.day, e.event, e.other_topic_id, t.label AS other_label FROM topic_event e"
        " LEFT JOIN topic t ON t.topic_id = e.other_topic_id WHERE e.topic_id = $topic_id ORDER BY e.day",
        topic_id=topic_id,
    )


def _counts(source: Source, selection: Selection) -> pd.DataFrame:
    return source.over(
        selection,
        f"SELECT coalesce(topic_id, '') AS topic_id, {COUNTS} FROM contact WHERE {{where}} GROUP BY 1",
    )


def _with_before(source: Source, selection: Selection, found: pd.DataFrame) -> pd.DataFrame:
    before = selection.filters.before()
    if before is None:
        return found.assign(n_before=0, n_total_before=0, share_before=float("nan"), differs=False)
    earlier = _counts(source, Selection(before, selection.narrowing))
    total = int(earlier["n"].sum())
    joined = found.merge(
        earlier[["topic_id", "n"]].rename(columns={"n": "n_before"}), on="topic_id", how="left"
    ).assign(n_total_before=total)
    joined["n_before"] = joined["n_before"].fillna(0).astype(int)
    joined["share_before"] = joined["n_before"] / total if total else float("nan")
    joined["differs"] = [shares_differ(row.n, row.n_total, row.n_before, row.n_total_before) for row in records(joined)]
    return joined


def labels(source: Source, topic_ids: list[str]) -> pd.DataFrame:
    """Return topic_id and label of some topics."""
    return source.rows(
        "SELECT topic_id, label FROM topic WHERE list_contains($topic_ids, topic_id)", topic_ids=topic_ids
    )
