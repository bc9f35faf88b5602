"""What `kesheng kpis` prints: every indicator with its newest numbers, or why there are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from analytics.errors import ConfigError
from analytics.kpi_catalog import Indicator, load_indicators
from analytics.schema import UNDATED_DAY
from analytics.settings import Settings
from analytics.warehouse import open_reader
from analytics.warehouse.reader import WarehouseReader

_HEADS = ("指标", "名称", "日期", "数值", "95% 区间", "样本", "目标", "方向")
_MIN_WIDTH = 120
"""Of the table, in a pipe too: a name cut off could not be copied."""
_DIRECTIONS = {"higher": "越高越好", "lower": "越低越好", "neither": ""}
_WRITERS: dict[str, Callable[[float], str]] = {
    "count": "{:,.0f}".format,
    "share": "{:.1%}".format,
    "seconds": "{:,.0f} 秒".format,
    "score": "{:+.2f}".format,
    "points": "{:+.0f}".format,
}


def print_indicators(settings: Settings, day: dt.date | None = None) -> None:
    """Print name, label, value with interval, n and target of every indicator on its newest day, or on `day`.

    Below it one line for each that has no number: which columns the site's contacts have not.

    Raises
    ------
    ConfigError
        If nothing was published yet, or a declaration cannot be read.
    """
    indicators = load_indicators(settings.kpis_folder)
    with open_reader(settings.warehouse) as reader:
        if not reader.exists:
            raise ConfigError(f"no warehouse at {settings.warehouse}; run kesheng run, or kesheng demo, first")
        found = _newest(reader, day)
        absent = [one for name, one in indicators.items() if name not in found]
        empty = _empty_columns(reader, absent)
    table = Table(*(Column(name, no_wrap=True) for name in _HEADS), box=None)
    for name, one in indicators.items():
        if name in found:
            table.add_row(*_cells(one, found[name]))
    out = Console(width=max(Console().width, _MIN_WIDTH))
    out.print(table)
    for one in absent:
        out.print(f"没有 {one.label}（{one.name}）：{_reason(one, empty)}", soft_wrap=True, highlight=False)


def _newest(reader: WarehouseReader, day: dt.date | None) -> dict[str, dict[str, Any]]:
    rows = reader.query(
        "SELECT * FROM kpi_day WHERE channel = '*' AND team = '*' AND ($day IS NULL OR day = $day)"
        " QUALIFY row_number() OVER (PARTITION BY indicator ORDER BY day DESC) = 1",
        {"day": day},
    )
    return {str(row["indicator"]): dict(row) for _, row in rows.iterrows()}


def _empty_columns(reader: WarehouseReader, indicators: list[Indicator]) -> set[str]:
    """Return the columns of the indicators that no dated contact has a value in."""
    names = sorted({name for one in indicators for name in one.source})
    if not names:
        return set()
    counts = ", ".join(f'count("{name}") AS "{name}"' for name in names)
    row = reader.query(f"SELECT {counts} FROM contact WHERE day <> $undated", {"undated": UNDATED_DAY}).iloc[0]
    return {name for name in names if row[name] == 0}


def _reason(one: Indicator, empty: set[str]) -> str:
    columns = [name for name in one.source if name in empty]
    return f"联络里没有 {'、'.join(columns)}。{one.missing}" if columns else f"没有联络可计入。{one.missing}"


def _cells(one: Indicator, row: dict[str, Any]) -> list[str]:
    write = _WRITERS[one.unit]
    interval = f"{write(row['low'])} 至 {write(row['high'])}" if row["low"] == row["low"] else ""
    target = "" if one.target is None else write(one.target)
    numbers = [f"{row['day']:%Y-%m-%d}", write(row["value"]), interval, f"{row['n']:,}", target]
    return [one.name, one.label, *numbers, _DIRECTIONS[one.direction]]
