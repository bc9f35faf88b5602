"""The gate before a publication: why nothing newer is shown, and what did not pass."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
from dash import html
from dash.development.base_component import Component

from analytics.quality.held import Failure
from dashboards.context import Context
from dashboards.data import quality
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import channel_name
from dashboards.parts.cards import card, empty
from dashboards.parts.data_table import Column, meanings, readable, table

VERDICTS = (
    Column("day", msg("日期"), "day", 104),
    Column("table_name", msg("表"), "code", 120),
    Column("label_said", msg("期望"), width=0, meaning=msg("每天的数据应当如何，见 docs/quality.md")),
    Column("status_said", msg("结果"), "state", 110),
    Column("observed_said", msg("实测"), width=84),
    Column("asked", msg("应为"), width=150),
    Column("accepted", msg("认可的原因"), width=150, meaning=msg("为什么明知不符仍然发布")),
    Column("accepted_by", msg("认可人"), width=90),
)
_STATUS = {
    "short_history": (msg("历史不足"), "quiet"), "not_over": (msg("未过完"), "quiet"), "passed": (msg("通过"), "good"),
}  # fmt: skip
_FIRST = 5


def banner(context: Context) -> list[Component]:
    """Return of when the data is and why nothing newer is published; nothing where the gate is open."""
    held, shown = context.source.held(), context.source.published_at()
    if held is None or shown is None:
        return []
    zone = ZoneInfo(context.source.zone)
    times = {"at": f"{shown.astimezone(zone):%Y-%m-%d %H:%M}", "since": f"{held.since.astimezone(zone):%Y-%m-%d %H:%M}"}
    title = say("这里是 {at} 发布的数据。{since} 起新数据未通过质量检查，没有发布。", **times)
    if context.viewer.limits.any:
        return [html.Div(html.P(title), className="data-held", id="data-held", role="alert")]
    listed = [html.Li(_failure(one)) for one in held.failures[:_FIRST]]
    rest = len(held.failures) - _FIRST
    more = [html.Li(say("另有 {n} 项", n=rest))] if rest > 0 else []
    todo = say("查看全部：kesheng quality；改好后 kesheng run；确认无误仍要发布：kesheng publish --accept-quality 原因")
    return [
        html.Div(
            [html.P(title), html.Ul([*listed, *more]), html.P(todo)],
            className="data-held", id="data-held", role="alert",
        )
    ]  # fmt: skip


def verdict_rows(context: Context) -> pd.DataFrame:
    """Return what did not pass on the last fortnight of days, with names as people read them."""
    found = quality.not_passed(context.source)
    looks = [_state(*row) for row in zip(found["status"], found["severity"], found["accepted"], strict=True)]
    return found.assign(
        label_said=[_label(*row) for row in zip(found["label"], found["part"], strict=True)],
        status_said=[said for said, _ in looks],
        status_said_kind=[look for _, look in looks],
        observed_said=[_number(value) for value in found["observed"]],
        asked=[_asked(low, high) for low, high in zip(found["low"], found["high"], strict=True)],
    )


def gate_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of verdicts, from `verdict_rows`."""
    n = quality.counts(context.source)
    if not n["n"]:
        nothing = empty(say("还没有质量检查"), say("下次发布前会检查每天的数据；现在就看：kesheng quality。"))
        return card(say("质量检查"), nothing, name="card-gate", className="data-card")
    said = say("最近 {n_days} 天共 {n:,} 项：{n_failed:,} 项未通过，{n_short:,} 项历史不足，其余通过。", **n)
    rows = [table(found, VERDICTS, "grid-gate", context.source.zone, rows=6)] if len(found) else []
    return card(
        say("质量检查"), html.P(said, className="chart-says"), *rows, name="card-gate", export="data_gate",
        className="data-card",
    )  # fmt: skip


def _failure(one: Failure) -> str:
    found = say(
        "{day} {label}：实测 {observed}，应为 {asked}。",
        day=one.day, label=_label(one.label, one.part), observed=_number(one.observed), asked=_asked(one.low, one.high),
    )  # fmt: skip
    return f"{found} {say(one.advice).replace('{day}', one.day)}" if one.advice else found


def _label(label: str, part: str) -> str:
    return say(label) + (say("（{of}）", of=channel_name(part)) if part else "")


def _state(status: str, severity: str, accepted: str | None) -> tuple[str, str]:
    if status != "failed":
        said, look = _STATUS[status]
        return say(said), look
    if isinstance(accepted, str):
        return say("已认可"), "late"
    return (say("警告"), "late") if severity == "warning" else (say("停止发布"), "bad")


def _asked(low: float | None, high: float | None) -> str:
    if low is None or pd.isna(low):
        return "" if high is None or pd.isna(high) else f"≤ {_number(high)}"
    if high is None or pd.isna(high):
        return f"≥ {_number(low)}"
    return _number(low) if low == high else f"{_number(low)} – {_number(high)}"


def _number(value: float | None) -> str:
    if value is None or pd.isna(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


offer("data_gate", msg("质量检查"), lambda context: readable(verdict_rows(context), VERDICTS),
      meanings=meanings(VERDICTS), page="/data")  # fmt: skip
