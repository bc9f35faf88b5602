"""情绪为什么变: what moved the mean mood from the period before to this one, part by part; the parts are the whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.share_changes import Change
from dashboards.context import Context
from dashboards.data.mood_drivers import lasting
from dashboards.data.topic_drivers import Drivers, drivers
from dashboards.data.topics import known
from dashboards.data.touchpoints import UNKNOWN
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import OTHER, channel_name, product_name, score, span_name
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.changed import VERDICTS, p_said
from dashboards.parts.topic_rows import is_compared

N_ROWS, N_LASTING = 8, 8
DIMENSIONS = {"topic": msg("按主题"), "touchpoint": msg("按触点"), "channel": msg("按渠道"), "product": msg("按商品")}
_HEADS = (msg("部分"), msg("对均分的影响"), msg("影响（95% 区间）"), msg("构成"), msg("自身"), msg("条数"), msg("判断"))
_MEANINGS = {
    msg("构成"): msg("联络占比变多或变少带来的部分"),
    msg("自身"): msg("这一部分自己的情绪变好或变差带来的部分"),
    msg("条数"): msg("本期 / 上期有情绪的联络"),
}
_NARROWS = {"topic": "topic", "touchpoint": "touchpoint", "channel": "channel_is", "product": "product_is"}


def mood_view(context: Context) -> list[Component]:
    """Return the view 情绪变化: the period's parts by a chosen dimension, and lasting changes of level."""
    if not context.is_dated:
        advice = say("分析时用 --time 指定时间列，即可比较两期的情绪。")
        return [card(say("情绪为什么变"), empty(say("这批数据没有时间"), advice), name="card-drivers")]
    dimension = dimension_of(context)
    body, note = _parts(context, drivers(context.source, context.selection, dimension), dimension, None)
    pills = [
        dcc.Link(say(name), href=context.href("/topics", view="mood", by=None if key == "topic" else key),
                 className=f"pill {'is-on' if key == dimension else ''}")
        for key, name in DIMENSIONS.items()
    ]  # fmt: skip
    switch = html.Div(pills, className="pills is-small drivers-by")
    return [
        card(say("情绪为什么变"), switch, *body, note=note, name="card-drivers", export="mood-drivers"),
        _lasting(context),
    ]


def topic_drivers(context: Context, topic_id: str) -> Component:
    """Return the card of one topic: what moved its mood, by channel or product, whichever tells more."""
    selection = context.selection.narrowed(topic=topic_id)
    found = drivers(context.source, selection, "channel")
    dimension = "channel"
    if len(found.parts) < 2:
        found, dimension = drivers(context.source, selection, "product"), "product"
    body, note = _parts(context, found, dimension, topic_id)
    return card(say("情绪为什么变"), *body, note=note, name="card-topic-drivers")


def dimension_of(context: Context) -> str:
    """Return by what the parts are, as the address says; topics without it."""
    found = context.view.get("by", "topic")
    return found if found in DIMENSIONS else "topic"


def part_said(value: float) -> str:
    """Return a part of a change of mood with its sign: finer than a mean, of which it is a part.

    Examples
    --------
    >>> part_said(-0.0123), part_said(0.0001), part_said(float("nan"))
    ('−0.012', '0.000', '–')
    """
    if value != value:
        return "–"
    text = f"{abs(value):.3f}"
    return text if float(text) == 0 else f"{'−' if value < 0 else '+'}{text}"


def _parts(context: Context, found: Drivers, dimension: str, topic_id: str | None) -> tuple[list[Component], list[Any]]:
    if not found.is_known or not is_compared(context):
        advice = say("上一个等长时段的数据不全，或没有带情绪的联络。选更短或更晚的日期，再来比较。")
        return [empty(say("没有可比的上期"), advice, "no-drivers")], []
    rows = named(context, found.parts, dimension)
    before = context.filters.before()
    assert before is not None
    note = [
        html.Span(say("较上期 {days}", days=span_name(before.start, before.end)), className="chart-period"),
    ]
    shown = rows.head(N_ROWS)
    longest = max(float(shown[["low", "high", "contribution"]].abs().max().max()), 1e-6)
    lines = [_row(context, row, dimension, longest, topic_id) for row in shown.to_dict("records")]
    head = html.Div([html.Span(say(text), title=say(_MEANINGS.get(text, ""))) for text in _HEADS],
                    className="driver-row is-head")  # fmt: skip
    place = "drivers-says" if topic_id is None else "topic-says"
    says = html.P(_sentence(found, rows), className="chart-says", id=place)
    table = html.Div([head, *lines, *_rest(rows, found)], className="driver-rows")
    foot = say(
        "各部分之和等于均分的总变化；「构成」与「自身」之和等于该部分的影响；灰色的不显著。一起发生，不等于原因。"
    )
    return [says, table, html.Div(foot, className="card-foot")], note


