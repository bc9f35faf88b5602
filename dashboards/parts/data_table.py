"""Tables of the page 数据: one frame and one list of columns make the grid on the page and the file that is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

import dash_ag_grid as dag
import pandas as pd

from dashboards import preferences
from dashboards.language import msg, say

Kind = Literal["text", "code", "count", "share", "number", "time", "day", "state"]

_NUMBERS: dict[str, dict[str, Any]] = {"count": {}, "number": {"digits": 1}, "share": {"percent": True}}
_ROW, _HEAD = 32, 34
_MOST_ROWS = 11


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    field : str
        Its name in the frame. The frame may have `field_href` (where the cell leads) and `field_kind` (bad, good, late:
        how a state looks) beside it.
    title, meaning : str
        What people call it and what it means, marked by `msg`.
    kind : str
        How it is written; a code keeps its spelling and is never cut at a line's end.
    width : int
        Pixels; 0 = what is left over.
    """

    field: str
    title: str
    kind: Kind = "text"
    width: int = 0
    meaning: str = ""


def readable(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the columns by the names people call them: what is saved."""
    return frame[[column.field for column in columns]].set_axis([say(column.title) for column in columns], axis=1)


def meanings(columns: Sequence[Column]) -> dict[str, str]:
    """Return what columns mean, for `exports.offer`."""
    return {column.title: column.meaning for column in columns if column.meaning}


def table(
    frame: pd.DataFrame, columns: Sequence[Column], name: str, zone: str, *, rows: int = _MOST_ROWS
) -> dag.AgGrid:
    """Return a grid of the frame, `rows` rows high at most; more are scrolled to."""
    fits = 0 < len(frame) <= rows
    return dag.AgGrid(
        id=name,
        columnDefs=[_definition(column) for column in columns],
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
        rowData=_rows(frame, columns, zone),
        dashGridOptions={
            "rowHeight": _ROW, "headerHeight": _HEAD, "localeText": _words(), "animateRows": False,
            "domLayout": "autoHeight" if fits else "normal", "enableCellTextSelection": True, "ensureDomOrder": True,
            "tooltipShowDelay": 400,
        },
        className="ag-theme-quartz data-grid",
        style={"height": None if fits else f"{_HEAD + rows * _ROW + _ROW // 2}px", "width": "100%"},
    )  # fmt: skip


def _definition(column: Column) -> dict[str, Any]:
    is_number = column.kind in _NUMBERS
    right = {"type": "rightAligned", "cellRendererParams": _NUMBERS[column.kind]} if is_number else {}
    return {
        "field": column.field, "headerName": say(column.title), "cellRenderer": "DataCell",
        "cellClass": f"is-{column.kind}{' ag-right-aligned-cell' if is_number else ''}",
        **({"headerTooltip": say(column.meaning)} if column.meaning else {}),
        **right,
        **({"width": column.width} if column.width else {"flex": 1, "minWidth": 96}),
    }  # fmt: skip


def _rows(frame: pd.DataFrame, columns: Sequence[Column], zone: str) -> list[dict[str, Any]]:
    kinds = {column.field: column.kind for column in columns}
    beside = [name for name in frame.columns if str(name).endswith(("_href", "_kind"))]
    cut = frame[[*kinds, *beside]]
    return [{str(name): _written(value, kinds.get(str(name), ""), zone) for name, value in row.items()}
            for row in cut.to_dict("records")]  # fmt: skip


def _written(value: Any, kind: str, zone: str) -> Any:
    """Return a value as the grid takes it: moments and days as text that sorts, nothing for what is missing."""
    if value is None or (not isinstance(value, list) and pd.isna(value)):
        return None
    if kind == "time":
        return pd.Timestamp(value).tz_convert(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    if kind == "day":
        return value.isoformat()[:10] if isinstance(value, dt.date) else str(value)[:10]
    return value.item() if hasattr(value, "item") else value


def _words() -> Mapping[str, str]:
    said = {"noRowsToShow": say("没有记录")}
    if preferences.current().language == "en":
        return said
    return said | _CHINESE


_CHINESE = {
    "ariaSortableColumn": msg("按回车排序"), "ariaLabelColumnFilter": msg("筛选"), "copy": msg("复制"),
    "sortAscending": msg("升序"), "sortDescending": msg("降序"), "loadingOoo": msg("载入中…"),
}  # fmt: skip
"""Words of the grid itself; in English it has its own."""
