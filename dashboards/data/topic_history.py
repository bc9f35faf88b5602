"""What happened to a topic: events that the runs found, and decisions of people, in one line of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from dashboards.data import topics
from dashboards.data.source import Source
from dashboards.data.topic_decisions import MadeTopicDecision
from dashboards.records import records

N_CONTACTS = 5
"""Contacts shown beside an event."""
_AS_EVENT = {"rename": ("renamed", "renamed"), "merge": ("merged", "unmerged")}
"""Decisions that the publication writes down as events: made, and withdrawn."""


@dataclass(frozen=True)
class Moment:
    """Something that happened to a topic.

    Attributes
    ----------
    day : date
        Local day.
    what : str
        An event of the table `topic_event`, the kind of a decision, or the kind with `un` before it: withdrawn.
    other : str
        Name of the other topic, '' for none.
    is_other : bool
        Whether it happened to the other topic and concerns this one: that was merged into this, or split off from it.
    value : str
        Of a decision: the name, the touchpoint, the number of parts.
    by, why : str
        Who decided, and the reason; '' for what a run found.
    contact_ids : tuple of str
        Contacts that show it and are still in the warehouse, best first.
    is_withdrawn : bool
        Of a decision: whether it holds no longer by now.
    """

    day: dt.date
    what: str
    other: str = ""
    is_other: bool = False
    value: str = ""
    by: str = ""
    why: str = ""
    contact_ids: tuple[str, ...] = ()
    is_withdrawn: bool = False


def history(source: Source, topic_id: str, made: Sequence[MadeTopicDecision]) -> list[Moment]:
    """Return what happened to a topic, the last first.

    A decision that the warehouse tells as an event is told once, as the inbox has it.
    """
    frame = source.rows(
        "SELECT day, topic_id, event, other_topic_id, detail, contact_ids FROM topic_event"
        " WHERE topic_id = $topic_id OR other_topic_id = $topic_id ORDER BY day, topic_id, event",
        topic_id=topic_id,
    )
    there = _still_there(source, frame)
    names = _names(source, frame, made)
    zone = ZoneInfo(source.zone)
    told = {key for row in made for key in _told(row, zone)}
    moments = [
        _event(row, topic_id, names, there)
        for row in records(frame)
        if (pd.Timestamp(row.day).date(), row.event, row.topic_id, _text(row.other_topic_id)) not in told
    ]
    moments += [moment for row in made for moment in _decision(row, topic_id, names, zone)]
    return sorted(moments, key=lambda moment: moment.day)[::-1]


def _event(row: Any, topic_id: str, names: dict[str, str], there: set[str]) -> Moment:
    is_other = row.topic_id != topic_id
    other = _text(row.topic_id if is_other else row.other_topic_id)
    return Moment(
        pd.Timestamp(row.day).date(), row.event, names.get(other, other), is_other, why=_text(row.detail),
        contact_ids=tuple(c for c in _ids(row.contact_ids) if c in there)[:N_CONTACTS],
    )  # fmt: skip


def _decision(made: MadeTopicDecision, topic_id: str, names: dict[str, str], zone: ZoneInfo) -> list[Moment]:
    is_other = made.topic_id != topic_id
    other = _text(made.topic_id if is_other else made.other_topic_id)
    moment = Moment(
        made.made_at.astimezone(zone).date(), made.kind, names.get(other, other), is_other,
        value=made.value or "", by=made.made_by, why=made.why, is_withdrawn=made.withdrawn_at is not None,
    )  # fmt: skip
    if made.withdrawn_at is None:
        return [moment]
    day = made.withdrawn_at.astimezone(zone).date()
    return [moment, replace(moment, day=day, what=f"un{made.kind}", by="", why="", is_withdrawn=False)]


def _told(made: MadeTopicDecision, zone: ZoneInfo) -> list[tuple[dt.date, str, str, str]]:
    """Return day, event, topic and other topic under which the warehouse tells a decision."""
    if made.kind not in _AS_EVENT:
        return []
    moments = (made.made_at, made.withdrawn_at)
    about = (made.topic_id, _text(made.other_topic_id))
    return [
        (moment.astimezone(zone).date(), event, *about)
        for moment, event in zip(moments, _AS_EVENT[made.kind], strict=True)
        if moment is not None
    ]


def _still_there(source: Source, frame: pd.DataFrame) -> set[str]:
    ids = sorted({contact for row in frame["contact_ids"] for contact in _ids(row)})
    if not ids:
        return set()
    found = source.rows("SELECT contact_id FROM contact WHERE list_contains($ids, contact_id)", ids=ids)
    return set(found["contact_id"])


def _names(source: Source, frame: pd.DataFrame, made: Sequence[MadeTopicDecision]) -> dict[str, str]:
    ids = {*frame["topic_id"], *frame["other_topic_id"].dropna()}
    ids |= {name for row in made for name in (row.topic_id, row.other_topic_id) if name}
    found = topics.labels(source, sorted(str(name) for name in ids))
    return dict(zip(found["topic_id"], found["label"], strict=True))


def _ids(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) or hasattr(value, "tolist") else []  # type: ignore[attr-defined]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
