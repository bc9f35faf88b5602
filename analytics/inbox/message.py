"""Turn a spike or a dip into the alert a person reads: title, severity, message."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from analytics.inbox import wording
from analytics.inbox.evidence import Evidence, choose_verbatims
from analytics.inbox.records import NewAlert
from analytics.names import MOOD_NAMES, channel_name
from analytics.schema import ALL, LABELS

SPIKE_RULE = (("high", 5.0, 30), ("high", 2.0, 300), ("medium", 3.0, 12), ("medium", 2.0, 50), ("medium", 1.5, 300))
"""Severity, least lift (observed over expected, expected at least 1), least contacts of the incident. First that fits;
low when none does. Our choice: something new and large, or everything twofold, wakes a person; the rest waits."""
DIP_RULE = (("high", 0.3, 30), ("medium", 0.2, 15))
"""Severity, least drop of the mean score, least contacts. Our choice: 0.3 is a third of the way from neutral to fully
negative, and below 15 contacts three angry ones make a dip."""
MOOD_KEY = "情绪"
"""Key of every alert on mood: a channel's name would mute its volume too."""
_N_RELATED = 6
_N_CHANNELS = 5

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Context:
    """What a message needs beside the row: topic labels by topic_id, the zone people live in, where the pages are.

    `births` has the local day on which a topic emerged by itself, by topic_id.
    """

    dashboard_url: str
    timezone: str = "Asia/Shanghai"
    topic_labels: Mapping[str, str] = field(default_factory=dict)
    births: Mapping[str, dt.date] = field(default_factory=dict)


def spike_alert(spike: Row, evidence: Evidence, context: Context) -> NewAlert:
    """Return the alert of one row of `spike`.

    Parameters
    ----------
    spike : mapping
        Columns of the table `spike`; `started_at` carries a zone.
    evidence : Evidence
        Of the spike's contact_ids.
    context : Context
        Labels, zone and address.
    """
    title = _spike_title(spike, context)
    related = _related(spike, evidence, context)
    lines = [
        f"开始：{wording.moment(spike['started_at'], context.timezone)}，累计 {spike['n_contacts']:,} 个联络",
        *_counts(evidence),
        *([f"同时上升：{'、'.join(related)}"] if related else []),
        *_said(evidence),
    ]
    key = MOOD_KEY if spike["kind"] == "sentiment" else spike["key"]
    return _alert(spike, spike["spike_id"], key, spike_severity(spike), (title, lines), context)


def dip_alert(dip: Row, evidence: Evidence, context: Context, *, spike: Row | None = None) -> NewAlert:
    """Return the alert of one row of `dip`; parameters as for `spike_alert`.

    With `spike`, a row of kind "sentiment" that begins with this dip and may span later ones at the same hours, the
    alert is the spike's: its id, and the contacts of all of them.
    """
    n = spike["n_contacts"] if spike else dip["n"]
    more = f"，连同之后的同一时段累计 {n:,} 个" if n > dip["n"] else ""
    where = channel_name(dip["channel"]) + (f"（{dip['team']}）" if dip["team"] else "")
    when = wording.clock_span(dip["started_at"], dip["ended_at"], context.timezone)
    title = f"{where} {when} 情绪下降 {dip['drop']:.2f}"
    lines = [
        f"开始：{wording.moment(dip['started_at'], context.timezone)}，共 {dip['n']:,} 个联络{more}",
        f"情绪均值：{wording.score(dip['mean'])}，预期 {wording.score(dip['expected'])}",
        *_response(dip),
        *([f"判断：{dip['verdict']}"] if dip["verdict"] else []),
        *_counts(evidence),
        *_said(evidence),
    ]
    event_id = spike["spike_id"] if spike else dip["dip_id"]
    return _alert(dip, event_id, MOOD_KEY, dip_severity({"drop": dip["drop"], "n": n}), (title, lines), context)


def spike_severity(spike: Row) -> str:
    """Return high, medium or low by `SPIKE_RULE`.

    Examples
    --------
    >>> spike_severity({"kind": "keyword", "observed": 34.0, "expected": 0.2, "n_contacts": 312})
    'high'
    >>> spike_severity({"kind": "topic", "observed": 12.0, "expected": 5.0, "n_contacts": 12})
    'low'
    """
    lift = spike["observed"] / max(spike["expected"], 1.0)
    if spike["kind"] == "sentiment":
        return dip_severity({"drop": spike["expected"] - spike["observed"], "n": spike["n_contacts"]})
    fitting = (name for name, least, size in SPIKE_RULE if lift >= least and spike["n_contacts"] >= size)
    return next(fitting, "low")


