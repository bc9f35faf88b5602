"""主题: all topics and one of them, several over time, what moved the mood, A against B, and what is new."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context, Page
from dashboards.data import topics
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.parts.cards import empty
from dashboards.parts.changed import VERDICTS
from dashboards.parts.topic_births import births_view
from dashboards.parts.topic_courses import courses_view
from dashboards.parts.topic_detail import detail, missing
from dashboards.parts.topic_drivers import mood_view
from dashboards.parts.topic_list import topic_list
from dashboards.parts.topic_pairs import pairs_view
from dashboards.parts.topic_tabs import VIEWS, chosen, tabs


def render(context: Context) -> Sequence[Component]:
    """Return the page: the tabs, and the view that the address names."""
    view = chosen(context)
    heading = html.H2(say(VIEWS[view]), className="only-read")
    head = [html.H1(say("主题"), className="only-read"), tabs(context), heading]
    if view == "compare":
        return [*head, *pairs_view(context)]
    if view == "mood":
        return [*head, *mood_view(context)]
    frame = topics.topic_table(context.source, context.selection)
    if frame.empty:
        advice = say("放宽日期、渠道或商品，或点「重置」回到默认范围。")
        return [*head, empty(say("所选范围内没有联络"), advice, "no-contacts")]
    if view == "time":
        return [*head, *courses_view(context, frame)]
    if view == "emerging":
        return [*head, *births_view(context, frame)]
    return [*head, _all(context, frame)]


def _all(context: Context, frame: pd.DataFrame) -> Component:
    """Return the list, and the topic of the address in detail, else the largest."""
    visible = frame[~frame["hidden"]]
    wanted = context.view.get("topic", str((visible if len(visible) else frame)["topic_id"].iloc[0]))
    found = frame[frame["topic_id"] == wanted]
    known = topics.known(context.source)
    listed = topic_list(context, frame, wanted)
    one = missing(context, wanted, known) if found.empty else detail(context, found.iloc[0].to_dict(), known)
    return html.Div([listed, html.Div(one, className="stack")], className="columns is-topics")


def _read(context: Context) -> pd.DataFrame:
    """Return the list of topics as a table to take along."""
    found = topics.topic_table(context.source, context.selection)
    found = found if context.view.get("hidden") else found[~found["hidden"]]
    return pd.DataFrame(
        {
            say("主题"): found["label"], say("关键词"): [say("、").join(words) for words in found["words"]],
            say("触点"): found["touchpoint"], say("条数"): found["n"], say("占比"): found["share"],
            say("占比下限"): found["share_low"], say("占比上限"): found["share_high"],
            say("负面条数"): found["n_negative"], say("中性条数"): found["n_neutral"],
            say("正面条数"): found["n_positive"], say("情绪均分"): found["mean"], say("均分下限"): found["low"],
            say("均分上限"): found["high"], say("上期条数"): found["n_before"], say("占比变化"): found["change"],
            say("变化下限"): found["change_low"], say("变化上限"): found["change_high"], say("q 值"): found["q_value"],
            say("判断"): [say(VERDICTS[verdict]) for verdict in found["verdict"]],
        }
    )  # fmt: skip


offer("topics", msg("全部主题"), _read, page="/topics")
PAGE = Page("/topics", msg("主题"), render)
