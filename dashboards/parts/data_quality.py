"""How good the data is: days without rows, fields without values, alarms that were right, contacts left out."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import FLAG_NAMES
from dashboards import charts_data
from dashboards.context import Context
from dashboards.data import intake
from dashboards.data.coverage import MAX_DAYS, coverage, empty_days
from dashboards.data.precision import alarm_precision
from dashboards.exports import MAX_ROWS, offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import SPIKE_KINDS, channel_name, day_name, percent
from dashboards.parts.cards import Chart, card, chart_card, empty, few, opens
from dashboards.parts.data_table import Column, meanings, readable, table

COVERAGE = (
    Column("table", msg("表"), "code"),
    Column("day", msg("日期"), "day"),
    Column("n", msg("行数"), "count", meaning=msg("表 contact 不含被标记的联络")),
    Column("usual", msg("平时"), "number", meaning=msg("所选日期中有数据的各天的中位数")),
    Column("missing", msg("缺失"), meaning=msg("平时有联络却没有，或有联络而表里没有行")),
)
FLAGGED = (
    Column("flag_name", msg("标记"), width=0),
    Column("source", msg("来源"), width=76),
    Column("n", msg("联络"), "count", 80),
    Column("share", msg("占来源"), "share", 88, msg("占该来源同期全部联络的比例")),
)
MARKED = (
    Column("contact_id", msg("联络编号"), "code", 0),
    Column("started_at", msg("开始"), "time", 140),
    Column("channel_name", msg("渠道"), width=100),
    Column("flag_name", msg("标记"), width=120),
    Column("source", msg("来源"), width=120),
)
PRECISION = (
    Column("kind_name", msg("告警"), width=0),
    Column("n_told", msg("告警数"), "count", 60),
    Column("n_judged", msg("有结论"), "count", 70, msg("有人认领、解决或标为正常波动的告警")),
    Column("n_false", msg("误报"), "count", 58, msg("标为正常波动的告警")),
    Column("precision", msg("准确率"), "share", 80, msg("有结论的告警中不是误报的比例")),
    Column("low", msg("下限"), "share", 58, msg("95% Wilson 区间下限")),
    Column("high", msg("上限"), "share", 60, msg("95% Wilson 区间上限")),
)
_FIELDS = {
    "mood": (msg("情绪"), "with", "mood"),
    "topic": (msg("主题"), "topic", ""),
    "response": (msg("首次响应"), "with", "response"),
    "product": (msg("商品"), "product_is", ""),
    "team": (msg("班组"), "team_is", ""),
    "channel": (msg("渠道"), "channel_is", ""),
}
"""Field → name, and what opens: contacts that have it (`with`), or that lack it (a value '')."""
_COMPLETE = (
    Column("field_name", msg("字段")),
    Column("n_with", msg("有值"), "count"),
    Column("n_without", msg("无值"), "count"),
    Column("share", msg("有值比例"), "share"),
)


def coverage_card(context: Context, frame: pd.DataFrame) -> Component:
    """Return the picture of rows by table and day (`coverage`), and what is missing."""
    if frame.empty:
        return card(say("每天的数据"), empty(say("这批数据没有时间"), say("分析时用 --time 指定时间列，即可按天看。")),
                    name="card-coverage")  # fmt: skip
    days = empty_days(frame)
    if days:
        named = say("、").join(day_name(day) for day in days[:5])
        says = say("{n} 天有表缺数据：{days}", n=len(days), days=named + ("…" if len(days) > 5 else ""))
    else:
        says = say("{n} 天各表都有数据。", n=frame["day"].nunique())
    note = say("最近 {n} 天", n=MAX_DAYS) if frame["day"].nunique() == MAX_DAYS else ""
    chart = Chart(charts_data.coverage(frame), "coverage", say("每天的数据"), say("行数，深浅相对平时；红为缺失"), says)
    return chart_card(context, chart, note=note, export="data_coverage")


def fields_card(context: Context, n: dict[str, int]) -> Component:
    """Return the card of fields and how many contacts have them, from `intake.completeness`."""
    rows: list[Component] = [html.Span(say("全部联络")), html.Span(), html.Span(), opens(f"{n['all']:,}", "fields-all")]
    for name, (title, key, value) in _FIELDS.items():
        share = n[name] / n["all"] if n["all"] else 0.0
        bar = html.Div(html.I(style={"width": f"{share:.2%}"}), className="data-bar")
        has_it = key == "with"
        number = opens(f"{n[name] if has_it else n['all'] - n[name]:,}", f"fields-{name}", **{key: value})
        said = html.Span([say("有值") if has_it else say("无值"), " ", number])
        rows += [html.Span(say(title)), bar, html.Span(percent(share), className="is-right"), said]
    return card(
        say("字段完整度"), html.Div(rows, className="data-fields"), name="card-fields", export="data_fields",
        className="data-card",
    )  # fmt: skip


def field_rows(context: Context) -> pd.DataFrame:
    """Return the fields of the card as a table."""
    n = intake.completeness(context.source, context.selection)
    rows = [
        (say(title), n[name], n["all"] - n[name], n[name] / n["all"] if n["all"] else None)
        for name, (title, _, _) in _FIELDS.items()
    ]
    return pd.DataFrame(rows, columns=["field_name", "n_with", "n_without", "share"])


def flagged_rows(context: Context) -> pd.DataFrame:
    """Return flagged contacts by flag and source; each number leads to their ids."""
    found = intake.flagged(context.source, context.filters)
    hrefs = [
        context.href("", show="flagged", flag=flag, of=of)
        for flag, of in zip(found["flag"], found["source"], strict=True)
    ]
    return found.assign(flag_name=_flags(found), share=found["n"] / found["n_all"], n_href=hrefs)


def marked_rows(context: Context, limit: int) -> pd.DataFrame:
    """Return the flagged contacts the address asks for."""
    flag, of = context.view.get("flag", ""), context.view.get("of", "")
    found = intake.flagged_contacts(context.source, context.filters, flag=flag, of=of, limit=limit)
    return found.assign(flag_name=_flags(found), channel_name=[channel_name(c) for c in found["channel"]])


def precision_rows(context: Context) -> pd.DataFrame:
    """Return `alarm_precision` with names; nothing for those who see a part of the contacts only."""
    found = alarm_precision(context.alerts)
    if context.viewer.limits.any:
        found = found.iloc[:0]
    small = ["quiet" if n < SMALL_N else "" for n in found["n_judged"]]
    return found.assign(
        kind_name=[say(SPIKE_KINDS.get(kind, kind)) for kind in found["kind"]],
        precision_kind=small, low_kind=small, high_kind=small,
    )  # fmt: skip


def flagged_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of flagged contacts, from `flagged_rows`."""
    if found.empty:
        body: Component = empty(
            say("没有被标记的联络"), say("垃圾信息、刷评和广告会列在这里，不计入各页的数字。"), "no-flagged"
        )
    else:
        body = table(found, FLAGGED, "grid-flagged", context.source.zone, rows=6)
    return card(say("被标记的联络"), body, name="card-flagged", export="data_flagged", className="data-card")


