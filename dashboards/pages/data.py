"""数据: whether the data is fresh and whole, what was refused, what ran and with what, and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context, Page
from dashboards.data import intake, runs
from dashboards.data.coverage import coverage, empty_days
from dashboards.data.freshness import late
from dashboards.data.worked import worked
from dashboards.language import msg, say
from dashboards.names import percent, span_name
from dashboards.parts import data_gate, data_intake, data_quality, data_runs, data_sources
from dashboards.parts.cards import empty, tile
from dashboards.parts.data_detail import detail
from dashboards.parts.data_hints import Hint, State, hints, hints_card


def render(context: Context) -> Sequence[Component]:
    """Return the page. What the address asks for in detail stands first."""
    if context.viewer.limits.any:
        advice = say("文件、运行和版本属于全部数据；这里需要不受范围限制的账号。其他页面不受影响。")
        return [*data_gate.banner(context), empty(say("你的账号只看得到部分联络"), advice, "limited")]
    sources, files = data_sources.source_rows(context), data_intake.file_rows(context)
    made, covered = runs.made_with(context.source), coverage(context.source, context.filters)
    found = hints(_state(context, sources, files, made, covered))
    fields = intake.completeness(context.source, context.selection)
    came = [data_sources.sources_card(context, sources), data_intake.intake_card(context, files)]
    quality = [
        data_intake.reasons_card(context, data_intake.reason_rows(context)),
        data_quality.precision_card(context, data_quality.precision_rows(context)),
        data_quality.flagged_card(context, data_quality.flagged_rows(context)),
    ]
    return [
        *data_gate.banner(context),
        *detail(context),
        html.P(_span(context), className="data-span", id="data-span"),
        _tiles(context, sources, files, found),
        _side_by_side(_stacked(*came), _stacked(hints_card(found), data_quality.fields_card(context, fields)),
                      look="is-wide-left"),
        data_gate.gate_card(context, data_gate.verdict_rows(context)),
        data_runs.runs_card(context, data_runs.run_rows(context)),
        _side_by_side(data_runs.made_card(context, made), data_quality.coverage_card(context, covered), look="is-pair"),
        html.Div(quality, className="columns is-three"),
    ]  # fmt: skip


def _side_by_side(*cards: Component, look: str = "is-even") -> Component:
    return html.Div(list(cards), className=f"columns {look}")


def _stacked(*cards: Component) -> Component:
    return html.Div(list(cards), className="stack")


def _span(context: Context) -> str:
    """Return which days the page is about: when things were collected and ran, up to now where the data ends."""
    span = worked(context)
    rest = say("渠道与商品只影响字段完整度和被标记的联络。")
    if span.start is None:
        return say("文件与运行：全部时间。") + rest
    days = span_name(span.start, span.end or span.start)
    if span.end is None:
        return say("文件与运行：{day}至今采集或运行的。", day=days) + rest
    return say("文件与运行：{days}采集或运行的。", days=days) + rest


def _state(
    context: Context, sources: pd.DataFrame, files: pd.DataFrame, made: pd.DataFrame, covered: pd.DataFrame
) -> State:
    # Without runs, as after `analyze` of a file, nothing can be run again.
    ran = bool(runs.run_counts(context.source, worked(context))["n"]) or not made.empty
    with_contacts = set(covered.loc[(covered["table"] == "contact") & (covered["n"] > 0), "day"])
    return State(
        failures=runs.open_failures(context.source),
        stale=[day.date() for day in runs.stale_days(made)],
        missing=[day for day in empty_days(covered) if day in with_contacts] if ran else [],
        n_unaccounted=int(files["n_unaccounted"].clip(lower=0).sum()),
        late=late(sources[sources["n_files"] > 0]),
    )


def _tiles(context: Context, sources: pd.DataFrame, files: pd.DataFrame, found: Sequence[Hint]) -> Component:
    counts = runs.run_counts(context.source, worked(context))
    states = sources["state"].value_counts()
    n_late, n_fresh = int(states.get("late", 0)), int(states.get("fresh", 0))
    records, refused = int(files["n_records"].sum()), int(files["n_rejected"].sum())
    share = percent(refused / records if records else float("nan"), 2)
    return html.Div(
        [
            tile(say("来源"), say("{n} 个", n=len(sources)),
                 say("{fresh} 个正常，{late} 个迟到", fresh=n_fresh, late=n_late), name="tile-sources"),
            tile(say("采集的记录"), f"{records:,}", say("被拒 {n:,} 条（{share}）", n=refused, share=share),
                 name="tile-records"),
            tile(say("运行"), say("{n:,} 次", n=counts["n"]),
                 say("失败 {failed:,} 次，{open:,} 次未补", failed=counts["n_failed"], open=counts["n_open"]),
                 name="tile-runs"),
            tile(say("待办"), say("{n} 项", n=len(found)), found[0].why if found else say("一切正常"),
                 name="tile-hints"),
        ],
        className="data-tiles",
    )  # fmt: skip


PAGE = Page("/data", msg("数据"), render)
