"""The sources: how fresh each is, and whether it is later than usual."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.freshness import freshness
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.parts.cards import card, empty
from dashboards.parts.data_table import Column, meanings, readable, table

STATES = {"late": msg("迟到"), "fresh": msg("正常"), "unknown": msg("历史不足"), "undated": msg("没有时间")}
_LOOKS = {"late": "late", "fresh": "good", "unknown": "quiet", "undated": "quiet"}
BASES = {"collections": msg("采集节奏"), "days": msg("有记录的日期"), "": msg("历史不足")}
COLUMNS = (
    Column("source", msg("来源"), width=0),
    Column("state", msg("状态"), "state", 78, msg("最新记录比「最多」更旧，就算迟到")),
    Column("newest", msg("最新记录"), "time", 130, msg("最近一条联络的开始时间")),
    Column("age_hours", msg("距今（时）"), "number", 94, msg("最新记录距现在多少小时")),
    Column("allowed_hours", msg("最多（时）"), "number", 94,
           msg("平时最旧到多少小时：采集间隔 90% 分位的 1.5 倍；采集不足 6 次时，看有记录的日期之间隔几天")),
    Column("basis", msg("依据"), width=96),
    Column("collected", msg("最近采集"), "time", 130, msg("最近一个文件进入 landing 的时间")),
    Column("n_files", msg("文件"), "count", 62),
    Column("n_records", msg("记录"), "count", 84, msg("landing 中的记录数，一条联络可有多条")),
    Column("n_contacts", msg("联络"), "count", 78),
)  # fmt: skip


def source_rows(context: Context) -> pd.DataFrame:
    """Return `freshness` as it stands now."""
    return freshness(context.source, dt.datetime.now(dt.UTC))


def _shown(context: Context, found: pd.DataFrame) -> pd.DataFrame:
    hrefs = [context.href("", show="files", of=name) for name in found["source"]]
    return found.assign(
        state=[say(STATES[state]) for state in found["state"]],
        state_kind=[_LOOKS[state] for state in found["state"]],
        basis=[say(BASES[basis]) for basis in found["basis"]],
        n_files_href=[href if n else "" for href, n in zip(hrefs, found["n_files"], strict=True)],
        n_records_href=[href if n else "" for href, n in zip(hrefs, found["n_files"], strict=True)],
    )


def sources_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of the sources, from `source_rows`."""
    if found.empty:
        body: Component = empty(say("没有来源"), say("在设置里配置来源，再运行 kesheng collect。"), "no-sources")
    else:
        body = table(_shown(context, found), COLUMNS, "grid-sources", context.source.zone)
    note = html.Span(say("不受日期筛选影响"))
    return card(say("来源新鲜度"), body, note=note, name="card-sources", export="data_sources", className="data-card")


offer(
    "data_sources", msg("来源新鲜度"), lambda context: readable(_shown(context, source_rows(context)), COLUMNS),
    meanings=meanings(COLUMNS), page="/data",
)  # fmt: skip
