"""What stands behind an alert: its occurrences, what customers said, what rose with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.inbox.evidence import Evidence, Verbatim, choose_verbatims, quoted_line
from analytics.names import CHANNEL_NAMES
from dashboards.data.alerts import Alerts
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.names import channel_name
from dashboards.records import records
from dashboards.selection import Selection

_N_CONTACTS, _N_TURNS = 200, 400
_N_RELATED = 6
_PART_SQL = """
SELECT dip_id AS event_id, 'dip' AS event, timezone($zone, started_at) AS started, timezone($zone, ended_at) AS ended,
    len(contact_ids) AS n_listed FROM dip WHERE dip_id IN (SELECT unnest($ids))
UNION ALL
SELECT spike_id, 'spike', timezone($zone, started_at),
    timezone($zone, started_at + to_seconds(bucket_seconds)), len(contact_ids) FROM spike
WHERE spike_id IN (SELECT unnest($ids)) AND spike_id NOT IN (SELECT dip_id FROM dip)
ORDER BY started
"""


def occurrences(source: Source, alerts: Alerts, alert: Mapping[str, Any]) -> pd.DataFrame:
    """Return the published events that an alert stands for, oldest first.

    Columns event_id, event (spike or dip), started, ended (local), n_listed (contacts that it opens to).
    """
    inbox = alerts.inbox
    parts = inbox.parts(str(alert["alert_id"])) if inbox is not None else []
    found = source.rows(_PART_SQL, zone=source.zone, ids=[part.spike_id for part in parts] or [alert["spike_id"]])
    ends = {part.spike_id: part.ended_at for part in parts}
    zone = ZoneInfo(source.zone)
    ended = [
        max(row.ended, pd.Timestamp(ends[row.event_id].astimezone(zone)).tz_localize(None))
        if row.event_id in ends
        else row.ended
        for row in records(found)
    ]
    return found.assign(ended=pd.Series(ended, dtype="datetime64[us]", index=found.index))


def quotations(source: Source, alert: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return contact and sentence of what customers said, chosen as for the message that is sent."""
    if alert["event"] not in ("spike", "dip"):
        return []
    key = str(alert["key"]) if alert["kind"] == "keyword" else ""
    began: dt.date = alert["started"].date()
    until = began if pd.isna(alert["last_seen"]) else alert["last_seen"].date()
    frame = source.over(
        Selection(Filters(), {str(alert["event"]): str(alert["spike_id"])}),
        "SELECT contact_id, text, text_simplified, sentiment_score FROM utterance"
        " WHERE day BETWEEN $since AND $until AND speaker = 'customer' AND text <> '' AND contact_id IN ("
        f"  SELECT contact_id FROM contact WHERE {{where}} ORDER BY sentiment_score NULLS LAST LIMIT {_N_CONTACTS})"
        " ORDER BY ($word <> '' AND contains(lower(text_simplified), lower($word))) DESC,"
        f" sentiment_score NULLS LAST, contact_id, turn LIMIT {_N_TURNS}",
        since=began, until=until, word=key,
    )  # fmt: skip
    turns = [
        Verbatim(
            row.contact_id, row.text, row.text_simplified, None if pd.isna(row.sentiment_score) else row.sentiment_score
        )
        for row in records(frame)
    ]
    contact_of = {quoted_line(turn.text, key): turn.contact_id for turn in reversed(turns)}
    return [(contact_of[line], line) for line in choose_verbatims(Evidence(turns=turns, key=key)) if line in contact_of]


def related(source: Source, alert: Mapping[str, Any]) -> list[str]:
    """Return what rose with an alert, topics, categories and channels by their names."""
    if alert["event"] != "spike":
        return []
    frame = source.rows(
        "SELECT r.key, coalesce(t.label, g.label, r.key) AS label"
        " FROM (SELECT unnest(related) AS key FROM spike WHERE spike_id = $id) AS r"
        " LEFT JOIN topic AS t ON t.topic_id = r.key LEFT JOIN category AS g ON g.category = r.key",
        id=str(alert["spike_id"]),
    )
    labels = source.renamed(frame, "key", "label")["label"]
    return [channel_name(label) if label in CHANNEL_NAMES else str(label) for label in labels][:_N_RELATED]
