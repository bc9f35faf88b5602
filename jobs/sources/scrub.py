"""Take rows out of a landing file, for good; every other row keeps its position."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.settings import SourceSettings
from analytics.source_limits import LimitSettings
from jobs.sources.delimited import without_rows
from jobs.sources.encoding import decode
from jobs.sources.files import kind_of, list_in
from jobs.sources.spreadsheet import read_cells
from jobs.sources.structured import whole_list


def scrubbed(path: Path, source: SourceSettings, positions: Collection[int]) -> tuple[bytes, str]:
    """Return the file's new content without the rows at `positions`, and its new name.

    Text keeps the bytes of every other row. A spreadsheet becomes an xlsx of the one sheet that is read: what other
    sheets hold of a person is nowhere else looked at, so it goes too.
    """
    kind = kind_of(path)
    if kind == "spreadsheet":
        return _sheet_without(path, positions, source.limits), str(PurePosixPath(path.name).with_suffix(".xlsx"))
    if kind == "json":
        return _json_without(path, positions, source.format), path.name
    if kind == "parquet":
        return _parquet_without(path, positions), path.name
    return _text_without(path, positions, source.limits), path.name


def _text_without(path: Path, positions: Collection[int], limits: LimitSettings) -> bytes:
    decoded = decode(path.read_bytes(), path.name)
    text = without_rows(decoded, positions, suffix=path.suffix.lower(), limits=limits)
    return text.encode(decoded.encoding, errors="surrogateescape")


def _json_without(path: Path, positions: Collection[int], form: str) -> bytes:
    decoded = decode(path.read_bytes(), path.name)
    whole = whole_list(decoded.text, list_in(form, path))
    if whole is not None:
        # An empty object is no record and keeps the places of the others.
        left = [{} if number in positions else item for number, item in enumerate(whole, start=1)]
        return json.dumps(left, ensure_ascii=False).encode("utf-8", errors="surrogateescape")
    lines = decoded.text.split("\n")
    kept = ["" if number in positions else line for number, line in enumerate(lines, start=1)]
    return "\n".join(kept).encode(decoded.encoding, errors="surrogateescape")


def _parquet_without(path: Path, positions: Collection[int]) -> bytes:
    table = pq.read_table(path)
    kept = pa.array([number not in positions for number in range(1, table.num_rows + 1)])
    columns = {
        name: pc.if_else(kept, column, pa.scalar(None, column.type))
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _sheet_without(path: Path, positions: Collection[int], limits: LimitSettings) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    for number, row in enumerate(read_cells(path, limits)[0], start=1):
        cells = []
        for value in row if number not in positions else ():
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type = "s" if value is not None else "n"  # text: "=1+1" was written by a customer
            cells.append(cell)
        sheet.append(cells or [None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
