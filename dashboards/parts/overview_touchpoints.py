"""触点: the stages of a customer's way and their touchpoints, as a map of volume and mood."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data import mood
from dashboards.data.touchpoints import by_stage, stage_of
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import percent, percent_interval, score
from dashboards.parts.cards import card, empty, opens
from dashboards.parts.overview_colours import mood_ground
from dashboards.parts.overview_scale import mood_scale

_UNLISTED = msg("未列入触点表")


def touchpoints_card(context: Context) -> Component:
    """Return the card."""
    frame = mood.by_touchpoint(context.source, context.selection)
    name, title = "card-touchpoints", say("触点地图")
    if frame.empty:
        said = say("触点词表见 data/taxonomy.toml，可按业务补充。")
        return card(title, empty(say("没有可归入触点的联络"), said), name=name)
    rows = [html.Div([_stage(stage, cells), _cells(stage, cells, float(frame["share"].max()))], className="way-row")
            for stage, cells in by_stage(frame)]  # fmt: skip
    note = [mood_scale(mood_ground), html.Span(say("数字是条数，横条是占比"))]
    body = [html.P(_says(frame), className="chart-says"), html.Div(rows, className="way")]
    return card(title, *body, note=note, name=name, export="overview-touchpoints")


def _says(frame: pd.DataFrame) -> str:
    top = frame.iloc[0]
    known = float(frame["share"].sum())
    said = say("{share} 的联络可归入触点，最多的是「{top}」（{top_share}）。", share=percent(known, 0),
               top=top["touchpoint"], top_share=percent(float(top["share"])))  # fmt: skip
    enough = frame[frame["n_mood"] >= SMALL_N]
    if enough.empty:
        return said
    worst = enough.sort_values("mean").iloc[0]
    mean = score(float(worst["mean"]))
    return said + say("情绪最差的是「{worst}」，均分 {mean}。", worst=worst["touchpoint"], mean=mean)


def _stage(stage: str, cells: list[tuple[str, dict[Any, Any] | None]]) -> html.Div:
    n = sum(int(row["n"]) for _, row in cells if row is not None)
    share = sum(float(row["share"]) for _, row in cells if row is not None)
    said = [html.B(stage or say(_UNLISTED)), html.Span(f"{n:,} · {percent(share)}" if n else "0")]
    return html.Div(said, className="way-stage")


def _cells(stage: str, cells: list[tuple[str, dict[Any, Any] | None]], largest: float) -> html.Div:
    return html.Div([_cell(name, row, largest) for name, row in cells], className="way-cells", role="group",
                    **{"aria-label": stage or say(_UNLISTED)})  # fmt: skip


def _cell(name: str, row: dict[Any, Any] | None, largest: float) -> html.Div:
    if row is None:
        return html.Div([html.Span(name, className="way-name"), html.Span("0", className="way-none")],
                        className="way-cell is-empty", title=say("{name}：没有联络", name=name))  # fmt: skip
    small = row["n"] < SMALL_N
    mean = say(
        "情绪均分 {mean}（{low} 至 {high}）", mean=score(row["mean"]), low=score(row["low"]), high=score(row["high"])
    )
    told = say("{name}：{n:,} 条，占 {share}（{interval}）；{mean}", name=name, n=int(row["n"]),
               share=percent(row["share"]), interval=percent_interval(row["share_low"], row["share_high"]),
               mean=mean if row["n_mood"] else say("没有情绪"))  # fmt: skip
    ground = {} if small or not row["n_mood"] else {"backgroundColor": mood_ground(float(row["mean"]))}
    number = opens(f"{row['n']:,}", f"touch-n-{row['rank']}", look="way-n", title=told, touchpoint=name)
    said = say("样本少") if small else score(row["mean"]) if row["n_mood"] else "–"
    return html.Div(
        [
            html.Span(name, className="way-name"),
            html.Span([number, html.Span(said, className="way-mood")], className="way-numbers"),
            html.Span(html.I(style={"width": f"{row['share'] / largest:.1%}"}), className="way-bar"),
        ],
        className=f"way-cell {'is-small' if small else ''}", style=ground,
    )  # fmt: skip


def _table(context: Context) -> pd.DataFrame:
    found = mood.by_touchpoint(context.source, context.selection)
    return pd.DataFrame(
        {
            say("环节"): [stage_of(name) or say(_UNLISTED) for name in found["touchpoint"]],
            say("触点"): found["touchpoint"],
            say("条数"): found["n"],
            say("占比"): found["share"],
            say("占比下限"): found["share_low"],
            say("占比上限"): found["share_high"],
            say("负面"): found["n_negative"],
            say("中性"): found["n_neutral"],
            say("正面"): found["n_positive"],
            say("情绪均分"): found["mean"],
            say("均分下限"): found["low"],
            say("均分上限"): found["high"],
        }
    )


_MEANINGS = {msg("占比"): msg("占全部联络"), msg("占比下限"): msg("95% 区间"), msg("均分下限"): msg("95% 区间")}
offer("overview-touchpoints", msg("触点的量与情绪"), _table, meanings=_MEANINGS, page="/")
