"""Read delimited text: find the delimiter, keep the good rows, name the broken ones.

One broken quote must cost one row, not the rest of the file: the csv reader runs in strict mode, and where it fails or
swallows lines into a row of the wrong width, only the first of these lines is refused and reading goes on at the next.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from analytics.conform.outcome import Refused, hash_of
from analytics.source_limits import LIMITS, LimitSettings
from jobs.sources.bounded import too_much
from jobs.sources.encoding import Decoded, has_broken_bytes
from jobs.sources.header import column_names, find_header
from jobs.sources.table import RawTable, blank_to_none, frame_of

_DELIMITERS = (",", "\t", ";", "|")
_NO_DELIMITER = "\x1f"
_SAMPLE_LINES = 400
_SAMPLE_CHARS = 4 << 20
"""Of those lines: a line that is half of this says nothing of the form of a table."""
_QUOTES_SEEN = 0.15
"""What a field that stands in quotes speaks for quoting: as much as 15 % of the rows."""
_MIN_SHARE = 0.6
"""Share of rows that must have the usual width before a character is taken for the delimiter."""


@dataclass(frozen=True)
class Form:
    """How cells are told apart: the character between them, and whether they may stand in quotes."""

    delimiter: str
    quoted: bool

    def reader(self, lines: Iterator[str], *, strict: bool) -> Iterator[list[str]]:
        """Return the cells of each row."""
        if self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, strict=strict)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE, strict=strict)


@dataclass(frozen=True)
class _Record:
    """One row: its number from 1, its raw text, and its cells, or None if they could not be told apart."""

    position: int
    raw: str
    cells: list[str] | None
    reason: str = "bad_row"


def read_delimited(
    decoded: Decoded,
    *,
    header: bool | None,
    suffix: str = ".csv",
    only: Collection[str] | None = None,
    limits: LimitSettings = LIMITS,
) -> RawTable:
    r"""Read rows of delimited text.

    Parameters
    ----------
    decoded : Decoded
        The file's text.
    header : bool or None
        Whether there is a header row; None: find out.
    suffix : str
        Of the file's name; breaks a tie between delimiters.
    only : collection of str, optional
        Columns whose cells are wanted; those of others may be None.
    limits : LimitSettings
        Of the source. A row that is longer, or has a longer cell, is refused as too_long.

    Raises
    ------
    InputFileError
        If it has more lines, columns or cells than allowed.

    Examples
    --------
    >>> table = read_delimited(Decoded('编号,内容\n1,很好\n2,太,慢\n3,"三,四"\n', "utf-8"), header=None)
    >>> table.frame.values.tolist(), [(row.position, row.reason) for row in table.refused]
    ([['1', '很好'], ['3', '三,四']], [(3, 'bad_row')])
    """
    lines = _lines_of(decoded.text, limits)
    form, width = find_form(lines, suffix)
    _refuse_wide(len(lines), width, limits)
    irregular = has_broken_bytes(decoded.text) or any(len(line) > limits.row_chars for line in lines)
    regular = None if irregular else _regular(lines, form, width)
    records = list(_records(lines, form, width, limits)) if regular is None else []
    first = islice(regular if regular is not None else [record.cells or [] for record in records[:60]], 60)
    head = [[blank_to_none(cell) for cell in cells] for cells in first]
    at = find_header([[*cells, *[None] * (width - len(cells))] for cells in head], header=header)
    named = [] if at is None else head[at]
    while named and named[-1] is None:
        named.pop()
    _refuse_wide(len(lines), len(named), limits)
    names = column_names(named or None, max(width, len(named)))
    begin = 0 if at is None else at + 1
    if regular is not None:
        frame, positions, refused = _columns(regular, begin, names, only)
    else:
        rows, positions, refused = _sort_out(records[begin:], width, len(names))
        frame = frame_of(rows, names)
    return RawTable(
        frame,
        tuple(positions),
        tuple(refused),
        decoded.encoding,
        None if form.delimiter == _NO_DELIMITER else form.delimiter,
        None if at is None else at + 1 if regular is not None else records[at].position,
    )


def _columns(
    rows: Sequence[list[str]], begin: int, names: Sequence[str], only: Collection[str] | None
) -> tuple[pd.DataFrame, Sequence[int], list[Refused]]:
    """Return the filled rows from `begin` on, made column by column, and their positions."""
    filled = [number for number in range(begin, len(rows)) if any(rows[number]) and any(map(str.strip, rows[number]))]
    cells = list(zip(*(rows[number] for number in filled), strict=True)) or [()] * len(names)
    columns = {
        name: [cell if cell and not cell.isspace() else None for cell in column]
        if only is None or name in only
        else None
        for name, column in zip(names, cells, strict=True)
    }
    return pd.DataFrame(columns, index=range(len(filled)), dtype=object), [number + 1 for number in filled], []


def without_rows(
    decoded: Decoded, positions: Collection[int], *, suffix: str = ".csv", limits: LimitSettings = LIMITS
) -> str:
    r"""Return the text with the rows at these positions emptied; every other row keeps its position and its bytes.

    Examples
    --------
    >>> without_rows(Decoded('编号,内容\n1,"很\n好"\n2,慢\n', "utf-8"), {2})
    '编号,内容\n\n2,慢\n'
    """
    rows = raw_records(decoded, suffix=suffix, limits=limits)
    return "".join("\n" if position in positions else raw for position, raw in rows)


def raw_records(decoded: Decoded, *, suffix: str = ".csv", limits: LimitSettings = LIMITS) -> Iterator[tuple[int, str]]:
    """Yield position and text of each row, with its line ends."""
    lines = _lines_of(decoded.text, limits)
    form, width = find_form(lines, suffix)
    return ((record.position, record.raw) for record in _records(lines, form, width, limits))


def _lines_of(text: str, limits: LimitSettings) -> list[str]:
    csv.field_size_limit(limits.cell_chars)
    n_lines = 1 + max(text.count("\n"), text.count("\r"))
    if n_lines > limits.rows:
        raise too_much("the file", f"has {n_lines:,} lines, more than {limits.rows:,}", "rows")
    return list(io.StringIO(text.lstrip("\ufeff"), newline=""))


def _refuse_wide(n_lines: int, n_columns: int, limits: LimitSettings) -> None:
    if n_columns > limits.columns:
        raise too_much("the file", f"has {n_columns:,} columns, more than {limits.columns:,}", "columns")
    if n_lines * n_columns > limits.cells:
        raise too_much("the file", f"has {n_lines * n_columns:,} cells, more than {limits.cells:,}", "cells")


def find_form(lines: Sequence[str], suffix: str) -> tuple[Form, int]:
    """Return the delimiter, the quoting and the width of two or more under which most rows are good."""
    sample = _sample(lines)
    likely = "\t" if suffix == ".tsv" else ","
    best, best_score = (Form(_NO_DELIMITER, quoted=False), 1), 0.0
    for delimiter in _DELIMITERS:
        enclosed = re.compile(rf'(?:^|{re.escape(delimiter)})"[^"]+"(?:{re.escape(delimiter)}|\s*$)')
        in_quotes = any(enclosed.search(line) for line in sample)
        for quoted in (True, False):
            form = Form(delimiter, quoted)
            for width in _likely_widths(form, sample):
                share = _share_of_good(form, width, sample)
                score = share + (_QUOTES_SEEN if in_quotes else 0.02) * quoted + 0.03 * (delimiter == likely)
                if share >= _MIN_SHARE and score > best_score:
                    best, best_score = (form, width), score
    return best


def _sample(lines: Sequence[str]) -> list[str]:
    kept, n_chars = list[str](), 0
    for line in lines[:_SAMPLE_LINES]:
        if n_chars + len(line) <= _SAMPLE_CHARS:
            kept.append(line)
            n_chars += len(line)
    return kept


def _likely_widths(form: Form, sample: Sequence[str]) -> list[int]:
    """Return the two commonest widths of rows and, as one open quote can swallow all rows, of single lines."""
    whole, single = Counter[int](), Counter[int]()
    with suppress(csv.Error):
        whole.update(len(row) for row in form.reader(iter(sample), strict=False))
    for line in sample:
        with suppress(csv.Error):
            single.update(len(row) for row in form.reader(iter([line]), strict=True))
    common = [width for widths in (whole, single) for width, _ in widths.most_common(2)]
    return sorted({width for width in common if width > 1}, reverse=True)


def _share_of_good(form: Form, width: int, sample: Sequence[str]) -> float:
    filled = [record for record in _records(sample, form, width) if record.raw.strip()]
    good = sum(record.cells is not None and not _wrong(record.cells, width) for record in filled)
    return good / len(filled) if filled else 0.0


def _regular(lines: Sequence[str], form: Form, width: int) -> list[list[str]] | None:
    """Return the cells of all rows if every row is as wide as it should be, as in most files; else None."""
    try:
        rows = list(form.reader(iter(lines), strict=True))
    except csv.Error:
        return None
    return rows if all(len(row) == width for row in rows) else None


def _records(lines: Sequence[str], form: Form, width: int, limits: LimitSettings = LIMITS) -> Iterator[_Record]:
    position = start = 0
    while start < len(lines):
        if len(lines[start]) > limits.row_chars:
            position += 1
            yield _Record(position, lines[start], None, "too_long")
            start += 1
            continue
        rows = form.reader((lines[number] for number in range(start, len(lines))), strict=True)
        begin = start
        while start < len(lines) and len(lines[start]) <= limits.row_chars:
            position += 1
            try:
                cells = next(rows)
            except (csv.Error, StopIteration):
                break
            end = begin + rows.line_num  # type: ignore[attr-defined]
            if end > start + 1 and _wrong(cells, width):
                break
            yield _Record(position, "".join(lines[start:end]), cells)
            start = end
        else:
            continue
        reason = "too_long" if len(lines[start]) > limits.cell_chars else "bad_row"
        yield _Record(position, lines[start], _alone(lines[start], form, width), reason)
        start += 1


def _alone(line: str, form: Form, width: int) -> list[str] | None:
    """Return the cells of a line read by itself and leniently, None if they do not make a row."""
    if form.quoted and line.count('"') % 2:
        return None
    try:
        cells = next(form.reader(iter([line]), strict=False), [])
    except csv.Error:
        return None
    return None if _wrong(cells, width) else cells


def _wrong(cells: Sequence[str], width: int, most: int | None = None) -> bool:
    """Return whether a row has fewer than `width` fields, or something in a field beyond `most`."""
    return len(cells) < width or any(cell.strip() for cell in cells[most or width :])


def _sort_out(
    records: Sequence[_Record], width: int, most: int
) -> tuple[list[list[str | None]], list[int], list[Refused]]:
    rows: list[list[str | None]] = []
    positions: list[int] = []
    refused: list[Refused] = []
    for record in records:
        if not record.raw.strip() or (record.cells is not None and not any(cell.strip() for cell in record.cells)):
            continue
        if has_broken_bytes(record.raw):
            refused.append(Refused(record.position, "broken_bytes", hash_of(record.raw)))
        elif record.cells is None or _wrong(record.cells, width, most):
            refused.append(Refused(record.position, record.reason, hash_of(record.raw)))
        else:
            cells = [blank_to_none(cell) for cell in record.cells[:most]]
            rows.append([*cells, *[None] * (most - len(cells))])
            positions.append(record.position)
    return rows, positions, refused
