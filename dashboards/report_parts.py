"""The parts of the report as plain values: what the template prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.names import MOOD_NAMES
from analytics.schema import ALL
from dashboards.charts import volume_and_mood
from dashboards.data import contacts, mood, operations, topics
from dashboards.data.source import Extent, Source, step_for
from dashboards.filters import Filters
from dashboards.intervals import SMALL_N, wilson
from dashboards.mood_shares import mood_shares
from dashboards.names import (
    PLACE_KINDS,
    SPIKE_KINDS,
    channel_name,
    duration,
    percent,
    percent_interval,
    reason_name,
    score,
    span_name,
)  # fmt: skip
from dashboards.records import records
from dashboards.selection import Selection
from dashboards.theme import config

N_EXAMPLES = 3
N_SPIKES = 20
_UNDATED = "这批数据没有时间列，与时间有关的部分（趋势、激增、下降）从略。若有时间，请用 --time 指明所在的列。"
_STEPS = {"day": "每天", "week": "每周", "month": "每月"}


def everything(known: Extent) -> Selection:
    """Return all contacts; over all dated days if there are any."""
    return Selection(Filters(known.first_day, known.last_day) if known.first_day else Filters())


def read_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return what was read: a sentence, headline tiles, notes."""
    total = mood.summary(source, Selection(Filters()))
    n_turns = int(source.rows("SELECT count(*) AS n FROM utterance")["n"].iloc[0])
    low, high = (float(edge[0]) for edge in wilson([total.n_negative], [total.n_mood]))
    offered = known.n_contacts + known.n_rejected
    tiles = [
        {"label": "采用", "value": f"{known.n_contacts:,} 条", "line": f"共 {n_turns:,} 句，读入 {offered:,} 条"},
        {"label": "拒收", "value": f"{known.n_rejected:,} 条", "line": "原因见文末"},
        {"label": "情绪均分", "value": score(total.mean),
         "line": f"{score(total.low)} 至 {score(total.high)}，{total.n_mood:,} 条"},
        {"label": "负面占比", "value": percent(total.negative_share),
         "line": f"{percent_interval(low, high)}，{total.n_negative:,} 条"},
    ]  # fmt: skip
    if total.n_response:
        line = f"中位数，{total.n_response:,} 条有回复"
        tiles.append({"label": "首次响应", "value": duration(total.median_response_seconds), "line": line})
    when = span_name(known.first_day, known.last_day) if known.first_day else "无时间"
    names = "、".join(channel_name(c) for c in known.channels[:8] if c)
    notes = [_UNDATED] if known.first_day is None else []
    if known.n_undated and known.first_day is not None:
        notes.append(f"其中 {known.n_undated:,} 条没有时间，不计入与时间有关的部分。")
    return {
        "lead": " · ".join(x for x in (f"{known.n_contacts:,} 条客户原声", when, names) if x),
        "tiles": tiles,
        "notes": notes,
    }


def topics_part(source: Source) -> list[dict[str, Any]]:
    """Return the topics, largest first, each with share, mood and example sentences."""
    selection = Selection(Filters())
    frame = topics.topic_table(source, selection)
    frame = frame[~frame["hidden"]]
    if not (frame["topic_id"] != "").any():
        return []
    widest = float(frame["share"].max())
    return [_topic(source, selection, row, widest) for row in frame.to_dict("records")]


def course_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return the figure of volume and mood over time as HTML with plotly inside, or why there is none."""
    if known.first_day is None:
        return {"course": "", "no_course": _UNDATED, "step": ""}
    selection = everything(known)
    figure = volume_and_mood(mood.over_time(source, selection))
    html = figure.to_html(full_html=False, include_plotlyjs=True, config=config(), div_id="course-figure")
    return {"course": html, "no_course": "", "step": _STEPS[step_for(source, selection)]}


def spikes_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return the alarms, most surprising first."""
    if known.first_day is None or known.last_day is None:
        return {"spikes": [], "n_more_spikes": 0, "no_spikes": _UNDATED}
    frame = operations.spikes(source, known.first_day, known.last_day).sort_values(["q_value", "spike_id"])
    shown = [_spike(source, row) for row in frame.head(N_SPIKES).to_dict("records")]
    return {"spikes": shown, "n_more_spikes": max(len(frame) - N_SPIKES, 0), "no_spikes": _quiet(known)}


