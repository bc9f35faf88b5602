"""What ran, and with what the days were made."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from dash import html
from dash.development.base_component import Component

from analytics.schema import UNDATED_DAY
from dashboards.context import Context
from dashboards.data import runs
from dashboards.data.worked import worked
from dashboards.exports import MAX_ROWS, offer
from dashboards.language import msg, say
from dashboards.parts.cards import card, empty
from dashboards.parts.data_table import Column, meanings, readable, table
from dashboards.records import records

RUNS = (
    Column("job", msg("作业"), "code", 124),
    Column("status", msg("状态"), "state", 124),
    Column("window", msg("日期范围"), width=184, meaning=msg("算的是哪些日期")),
    Column("finished_at", msg("结束于"), "time", 136),
    Column("seconds", msg("秒"), "number", 76, msg("墙钟时间")),
    Column("usual_seconds", msg("平时秒"), "number", 80,
           msg("同一作业、同样天数之前最多 30 次成功运行的中位数，少于 3 次不给")),
    Column("rows_in", msg("读入行"), "count", 92),
    Column("rows_out", msg("写出行"), "count", 92),
    Column("rows_rejected", msg("拒收行"), "count", 80),
    Column("code_version", msg("版本"), "code", 80, msg("客声的版本")),
    Column("inputs", msg("所用输入"), "code", 0, msg("词典、模型、规则的哈希或名字")),
)  # fmt: skip
MADE = (
    Column("job", msg("作业"), "code", 108),
    Column("input", msg("输入"), "code", 112, msg("词典、模型或规则")),
    Column("value", msg("哈希或名字"), "code", 0),
    Column("state", msg("状态"), "state", 76, msg("最近一次运行用的是当前；其余是旧的")),
    Column("n_days", msg("天数"), "count", 56, msg("由它算出的天数，以每天最后一次运行为准")),
    Column("span", msg("日期"), width=170),
)
DAYS = (
    Column("day", msg("日期"), "day", 120),
    Column("job", msg("作业"), "code", 140),
    Column("input", msg("输入"), "code", 140),
    Column("value", msg("哈希或名字"), "code", 0),
)


def run_rows(context: Context, limit: int = runs.SHOWN) -> pd.DataFrame:
    """Return the runs of the period, of the job that the address asks for, as they are shown."""
    job = context.view.get("job", "") if context.view.get("show") == "runs" else ""
    found = runs.runs(context.source, worked(context), job=job, limit=limit)
    states = [_state(row) for row in records(found)]
    return found.assign(
        status=[say(state) for state, _ in states],
        status_kind=[look for _, look in states],
        window=[_window(row) for row in records(found)],
        inputs=[_inputs(text) for text in found["inputs"]],
        seconds_kind=["bad" if slow else "" for slow in found["is_slow"]],
        job_href=["" if job else context.href("", show="runs", job=name) for name in found["job"]],
    )


def made_rows(context: Context, made: pd.DataFrame) -> pd.DataFrame:
    """Return `runs.made_with` as it is shown: each number of days leads to the days."""
    kept = [(row.job, row.input) in runs.KEPT for row in records(made)]
    both = list(zip(made["is_newest"], kept, strict=True))
    return made.assign(
        span=[_span(row.first_day, row.last_day) for row in records(made)],
        state=[say(msg("当前") if newest else msg("沿用") if keep else msg("旧")) for newest, keep in both],
        state_kind=["good" if newest else "quiet" if keep else "bad" for newest, keep in both],
        value=[value or say("（无）") for value in made["value"]],
        n_days_href=[context.href("", show="days", made=key) for key in _keys(made)],
    )


def day_rows(context: Context) -> pd.DataFrame:
    """Return the days that were made with what the address names (all without)."""
    made = runs.made_with(context.source)
    asked = context.view.get("made", "")
    rows = [
        (day, row.job, row.input, row.value or say("（无）"))
        for key, row in zip(_keys(made), records(made), strict=True)
        if asked in ("", key)
        for day in row.days
    ]
    return pd.DataFrame(rows, columns=["day", "job", "input", "value"])


def runs_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of the runs, from `run_rows`."""
    if found.empty:
        advice = say("用 kesheng run 处理数据后，每个作业的耗时与行数会列在这里。")
        body: Component = empty(say("这段时间没有运行"), advice, "no-runs")
    else:
        body = table(found, RUNS, "grid-runs", context.source.zone)
    note = html.Span(say("未补的失败在前，然后按时间"))
    return card(say("运行"), body, note=note, name="card-runs", export="data_runs", className="data-card")


def made_card(context: Context, made: pd.DataFrame) -> Component:
    """Return the card of what the days were made with, from `runs.made_with`."""
    if made.empty:
        body: Component = empty(
            say("没有版本记录"), say("用 kesheng run 处理数据后，这里写明每天由哪版词典和模型算出。"), "no-made"
        )
    else:
        body = table(made_rows(context, made), MADE, "grid-made", context.source.zone, rows=9)
    return card(say("词典、模型与规则"), body, name="card-made", export="data_made", className="data-card")


def _keys(made: pd.DataFrame) -> list[str]:
    return [f"{row.job}:{row.input}:{row.value}" for row in records(made)]


def _state(row: object) -> tuple[str, str]:
    if row.status != "done":  # type: ignore[attr-defined]
        return (msg("失败"), "bad") if row.is_open else (msg("失败，已补"), "quiet")  # type: ignore[attr-defined]
    return (msg("成功，偏慢"), "bad") if row.is_slow else (msg("成功"), "good")  # type: ignore[attr-defined]


def _window(row: object) -> str:
    first, last = (pd.Timestamp(day).date() for day in (row.window_start, row.window_end))  # type: ignore[attr-defined]
    return _span(first, last)


def _span(first: dt.date, last: dt.date) -> str:
    if last == UNDATED_DAY:
        return say("没有时间的联络")
    return f"{first}" if first == last else f"{first} – {last}"


def _inputs(text: str | None) -> str:
    """Return the inputs as they are kept, without the marks of JSON."""
    return (text or "").strip("{}").replace('"', "")


offer("data_runs", msg("运行"), lambda context: readable(run_rows(context, MAX_ROWS + 1), RUNS),
      meanings=meanings(RUNS), page="/data")  # fmt: skip
offer("data_made", msg("词典、模型与规则"),
      lambda context: readable(made_rows(context, runs.made_with(context.source)), MADE),
      meanings=meanings(MADE), page="/data")  # fmt: skip
offer("data_days", msg("由哪版算出"), lambda context: readable(day_rows(context), DAYS), page="/data")
