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
from analytics.names import channel_name
from analytics.schema import ALL

SPIKE_RULE = (("high", 5.0, 30), ("high", 2.0, 300), ("medium", 3.0, 12), ("medium", 2.0, 50), ("medium", 1.5, 300))
"""Severity, least lift (observed over expected, expected at least 1), least contacts of the incident. First that fits;
low when none does. Our choice: something new and large, or everything twofold, wakes a person; the rest waits."""
DIP_RULE = (("high", 0.3, 30), ("medium", 0.2, 15))
"""Severity, least drop of the mean score, least contacts. Our choice: 0.3 is a third of the way from neutral to fully
negative, and below 15 contacts three angry ones make a dip."""
MOOD_KEY = "情绪"
"""Key of every alert on mood: a channel's name would mute its volume too."""
PLACE_MEASURES = {"volume": "进线量", "negative": "负面反馈", "sentiment": "情绪均值"}
"""What is counted in a place (everywhere, a channel, a product), by kind; other kinds have a key of their own."""
_N_RELATED = 6
_N_CHANNELS = 5

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Context:
    """What a message needs beside the row, such as the zone people live in and where the pages are.

    `labels` names topics by topic_id, and categories by their name. `births` has the local day on which a topic emerged
    by itself, by topic_id.
    """

    dashboard_url: str
    timezone: str = "Asia/Shanghai"
    labels: Mapping[str, str] = field(default_factory=dict)
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
        f"数量：{_numbers(spike)}，累计 {spike['n_contacts']:,} 个联络",
        f"开始：{wording.moment(spike['started_at'], context.timezone)}",
        *_counts(evidence),
        *([f"同时上升：{'、'.join(related)}"] if related else []),
        *(["提示：历史不足，按更严的标准判断"] if spike.get("short_history") else []),
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
        f"情绪均值：{wording.score(dip['mean'])}，预期 {wording.score(dip['expected'])}",
        f"开始：{wording.moment(dip['started_at'], context.timezone)}，共 {dip['n']:,} 个联络{more}",
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
    if spike["kind"] == "sentiment":
        return dip_severity({"drop": spike["expected"] - spike["observed"], "n": spike["n_contacts"]})
    lift = spike["observed"] / max(spike["expected"], 1.0)
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
        **_measured(row),
    )


def _measured(row: Row) -> dict[str, Any]:
    """Return what the inbox compares later runs by."""
    if "kind" not in row:
        return {
            "kind": "dip",
            "n_contacts": row["n"],
            "observed": row["mean"],
            "expected": row["expected"],
            "ended_at": row["ended_at"],
        }
    ended_at = row["started_at"] + dt.timedelta(seconds=row["bucket_seconds"])
    return {name: row[name] for name in ("kind", "n_contacts", "observed", "expected")} | {"ended_at": ended_at}


def _subject(spike: Row, context: Context) -> str:
    """Return what it is that rose: 「退款」, 主题「物流停滞」, 微信负面占比."""
    place, key = channel_name(spike["channel"]), str(spike["key"])
    if spike["kind"] in PLACE_MEASURES:
        of_product = spike["channel"] == ALL and key != ALL
        return wording.side_by_side(f"「{key}」" if of_product else place, PLACE_MEASURES[spike["kind"]])
    where = "" if spike["channel"] == ALL else place
    if spike["kind"] == "category":
        return wording.side_by_side(where, f"分类「{context.labels.get(key, key)}」")
    if spike["kind"] != "topic":
        return f"{where}「{key}」"
    new = "新" if _is_born(key, spike, context) else ""
    return wording.side_by_side(where, f"{new}主题「{context.labels.get(key, key)}」")


def _spike_title(spike: Row, context: Context) -> str:
    subject, window = _subject(spike, context), wording.span(spike["bucket_seconds"])
    observed, expected = spike["observed"], spike["expected"]
    if spike["kind"] == "sentiment":
        return f"{subject} {wording.score(observed)}，平时 {wording.score(expected)}"
    lead = wording.side_by_side(subject, f"{window}内")
    measure = _measure(spike)
    return f"{lead} {wording.count(observed)} {measure}，{wording.usual(expected, measure)}"


def _numbers(spike: Row) -> str:
    """Return the number of the window that alarmed and what was expected there, exactly."""
    observed, expected, window = spike["observed"], spike["expected"], wording.span(spike["bucket_seconds"])
    if spike["kind"] == "sentiment":
        return f"{window}内情绪均值 {wording.score(observed)}，预期 {wording.score(expected)}"
    measure = _measure(spike)
    times = observed / expected if expected >= 1 else 0.0
    lift = f"（{wording.count(times)} 倍）" if times >= 2 else ""
    return f"{window}内 {wording.count(observed)} {measure}，预期 {wording.expectation(expected)} {measure}{lift}"


def _measure(spike: Row) -> str:
    return "个" if spike["kind"] in PLACE_MEASURES else "次"


def _related(spike: Row, evidence: Evidence, context: Context) -> list[str]:
    """Return the words and topics that rose together; the channels are told with their counts."""
    keys = [key for key in spike["related"] or () if key not in (spike["key"], ALL, *evidence.channels)]
    born = [f"新主题「{context.labels.get(key, key)}」" for key in keys if _is_born(key, spike, context)]
    others = [context.labels.get(key, key) for key in keys if not _is_born(key, spike, context)]
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
    if mood := _mood(evidence):
        lines.append(mood)
    return lines


def _mood(evidence: Evidence) -> str:
    """Return one line: mean score and share of negative contacts, against what is usual in these channels."""
    n_scored, usual = sum(evidence.moods.values()), evidence.usual
    if not n_scored:
        return ""
    negative = f"负面 {wording.share(evidence.moods.get('negative', 0) / n_scored)}"
    if usual is not None:
        negative += f"（平时 {wording.share(usual.negative_share)}）"
    mean = ""
    if evidence.score is not None:
        compared = f"（平时 {wording.score(usual.score)}）" if usual is not None else ""
        mean = f"均值 {wording.score(evidence.score)}{compared}，"
    return f"情绪：{mean}{negative}，n={n_scored:,}"


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
