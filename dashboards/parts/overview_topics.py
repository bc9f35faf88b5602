"""客户在说什么: topics by share, coloured by mood."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data import topics
from dashboards.data.overview import Facts
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import OTHER, percent, percent_interval, score
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.overview_findings import named, p_text, points
from dashboards.parts.overview_scale import mood_scale
from dashboards.theme import mood_colour

_N_TOPICS = 13
_VERDICTS = {"significant": msg("显著"), "flat": msg("不显著"), "few_days": msg("天数不足"), "none": ""}


def topics_card(context: Context, facts: Facts) -> Component:
    """Return the card."""
    name, title = "card-topics", say("客户在说什么")
    if facts.named.empty:
        said = say("联络太少，或主题尚未计算：运行 kesheng run 后再来。")
        return card(title, empty(say("还没有主题"), said), name=name)
    shown = facts.named.head(_N_TOPICS)
    rows = pd.concat([shown, facts.topics[facts.topics["topic_id"] == ""]]).to_dict("records")
    longest = max(float(shown["share"].max()), 1e-9)
    middle = (len(rows) + 1) // 2
    columns = [
        html.Div([_head(facts), *(_row(context, row, longest) for row in part)], className="share-column")
        for part in (rows[:middle], rows[middle:])
        if part
    ]
    more = dcc.Link(say("全部 {n} 个主题 →", n=len(facts.named)), href=context.href("/topics"), className="more")
    body = [html.P(_says(facts), className="chart-says"), html.Div(columns, className="share-rows")]
    return card(title, *body, note=[mood_scale(mood_colour), more], name=name, export="overview-topics")


def _head(facts: Facts) -> html.Div:
    names = [say("主题"), "", say("占比（95% 区间）"), say("条数"), say("均分"), say("较上期") if facts.changed else ""]
    looks = ("", "", "share-value", "is-right", "share-mood", "share-change")
    cells = [html.Span(name, className=look) for name, look in zip(names, looks, strict=True)]
    return html.Div(cells, className="share-row is-head")


def _says(facts: Facts) -> str:
    top = facts.named.head(3)
    names = named(top["label"])
    said = say("{names}合占 {share}。", names=names, share=percent(float(top["share"].sum())))
    enough = facts.named[facts.named["n_mood"] >= SMALL_N]
    if enough.empty:
        return said
    worst = enough.sort_values("mean").iloc[0]
    return said + say("情绪最差的是「{topic}」，均分 {mean}。", topic=worst["label"], mean=score(float(worst["mean"])))


def _row(context: Context, row: dict[Any, Any], longest: float) -> html.Div:
    place, small, other = row["topic_id"] or "other", row["n"] < SMALL_N, row["topic_id"] == ""
    label = say(OTHER) if other else row["label"]
    mean = say(
        "情绪均分 {mean}（{low} 至 {high}）", mean=score(row["mean"]), low=score(row["low"]), high=score(row["high"])
    )
    told = say("{topic}：{n:,} 条，占 {share}（{interval}）；{mean}。点开看原声", topic=label, n=int(row["n"]),
               share=percent(row["share"]), interval=percent_interval(row["share_low"], row["share_high"]),
               mean=mean if row["n_mood"] else say("没有情绪"))  # fmt: skip
    bar = opens("", f"topic-bar-{place}", look="share-bar", title=told, topic=row["topic_id"])
    bar.style = {"width": f"{max(min(row['share'] / longest, 1.0), 0.004):.2%}", **_ground(row, small=small)}
    marks = [few()] if small else []
    return html.Div(
        [
            html.Span([dcc.Link(label, href=context.href("/topics", topic=row["topic_id"]), className="topic-name",
                                title="、".join([label, *row["words"][:8]])), *marks], className="share-name"),
            html.Span(bar, className="share-place"),
            html.Span([html.B(percent(row["share"])),
                       html.Small(percent_interval(row["share_low"], row["share_high"]))], className="share-value"),
            opens(f"{row['n']:,}", f"topic-n-{place}", topic=row["topic_id"]),
            html.Span(score(row["mean"]) if row["n_mood"] else "–", className="share-mood", title=mean),
            _changed(row),
        ],
        className=f"share-row {'is-small' if small else ''} {'is-other' if other else ''}",
        **{"data-testid": f"topic-row-{place}"},
    )  # fmt: skip


def _ground(row: dict[Any, Any], *, small: bool) -> dict[str, str]:
    return {} if small or not row["n_mood"] else {"backgroundColor": mood_colour(float(row["mean"]))}


def _changed(row: dict[Any, Any]) -> html.Span:
    """Return the change against the period before: an arrow and points where it is more than chance."""
    if row["verdict"] == "none":
        return html.Span("", className="share-change")
    sure = row["verdict"] == "significant"
    arrow = ("↑" if row["change"] > 0 else "↓") if sure else ""
    told = say("较上期 {by} 个百分点（95% 区间 {low} 至 {high}），{verdict}，校正后 {q}", by=points(row["change"]),
               low=points(row["change_low"]), high=points(row["change_high"]), verdict=say(_VERDICTS[row["verdict"]]),
               q=p_text(row["q_value"], "q"))  # fmt: skip
    look = "is-changed" if sure else "is-flat"
    return html.Span(f"{arrow}{points(row['change'])}", className=f"share-change change {look}", title=told)


def _table(context: Context) -> pd.DataFrame:
    found = topics.topic_table(context.source, context.selection)
    found = found[~found["hidden"]]
    return pd.DataFrame(
        {
            say("主题"): found["label"].mask(found["topic_id"] == "", say(OTHER)),
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
            say("上期条数"): found["n_before"],
            say("占比变化"): found["change"],
            say("变化下限"): found["change_low"],
            say("变化上限"): found["change_high"],
            say("校正后 q"): found["q_value"],
            say("是否显著"): [say(_VERDICTS[verdict]) for verdict in found["verdict"]],
        }
    )


_MEANINGS = {
    msg("占比下限"): msg("95% 区间"),
    msg("均分下限"): msg("95% 区间"),
    msg("占比变化"): msg("与上一个等长时段之差，−1 到 1"),
    msg("是否显著"): msg("按逐日数据检验，并按主题个数校正，5% 水平"),
}
offer("overview-topics", msg("主题占比与情绪"), _table, meanings=_MEANINGS, page="/")
