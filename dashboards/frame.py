"""The frame around every page: header, navigation, filters, and the drawers of contacts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards import preferences
from dashboards.access.account import account
from dashboards.context import Page
from dashboards.data.source import Extent
from dashboards.language import msg, say
from dashboards.names import channel_name, product_name
from dashboards.preferences import Preferences
from dashboards.theme import ACCENT, FONT, palette

_SHORTCUTS = (7, 14, 28)
_TO_CHINESE = "改用中文"  # in Chinese whoever reads: it offers Chinese
_SHADES = ["#eef3f8", "#d9e3ed", "#b3c6da", "#8aa8c6", "#668eb5", "#4f7daa", "#3f6f9f", "#2f5a85", ACCENT, "#183350"]


def layout(pages: tuple[Page, ...]) -> Component:
    """Return the whole document for whoever asks; pages are put into `page` as the address changes."""
    wanted = preferences.current()
    shell = dmc.AppShell([_header(pages, wanted), _main()], header={"height": {"base": 92, "sm": 56}}, padding=0)
    return dmc.MantineProvider(
        dmc.DatesProvider(
            [*_invisible(), shell, _voices_drawer(), _contact_drawer()],
            settings={
                "locale": "en" if wanted.language == "en" else "zh-cn",
                "firstDayOfWeek": 1,
                "weekendDays": [0, 6],
            },
        ),
        theme={
            "fontFamily": FONT,
            "headings": {"fontFamily": FONT},
            "primaryColor": "kesheng",
            "colors": {"kesheng": _SHADES},
            "primaryShade": {"light": 8, "dark": 3},
            "defaultRadius": "md",
        },
        forceColorScheme="dark" if wanted.dark else "light",
    )


def _header(pages: tuple[Page, ...], wanted: Preferences) -> Component:
    links = [
        dcc.Link(say(p.title), href=p.path, id={"type": "nav", "path": p.path}, className="nav-link") for p in pages
    ]
    brand = [html.H1(say("客声"), className="brand"), html.Span(say("听见客户的声音"), className="brand-line")]
    return dmc.AppShellHeader(
        html.Div(
            [
                html.Div(brand, className="brand-place"),
                html.Nav(links, className="nav", **{"aria-label": say("页面")}),
                html.Div(id="data-note", className="data-note"),
                html.Div(_switches(wanted), className="switches"),
                account(),
            ],
            className="header",
        )
    )


def _main() -> Component:
    page = dcc.Loading(
        html.Div(id="page", className="page"),
        type="default",
        color=palette().accent,
        delay_show=400,
        overlay_style={"visibility": "visible", "opacity": 0.6},
    )
    return dmc.AppShellMain([html.Div(_filter_bar(), id="filter-bar"), page])


def _invisible() -> list[Component]:
    """Return what keeps the state of a visit, saves files, and tells what was done."""
    return [
        dcc.Location(id="url", refresh="callback-nav"),
        *(dcc.Store(id=name) for name in ("view", "voices", "contact", "contact-chosen", "decided")),
        dcc.Download(id="download"),
        dmc.NotificationContainer(id="notices", position="bottom-right", zIndex=500),
    ]


def _switches(wanted: Preferences) -> list[Component]:
    """Return the buttons of language, and of light or dark; `assets/preferences.js` keeps what is chosen."""
    other = "zh-CN" if wanted.language == "en" else "en"
    language = html.Button(
        "中" if other == "zh-CN" else "EN",
        className="switch",
        lang=other,
        title=_TO_CHINESE if other == "zh-CN" else "Switch to English",
        **{
            "data-preference": "language",
            "data-value": other,
            "aria-label": _TO_CHINESE if other == "zh-CN" else "Switch to English",
        },
    )
    scheme = say("浅色") if wanted.dark else say("深色")
    dark = html.Button(
        "☀" if wanted.dark else "☾",
        className="switch",
        title=scheme,
        **{"data-preference": "scheme", "data-value": "light" if wanted.dark else "dark", "aria-label": scheme},
    )
    return [language, dark]


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
        {"value": [str(max(first, last - dt.timedelta(days=n - 1))), str(last)], "label": say("近 {n} 天", n=n)}
        for n in _SHORTCUTS
    ]
    return [*found, {"value": [str(first), str(last)], "label": say("全部")}]


def data_note(extent: Extent, zone: str) -> list[Component | str]:
    """Return what the data is, for the header."""
    n = extent.n_contacts
    if extent.last_day is None:
        said = [say("共 {n:,} 条联络，均无时间", n=n)]
    else:
        said = [say("数据截至 {day:%Y-%m-%d} · 共 {n:,} 条联络", day=extent.last_day, n=n)]
        said += [say("其中 {n:,} 条无时间", n=extent.n_undated)] if extent.n_undated else []
    said += [say("另有 {n:,} 条记录被拒收", n=extent.n_rejected)] if extent.n_rejected else []
    where = say("北京时间") if zone == "Asia/Shanghai" else zone
    return [html.Span(say("，").join(said), title=say("时间均为{zone}", zone=where))]


def _filter_bar() -> Component:
    days = dmc.DatePickerInput(
        id="filter-days",
        type="range",
        valueFormat="YYYY-MM-DD",
        placeholder=say("选择日期"),
        numberOfColumns=2,
        **_calendar_formats(),
        allowSingleDateInRange=True,
        labelSeparator=say("至"),
        **{"aria-label": say("日期")},
        size="sm",
        w=250,
        popoverProps={"shadow": "md"},
    )
    channel = dmc.MultiSelect(
        id="filter-channel",
        placeholder=say("全部渠道"),
        clearable=True,
        size="sm",
        className="filter",
        data=[],
        **{"aria-label": say("渠道")},
        nothingFoundMessage=say("没有匹配的渠道"),
    )
    product = dmc.MultiSelect(
        id="filter-product",
        placeholder=say("全部商品"),
        clearable=True,
        searchable=True,
        size="sm",
        className="filter",
        data=[],
        **{"aria-label": say("商品")},
        nothingFoundMessage=say("没有匹配的商品"),
        maxDropdownHeight=320,
    )
    reset = dmc.Button(say("重置"), id="filter-reset", variant="subtle", size="sm", n_clicks=0)
    return html.Div([days, channel, product, reset], className="filter-bar")


def _calendar_formats() -> dict[str, str]:
    if preferences.current().language == "en":
        return {"monthLabelFormat": "MMMM YYYY", "yearLabelFormat": "YYYY", "monthsListFormat": "MMM"}
    return {"monthLabelFormat": msg("YYYY年M月"), "yearLabelFormat": msg("YYYY年"), "monthsListFormat": msg("M月")}


def _voices_drawer() -> Component:
    return dmc.Drawer(
        html.Div(id="voices-body"),
        id="voices-drawer",
        position="right",
        size="min(980px, 94vw)",
        padding="lg",
        zIndex=300,
        opened=False,
        title=html.Div(
            [
                html.Span(say("原声"), className="drawer-name"),
                html.Span(id="voices-title", className="drawer-title"),
                html.Span(id="voices-count", className="drawer-count"),
            ],
            className="drawer-head",
        ),
        closeButtonProps={"aria-label": say("关闭")},
        transitionProps={"duration": 120},
    )


def _contact_drawer() -> Component:
    return dmc.Drawer(
        html.Div(id="contact-body"),
        id="contact-drawer",
        position="right",
        size="min(560px, 90vw)",
        padding="lg",
        zIndex=400,
        opened=False,
        title=html.Span(say("对话"), className="drawer-name"),
        closeButtonProps={"aria-label": say("关闭")},
        transitionProps={"duration": 120},
    )
