"""What happened in a week: topics that changed or are new, falls of mood, alerts and what became of them."""

from __future__ import annotations

import math
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.inbox import SYSTEM
from analytics.names import ALERT_EVENT_NAMES, ALERT_KIND_NAMES, SEVERITY_NAMES
from dashboards.context import Context
from dashboards.data import operations
from dashboards.data.overview import Facts
from dashboards.data.precision import alarm_precision
from dashboards.data.topic_births import births
from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import PARTS, STATES, channel_name, percent, percent_interval, score
from dashboards.parts.changed import VERDICTS
from dashboards.parts.overview_findings import p_text, points
from dashboards.preferences import current
from dashboards.records import records

N_TOPICS = 14
_DECISIONS = ("acknowledged", "muted", "false_alarm", "resolved", "reopened", "assigned")


def topics(facts: Facts) -> dict[str, Any]:
    """Return the rows of topics, those that changed for sure first, then the largest."""
    named = facts.named
    sure = named[named["verdict"] == "significant"].sort_values("change", key=abs, ascending=False)
    rest = named[named["verdict"] != "significant"]
    shown = pd.concat([sure, rest]).head(N_TOPICS)
    widest = float(named["share"].max()) if len(named) else 1.0
    return {
        "rows": [_topic(row, widest) for row in records(shown)],
        "n_more": len(named) - len(shown),
        "n_changed": len(sure),
    }


def newcomers(context: Context, facts: Facts) -> list[dict[str, Any]]:
    """Return the topics that emerged, newest first, with what is said of them."""
    found = births(context.source, context.filters)
    known = facts.named.set_index("topic_id")
    rows = [row for row in records(found) if row.topic_id in known.index]
    return [
        {
            "label": known.loc[row.topic_id, "label"],
            "born": row.born or "–",
            "n": f"{int(known.loc[row.topic_id, 'n']):,}",
            "words": list(known.loc[row.topic_id, "words"])[:6],
            "how": _how(row),
        }
        for row in rows
    ]


def falls(context: Context) -> list[dict[str, Any]]:
    """Return the falls of mood with their parts, worst first."""
    filters = context.filters
    if filters.start is None or filters.end is None:
        return []
    found = operations.dips(context.source, filters.start, filters.end, filters.channels)
    return [_fall(row) for row in found.to_dict("records")]


def alerts(context: Context, facts: Facts) -> list[dict[str, Any]]:
    """Return the alerts that began in the week, and what people decided about each."""
    return [
        {
            "severity": row.severity,
            "severity_name": say(SEVERITY_NAMES.get(row.severity, row.severity)),
            "title": row.title,
            "started": f"{row.started:%m-%d %H:%M}",
            "channel": channel_name(row.channel),
            "n": "–" if pd.isna(row.n_listed) else f"{int(row.n_listed):,}",
            "state": say(STATES.get(row.state, row.state)),
            "decided": _decided(context, row.alert_id),
        }
        for row in records(facts.alerts)
    ]


def precision(context: Context) -> list[dict[str, Any]]:
    """Return how often alarms of each kind were right, of all that people ever judged; none where they judged none."""
    if context.viewer.limits.any:
        return []  # it is of all alerts
    found = alarm_precision(context.alerts)
    if not found["n_judged"].sum():
        return []
    return [
        {
            "kind": say(ALERT_KIND_NAMES.get(row.kind, row.kind)),
            "n_told": f"{row.n_told:,}",
            "n_judged": f"{row.n_judged:,}",
            "right": "–" if math.isnan(row.precision) else percent(row.precision, 0),
            "interval": "" if math.isnan(row.precision) else percent_interval(row.low, row.high),
        }
        for row in records(found)
    ]


def _how(row: Any) -> str:
    if pd.isna(row.n_texts):
        return ""
    return say(
        "首日有 {n} 种说法，平常预计 {expected:.1f}，{p}",
        n=int(row.n_texts), expected=float(row.expected), p=p_text(float(row.p_value)),
    )  # fmt: skip


def _topic(row: Any, widest: float) -> dict[str, Any]:
    total = max(int(row.n_mood), 1)
    compared = row.verdict != "none"
    return {
        "label": row.label,
        "n": f"{int(row.n):,}",
        "share": percent(row.share),
        "interval": percent_interval(row.share_low, row.share_high),
        "change": points(row.change) if compared else "–",
        "change_interval": f"{points(row.change_low)}, {points(row.change_high)}" if compared else "",
        "verdict": say(VERDICTS[row.verdict]) if compared else "",
        "is_sure": row.verdict == "significant",
        "mean": score(row.mean),
        "is_small": row.n < SMALL_N,
        "width": f"{max(row.share / widest, 0.01):.1%}",
        "parts": [(mood, f"{getattr(row, f'n_{mood}') / total:.2%}") for mood in ("negative", "neutral", "positive")],
    }


def _fall(row: dict[Any, Any]) -> dict[str, Any]:
    team = f" {row['team']}" if isinstance(row["team"], str) and row["team"] else ""
    parts = [(say(name), float(row[key])) for key, name in PARTS.items() if not pd.isna(row[key])]
    largest = max([abs(value) for _, value in parts], default=1.0) or 1.0
    return {
        "title": f"{row['started']:%m-%d %H:%M}–{row['ended']:%H:%M} {channel_name(row['channel'])}{team}",
        "verdict": row["verdict"] if current().language == "zh-CN" else "",
        "facts": say("情绪均分 {mean}，预期 {expected}；下降 {drop:.2f}，{n:,} 条", mean=score(row["mean"]),
                     expected=score(row["expected"]), drop=float(row["drop"]), n=int(row["n_listed"])),
        "interval": _drop_interval(row),
        "parts": [
            {"name": name, "value": score(value), "width": f"{abs(value) / largest:.1%}",
             "eases": value < 0}
            for name, value in parts
        ],
    }  # fmt: skip


def _drop_interval(row: dict[Any, Any]) -> str:
    if pd.isna(row["drop_low"]):
        return ""
    return say("下降的 95% 区间 {low} 至 {high}", low=f"{row['drop_low']:.2f}", high=f"{row['drop_high']:.2f}")


def _decided(context: Context, alert_id: str) -> list[str]:
    """Return what people did about an alert, in order: when, what, who."""
    if context.alerts.inbox is None:
        return []
    zone = ZoneInfo(context.source.zone)
    return [
        f"{event.at.astimezone(zone):%m-%d %H:%M} {say(ALERT_EVENT_NAMES[event.what])} {event.by}"
        for event in context.alerts.inbox.history(alert_id)
        if event.what in _DECISIONS and event.by != SYSTEM
    ]
