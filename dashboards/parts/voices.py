"""原声: the list of contacts behind a number or a search."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag

from analytics.names import KIND_NAMES, MOOD_NAMES
from dashboards.access.looked import looked
from dashboards.data import contacts
from dashboards.data.source import Extent, Source
from dashboards.given import given
from dashboards.language import msg, say
from dashboards.names import OTHER, channel_name, duration, score
from dashboards.parts.conversation import conversation as conversation
from dashboards.parts.described import describe as describe
from dashboards.selection import Selection

PAGE_SIZE = 50
_LONGEST_PAGE = 500
_LOCALE = {
    "page": msg("第"), "to": "–", "of": "/", "more": msg("更多"), "next": msg("下一页"), "last": msg("末页"),
    "first": msg("首页"), "previous": msg("上一页"), "loadingOoo": msg("载入中…"),
    "noRowsToShow": msg("没有符合条件的原声"), "pageSizeSelectorLabel": msg("每页"), "pageLastRowUnknown": "…",
    "nextPage": msg("下一页"), "lastPage": msg("末页"), "firstPage": msg("首页"), "previousPage": msg("上一页"),
    "ariaPageSizeSelectorLabel": msg("每页条数"), "loadingError": msg("载入失败"), "thousandSeparator": ",",
    "ariaSortableColumn": msg("按回车排序"), "copy": msg("复制"), "sortAscending": msg("升序"),
    "sortDescending": msg("降序"),
}  # fmt: skip
ORDERS = {
    "newest": ("started", "desc"),
    "oldest": ("started", "asc"),
    "worst": ("mood", "asc"),
    "best": ("mood", "desc"),
    "strongest": ("strength", "desc"),
    "wait": ("wait", "desc"),
}
"""Orders of a list by the name they have in an address."""


def grid(
    selection: Selection,
    known: Extent,
    *,
    height: str,
    compact: bool = False,
    order: str = "newest",
    wide: bool = False,
) -> dag.AgGrid:
    """Return the grid of a selection's contacts; rows come in pages of `PAGE_SIZE` as they are looked at.

    Columns that would say the same in every row of the warehouse are left out, and when `compact` the topic too; `wide`
    adds the wait and lets people choose how long a page is. On a phone each row is a card (`assets/voices.css`).
    """
    sortable = not wide  # there the order stands in the address
    columns: list[dict[str, Any]] = [
        {"field": "started", "headerName": say("时间"), "width": 134, "hide": known.first_day is None},
        {"field": "channel", "headerName": say("渠道"), "width": 84, "hide": len(known.channels) < 2},
        {"field": "product", "headerName": say("商品"), "width": 110, "hide": compact or not any(known.products)},
        {"field": "mood", "headerName": say("情绪"), "width": 120, "cellRenderer": "Mood"},
        {"field": "topic", "headerName": say("主题"), "width": 122, "hide": compact},
        {"field": "wait", "headerName": say("首次响应"), "width": 104, "hide": not wide},
        {"field": "pieces", "headerName": say("客户原声"), "flex": 1, "minWidth": 200, "cellRenderer": "Said",
         "cellClass": "said", "autoHeaderHeight": False},
    ]  # fmt: skip
    if sortable:
        columns = [{**column, "sortable": column["field"] in ("started", "mood")} for column in columns]
    return dag.AgGrid(
        id={"type": "contacts", "selection": selection.encoded, "order": order},
        columnDefs=columns,
        defaultColDef={"sortable": False, "resizable": True, "suppressHeaderMenuButton": True},
        rowModelType="infinite",
        getRowId="params.data.contact_id",
        dashGridOptions={
            "pagination": True, "paginationPageSize": PAGE_SIZE,
            "paginationPageSizeSelector": [25, 50, 100, 200] if wide else False,
            "cacheBlockSize": PAGE_SIZE, "maxBlocksInCache": 20, "infiniteInitialRowCount": 1, "headerHeight": 36,
            "localeText": {name: say(text) for name, text in _LOCALE.items()}, "animateRows": False,
            "suppressColumnVirtualisation": True,
        },
        className="ag-theme-quartz voices-grid",
        style={"height": height, "width": "100%"},
    )  # fmt: skip


def answer(
    source: Source, selection: Selection, request: dict[str, object], order: str = "newest"
) -> dict[str, object]:
    """Return the rows the grid asks for, and how many there are in all where that is known; it is kept who looked."""
    model = request.get("sortModel") or []
    by = _order(model[0]) if isinstance(model, list) and model else ORDERS.get(order, ORDERS["newest"])
    start, stop = (_whole(request.get(name), default) for name, default in (("startRow", 0), ("endRow", PAGE_SIZE)))
    found = contacts.listed(source, selection, start=start, stop=min(stop, start + _LONGEST_PAGE), order=by)
    looked("search" if selection.searches else "list", selection.encoded, found.rows["contact_id"])
    return {"rowData": [_row(row) for row in found.rows.to_dict("records")], "rowCount": found.n}


def _order(model: object) -> tuple[str, str]:
    column = str(model.get("colId", "")) if isinstance(model, dict) else ""
    return column, str(model.get("sort", "desc")) if isinstance(model, dict) else "desc"


def _whole(value: object, default: int) -> int:
    return max(int(value), 0) if isinstance(value, int | float) else default


def _row(row: dict[Any, Any]) -> dict[str, object]:
    label = row["sentiment_label"] if given(row["sentiment_label"]) else None
    found: dict[str, object] = {
        "contact_id": row["contact_id"],
        "started": row["started"] if given(row["started"]) else say("无时间"),
        "channel": channel_name(row["channel"] if given(row["channel"]) else None),
        "kind": say(KIND_NAMES.get(row["kind"], "")) if row["kind"] in KIND_NAMES else "",
        "product": row["product"] if given(row["product"]) else "–",
        "mood": say(MOOD_NAMES[label]) if label in MOOD_NAMES else "–",
        "label": label or "",
        "score": score(float(row["sentiment_score"])) if label else "",
        "topic": row["topic"] if given(row["topic"]) else say(OTHER),
        "wait": duration(float(row["wait"])) if given(row["wait"]) else "–",
        "pieces": [list(piece) for piece in row["text"]],
    }
    return found
