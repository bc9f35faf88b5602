"""The frame around every page: header, navigation, filters, and the drawers of contacts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Page
from dashboards.data.source import Extent
from dashboards.names import channel_name, product_name
from dashboards.theme import ACCENT, FONT

_SHORTCUTS = ((7, "近 7 天"), (14, "近 14 天"), (28, "近 28 天"))
_SHADES = ["#eef3f8", "#d9e3ed", "#b3c6da", "#8aa8c6", "#668eb5", "#4f7daa", "#3f6f9f", "#2f5a85", ACCENT, "#183350"]


def layout(pages: tuple[Page, ...]) -> Component:
    """Return the whole document; pages are put into `page` as the address changes."""
    links = [dcc.Link(p.title, href=p.path, id={"type": "nav", "path": p.path}, className="nav-link") for p in pages]
    header = dmc.AppShellHeader(
        html.Div(
            [
                html.Div([html.Span("客声", className="brand"), html.Span("听见客户的声音", className="brand-line")],
                         className="brand-place"),
                html.Nav(links, className="nav"),
                html.Div(id="data-note", className="data-note"),
            ],
            className="header",
        )
    )  # fmt: skip
    main = dmc.AppShellMain(
        [html.Div(_filter_bar(), id="filter-bar"), dcc.Loading(html.Main(id="page", className="page"), type="default",
         color=ACCENT, delay_show=400, overlay_style={"visibility": "visible", "opacity": 0.6})]
    )  # fmt: skip
    shell = dmc.AppShell([header, main], header={"height": 56}, padding=0)
    return dmc.MantineProvider(
        dmc.DatesProvider(
            [
                dcc.Location(id="url", refresh="callback-nav"),
                dcc.Store(id="view"),
                dcc.Store(id="voices"),
                dcc.Store(id="contact"),
                dcc.Store(id="decided"),
                dmc.NotificationContainer(id="notices", position="bottom-right", zIndex=500),
                shell,
                _voices_drawer(),
                _contact_drawer(),
            ],
            settings={"locale": "zh-cn", "firstDayOfWeek": 1, "weekendDays": [0, 6]},
        ),
        theme={"fontFamily": FONT, "headings": {"fontFamily": FONT}, "primaryColor": "kesheng",
               "colors": {"kesheng": _SHADES}, "primaryShade": 8, "defaultRadius": "md"},
        forceColorScheme="light",
    )  # fmt: skip


def filter_values(extent: Extent) -> dict[str, list[dict[str, str]]]:
    """Return the choices of the channel and product filters."""
    return {
        "channel": [{"value": c, "label": channel_name(c)} for c in extent.channels],
        "product": [{"value": p or "-", "label": product_name(p)} for p in extent.products],
    }


def shortcuts(extent: Extent) -> list[dict[str, Any]]:
    """Return the periods offered beside the calendar, counted back from the last day of the data."""
    if extent.first_day is None or extent.last_day is None:
        return []
    last, first = extent.last_day, extent.first_day
    found = [
        {"value": [str(max(first, last - dt.timedelta(days=n - 1))), str(last)], "label": label}
        for n, label in _SHORTCUTS
    ]
    return [*found, {"value": [str(first), str(last)], "label": "全部"}]


def data_note(extent: Extent, zone: str) -> list[Component | str]:
    """Return what the data is, for the header."""
    if extent.last_day is None:
        said = f"共 {extent.n_contacts:,} 条联络，均无时间"
    else:
        said = f"数据截至 {extent.last_day:%Y-%m-%d} · 共 {extent.n_contacts:,} 条联络"
    refused = f"，另有 {extent.n_rejected:,} 条记录被拒收" if extent.n_rejected else ""
    undated = f"，其中 {extent.n_undated:,} 条无时间" if extent.n_undated and extent.last_day is not None else ""
    return [html.Span(said + undated + refused, title=f"时间均为 {'北京时间' if zone == 'Asia/Shanghai' else zone}")]


def _filter_bar() -> Component:
    days = dmc.DatePickerInput(
        id="filter-days", type="range", valueFormat="YYYY-MM-DD", placeholder="选择日期", numberOfColumns=2,
        monthLabelFormat="YYYY年M月", yearLabelFormat="YYYY年", monthsListFormat="M月", allowSingleDateInRange=True,
        labelSeparator="至", size="sm", w=250, popoverProps={"shadow": "md"},
    )  # fmt: skip
    channel = dmc.MultiSelect(
        id="filter-channel", placeholder="全部渠道", clearable=True, size="sm", className="filter", data=[],
        nothingFoundMessage="没有匹配的渠道",
    )  # fmt: skip
    product = dmc.MultiSelect(
        id="filter-product", placeholder="全部商品", clearable=True, searchable=True, size="sm", className="filter",
        data=[], nothingFoundMessage="没有匹配的商品", maxDropdownHeight=320,
    )  # fmt: skip
    reset = dmc.Button("重置", id="filter-reset", variant="subtle", size="sm", n_clicks=0)
    return html.Div([days, channel, product, reset], className="filter-bar")


def _voices_drawer() -> Component:
    return dmc.Drawer(
        html.Div(id="voices-body"),
        id="voices-drawer", position="right", size="min(980px, 94vw)", padding="lg", zIndex=300, opened=False,
        title=html.Div(
            [html.Span("原声", className="drawer-name"), html.Span(id="voices-title", className="drawer-title"),
             html.Span(id="voices-count", className="drawer-count")],
            className="drawer-head",
        ),
        closeButtonProps={"aria-label": "关闭"}, transitionProps={"duration": 120},
    )  # fmt: skip


def _contact_drawer() -> Component:
    return dmc.Drawer(
        html.Div(id="contact-body"),
        id="contact-drawer", position="right", size="min(560px, 90vw)", padding="lg", zIndex=400, opened=False,
        title=html.Span("对话", className="drawer-name"), closeButtonProps={"aria-label": "关闭"},
        transitionProps={"duration": 120},
    )  # fmt: skip
