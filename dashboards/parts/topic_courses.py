"""走势: chosen topics beside each other, each with its own small chart, on one axis of days."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts_topics import common_top, topic_share
from dashboards.context import Context
from dashboards.data import topics
from dashboards.data.source import step_of
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import STEPS, percent
from dashboards.parts.cards import card, empty, graph, opens
from dashboards.parts.changed import changed
from dashboards.parts.topic_rows import is_compared

N_SHOWN, MAX_SHOWN = 6, 12
SEPARATOR = ","


def courses_view(context: Context, frame: pd.DataFrame) -> list[Component]:
    """Return the view; `frame` is `dashboards.data.topics.topic_table`."""
    title, name = say("主题走势"), "card-courses"
    if not context.is_dated:
        advice = say("分析时用 --time 指定时间列，即可看到占比与情绪的变化。")
        return [card(title, empty(say("这批数据没有时间"), advice), name=name)]
    offered = frame[(frame["topic_id"] != "") & ~frame["hidden"]]
    if offered.empty:
        advice = say("联络太少，或主题尚未计算：运行 kesheng run 后刷新。全部被隐藏时，点「显示已隐藏」。")
        return [card(title, empty(say("还没有主题"), advice, "no-topics"), name=name)]
    wanted = picked(context, frame)
    rows = topics.days(context.source, context.selection)
    found = topics.courses(rows, context.selection, wanted)
    step = say(STEPS[step_of(context.filters, int(rows["n"].sum()))])
    of_topic = {row["topic_id"]: row for row in frame.to_dict("records")}
    top = common_top(found) if context.view.get("scale") == "same" else None
    panels = [_panel(context, of_topic[key], found[found["key"] == key], top) for key in wanted]
    note = [html.Span(say("{step}，占全部联络，阴影为 95% 区间", step=step), className="chart-unit")]
    return [card(title, _tools(context, offered, wanted), _says(context, frame),
                 html.Div(panels, className="panels"), note=note, name=name, export="topic-courses")]  # fmt: skip


def picked(context: Context, frame: pd.DataFrame) -> list[str]:
    """Return the topics of the address that have contacts here; without any, the largest."""
    there = list(frame["topic_id"])
    asked = [key for key in context.view.get("topics", "").split(SEPARATOR) if key and key in there]
    return list(dict.fromkeys(asked))[:MAX_SHOWN] or default_topics(frame)


def default_topics(frame: pd.DataFrame) -> list[str]:
    """Return the largest topics that are not hidden."""
    return list(frame.loc[(frame["topic_id"] != "") & ~frame["hidden"], "topic_id"].head(N_SHOWN))


def _tools(context: Context, offered: pd.DataFrame, wanted: list[str]) -> html.Div:
    choices = [{"value": row["topic_id"], "label": row["label"]} for row in offered.to_dict("records")]
    pick = dmc.MultiSelect(
        id={"type": "topic-pick", "default": SEPARATOR.join(default_topics(offered))}, data=choices, value=wanted,
        searchable=True, size="xs", maxValues=MAX_SHOWN, className="topic-pick", label=say("比较的主题"),
        nothingFoundMessage=say("没有匹配的主题"), clearable=True, maxDropdownHeight=320,
    )  # fmt: skip
    kept = {"view": "time", "topics": context.view.get("topics")}
    scales = [
        dcc.Link(say(name), href=context.href("/topics", **kept, scale=scale),
                 className=f"pill {'is-on' if context.view.get('scale') == scale else ''}")
        for scale, name in ((None, msg("各自纵轴")), ("same", msg("统一纵轴")))
    ]  # fmt: skip
    changed_most = dcc.Link(say("看与上期的全部差异 →"), href=context.href("/topics", view="compare"), className="more")
    return html.Div([pick, html.Div(scales, className="pills is-small"), changed_most], className="topic-tools is-pick")


def _says(context: Context, frame: pd.DataFrame) -> html.P:
    """Return which topics surely rose and fell most against the period before."""
    if not is_compared(context):
        return html.P(say("数据不够早，没有上期可比。"), className="chart-says")
    sure = frame[(frame["verdict"] == "significant") & (frame["topic_id"] != "") & ~frame["hidden"]]
    up, down = sure[sure["change"] > 0], sure[sure["change"] < 0]
    if sure.empty:
        return html.P(say("与上期相比，没有主题的占比显著变化。"), className="chart-says")
    parts = []
    for rows, word in ((up.nlargest(3, "change"), msg("上升")), (down.nsmallest(3, "change"), msg("下降"))):
        if len(rows):
            names = say("、").join(say("「{name}」", name=label) for label in rows["label"])
            parts.append(say("{names}占比显著{word}", names=names, word=say(word)))
    return html.P(say("与上期相比，{parts}。", parts=say("；").join(parts)), className="chart-says")


def _panel(context: Context, row: dict[Any, Any], frame: pd.DataFrame, top: float | None) -> html.Section:
    topic_id = row["topic_id"]
    name = dcc.Link(row["label"], href=context.href("/topics", topic=topic_id), className="topic-name")
    facts: list[Any] = [
        html.B(percent(row["share"])),
        opens(say("{n:,} 条", n=int(row["n"])), f"course-n-{topic_id or 'other'}", topic=topic_id),
    ]
    facts += [changed(row)] if is_compared(context) else []
    figure = topic_share(frame, topic_id, height=150, top=top)
    return html.Section(
        [html.Div([html.H3(name), html.Div(facts, className="panel-facts")], className="panel-head"),
         graph(figure, f"course-{topic_id or 'other'}")],
        className="panel", **{"data-testid": f"course-{topic_id or 'other'}"},
    )  # fmt: skip


def _read(context: Context) -> pd.DataFrame:
    frame = topics.topic_table(context.source, context.selection)
    if frame.empty:
        return pd.DataFrame()
    rows = topics.days(context.source, context.selection)
    found = topics.courses(rows, context.selection, picked(context, frame))
    labels = frame.set_index("topic_id")["label"]
    return pd.DataFrame(
        {
            say("主题"): found["key"].map(labels), say("从"): found["day_from"], say("到"): found["day_to"],
            say("条数"): found["n"], say("全部条数"): found["n_total"], say("占比"): found["share"],
            say("占比下限"): found["share_low"], say("占比上限"): found["share_high"], say("情绪均分"): found["mean"],
        }
    )  # fmt: skip


offer("topic-courses", msg("主题走势"), _read, page="/topics")