def precision_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of how often alarms were right, from `precision_rows`."""
    link = dcc.Link(say("去处理告警"), href=context.href("/operations"), className="more")
    if found.empty:
        nothing = empty(say("还没有告警"), say("有告警并被认领或标为正常波动后，这里给出各类告警的准确率。"))
        return card(say("告警准确率"), nothing, note=link, name="card-precision")
    judged, false = int(found["n_judged"].sum()), int(found["n_false"].sum())
    said: list[Component | str] = [say("共 {told:,} 个告警，{judged:,} 个有结论，{false:,} 个误报。",
                                       told=int(found["n_told"].sum()), judged=judged, false=false)]  # fmt: skip
    said += [few()] if judged < SMALL_N else []
    return card(
        say("告警准确率"), html.P(said, className="chart-says"),
        table(found, PRECISION, "grid-precision", context.source.zone, rows=6), note=link, name="card-precision",
        export="data_precision", className="data-card",
    )  # fmt: skip


def _flags(found: pd.DataFrame) -> list[str]:
    return [say(FLAG_NAMES.get(flag, flag)) for flag in found["flag"]]


offer("data_coverage", msg("每天的数据"), lambda context: readable(coverage(context.source, context.filters), COVERAGE),
      meanings=meanings(COVERAGE), page="/data")  # fmt: skip
offer("data_fields", msg("字段完整度"), lambda context: readable(field_rows(context), _COMPLETE), page="/data")
offer("data_flagged", msg("被标记的联络"), lambda context: readable(flagged_rows(context), FLAGGED),
      meanings=meanings(FLAGGED), page="/data")  # fmt: skip
offer("data_marked", msg("被标记的联络（编号）"), lambda context: readable(marked_rows(context, MAX_ROWS + 1), MARKED),
      page="/data")  # fmt: skip
offer("data_precision", msg("告警准确率"), lambda context: readable(precision_rows(context), PRECISION),
      meanings=meanings(PRECISION), page="/data")  # fmt: skip