def dip_severity(dip: Row) -> str:
    """Return high, medium or low by `DIP_RULE`.

    Examples
    --------
    >>> dip_severity({"drop": 0.31, "n": 40}), dip_severity({"drop": 0.31, "n": 8})
    ('high', 'low')
    """
    return next((name for name, least, size in DIP_RULE if dip["drop"] >= least and dip["n"] >= size), "low")


def _alert(
    row: Row, event_id: str, key: str, severity: str, said: tuple[str, Sequence[str]], context: Context
) -> NewAlert:
    alert_id = hashlib.sha256(f"alert:{event_id}".encode()).hexdigest()[:16]
    title, lines = said
    return NewAlert(
        alert_id=alert_id,
        spike_id=event_id,
        key=key,
        severity=severity,
        channel=row["channel"],
        title=title,
        body="\n".join([*lines, f"查看：{_link(row, alert_id, context)}"]),
        started_at=row["started_at"],
    )


def _name(spike: Row, context: Context) -> str:
    key = str(spike["key"])
    if spike["kind"] == "volume":
        return f"{channel_name(spike['channel'])}进线量"
    if spike["kind"] == "topic":
        return context.topic_labels.get(key, key)
    return key


def _spike_title(spike: Row, context: Context) -> str:
    where = "" if spike["channel"] == ALL or spike["kind"] == "volume" else f"{channel_name(spike['channel'])} "
    if spike["kind"] == "sentiment":
        place = channel_name(spike["channel"])
        return f"{place}情绪 {wording.score(spike['observed'])}，预期 {wording.score(spike['expected'])}"
    what = ("新主题" if _is_born(str(spike["key"]), spike, context) else "主题") if spike["kind"] == "topic" else ""
    numbers = f"{wording.count(spike['observed'])} 次，预期 {wording.count(spike['expected'])} 次"
    return f"{where}{what}「{_name(spike, context)}」 {wording.span(spike['bucket_seconds'])} {numbers}"


def _related(spike: Row, evidence: Evidence, context: Context) -> list[str]:
    """Return the words and topics that rose together; the channels are told with their counts."""
    keys = [key for key in spike["related"] or () if key not in (spike["key"], ALL, *evidence.channels)]
    born = [f"新主题「{context.topic_labels.get(key, key)}」" for key in keys if _is_born(key, spike, context)]
    others = [context.topic_labels.get(key, key) for key in keys if not _is_born(key, spike, context)]
    return list(dict.fromkeys([*born, *others]))[:_N_RELATED]


def _is_born(key: str, spike: Row, context: Context) -> bool:
    """Say whether the incident began on the day on which this topic emerged."""
    return key in context.births and context.births[key] == _local_day(spike, context)


def _local_day(row: Row, context: Context) -> dt.date:
    started: dt.datetime = row["started_at"]
    return started.astimezone(ZoneInfo(context.timezone)).date()


def _counts(evidence: Evidence) -> list[str]:
    lines = []
    channels = sorted(evidence.channels.items(), key=lambda item: (-item[1], item[0]))
    if channels:
        shown = "、".join(f"{channel_name(name)} {n:,}" for name, n in channels[:_N_CHANNELS])
        rest = sum(n for _, n in channels[_N_CHANNELS:])
        lines.append(f"渠道：{shown}" + (f"、其余 {rest:,}" if rest else ""))
    n_scored = sum(evidence.moods.values())
    if n_scored:
        shares = [f"{MOOD_NAMES[label]} {evidence.moods.get(label, 0) / n_scored:.0%}" for label in LABELS]
        lines.append(f"情绪：{'，'.join(shares)}（n={n_scored:,}）")
    return lines


def _response(dip: Row) -> list[str]:
    during, usual = dip["response_seconds"], dip["usual_response_seconds"]
    if not _known(during):
        return []
    tail = f"，平时同一时段 {wording.span(usual)}" if _known(usual) else ""
    return [f"平均首次回复：{wording.span(during)}{tail}"]


def _known(number: float | None) -> bool:
    return number is not None and not math.isnan(number)


def _said(evidence: Evidence) -> list[str]:
    chosen = choose_verbatims(evidence)
    return ["原声：", *(f"· {text}" for text in chosen)] if chosen else []


def _link(row: Row, alert_id: str, context: Context) -> str:
    day = _local_day(row, context).isoformat()
    query = urlencode({"from": day, "to": day, "alert": alert_id})
    return f"{context.dashboard_url.rstrip('/')}/operations?{query}"
