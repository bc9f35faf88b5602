"""What happens when a table is saved: it is read as its page reads it, with what the viewer may see, and written."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, no_update

from analytics.errors import ConfigError, KeshengError
from dashboards.access.looked import looked
from dashboards.context import Context
from dashboards.export_files import WRITERS, About
from dashboards.exports import MAX_ROWS, TABLES, Export
from dashboards.filters import read_pairs
from dashboards.language import say
from dashboards.names import channel_name, product_name, span_name
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
_BUTTONS = {"type": "export", "table": ALL, "kind": ALL}


def register(app: Dash, site: Site) -> None:
    """Wire the buttons of `cards.export_button`: while a file is made none of them can be pressed again."""
    counter = itertools.count(1)

    def save(_: list[int], search: str | None) -> tuple[Any, Any]:
        clicked = ctx.triggered_id
        if not isinstance(clicked, dict) or not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update
        try:
            name, content, said = saved(site, str(clicked["table"]), str(clicked["kind"]), search or "")
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("export of %s: %s: %s", clicked["table"], type(error).__name__, error)
            return no_update, [_notice(next(counter), say("没有导出成功：数据读不出来，请刷新页面后再试"), "red")]
        notice = [_notice(next(counter), said, "yellow")] if said else no_update
        return dcc.send_bytes(content, name), notice

    app.callback(
        Output("download", "data"), Output("notices", "sendNotifications", allow_duplicate=True),
        Input(_BUTTONS, "n_clicks"), State("url", "search"), prevent_initial_call=True,
        running=[(Output(_BUTTONS, "disabled"), True, False)],
    )(save)  # fmt: skip


def saved(site: Site, table: str, kind: str, search: str) -> tuple[str, bytes, str]:
    """Return a table as a file: its name, its content, and what must be said of it ('' if it is whole).

    Parameters
    ----------
    table : str
        A name of `exports.TABLES`.
    kind : str
        csv or xlsx.
    search : str
        Query of the page's address: filters and the page's own parameters.

    Raises
    ------
    ConfigError
        If there is no such table, no such kind, or the viewer does not have its page.
    """
    export = TABLES.get(table)
    context = site.context(read_pairs(search))
    if export is None or kind not in WRITERS or not _may_have(context, export):
        raise ConfigError(f"export: expected a table that can be saved as csv or xlsx, got {table!r} as {kind!r}")
    frame = export.read(context)
    whole, frame = len(frame), frame.head(MAX_ROWS)
    zone = context.source.zone
    about = about_export(context, export, frame, site.published_at, is_cut=whole > MAX_ROWS)
    content = WRITERS[kind](frame, about, zone)
    if export.verbatims_by:
        asked = urlencode([*context.filters.pairs(), *sorted(context.view.items())])
        looked("export", f"{table}?{asked}", frame[say(export.verbatims_by)].unique())
    said = say("文件只含前 {n:,} 行，请缩小范围后再导出", n=MAX_ROWS) if whole > MAX_ROWS else ""
    return f"kesheng-{export.name}-{_period(context)}.{kind}", content, said


def about_export(
    context: Context, export: Export, frame: pd.DataFrame, published_at: dt.datetime | None, *, is_cut: bool
) -> About:
    """Return what stands above the rows: title, period, filters, when made, of what, how many, what columns mean."""
    filters, zone = context.filters, context.source.zone
    channels = [channel_name(channel) for channel in filters.channels]
    products = [product_name(product) for product in filters.products]
    rows = say("{n:,}（只含前 {n:,} 行，还有更多）", n=MAX_ROWS) if is_cut else f"{len(frame):,}"
    facts = {
        say("内容"): say(export.title),
        say("日期"): span_name(filters.start, filters.end),
        say("渠道"): "、".join(channels) or say("全部渠道"),
        say("商品"): "、".join(products) or say("全部商品"),
        **({say("其他条件"): "、".join(f"{k}={v}" for k, v in shown.items())} if (shown := _shown(context)) else {}),
        say("数据发布于"): _clock(published_at, zone) if published_at else "–",
        say("导出于"): _clock(dt.datetime.now(dt.UTC), zone),
        say("导出人"): context.viewer.name,
        say("时区"): zone,
        say("行数"): rows,
    }
    meanings = {say(name): say(text) for name, text in export.meanings.items()}
    return About(facts, {name: meanings[name] for name in map(str, frame.columns) if name in meanings})


def _may_have(context: Context, export: Export) -> bool:
    pages = context.viewer.pages
    return not (pages and export.page) or export.page in pages


def _shown(context: Context) -> dict[str, str]:
    """Return the page's own parameters; which list of contacts is open is none of the table's business."""
    return {name: value for name, value in context.view.items() if name != "voices"}


def _period(context: Context) -> str:
    start, end = context.filters.start, context.filters.end
    return f"{start:%Y%m%d}-{end:%Y%m%d}" if start and end else "all"


def _clock(moment: dt.datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")


def _notice(number: int, message: str, colour: str) -> dict[str, Any]:
    return {"id": f"saved-{number}", "action": "show", "message": message, "color": colour, "autoClose": 8000}
