"""The life of a topic, read from how many contacts it had each day: born, dormant, revived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.errors import SchemaError
from analytics.schema import TABLES, UNDATED_DAY

DORMANT_DAYS = 14
"""Days without a contact after which a topic that used to have some every other day counts as asleep."""
FIRST_WEEK_DAYS = 7
FIRST_WEEK_BUSY_DAYS = 4
MIN_STEP = 4.0
"""A birth multiplies the rate by this at least; less is growth."""
_USUAL_QUANTILE = 0.75
_UNDECIDED = {"merged_into": None, "sibling": None, "pinned": False, "hidden": False}

TopicTables = tuple[pd.DataFrame, pd.DataFrame]


def topic_history(daily: pd.DataFrame, topics: pd.DataFrame, lineage: pd.DataFrame | None = None) -> TopicTables:
    """Return the tables `topic` and `topic_event` from daily counts.

    A topic is born on the first day of the stretch in which it truly has contacts. The day is where a step, from a low
    rate before to a higher one after, explains its daily counts best (the likelihood of a Poisson change point [1]_),
    so that a few texts misassigned weeks earlier do not count as a birth. A topic that was already there in the data's
    first week is born on its first day. Dormant: no contact for 14 days in a row up to or before the last day, after
    having had contacts on at least every other day on average; revived: its first contact after that.

    Parameters
    ----------
    daily : DataFrame
        day (date), topic_id, n_contacts; days without contacts may be left out. `UNDATED_DAY` takes no part in time.
    topics : DataFrame
        topic_id, label, words, touchpoint, as in `TopicModel.topics`, with the retired ones.
    lineage : DataFrame, optional
        topic_id, event (merged or split), other_topic_id, as in `TopicModel.lineage`. A merge is dated by the last day
        of the topic that ended, a split by the birth of the new one.

    Returns
    -------
    (DataFrame, DataFrame)
        Columns as declared in the schema. Topics without a dated contact have no dates and no events.

    References
    ----------
    .. [1] D. V. Hinkley, "Inference about the change-point in a sequence of random variables", Biometrika 57, 1970.
    """
    for name, table, columns in (
        ("daily", daily, ("day", "topic_id", "n_contacts")),
        ("topics", topics, ("topic_id", "label", "words", "touchpoint")),
    ):
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise SchemaError(f"topic_history: {name} lacks {', '.join(missing)}; expected {', '.join(columns)}")
    dated = daily[(daily["day"] != UNDATED_DAY) & (daily["n_contacts"] > 0)]
    days = _all_days(dated["day"])
    place_of = {day: place for place, day in enumerate(days)}
    merged = _merged(lineage)
    rows: list[dict[str, Any]] = []
    events: list[tuple[object, str, str, str | None]] = []
    for topic in topics.to_dict("records"):
        counts = _series(dated[dated["topic_id"] == topic["topic_id"]], place_of)
        total = int(daily.loc[daily["topic_id"] == topic["topic_id"], "n_contacts"].sum())
        found = life(counts)
        events += [(days[place], topic["topic_id"], event, None) for place, event in found]
        state = _state(found, is_merged=topic["topic_id"] in merged)
        known = {str(name): value for name, value in topic.items()}
        rows.append(known | _dates(found, counts, days) | {"n_contacts": total, "state": state} | _UNDECIDED)
    events += _lineage_events(lineage, rows)
    topic_table = pd.DataFrame(rows, columns=[column.name for column in TABLES["topic"].columns])
    event_table = pd.DataFrame(events, columns=["day", "topic_id", "event", "other_topic_id"], dtype=object)
    event_table = event_table.assign(detail=None, contact_ids=pd.Series([[] for _ in events], dtype=object))
    event_table = event_table.sort_values(["day", "topic_id", "event"], kind="stable").reset_index(drop=True)
    return topic_table, event_table


def life(counts: NDArray[np.int64]) -> list[tuple[int, str]]:
    """Return what happened to a topic, as (place, event) in order of time.

    Parameters
    ----------
    counts : int, shape (n_days,)
        Contacts of each day from the first day of the data to the last.

    Examples
    --------
    >>> life(np.array([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9, 12, 8, 11]))
    [(10, 'born')]
    """
    if not counts.any():
        return []
    born = birth(counts)
    busy = np.flatnonzero(counts[born:]) + born
    events = [(born, "born")]
    for index, (day, following) in enumerate(zip(busy, [*busy[1:], len(counts)], strict=True), start=1):
        was_regular = index >= (day - born + 1) / 2
        if following - day - 1 >= DORMANT_DAYS and was_regular:
            events.append((int(day) + DORMANT_DAYS, "dormant"))
            if following < len(counts):
                events.append((int(following), "revived"))
    return events


def birth(counts: NDArray[np.int64]) -> int:
    """Return the place of the day on which the topic's volume begins; there must be a contact.

    The best Poisson step up, if the rate after it is at least four times the rate before; else the first day. Days are
    cut at the 75th percentile of the days with contacts, so that a spike is not taken for a birth.
    """
    first = int(np.flatnonzero(counts)[0])
    usual = np.minimum(counts, np.quantile(counts[counts > 0], _USUAL_QUANTILE))
    n_days = len(usual)
    before = np.concatenate([[0.0], np.cumsum(usual)[:-1]])
    after = usual.sum() - before
    rate_before = before / np.maximum(np.arange(n_days), 1)
    rate_after = after / (n_days - np.arange(n_days))
    gain = _log_likelihood(before, rate_before) + _log_likelihood(after, rate_after)
    is_step = (rate_before * MIN_STEP <= rate_after) & (counts > 0)
    is_step[first] = True
    step = int(np.argmax(np.where(is_step, gain, -np.inf)))
    week = usual[:FIRST_WEEK_DAYS]
    was_there = week.mean() * MIN_STEP > rate_after[step] and np.count_nonzero(week) >= min(
        FIRST_WEEK_BUSY_DAYS, n_days
    )
    return first if was_there else step


def _log_likelihood(total: NDArray[np.float64], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of a Poisson log likelihood that depends on where the step is, at the best rate."""
    return np.where(total > 0, total * np.log(np.where(rate > 0, rate, 1.0)), 0.0)


