"""The tables of topics and of what happened to them, from daily counts and from what was told before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.errors import SchemaError
from analytics.schema import TABLES, UNDATED_DAY
from analytics.topics.life import FIRST_WEEK_DAYS, PROVISIONAL_DAYS, evidence, go_on, life, was_there_before

TopicTables = tuple[pd.DataFrame, pd.DataFrame]
_LIFE = ("born", "promoted", "dormant", "revived")
_LINEAGE = ("merged", "split")
_REFIT = {"merged": "重新训练时并入", "split": "重新训练时分出"}
_UNDECIDED = {"merged_into": None, "sibling": None, "pinned": False, "hidden": False}


class Lent(NamedTuple):
    """From `since` until before `until` (None = still) the contacts of one topic count for another: a person's merge.

    Days are local.
    """

    topic_id: str
    into: str
    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Before:
    """What stands already: the two tables as they were written last, and the merges of people.

    Attributes
    ----------
    topic, topic_event : DataFrame
        Columns as declared; empty before the first run.
    lent : sequence of Lent
    """

    topic: pd.DataFrame = field(default_factory=lambda: _no_rows("topic"))
    topic_event: pd.DataFrame = field(default_factory=lambda: _no_rows("topic_event"))
    lent: Sequence[Lent] = ()


def topic_history(
    daily: pd.DataFrame,
    topics: pd.DataFrame,
    lineage: pd.DataFrame | None = None,
    *,
    retired: pd.DataFrame | None = None,
    before: Before | None = None,
    provisional_days: int = PROVISIONAL_DAYS,
) -> TopicTables:
    """Return the tables `topic` and `topic_event` from daily counts.

    A topic is born on the first day of the stretch in which it truly has contacts: the Poisson step up that explains
    its daily counts best (`life.birth`), so that a few texts misassigned weeks earlier do not count as a birth. It is
    provisional until it lasted (`life.life`). Dormant: no contact for 14 days in a row, after having had contacts on
    at least every other day on average; revived: its first contact after that.

    What was told of a topic that is not provisional any more stands: events are added behind the last one, and none
    is moved or taken away. The exception is a birth before which days that came in later show the same volume; then
    its life is read anew. A provisional topic's birth may move. Topics that no model knows any more stay as rows.

    Parameters
    ----------
    daily : DataFrame
        day (date), topic_id, n_contacts; days without contacts may be left out. `UNDATED_DAY` takes no part in time.
    topics : DataFrame
        topic_id, label, words, touchpoint, as in `TopicModel.topics`; `sibling` if known.
    lineage : DataFrame, optional
        topic_id, event (merged or split), other_topic_id, as in `TopicModel.lineage`. A merge is dated by the last day
        of the topic that ended, a split by the birth of the new one.
    retired : DataFrame, optional
        Topics of earlier fits, as in `TopicModel.retired`.
    before : Before, optional
        Without it this is the first fit, whose topics are active at once unless they were born in the last days.
    provisional_days : int
        Days that a new topic must last.

    Returns
    -------
    (DataFrame, DataFrame)
        Columns as declared in the schema; `contact_ids` of new events are empty. Names, pins and the like that people
        gave are not in it (`decided.decided_topics`). Topics without a dated contact have no dates and no events.
    """
    _check(daily, topics)
    before = before or Before()
    told = {topic: list(events) for topic, events in _by_topic(before.topic_event).items()}
    dated = daily[(daily["day"] != UNDATED_DAY) & (daily["n_contacts"] > 0)]
    days = _all_days([*dated["day"], *before.topic_event["day"]])
    lives = _Lives(days, _series_of(_with_lent(dated, before.lent), days), provisional_days, first=before.topic.empty)
    counted = _series_of(dated, days)
    totals = daily.groupby("topic_id")["n_contacts"].sum().to_dict()
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for topic, known in _all_topics([topics, *([] if retired is None else [retired])], before.topic):
        topic_id = topic["topic_id"]
        found, state = lives.of(topic_id, None if known is None else known["state"], told.get(topic_id, []))
        events += [{"topic_id": topic_id, **event} for event in found]
        dates = _dates(found, counted.get(topic_id), days, known)
        rows.append(_UNDECIDED | topic | dates | {"n_contacts": int(totals.get(topic_id, 0)), "state": state})
    _join_lineage(lineage, rows, events, told, current=set(topics["topic_id"]))
    return pd.DataFrame(rows, columns=_columns("topic")), event_table(events)


def event_table(events: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return events as the table `topic_event`, in order of day, topic and event; what they do not say is null."""
    table = pd.DataFrame([dict(event) for event in events], columns=_columns("topic_event"), dtype=object)
    lists = [list(ids) if isinstance(ids, list | np.ndarray) else [] for ids in table["contact_ids"]]
    table = table.assign(contact_ids=pd.Series(lists, index=table.index, dtype=object))
    table = pd.DataFrame(table.astype(object).where(table.notna(), None))  # type: ignore[call-overload]
    return table.sort_values(["day", "topic_id", "event"], kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class _Lives:
    """Daily counts by topic, and how a life is read from them."""

    days: Sequence[dt.date]
    counts: Mapping[str, NDArray[np.int64]]
    provisional_days: int
    first: bool

    def of(
        self, topic_id: str, state: str | None, told: Sequence[Mapping[str, Any]]
    ) -> tuple[list[dict[str, Any]], str]:
        """Return the events of a topic and its state."""
        counts = self.counts.get(topic_id, np.zeros(len(self.days), np.int64))
        place_of = {day: place for place, day in enumerate(self.days)}
        past = [(place_of[event["day"]], event["event"]) for event in told if event["event"] in _LIFE]
        stands = bool(past) and state not in (None, "provisional") and not was_there_before(counts, past[0][0])
        found = [*past, *go_on(counts, past)] if stands else self._read(counts, lasted=state == "active")
        is_told = {(event["day"], event["event"]): event for event in told}
        events = [
            is_told.get((self.days[place], event))
            or {"day": self.days[place], "event": event, "detail": self._evidence(counts, place, event)}
            for place, event in found
        ]
        gone = stands and not counts.any()  # a refit gave all its contacts to others
        return [dict(event) for event in events], "dormant" if gone else self._state(found, stands=stands)

    def _read(self, counts: NDArray[np.int64], *, lasted: bool) -> list[tuple[int, str]]:
        found = life(counts, provisional_days=self.provisional_days)
        if len(found) == 1 and (lasted or self._is_old(found[0][0])):
            return life(counts, provisional_days=self.provisional_days, lasted=True)
        return found

    def _is_old(self, born: int) -> bool:
        """Whether a topic was there when topics were first fitted: in the first week, or not only in the last days."""
        return born < FIRST_WEEK_DAYS or (self.first and born <= len(self.days) - self.provisional_days)

    def _state(self, found: Sequence[tuple[int, str]], *, stands: bool) -> str:
        if found and found[-1][1] == "dormant":
            return "dormant"
        lasts = stands or not found or len(found) > 1 or self._is_old(found[0][0])
        return "active" if lasts else "provisional"

    def _evidence(self, counts: NDArray[np.int64], place: int, event: str) -> str:
        return evidence(counts, place, event, self.provisional_days)


def _check(daily: pd.DataFrame, topics: pd.DataFrame) -> None:
    for name, table, columns in (
        ("daily", daily, ("day", "topic_id", "n_contacts")),
        ("topics", topics, ("topic_id", "label", "words", "touchpoint")),
    ):
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise SchemaError(f"topic_history: {name} lacks {', '.join(missing)}; expected {', '.join(columns)}")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _columns(table: str) -> list[str]:
    return [column.name for column in TABLES[table].columns]


def _no_rows(table: str) -> pd.DataFrame:
    return pd.DataFrame(columns=_columns(table), dtype=object)


def _by_topic(events: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for event in records(event_table(records(events))):
        found.setdefault(str(event.pop("topic_id")), []).append(event)
    return found


def _all_topics(
    listed: Sequence[pd.DataFrame], known: pd.DataFrame
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return every topic with its row of the table as it was; the model's first, then those that only the table has."""
    before = {row["topic_id"]: row for row in records(known)}
    rows = [row for part in listed for row in records(part)]
    gone = [row for topic_id, row in before.items() if topic_id not in {row["topic_id"] for row in rows}]
    return [(row, before.get(row["topic_id"])) for row in rows] + [(row, row) for row in gone]


def _all_days(seen: Sequence[dt.date]) -> list[dt.date]:
    if not seen:
        return []
    first, last = min(seen), max(seen)
    return [first + dt.timedelta(days=place) for place in range((last - first).days + 1)]


def _with_lent(dated: pd.DataFrame, lent: Sequence[Lent]) -> pd.DataFrame:
    """Return the counts with what other topics lend; the lenders keep theirs, which are their own life."""
    parts = [dated]
    for merge in lent:
        within = (dated["topic_id"] == merge.topic_id) & (dated["day"] >= merge.since)
        if merge.until is not None:
            within &= dated["day"] < merge.until
        parts.append(dated[within].assign(topic_id=merge.into))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else dated


def _series_of(rows: pd.DataFrame, days: Sequence[dt.date]) -> dict[str, NDArray[np.int64]]:
    place_of = {day: place for place, day in enumerate(days)}
    found: dict[str, NDArray[np.int64]] = {}
    for topic_id, day, n_contacts in zip(rows["topic_id"], rows["day"], rows["n_contacts"], strict=True):
        found.setdefault(topic_id, np.zeros(len(days), np.int64))[place_of[day]] += int(n_contacts)
    return found


def _dates(
    found: Sequence[Mapping[str, Any]],
    counts: NDArray[np.int64] | None,
    days: Sequence[dt.date],
    known: Mapping[str, Any] | None,
) -> dict[str, Any]:
    if not found:
        return {"first_seen": None, "last_seen": None}
    last = None if known is None else known["last_seen"]
    return {"first_seen": found[0]["day"], "last_seen": last if counts is None else days[int(counts.nonzero()[0][-1])]}


def _join_lineage(
    lineage: pd.DataFrame | None,
    rows: Sequence[dict[str, Any]],
    events: list[dict[str, Any]],
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    current: set[str],
) -> None:
    """Put merges and splits of refits, those of now and those told before, into `rows` and `events`."""
    by_id = {row["topic_id"]: row for row in rows}
    lines = [] if lineage is None else records(lineage)
    events += [{"topic_id": topic, **e} for topic, all_ in told.items() for e in all_ if e["event"] in _LINEAGE]
    known = {(event["topic_id"], event["event"], event.get("other_topic_id")) for event in events}
    for line in lines:
        row = by_id.get(line["topic_id"])
        day = None if row is None else row["last_seen" if line["event"] == "merged" else "first_seen"]
        if day is not None and (line["topic_id"], line["event"], line["other_topic_id"]) not in known:
            events.append({"day": day, **line, "detail": _REFIT[line["event"]]})
    for line in (*(event for event in events if event["event"] in _LINEAGE), *lines):
        row = by_id.get(line["topic_id"])
        if row is not None and line["event"] == "merged" and (line in lines or line["topic_id"] not in current):
            row |= {"state": "merged", "merged_into": line["other_topic_id"]}
