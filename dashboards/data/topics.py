"""Topics: how large, how they feel, how they changed, and what people decided about them."""

from __future__ import annotations

import pandas as pd

from dashboards.data.mood import COUNTS, with_intervals
from dashboards.data.share_changes import COLUMNS, both_periods, changes, with_period
from dashboards.data.source import Source, buckets, step_for
from dashboards.intervals import wilson
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
    frame = _counts(source, selection)
    total = int(frame["n"].sum())
    low, high = wilson(frame["n"].to_numpy(), [total] * len(frame))
    found = with_intervals(frame).assign(
        share=frame["n"] / max(total, 1), share_low=low, share_high=high, n_total=total
    )
    found = _with_before(source, selection, found)
    found = found.merge(known(source), on="topic_id", how="left")
    found["label"] = found["label"].fillna(found["topic_id"]).mask(found["topic_id"] == "", OTHER)
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


def _counts(source: Source, selection: Selection) -> pd.DataFrame:
    return source.over(
        selection,
        f"SELECT coalesce(topic_id, '') AS topic_id, {COUNTS} FROM contact WHERE {{where}} GROUP BY 1",
    )


def _with_before(source: Source, selection: Selection, found: pd.DataFrame) -> pd.DataFrame:
    periods = both_periods(selection)
    if periods is None:
        nothing = dict.fromkeys(COLUMNS, float("nan"))
        found = found.assign(n_before=0, n_total_before=0, share_before=float("nan"), **nothing)
        return found.assign(n_days=0, verdict="none")
    daily = source.over(
        periods[0],
        "SELECT coalesce(topic_id, '') AS key, day, count(*) AS k FROM contact WHERE {where}"
        " GROUP BY 1, 2 ORDER BY 1, 2",
    )
    every_day = _every_day(daily[daily["key"].isin(found["topic_id"])], daily)
    is_before = pd.to_datetime(daily["day"]) < pd.Timestamp(periods[1])
    total = int(daily.loc[is_before, "k"].sum())
    n_before = found["topic_id"].map(daily[is_before].groupby("key")["k"].sum()).fillna(0).astype(int)
    found = found.assign(
        n_before=n_before, n_total_before=total, share_before=n_before / total if total else float("nan")
    )
    return found.merge(
        changes(with_period(every_day, periods[1])).rename(columns={"key": "topic_id"}), on="topic_id", how="left"
    )


def _every_day(shown: pd.DataFrame, everything: pd.DataFrame) -> pd.DataFrame:
    """Return key, day, k, n with a row for each topic and day, a day without the topic having none of it."""
    totals = everything.groupby("day")["k"].sum()
    counts = shown.pivot_table(index="day", columns="key", values="k", fill_value=0).reindex(totals.index, fill_value=0)
    long = counts.reset_index().melt(id_vars="day", var_name="key", value_name="k")
    return long.assign(n=long["day"].map(totals))


def _words(words: object) -> list[str]:
    return list(words) if isinstance(words, list) or hasattr(words, "tolist") else []  # type: ignore[call-overload]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
