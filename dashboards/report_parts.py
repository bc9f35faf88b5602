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
from dashboards.language import msg, say
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
_UNDATED = msg("这批数据没有时间列，与时间有关的部分（趋势、激增、下降）从略。若有时间，请用 --time 指明所在的列。")
_STEPS = {"day": msg("每天"), "week": msg("每周"), "month": msg("每月")}


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
        {"label": say("采用"), "value": say("{n:,} 条", n=known.n_contacts),
         "line": say("共 {turns:,} 句，读入 {offered:,} 条", turns=n_turns, offered=offered)},
        {"label": say("拒收"), "value": say("{n:,} 条", n=known.n_rejected), "line": say("原因见文末")},
        {"label": say("情绪均分"), "value": score(total.mean),
         "line": say("{low} 至 {high}，{n:,} 条", low=score(total.low), high=score(total.high), n=total.n_mood)},
        {"label": say("负面占比"), "value": percent(total.negative_share),
         "line": say("{interval}，{n:,} 条", interval=percent_interval(low, high), n=total.n_negative)},
    ]  # fmt: skip
    if total.n_response:
        line = say("中位数，{n:,} 条有回复", n=total.n_response)
        tiles.append({"label": say("首次响应"), "value": duration(total.median_response_seconds), "line": line})
    when = span_name(known.first_day, known.last_day) if known.first_day else say("无时间")
    names = say("、").join(channel_name(c) for c in known.channels[:8] if c)
    notes = [say(_UNDATED)] if known.first_day is None else []
    if known.n_undated and known.first_day is not None:
        notes.append(say("其中 {n:,} 条没有时间，不计入与时间有关的部分。", n=known.n_undated))
    return {
        "lead": " · ".join(x for x in (say("{n:,} 条客户原声", n=known.n_contacts), when, names) if x),
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
        return {"course": "", "no_course": say(_UNDATED), "step": ""}
    selection = everything(known)
    figure = volume_and_mood(mood.over_time(source, selection))
    html = figure.to_html(full_html=False, include_plotlyjs=True, config=config(), div_id="course-figure")
    return {"course": html, "no_course": "", "step": say(_STEPS[step_for(source, selection)])}


def spikes_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return the alarms, most surprising first."""
    if known.first_day is None or known.last_day is None:
        return {"spikes": [], "n_more_spikes": 0, "no_spikes": say(_UNDATED)}
    frame = operations.spikes(source, known.first_day, known.last_day).sort_values(["q_value", "spike_id"])
    shown = [_spike(source, row) for row in frame.head(N_SPIKES).to_dict("records")]
    return {"spikes": shown, "n_more_spikes": max(len(frame) - N_SPIKES, 0), "no_spikes": _quiet(known)}


def dips_part(source: Source, known: Extent) -> dict[str, Any]:
    """Return the falls of mood, largest first."""
    if known.first_day is None or known.last_day is None:
        return {"dips": [], "no_dips": say(_UNDATED)}
    frame = operations.dips(source, known.first_day, known.last_day)
    return {
        "dips": [_dip(row) for row in frame.head(N_SPIKES).to_dict("records")],
        "no_dips": say("没有哪个时段的情绪显著低于平时。"),
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
            "places": say("、").join(str(p) for p in r.places) + ("…" if r.n > 8 else ""),
        }
        for r in records(frame)
    ]


def _topic(source: Source, selection: Selection, row: dict[Any, Any], widest: float) -> dict[str, Any]:
    total = max(row["n_mood"], 1)
    counts = {name: int(row[f"n_{name}"]) for name in MOOD_NAMES}
    return {
        "label": say("其他（没有主题贴合）") if row["topic_id"] == "" else row["label"],
        "share": percent(row["share"]),
        "interval": percent_interval(row["share_low"], row["share_high"]),
        "n": f"{row['n']:,}",
        "mean": score(row["mean"]),
        "mean_interval": say("{low} 至 {high}", low=score(row["low"]), high=score(row["high"]))
        if row["n_mood"] > 1
        else "",
        "is_small": row["n"] < SMALL_N,
        "width": f"{max(row['share'] / widest, 0.01):.1%}",
        "parts": [{"mood": name, "width": f"{n / total:.2%}"} for name, n in counts.items()],
        "moods": mood_shares(*counts.values()),
        "words": row["words"][:8],
        "examples": _examples(source, selection.narrowed(topic=row["topic_id"]), row["words"]),
    }


def _spike(source: Source, row: dict[Any, Any]) -> dict[str, Any]:
    hours = row["bucket_seconds"] / 3600
    span = say("{n:g} 天", n=hours / 24) if hours >= 24 else say("{n:g} 小时", n=hours)
    about = str(row["key"]).split() if row["kind"] == "keyword" else []
    is_place = row["kind"] in PLACE_KINDS
    name = say(SPIKE_KINDS.get(row["kind"], "")) if is_place else say("「{name}」", name=row["label"])
    facts = say("{when}起 {span}内", when=_when(row["started"], hours), span=span)
    listed = say("前后共 {n:,} 条 · 校正后 q = {q:.1g}", n=row["n_listed"], q=row["q_value"])
    return {
        "title": say("{name} {n:g} 条，预期 {expected:.1f}", name=name, n=row["observed"], expected=row["expected"]),
        "facts": f"{facts} · {channel_name(row['channel'])} · {listed}",
        "related": _related(source, row["related"])[:8],
        "examples": _examples(source, Selection(Filters(), {"spike": row["spike_id"]}), about),
    }


def _related(source: Source, keys: Sequence[str]) -> list[str]:
    """Return the keys that rose together as people know them: topics by their label, all channels not at all."""
    known = {row.topic_id: row.label for row in records(topics.labels(source, list(keys)))}
    return [known.get(key, key) for key in keys if key != ALL]


def _dip(row: dict[Any, Any]) -> dict[str, Any]:
    team = f" {row['team']}" if isinstance(row["team"], str) and row["team"] else ""
    mean = say("均分 {mean}，预期 {expected}", mean=score(row["mean"]), expected=score(row["expected"]))
    return {
        "title": f"{row['started']:%Y-%m-%d %H:%M}–{row['ended']:%H:%M} {channel_name(row['channel'])}{team}",
        "verdict": row["verdict"],
        "facts": " · ".join(part for part in (mean, _interval(row), say("{n:,} 条", n=row["n_listed"])) if part),
    }


def _interval(row: dict[Any, Any]) -> str:
    if pd.isna(row["drop_low"]):
        return ""
    low, high = score(row["drop_low"]), score(row["drop_high"])
    return say("下降的 95% 区间 {low} 至 {high}", low=low, high=high)


def _examples(source: Source, selection: Selection, about: Sequence[str] = ()) -> list[dict[str, str]]:
    frame = contacts.examples(source, selection, n=N_EXAMPLES, about=about)
    return [
        {
            "text": _shortened(row.text),
            "mood": row.sentiment_label or "neutral",
            "mood_name": say(MOOD_NAMES[row.sentiment_label]) if row.sentiment_label else "",
        }
        for row in records(frame)
    ]


def _shortened(text: str, length: int = 160) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def _when(started: pd.Timestamp, hours: float) -> str:
    return f"{started:%Y-%m-%d} " if hours >= 24 else f"{started:%Y-%m-%d %H:%M} "


def _quiet(known: Extent) -> str:
    if known.first_day and known.last_day and known.last_day - known.first_day < dt.timedelta(days=7):
        return say("数据不足一周，还没有可比的基线，无法判断激增。")
    return say("没有哪个说法显著多于预期。")
