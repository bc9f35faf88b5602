"""What came in: records by day and what became of them, why some were refused, and the files."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from dash.development.base_component import Component

from dashboards import charts_data
from dashboards.context import Context
from dashboards.data import intake
from dashboards.data.worked import worked
from dashboards.exports import MAX_ROWS, offer
from dashboards.language import msg, say
from dashboards.names import percent, reason_name
from dashboards.parts.cards import Chart, card, chart_card, empty
from dashboards.parts.data_table import Column, meanings, readable, table

FILES = (
    Column("file", msg("文件"), "code", 0, msg("landing 中的路径")),
    Column("source", msg("来源"), width=92),
    Column("collected_at", msg("采集于"), "time", 136),
    Column("n_bytes", msg("字节"), "count", 100),
    Column("n_records", msg("记录"), "count", 84, msg("文件中的记录数，能读与不能读的都算")),
    Column("n_used", msg("已入库"), "count", 84, msg("成为联络或其中一句的记录")),
    Column("n_superseded", msg("被取代"), "count", 84, msg("有更新的版本，旧的不再使用")),
    Column("n_rejected", msg("被拒"), "count", 76, msg("读不懂的记录，原因见被拒记录")),
    Column("n_unaccounted", msg("未处理"), "count", 84, msg("已采集、还没有运行到；全部运行后为 0")),
)
REASONS = (
    Column("reason_name", msg("原因"), width=0),
    Column("source", msg("来源"), width=80),
    Column("n", msg("记录"), "count", 64, msg("被拒的记录数")),
    Column("n_files", msg("文件"), "count", 56, msg("涉及的文件数")),
    Column("reason", msg("代码"), "code", 112, msg("表 rejected 中的写法")),
)
REFUSED = (
    Column("file", msg("文件"), "code", 0, msg("landing 中的路径")),
    Column("position", msg("位置"), "count", 84, msg("文件中第几条记录，从 1 起")),
    Column("reason_name", msg("原因"), width=170),
    Column("source", msg("来源"), width=92),
    Column("day", msg("日期"), "day", 104, msg("记录所属的本地日期，无法得知时为空")),
    Column("raw_hash", msg("原始记录的 SHA-256"), "code", 300, msg("用于比对，不含原文")),
)


def file_rows(context: Context) -> pd.DataFrame:
    """Return the files collected in the period."""
    return intake.files(context.source, worked(context))


def reason_rows(context: Context) -> pd.DataFrame:
    """Return why records were refused, each number leading to their positions."""
    found = intake.reasons(context.source, worked(context))
    hrefs = [
        context.href("", show="refused", reason=reason, of=source)
        for reason, source in zip(found["reason"], found["source"], strict=True)
    ]
    return found.assign(reason_name=[reason_name(reason) for reason in found["reason"]], n_href=hrefs)


def refused_rows(context: Context, limit: int) -> pd.DataFrame:
    """Return the refused records the address asks for."""
    view = context.view
    found = intake.refused(
        context.source, worked(context), reason=view.get("reason", ""), of=view.get("of", ""), limit=limit
    )
    return found.assign(reason_name=[reason_name(reason) for reason in found["reason"]])


def chosen_files(context: Context) -> pd.DataFrame:
    """Return the files the address asks for: those of a source; rejected ones lead to their positions."""
    found = file_rows(context)
    of = context.view.get("of", "") if context.view.get("show") == "files" else ""
    return found[found["source"] == of] if of else found


def intake_card(context: Context, files: pd.DataFrame) -> Component:
    """Return the chart of records by collected day, from `file_rows`."""
    if files.empty:
        nothing = empty(say("这段时间没有采集"), say("放宽日期，或运行 kesheng collect。"), "no-intake")
        return card(say("记录去向"), nothing, name="card-intake")
    days = intake.by_day(files)
    total, refused = int(days["n_records"].sum()), int(days["n_rejected"].sum())
    says = say(
        "{files:,} 个文件共 {n:,} 条记录：入库 {used:,} 条，被拒 {refused:,} 条（{share}），尚未处理 {open:,} 条。",
        files=len(files), n=total, used=int(days["n_used"].sum()), refused=refused,
        share=percent(refused / total if total else float("nan"), 2), open=int(days["n_unaccounted"].sum()),
    )  # fmt: skip
    figure = charts_data.intake(days)
    chart = Chart(figure, "intake", say("记录去向"), say("按采集日，条记录"), says)
    return chart_card(_until_now(context, days), chart, export="data_files")


def _until_now(context: Context, days: pd.DataFrame) -> Context:
    """Return the context with the days that the chart shows: what was collected since the data ends is in it too."""
    last, filters = pd.Timestamp(days["collected_day"].max()).date(), context.filters
    if filters.end is None or last <= filters.end:
        return context
    return replace(context, filters=replace(filters, end=last))


def reasons_card(context: Context, found: pd.DataFrame) -> Component:
    """Return the card of reasons, from `reason_rows`."""
    if found.empty:
        body: Component = empty(say("没有被拒的记录"), say("这段时间采集的记录都读懂了。"), "no-refused")
    else:
        body = table(found, REASONS, "grid-reasons", context.source.zone, rows=7)
    return card(say("被拒原因"), body, name="card-reasons", export="data_reasons", className="data-card")


offer("data_files", msg("采集的文件"), lambda context: readable(chosen_files(context), FILES),
      meanings=meanings(FILES), page="/data")  # fmt: skip
offer("data_reasons", msg("被拒原因"), lambda context: readable(reason_rows(context), REASONS),
      meanings=meanings(REASONS), page="/data")  # fmt: skip
offer("data_refused", msg("被拒记录"), lambda context: readable(refused_rows(context, MAX_ROWS + 1), REFUSED),
      meanings=meanings(REFUSED), page="/data")  # fmt: skip
