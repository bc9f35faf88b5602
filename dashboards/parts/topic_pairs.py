"""对比: A against B, topic by topic: shares and moods with their intervals, and which differences are no chance."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.share_changes import Change
from dashboards.context import Context
from dashboards.data.topic_pairs import ORDERS, Pair, Side, compare
from dashboards.data.topic_sides import BETWEEN, KINDS, choices, kind_of, period_of, sides
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import percent, percent_interval, score
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.changed import VERDICTS, changed, p_said, tested
from dashboards.parts.topic_drivers import part_said

NO_VALUE = "-"
"""How a select writes contacts without a product: it cannot hold ''."""
_HEADS = (msg("主题"), msg("A 占比"), msg("B 占比"), msg("占比 A−B"), msg("A 均分"), msg("B 均分"), msg("均分 A−B"))
_ORDERS = {"share": msg("按占比差异"), "mood": msg("按情绪差异")}


def pairs_view(context: Context) -> list[Component]:
    """Return the view: the bar that says what is compared, and the topics, what differs most surely first."""
    found = sides(context)
    title = say("A 与 B 的差异")
    if isinstance(found, str):
        return [_bar(context, None), card(title, empty(say("还不能比较"), found, "no-pair"), name="card-pairs")]
    pair = compare(context.source, *found, order=_order(context))
    if not all(pair.n):
        advice = say("A 有 {a:,} 条，B 有 {b:,} 条联络。换一边，或放宽日期、渠道、商品。", a=pair.n[0], b=pair.n[1])
        return [_bar(context, None), card(title, empty(say("有一边没有联络"), advice, "no-pair"), name="card-pairs")]
    shown = pair.topics[~pair.topics["hidden"]].to_dict("records")
    rows = [_row(context, row, found) for row in shown]
    head = html.Div([html.Span(say(text)) for text in _HEADS], className="pair-row is-head")
    foot = say(
        "占比差异按逐日数据检验，情绪差异另计逐日波动；两者都按主题个数校正（错误发现率 5%），灰色的差异不显著。"
    )
    return [
        _bar(context, _facts(found, pair)),
        card(title, _tools(context), html.P(_says(pair, shown), className="chart-says"),
             html.Div([head, *rows], className="pair-rows"), html.Div(foot, className="card-foot"),
             note=say("占各自全部联络；差异旁为 95% 区间"), name="card-pairs", export="topic-pairs"),
    ]  # fmt: skip


def _order(context: Context) -> str:
    found = context.view.get("sort", "share")
    return found if found in ORDERS else "share"


def _bar(context: Context, facts: Component | None) -> Component:
    kind = kind_of(context)
    pills = [
        dcc.Link(say(name), href=context.href("/topics", view="compare", by=None if key == "period" else key),
                 className=f"pill {'is-on' if key == kind else ''}")
        for key, name in KINDS.items()
    ]  # fmt: skip
    pick = _pick_days(context) if kind == "period" else _pick_values(context, kind)
    body = [html.Div([html.Div(pills, className="pills is-small"), *pick], className="pair-tools")]
    return card(say("比较什么"), *body, *([facts] if facts is not None else []), name="card-pair-bar")


def _pick_days(context: Context) -> list[Component]:
    given, extent = period_of(context.view.get("b", "")), context.extent
    before = context.filters.before()
    shown = given or ((before.start, before.end) if before else (None, None))
    days = dmc.DatePickerInput(
        id={"type": "pair-days", "default": BETWEEN.join(map(str, (before.start, before.end))) if before else ""},
        type="range", valueFormat="YYYY-MM-DD", size="xs", w=230, label=say("B 的日期"),
        value=[str(day) if day else None for day in shown], allowSingleDateInRange=True,
        minDate=str(extent.first_day) if extent.first_day else None,
        maxDate=str(extent.last_day) if extent.last_day else None, labelSeparator=say("至"),
    )  # fmt: skip
    return [html.Span(say("A 是上方所选的日期"), className="form-hint"), days]


def _pick_values(context: Context, kind: str) -> list[Component]:
    data = [{"value": value or NO_VALUE, "label": name} for value, name in choices(context, kind)]
    found = sides(context)
    shown = [context.view.get(side) for side in ("a", "b")]
    if not isinstance(found, str):
        shown = [side.narrowing[f"{kind}_is"] for side in found]
    picks: list[Component] = [
        dmc.Select(
            id={"type": "pair-side", "side": side}, data=data, value=(value or NO_VALUE) if value is not None else None,
            size="xs", searchable=True, label=label, className="pair-pick", allowDeselect=False,
            nothingFoundMessage=say("没有匹配的项"),
        )
        for side, value, label in zip(("a", "b"), shown, ("A", "B"), strict=True)
    ]  # fmt: skip
    if None not in shown:
        href = context.href("/topics", view="compare", by=kind, a=shown[1], b=shown[0], sort=context.view.get("sort"))
        picks.append(dcc.Link(say("互换 A 与 B"), href=href, className="more"))
    return picks


def _facts(both: tuple[Side, Side], pair: Pair) -> html.Div:
    lines = []
    for at, (name, side) in enumerate(zip(("A", "B"), both, strict=True)):
        n_mood, place = pair.n_mood[at], name.lower()
        share = percent(pair.n_negative[at] / n_mood) if n_mood else "–"
        lines.append(
            html.Div(
                [
                    html.Span(name, className=f"pair-mark is-{place}"), html.B(side.name, className="pair-name"),
                    html.Span([opens(f"{pair.n[at]:,}", f"pair-n-{place}", **side.narrowing), " ", say("条")]),
                    html.Span([say("情绪均分"), " ", html.B(score(pair.mean[at]))]),
                    html.Span([say("负面"), " ", html.B(share), " ",
                               opens(say("{n:,} 条", n=pair.n_negative[at]), f"pair-negative-{place}",
                                     **side.narrowing, mood="negative")]),
                ],
                className="pair-fact",
            )
        )  # fmt: skip
    apart = html.Div(
        [
            html.Span(say("A−B"), className="pair-mark"), html.Span(),
            html.Span(), _whole(say("均分"), pair.mood, part_said), _whole(say("负面占比"), pair.negative, _points),
        ],
        className="pair-fact is-apart",
    )  # fmt: skip
    return html.Div([*lines, apart], className="pair-facts")


def _whole(name: str, change: Change, write: Any) -> html.Span:
    verdict = change.verdict(change.p_value)
    interval = say("{low} 至 {high}", low=write(change.low), high=write(change.high))
    return html.Span(
        [name, " ", html.B(write(change.difference)), " ", html.Small(interval), " ",
         html.Small(say(VERDICTS[verdict]), className=f"verdict-word is-{verdict}",
                    title=f"p {p_said(change.p_value)}")]
    )  # fmt: skip


def _points(share: float) -> str:
    """Return a difference of shares in points."""
    if share != share:
        return "–"
    return f"{'−' if share < 0 else '+'}{abs(share) * 100:.1f}"


def _tools(context: Context) -> html.Div:
    kept = {name: context.view.get(name) for name in ("by", "a", "b")}
    links = [
        dcc.Link(say(name), href=context.href("/topics", view="compare", **kept, sort=None if key == "share" else key),
                 className=f"pill {'is-on' if key == _order(context) else ''}")
        for key, name in _ORDERS.items()
    ]  # fmt: skip
    return html.Div(html.Div(links, className="pills is-small"), className="topic-tools")


def _says(pair: Pair, shown: list[dict[Any, Any]]) -> str:
    shares = [row for row in shown if row["verdict"] == "significant" and row["topic_id"]]
    moods = [row for row in shown if row["mood_verdict"] == "significant" and row["topic_id"]]
    said = say(
        "{n} 个主题里，{shares} 个占比显著不同，{moods} 个情绪显著不同。",
        n=sum(bool(row["topic_id"]) for row in shown), shares=len(shares), moods=len(moods),
    )  # fmt: skip
    if not shares:
        return said
    top = max(shares, key=lambda row: abs(row["change"]))
    where = "A" if top["change"] > 0 else "B"
    return said + say("「{topic}」在 {where} 明显更多（{points} 个百分点）。", topic=top["label"], where=where,
                      points=_points(top["change"]))  # fmt: skip


def _row(context: Context, row: dict[Any, Any], both: tuple[Side, Side]) -> html.Div:
    topic_id = row["topic_id"]
    small = max(row["n_a"], row["n_b"]) < SMALL_N
    name = dcc.Link(row["label"], href=context.href("/topics", topic=topic_id), className="topic-name")
    cells = [_share(row, letter, side) for letter, side in zip("ab", both, strict=True)]
    moods = [_mood(row, letter, side) for letter, side in zip("ab", both, strict=True)]
    return html.Div(
        [
            html.Span([name, *([few()] if small else [])], className="topic-label", title=row["label"]),
            *cells, changed(row, before="B", interval=True), *moods, _mood_apart(row),
        ],
        className=f"pair-row {'is-small' if small else ''}", **{"data-testid": f"pair-row-{topic_id or 'other'}"},
    )  # fmt: skip


def _share(row: dict[Any, Any], letter: str, side: Side) -> html.Span:
    n, place = row[f"n_{letter}"], f"pair-{letter}-{row['topic_id'] or 'other'}"
    number: Any = opens(f"{n:,}", place, **side.narrowing, topic=row["topic_id"]) if n else html.Span("0")
    interval = percent_interval(row[f"share_{letter}_low"], row[f"share_{letter}_high"])
    return html.Span([html.B(percent(row[f"share_{letter}"]), title=interval), html.Small(number)])


def _mood(row: dict[Any, Any], letter: str, side: Side) -> html.Span:
    n, place = row[f"n_mood_{letter}"], f"pair-mood-{letter}-{row['topic_id'] or 'other'}"
    spec = {**side.narrowing, "topic": row["topic_id"], "with": "mood"}
    number: Any = opens(f"{n:,}", place, title=say("有情绪的联络；点开看原声"), **spec) if n else "0"
    return html.Span([html.B(score(row[f"mean_{letter}"])), html.Small(number)])


def _mood_apart(row: dict[Any, Any]) -> html.Span:
    if row["mood_verdict"] == "none":
        return html.Span("–", className="changed is-none", title=say("有一边不足两条带情绪的联络"))
    interval = say("{low} 至 {high}", low=part_said(row["mood_change_low"]), high=part_said(row["mood_change_high"]))
    first = say("A 比 B {change}（95% 区间 {interval}）", change=part_said(row["mood_change"]), interval=interval)
    look = "is-flat" if row["mood_verdict"] != "significant" else "is-worse" if row["mood_change"] < 0 else "is-better"
    return html.Span(
        [html.Span(part_said(row["mood_change"]), className=f"change {look}"),
         html.Small(interval, className="changed-interval"),
         html.Small(say(VERDICTS[row["mood_verdict"]]), className=f"verdict-word is-{row['mood_verdict']}")],
        className="changed", title=tested(row, first, "mood_"),
    )  # fmt: skip


def _read(context: Context) -> pd.DataFrame:
    found = sides(context)
    if isinstance(found, str):
        return pd.DataFrame()
    rows = compare(context.source, *found, order=_order(context)).topics
    rows = rows[~rows["hidden"]]
    names = (
        (msg("主题"), "label"), (msg("A 条数"), "n_a"), (msg("A 占比"), "share_a"), (msg("B 条数"), "n_b"),
        (msg("B 占比"), "share_b"), (msg("占比 A−B"), "change"), (msg("占比差下限"), "change_low"),
        (msg("占比差上限"), "change_high"), (msg("占比 q 值"), "q_value"), (msg("A 均分"), "mean_a"),
        (msg("B 均分"), "mean_b"), (msg("均分 A−B"), "mood_change"), (msg("均分差下限"), "mood_change_low"),
        (msg("均分差上限"), "mood_change_high"), (msg("均分 q 值"), "mood_q_value"),
    )  # fmt: skip
    about = {say("A"): found[0].name, say("B"): found[1].name}
    return pd.DataFrame({say(name): rows[column].to_numpy() for name, column in names}).assign(**about)


offer("topic-pairs", msg("A 与 B 的差异"), _read, page="/topics")