def _all_days(seen: pd.Series[dt.date]) -> list[dt.date]:
    if seen.empty:
        return []
    first, last = min(seen), max(seen)
    return [first + dt.timedelta(days=place) for place in range((last - first).days + 1)]


def _series(rows: pd.DataFrame, place_of: Mapping[dt.date, int]) -> NDArray[np.int64]:
    counts = np.zeros(len(place_of), np.int64)
    for day, n_contacts in zip(rows["day"], rows["n_contacts"], strict=True):
        counts[place_of[day]] += int(n_contacts)
    return counts


def _dates(found: Sequence[tuple[int, str]], counts: NDArray[np.int64], days: Sequence[dt.date]) -> dict[str, Any]:
    if not found:
        return {"first_seen": None, "last_seen": None}
    return {"first_seen": days[found[0][0]], "last_seen": days[int(np.flatnonzero(counts)[-1])]}


def _state(found: Sequence[tuple[int, str]], *, is_merged: bool) -> str:
    if is_merged:
        return "merged"
    return "dormant" if found and found[-1][1] == "dormant" else "active"


def _merged(lineage: pd.DataFrame | None) -> set[str]:
    return set() if lineage is None else set(lineage.loc[lineage["event"] == "merged", "topic_id"])


def _lineage_events(
    lineage: pd.DataFrame | None, rows: Sequence[Mapping[str, object]]
) -> list[tuple[object, str, str, str | None]]:
    if lineage is None:
        return []
    dates = {row["topic_id"]: row for row in rows}
    events: list[tuple[object, str, str, str | None]] = []
    for line in lineage.to_dict("records"):
        row = dates.get(line["topic_id"])
        day = None if row is None else row["last_seen" if line["event"] == "merged" else "first_seen"]
        if day is not None:
            events.append((day, line["topic_id"], line["event"], line["other_topic_id"]))
    return events