def named(context: Context, parts: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return the parts with `label`, what people call each."""
    if dimension == "topic":
        labels = known(context.source).set_index("topic_id")["label"].to_dict()
        return parts.assign(label=[labels.get(key, key) if key else say(OTHER) for key in parts["key"]])
    if dimension == "touchpoint":
        return parts.assign(label=[key or say(UNKNOWN) for key in parts["key"]])
    name = channel_name if dimension == "channel" else product_name
    return parts.assign(label=[name(key) for key in parts["key"]])


def _sentence(found: Drivers, rows: pd.DataFrame) -> str:
    """Return how the mood changed, whether it is chance, and what went along with most of it."""
    moved = say(
        "情绪均分由 {before} 变为 {now}（{change}，95% 区间 {interval}），{verdict}。",
        before=score(found.base_mean), now=score(found.mean), change=part_said(found.change.difference),
        interval=say("{low} 至 {high}", low=part_said(found.change.low), high=part_said(found.change.high)),
        verdict=say(VERDICTS[found.change.verdict(found.change.p_value)]),
    )  # fmt: skip
    sure = rows[rows["verdict"] == "significant"]
    if found.change.differs:
        sure = sure[sure["contribution"] * found.change.difference > 0]
    if sure.empty:
        return moved
    first = sure.iloc[0]
    pulled = (
        msg("「{label}」显著拉低了它（{part}，{how}）。")
        if first["contribution"] < 0
        else msg("「{label}」显著拉高了它（{part}，{how}）。")
    )
    how = msg("主要是自身情绪变了") if abs(first["within"]) >= abs(first["mix"]) else msg("主要是占比变了")
    return moved + say(pulled, label=first["label"], part=part_said(first["contribution"]), how=say(how))


def _row(context: Context, row: dict[Any, Any], dimension: str, longest: float, topic_id: str | None) -> html.Div:
    small = max(row["n"], row["base_n"]) < SMALL_N
    before = context.filters.before()
    assert before is not None
    narrowing = {"with": "mood", **({} if topic_id is None else {"topic": topic_id}), _NARROWS[dimension]: row["key"]}
    place = f"driver-{dimension}-{row['key'] or 'none'}{'' if topic_id is None else '-of'}"
    is_open = dimension != "touchpoint" or row["key"]
    now: Any = opens(f"{row['n']:,}", place, **narrowing) if row["n"] and is_open else html.Span(f"{row['n']:,}")
    was: Any = html.Small(f"{row['base_n']:,}")
    if row["base_n"] and is_open:
        days = {"from": str(before.start), "to": str(before.end)}
        was = opens(f"{row['base_n']:,}", f"{place}-before", look="number is-quiet", **narrowing, **days)
    name: Any = html.Span(row["label"], className="topic-name")
    if dimension == "topic":
        name = dcc.Link(row["label"], href=context.href("/topics", topic=row["key"]), className="topic-name")
    return html.Div(
        [
            html.Span([name, *([few()] if small else [])], className="topic-label", title=row["label"]),
            _track(row, longest),
            html.Span([html.B(part_said(row["contribution"]), className=f"is-{row['verdict']}"),
                       html.Small(_interval(row))]),
            html.Span(part_said(row["mix"]), className="driver-part"),
            html.Span(part_said(row["within"]), className="driver-part", title=_means(row)),
            html.Span([now, html.Small(" / "), was], className="driver-n"),
            html.Span(say(VERDICTS[row["verdict"]]) or "–", className=f"verdict-word is-{row['verdict']}",
                      title=say("同时比较多项，校正后 q {q}", q=p_said(row["q_value"]))),
        ],
        className=f"driver-row {'is-small' if small else ''}", **{"data-testid": place + "-row"},
    )  # fmt: skip


def _rest(rows: pd.DataFrame, found: Drivers) -> list[html.Div]:
    """Return the sum of what is not listed, and the whole: the list adds up to it."""
    rest = rows.iloc[N_ROWS:]
    lines = []
    if len(rest):
        lines.append((say("其余 {n} 项合计", n=len(rest)), rest["contribution"].sum(), rest["mix"].sum(),
                      rest["within"].sum(), ""))  # fmt: skip
    lines.append((say("合计"), found.mean - found.base_mean, rows["mix"].sum(), rows["within"].sum(), "is-total"))
    return [
        html.Div(
            [html.Span(name), html.Span(), html.Span(html.B(part_said(total))),
             html.Span(part_said(mix), className="driver-part"),
             html.Span(part_said(within), className="driver-part"), html.Span(), html.Span()],
            className=f"driver-row is-sum {look}",
        )
        for name, total, mix, within, look in lines
    ]  # fmt: skip


def _track(row: dict[Any, Any], longest: float) -> html.Div:
    """Return the part as a bar from the middle, left where it took mood down, with its interval."""
    at = row["contribution"] / longest * 50
    low, high = ((row[edge] / longest * 50 if row[edge] == row[edge] else at) for edge in ("low", "high"))
    look = "is-down" if at < 0 else "is-up"
    return html.Div(
        [
            html.I(className=f"driver-bar {look}",
                   style={"left": f"{50 + min(at, 0):.2f}%", "width": f"{max(abs(at), 0.3):.2f}%"}),
            html.I(className="driver-reach", style={"left": f"{50 + low:.2f}%", "width": f"{high - low:.2f}%"}),
        ],
        className="driver-track",
    )  # fmt: skip


def _interval(row: dict[Any, Any]) -> str:
    if row["low"] != row["low"]:
        return say("太少，无区间")
    return say("{low} 至 {high}", low=part_said(row["low"]), high=part_said(row["high"]))


def _means(row: dict[Any, Any]) -> str:
    return say("均分 {before} → {now}", before=score(row["base_mean"]), now=score(row["mean"]))


def _lasting(context: Context) -> Component:
    """Return the card of lasting changes of level that were first seen in the period."""
    title, name = say("持久的变化"), "card-lasting"
    found = lasting(context.source, context.selection)
    if found.empty:
        said = say("没有哪个渠道或主题的情绪持久地换了水平")
        advice = say("变化要持续至少 4 天、每天至少 5 条才算；选了商品时这里不显示。")
        return card(title, empty(said, advice, "no-lasting"), name=name)
    rows = [_lasting_row(context, row) for row in found.head(N_LASTING).to_dict("records")]
    return card(title, html.Div(rows), note=say("某天起情绪换了水平并保持下来"), name=name)


def _lasting_row(context: Context, row: dict[Any, Any]) -> html.Div:
    change = Change(row["after"] - row["before"], row["low"], row["high"], row["p_value"], n_days=0, dispersion=1.0)
    where = say("全部渠道") if row["channel"] == "*" else channel_name(row["channel"])
    what: Any = html.Span(say("全部主题"))
    if row["topic_id"]:
        what = dcc.Link(row["label"], href=context.href("/topics", topic=row["topic_id"]), className="topic-name")
    interval = say("{low} 至 {high}", low=part_said(change.low), high=part_said(change.high))
    return html.Div(
        [
            html.Span(say("{day} 起", day=row["changed_on"]), className="moment-day"),
            html.Span([what, " · ", where], className="topic-label"),
            html.Span(say("均分 {before} → {now}", before=score(row["before"]), now=score(row["after"]))),
            html.Span([html.B(part_said(change.difference)), html.Small(interval)],
                      className="is-down" if change.difference < 0 else "is-up", title=f"p {p_said(change.p_value)}"),
        ],
        className="lasting-row",
    )  # fmt: skip


def _read(context: Context) -> pd.DataFrame:
    rows = named(
        context, drivers(context.source, context.selection, dimension_of(context)).parts, dimension_of(context)
    )
    return pd.DataFrame(
        {
            say("部分"): rows["label"], say("影响"): rows["contribution"], say("影响下限"): rows["low"],
            say("影响上限"): rows["high"], say("构成"): rows["mix"], say("自身"): rows["within"],
            say("条数"): rows["n"], say("上期条数"): rows["base_n"], say("均分"): rows["mean"],
            say("上期均分"): rows["base_mean"], say("q 值"): rows["q_value"],
            say("判断"): [say(VERDICTS[verdict]) for verdict in rows["verdict"]],
        }
    )  # fmt: skip


offer("mood-drivers", msg("情绪为什么变"), _read, page="/topics")
