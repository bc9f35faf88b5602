"""What a number of the page 数据 opens to: files, refused positions, runs, days, flagged contacts; never text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import FLAG_NAMES
from dashboards.context import Context
from dashboards.data.intake import SHOWN
from dashboards.language import msg, say
from dashboards.names import reason_name
from dashboards.parts import data_intake, data_quality, data_runs
from dashboards.parts.cards import card, empty
from dashboards.parts.data_table import Column, table


@dataclass(frozen=True)
class _Detail:
    title: str
    columns: Sequence[Column]
    read: Callable[[Context], pd.DataFrame]
    export: str
    asked: tuple[str, ...]


_DETAILS = {
    "files": _Detail(msg("采集的文件"), data_intake.FILES, data_intake.chosen_files, "data_files", ("of",)),
    "refused": _Detail(msg("被拒记录"), data_intake.REFUSED,
                       lambda context: data_intake.refused_rows(context, SHOWN + 1), "data_refused", ("reason", "of")),
    "runs": _Detail(msg("运行"), data_runs.RUNS, data_runs.run_rows, "data_runs", ("job",)),
    "days": _Detail(msg("由哪版算出"), data_runs.DAYS, data_runs.day_rows, "data_days", ("made",)),
    "flagged": _Detail(msg("被标记的联络（编号）"), data_quality.MARKED,
                       lambda context: data_quality.marked_rows(context, SHOWN + 1), "data_marked", ("flag", "of")),
}  # fmt: skip


def detail(context: Context) -> list[Component]:
    """Return the card of what the address asks for; nothing where it asks for nothing."""
    asked = _DETAILS.get(context.view.get("show", ""))
    if asked is None:
        return []
    found = asked.read(context)
    parts = [_named(name, context.view[name]) for name in asked.asked if context.view.get(name)]
    n = say("前 {n:,} 条，导出可得更多", n=SHOWN) if len(found) > SHOWN else say("共 {n:,} 条", n=len(found))
    back = dcc.Link(say("收起"), href=context.href("/data"), className="more", id="detail-close")
    note = [html.Span(n, id="detail-count"), back]
    body: Component = (
        empty(say("没有记录"), say("放宽日期，或收起后另选。"))
        if found.empty
        else table(found.head(SHOWN), asked.columns, "grid-detail", context.source.zone, rows=14)
    )
    title = " · ".join([say(asked.title), *parts])
    return [card(title, body, note=note, name="card-detail", export=asked.export, className="data-card is-detail")]


def _named(name: str, value: str) -> str:
    """Return what was asked for as people call it."""
    if name == "reason":
        return reason_name(value)
    return say(FLAG_NAMES.get(value, value)) if name == "flag" else value.replace(":", " ")
