"""The tables of topics as people see them: names, merges, pins and touchpoints that somebody decided, put over them.

The lake keeps what model and data say. Decisions are put over it each time it is published or read, so that a name is
seen at once and a withdrawn one gives the old name back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.topics.decisions import Decided, MadeTopicDecision
from analytics.topics.history import Lent, event_table, records


def decided_topics(topic: pd.DataFrame, decided: Decided) -> pd.DataFrame:
    """Return the table `topic` with what people decided.

    A merged topic has state merged, where it went, and no contacts: they count for the topic it is part of, whose
    first and last day are those of all its parts. A new table; the one given stays as it is.

    Parameters
    ----------
    topic : DataFrame
        Columns as declared, as `history.topic_history` makes them.
    decided : Decided
    """
    rows = records(topic)
    by_id = {row["topic_id"]: row for row in rows}
    for row in rows:
        topic_id = row["topic_id"]
        row["label"] = decided.labels.get(topic_id, row["label"])
        row["touchpoint"] = decided.touchpoints.get(topic_id, row["touchpoint"])
        row["pinned"], row["hidden"] = topic_id in decided.pinned, topic_id in decided.hidden
    for topic_id, into in decided.merged.items():
        part, whole = by_id.get(topic_id), by_id.get(into)
        if part is None or whole is None:
            continue
        whole["n_contacts"] += part["n_contacts"]
        for name, choose in (("first_seen", min), ("last_seen", max)):
            whole[name] = choose((day for day in (whole[name], part[name]) if not pd.isna(day)), default=None)
        part |= {"state": "merged", "merged_into": into, "n_contacts": 0}
    return pd.DataFrame(rows, columns=list(topic.columns), dtype=object)


def decided_events(events: pd.DataFrame, made: Sequence[MadeTopicDecision], zone: str) -> pd.DataFrame:
    """Return the table `topic_event` with the names and merges of people, dated by the local day of the decision.

    Parameters
    ----------
    events : DataFrame
        Columns as declared.
    made : sequence of MadeTopicDecision
        Every decision ever made, the withdrawn ones too.
    zone : str
        Zone of local days.
    """
    told: dict[tuple[Any, ...], dict[str, Any]] = {}
    for moment, event in sorted(_events_of(made), key=lambda pair: pair[0]):
        day = _day(moment, zone)
        key = (day, event["topic_id"], event["event"], event["other_topic_id"])
        earlier = told.get(key)  # one row a day and event: the second decision of a day stands behind the first
        detail = event["detail"] if earlier is None else f"{earlier['detail']}；{event['detail']}"
        told[key] = {"day": day, **event, "detail": detail}
    known = [row for row in records(events) if _key(row) not in told]
    return event_table([*known, *told.values()])


def lent(made: Sequence[MadeTopicDecision], zone: str) -> list[Lent]:
    """Return from which day to which the contacts of a topic counted for another."""
    return [
        Lent(one.topic_id, str(one.other_topic_id), _day(one.made_at, zone), until)
        for one in made
        if one.kind == "merge"
        for until in [None if one.withdrawn_at is None else _day(one.withdrawn_at, zone)]
    ]


def digest(decided: Mapping[str, str]) -> str:
    """Return a hash of what was decided by topic, the same for the same decisions; empty for none.

    Examples
    --------
    >>> digest({}), digest({"t002": "t001"}) == digest({"t002": "t001"})
    ('', True)
    """
    said = json.dumps(decided, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16] if decided else ""


def _events_of(made: Sequence[MadeTopicDecision]) -> list[tuple[dt.datetime, dict[str, Any]]]:
    found: list[tuple[dt.datetime, dict[str, Any]]] = []
    for one in made:
        about = {"topic_id": one.topic_id, "other_topic_id": one.other_topic_id}
        if one.kind == "rename":
            found.append((one.made_at, {"event": "renamed", **about, "detail": f"{_who(one)}；{_names(one)}"}))
            if one.withdrawn_at is not None:
                undone = f"撤回改名：「{one.value}」→「{one.was or '模型的名称'}」"
                found.append((one.withdrawn_at, {"event": "renamed", **about, "detail": undone}))
        elif one.kind == "merge":
            found.append((one.made_at, {"event": "merged", **about, "detail": _who(one)}))
            if one.withdrawn_at is not None:
                found.append((one.withdrawn_at, {"event": "unmerged", **about, "detail": f"撤回 {_who(one)}"}))
    return found


def _who(one: MadeTopicDecision) -> str:
    return f"{one.made_by}：{one.why}" if one.why else one.made_by


def _names(one: MadeTopicDecision) -> str:
    return f"「{one.was or '模型的名称'}」→「{one.value}」"


def _day(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    other = row["other_topic_id"]
    return (row["day"], row["topic_id"], row["event"], None if pd.isna(other) else other)