def dips_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return the falls of mood, largest first."""
    if known.first_day is None or known.last_day is None:
        return {"dips": [], "no_dips": _UNDATED}
    frame = operations.dips(source, known.first_day, known.last_day)
    return {
        "dips": [_dip(row) for row in frame.head(N_SPIKES).to_dict("records")],
        "no_dips": "没有哪个时段的情绪显著低于平时。",
    }


def rejected_part(source: Source) -> list[dict[str, Any]]:
    """Return why records were refused, and the rows of the first of them."""
    frame = source.rows(
        "SELECT reason, count(*) AS n, list(position ORDER BY file, position)[:8] AS places FROM rejected"
        " GROUP BY reason ORDER BY n DESC, reason"
    )
    return [
        {
            "reason": reason_name(r.reason),
            "n": f"{r.n:,}",
            "places": "、".join(str(p) for p in r.places) + ("……" if r.n > 8 else ""),
        }
        for r in records(frame)
    ]


def _topic(source: Source, selection: Selection, row: dict[Any, Any], widest: float) -> dict[str, Any]:
    total = max(row["n_mood"], 1)
    counts = {name: int(row[f"n_{name}"]) for name in MOOD_NAMES}
    return {
        "label": "其他（没有主题贴合）" if row["topic_id"] == "" else row["label"],
        "share": percent(row["share"]),
        "interval": percent_interval(row["share_low"], row["share_high"]),
        "n": f"{row['n']:,}",
        "mean": score(row["mean"]),
        "mean_interval": f"{score(row['low'])} 至 {score(row['high'])}" if row["n_mood"] > 1 else "",
        "is_small": row["n"] < SMALL_N,
        "width": f"{max(row['share'] / widest, 0.01):.1%}",
        "parts": [{"mood": name, "width": f"{n / total:.2%}"} for name, n in counts.items()],
        "moods": mood_shares(*counts.values()),
        "words": row["words"][:8],
        "examples": _examples(source, selection.narrowed(topic=row["topic_id"]), row["words"]),
    }


def _spike(source: Source, row: dict[Any, Any]) -> dict[str, Any]:
    hours = row["bucket_seconds"] / 3600
    span = f"{hours / 24:g} 天" if hours >= 24 else f"{hours:g} 小时"
    about = str(row["key"]).split() if row["kind"] == "keyword" else []
    name = SPIKE_KINDS.get(row["kind"], "") if row["kind"] in PLACE_KINDS else f"「{row['label']}」"
    return {
        "title": f"{name} {row['observed']:g} 条，预期 {row['expected']:.1f}",
        "facts": f"{_when(row['started'], hours)}起 {span}内 · {channel_name(row['channel'])}"
        f" · 前后共 {row['n_listed']:,} 条 · 校正后 q = {row['q_value']:.1g}",
        "related": _related(source, row["related"])[:8],
        "examples": _examples(source, Selection(Filters(), {"spike": row["spike_id"]}), about),
    }


def _related(source: Source, keys: Sequence[str]) -> list[str]:
    """Return the keys that rose together as people know them: topics by their label, all channels not at all."""
    known = {row.topic_id: row.label for row in records(topics.labels(source, list(keys)))}
    return [known.get(key, key) for key in keys if key != ALL]


def _dip(row: dict[Any, Any]) -> dict[str, Any]:
    team = f" {row['team']}" if isinstance(row["team"], str) and row["team"] else ""
    return {
        "title": f"{row['started']:%Y-%m-%d %H:%M}–{row['ended']:%H:%M} {channel_name(row['channel'])}{team}",
        "verdict": row["verdict"],
        "facts": f"均分 {score(row['mean'])}，预期 {score(row['expected'])}{_interval(row)} · {row['n_listed']:,} 条",
    }


def _interval(row: dict[Any, Any]) -> str:
    if pd.isna(row["drop_low"]):
        return ""
    return f"，下降的 95% 区间 {score(row['drop_low'])} 至 {score(row['drop_high'])}"


def _examples(source: Source, selection: Selection, about: Sequence[str] = ()) -> list[dict[str, str]]:
    frame = contacts.examples(source, selection, n=N_EXAMPLES, about=about)
    return [
        {
            "text": _shortened(row.text),
            "mood": row.sentiment_label or "neutral",
            "mood_name": MOOD_NAMES.get(row.sentiment_label, ""),
        }
        for row in records(frame)
    ]


def _shortened(text: str, length: int = 160) -> str:
    return text if len(text) <= length else f"{text[:length]}……"


def _when(started: pd.Timestamp, hours: float) -> str:
    return f"{started:%Y-%m-%d} " if hours >= 24 else f"{started:%Y-%m-%d %H:%M} "


def _quiet(known: Extent) -> str:
    if known.first_day and known.last_day and known.last_day - known.first_day < dt.timedelta(days=7):
        return "数据不足一周，还没有可比的基线，无法判断激增。"
    return "没有哪个说法显著多于预期。"
