"""A table as a file that a spreadsheet opens: CSV or XLSX, with what it is, and nothing in it that could be run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from dashboards.language import say

Cell = str | int | float | bool | dt.datetime | dt.date | None

_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")
"""Text that begins so, even after spaces, may be taken for a formula (OWASP, CSV injection)."""
_MAX_TEXT = 32_767
"""Characters a cell of a workbook can hold (Excel's limit)."""
_WIDEST, _NARROWEST = 60, 9
_TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True)
class About:
    """What stands above a table in a file.

    Attributes
    ----------
    facts : mapping of str to str
        What it is, what was filtered, when it was made, and so on, in reading order.
    meanings : mapping of str to str
        Column to what it means.
    """

    facts: Mapping[str, str]
    meanings: Mapping[str, str]


def written_csv(frame: pd.DataFrame, about: About, zone: str) -> bytes:
    """Return the table as CSV: UTF-8 with a byte order mark, for Excel to read Chinese; first lines that begin with #.

    Examples
    --------
    >>> text = written_csv(pd.DataFrame({"词": ["=1+1"], "差": [-2]}), About({"内容": "示例"}, {}), "UTC").decode()
    >>> text.splitlines()[1:]
    ['词,差', "'=1+1,-2"]
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in _said(about):
        writer.writerow([f"# {line}"])
    writer.writerow([_safe(str(name)) for name in frame.columns])
    for row in _rows(frame, zone):
        writer.writerow([_as_text(value) for value in row])
    return ("\ufeff" + out.getvalue()).encode()


def written_xlsx(frame: pd.DataFrame, about: About, zone: str) -> bytes:
    """Return the table as a workbook: a sheet that says what it is, and a sheet of rows with its head kept in view."""
    book = Workbook(write_only=True)
    note = book.create_sheet(say("说明"))
    note.column_dimensions["A"].width, note.column_dimensions["B"].width = 18, 90
    for name, text in about.facts.items():
        note.append([_clean(name), _clean(text)])
    if about.meanings:
        note.append([])
        note.append([say("列"), say("含义")])
        for name, text in about.meanings.items():
            note.append([_clean(name), _clean(text)])
    sheet = book.create_sheet(say("数据"))
    sheet.freeze_panes = "A2"
    for at, width in enumerate(_widths(frame), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    if len(frame.columns):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    sheet.append([_clean(str(name)) for name in frame.columns])
    for row in _rows(frame, zone):
        sheet.append([_clean(value) if isinstance(value, str) else value for value in row])
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WRITERS: dict[str, Callable[[pd.DataFrame, About, str], bytes]] = {"csv": written_csv, "xlsx": written_xlsx}
"""Kind of file to what writes it: frame, what is said of it, the zone of its times."""


def plain(frame: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return the frame as a file shows it: times of the zone's clock, lists as one text, nothing for what is missing.

    Examples
    --------
    >>> seen = pd.DataFrame({"时间": pd.to_datetime(["2026-09-07T04:00Z"]), "词": [["催", "慢"]], "值": [float("nan")]})
    >>> plain(seen, "Asia/Shanghai").iloc[0].tolist()
    [datetime.datetime(2026, 9, 7, 12, 0), '催、慢', None]
    """
    rows = list(_rows(frame, zone))
    return pd.DataFrame(rows, columns=list(frame.columns), dtype=object)


def _rows(frame: pd.DataFrame, zone: str) -> Iterable[tuple[Cell, ...]]:
    """Yield rows of plain cells, column by column made so."""
    local = ZoneInfo(zone)
    columns = [[_cell(value, local) for value in frame.iloc[:, at]] for at in range(frame.shape[1])]
    return zip(*columns, strict=True) if columns else iter(())


def _cell(value: object, zone: ZoneInfo) -> Cell:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp | dt.datetime):
        moment = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
        return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    if isinstance(value, dt.date):
        return value
    if hasattr(value, "tolist"):  # numpy's own numbers and lists
        value = value.tolist()
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)


def _safe(text: str) -> str:
    """Return a text no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_BREAKS) or text.lstrip().startswith(_RUNS) else text


def _clean(text: str) -> str:
    """Return a text a cell of a workbook can hold, without what could be run."""
    return _safe(ILLEGAL_CHARACTERS_RE.sub("", text))[:_MAX_TEXT]


def _as_text(value: Cell) -> object:
    """Return a value as CSV writes it: numbers as they are, times to the second."""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return _safe(value) if isinstance(value, str) else value


def _said(about: About) -> Iterable[str]:
    facts = [f"{name}: {text}" for name, text in about.facts.items()]
    meanings = [f"{name} = {text}" for name, text in about.meanings.items()]
    return [" ".join(line.split()) for line in (*facts, *meanings)]


def _widths(frame: pd.DataFrame) -> list[float]:
    """Return a width for each column from its first rows; a Chinese character takes two places."""
    widths = []
    for at, name in enumerate(frame.columns):
        texts = [str(name), *(str(value) for value in frame.iloc[:50, at])]
        longest = max(sum(1 + (ord(c) > 0x2E80) for c in text) for text in texts)
        widths.append(float(min(max(longest + 2, _NARROWEST), _WIDEST)))
    return widths
