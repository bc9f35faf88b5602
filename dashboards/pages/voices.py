"""原声: search what customers said, narrow it, and read it."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import KIND_NAMES, MOOD_NAMES
from dashboards import exports
from dashboards.context import Context, Page
from dashboards.data import contacts
from dashboards.data.choices import choices
from dashboards.exports import MAX_ROWS
from dashboards.given import given
from dashboards.language import msg, say
from dashboards.names import COURSES, OTHER, channel_name
from dashboards.parts import found
from dashboards.parts.cards import card, export_button
from dashboards.parts.corrections import topic_choices
from dashboards.parts.described import narrowings
from dashboards.parts.voices import ORDERS, grid
from dashboards.selection import Selection, page_selection

_ORDER_NAMES = {
    "newest": msg("最新"),
    "oldest": msg("最早"),
    "worst": msg("最不满"),
    "best": msg("最满意"),
    "strongest": msg("情绪最强"),
    "wait": msg("等得最久"),
}
_EXPORT = "voices"


def render(context: Context) -> Sequence[Component]:
    """Return the page: what is searched for, how many contacts that are, and their list."""
    selection = page_selection(context.filters, context.view)
    order = context.view.get("sort", "newest")
    return [_search(context, selection), _results(context, selection, order if order in ORDERS else "newest")]


def _search(context: Context, selection: Selection) -> Component:
    words = dmc.TextInput(
        id={"type": "voices-words", "page": "voices"},
        value=selection.narrowing.get("says", ""),
        size="md",
        placeholder=say('搜索客户说的话，例如：退款 "没有到账" -已解决'),
        className="search-box",
        **{"aria-label": say("搜索客户说的话")},
    )
    go = html.Button(say("搜索"), id={"type": "voices-go", "page": "voices"}, className="search-go", n_clicks=0)
    box = html.Div([words, go], className="search-row")
    hint = html.Div(
        say("空格隔开的词都要说到；引号里的原样出现；减号后面的不要出现。繁简、大小写、全半角都一样。"),
        className="search-hint",
    )
    return card(say("搜索原声"), box, hint, html.Div(_fields(context, selection), className="search-fields"),
                *_chips(context, selection), name="card-search")  # fmt: skip


def _fields(context: Context, selection: Selection) -> list[Component]:
    known = choices(context.source, context.selection)
    offered = [
        ("topic", say("主题"), topic_choices(context.source)),
        ("category", say("规则类别"), _pairs(known.categories)),
        ("touchpoint", say("触点"), _pairs([(name, name) for name in known.touchpoints])),
        ("kind_is", say("类型"), _pairs([(kind, say(KIND_NAMES.get(kind, kind))) for kind in known.kinds])),
        ("team_is", say("班组"), _pairs([(team, team) for team in known.teams])),
        ("course", say("情绪走势"), _pairs([(name, say(text)) for name, text in COURSES.items()])),
        ("tag", say("客户标签"), _pairs(known.tags)),
    ]
    return [_field(name, label, data, selection) for name, label, data in offered if len(data) > 1]


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]


def _field(name: str, label: str, data: list[dict[str, str]], selection: Selection) -> Component:
    value = selection.narrowing.get(name)
    return dmc.Select(
        id={"type": "voices-field", "name": name}, data=data, value="-" if value == "" else value, placeholder=label,
        searchable=True, clearable=True, size="sm", className="search-field", nothingFoundMessage=say("没有匹配的选项"),
        **{"aria-label": label},
    )  # fmt: skip


def _chips(context: Context, selection: Selection) -> list[Component]:
    """Return what the list is narrowed by beyond what the fields show, each with a link that takes it away."""
    shown = {"says", "topic", "category", "touchpoint", "kind_is", "team_is", "course", "tag", "mood"}
    told = narrowings(context.source, selection.narrowing)
    chips = [
        dcc.Link([text, html.Span("×", **{"aria-hidden": "true"})], className="chip", title=say("去掉这个条件"),
                 href=context.href("/voices", **{**context.view, name: None}))
        for name, text in told.items() if name not in shown
    ]  # fmt: skip
    clear = (
        [dcc.Link(say("清除全部条件"), href=context.href("/voices"), className="more")] if selection.narrowing else []
    )
    return [html.Div([*chips, *clear], className="chips")] if chips or clear else []


def _results(context: Context, selection: Selection, order: str) -> Component:
    sorts = [
        dcc.Link(say(name), href=_with(context, sort=None if key == "newest" else key),
                 className=f"pill {'is-on' if key == order else ''}".strip())
        for key, name in _ORDER_NAMES.items()
    ]  # fmt: skip
    tools = html.Div(
        [html.Div([html.Span(say("排序"), className="tool-name"), *sorts], className="pills is-small"),
         html.Div([html.Span(say("至多 {n:,} 条", n=MAX_ROWS), className="tool-name"), export_button(_EXPORT)],
                  className="result-exports")],
        className="result-tools",
    )  # fmt: skip
    counted = found.place(context, selection)
    undated = [] if context.is_dated else [html.P(_undated(), className="foot-note")]
    listed = grid(selection, context.extent, height="max(420px, calc(100vh - 250px))", order=order, wide=True)
    keys = html.P(say("点一行看整段对话；打开后用 ← → 看上一条、下一条。"), className="foot-note")
    return card(say("结果"), counted, tools, *undated, listed, keys, name="card-results")


def _undated() -> str:
    return say("这批数据没有时间，按编号排列。若有时间，分析时用 --time 指定所在的列。")


def _with(context: Context, **view: str | None) -> str:
    return context.href("/voices", **{**context.view, **view})


def read_export(context: Context) -> pd.DataFrame:
    """Return the contacts of the page's list in its order, with the words as the list shows them.

    Returns
    -------
    DataFrame
        At most `MAX_ROWS` + 1 rows: one more says that the file was cut.
    """
    selection = page_selection(context.filters, context.view)
    order = ORDERS.get(context.view.get("sort", ""), ORDERS["newest"])
    rows = contacts.listed(context.source, selection, start=0, stop=MAX_ROWS + 1, order=order).rows
    text = ["".join(piece for piece, _ in pieces) for pieces in rows["text"]]
    names = {label: say(name) for label, name in MOOD_NAMES.items()}
    return pd.DataFrame(
        {
            say("编号"): rows["contact_id"],
            say("时间"): rows["started"],
            say("渠道"): [channel_name(channel if given(channel) else None) for channel in rows["channel"]],
            say("类型"): [say(KIND_NAMES[kind]) if kind in KIND_NAMES else "" for kind in rows["kind"]],
            say("商品"): rows["product"],
            say("主题"): [topic if given(topic) else say(OTHER) for topic in rows["topic"]],
            say("情绪"): rows["sentiment_label"].map(names),
            say("情绪分"): rows["sentiment_score"],
            say("首次响应（秒）"): rows["wait"],
            say("客户原声"): text,
        }
    )


PAGE = Page("/voices", msg("原声"), render)
exports.offer(
    _EXPORT, PAGE.title, read_export, page=PAGE.path, verbatims_by=msg("编号"),
    meanings={
        msg("情绪分"): msg("−1 最不满，+1 最满意"),
        msg("首次响应（秒）"): msg("从客户第一句话到客服第一次回复"),
        msg("客户原声"): msg("已脱敏；搜索时为说到这些词的句子，否则为开头 240 字"),
    },
)  # fmt: skip
