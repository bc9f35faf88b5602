"""Read files of records with named fields: jsonl, json, parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.conform.outcome import Refused, hash_of
from analytics.errors import InputFileError
from analytics.source_limits import LIMITS, MEGABYTE, LimitSettings
from jobs.sources.bounded import too_much
from jobs.sources.encoding import Decoded, decode, has_broken_bytes
from jobs.sources.table import RawTable, blank_to_none, frame_of


@dataclass(frozen=True)
class RawRecords:
    """JSON objects of a file with their positions from 1, and what was refused."""

    records: tuple[tuple[int, dict[str, Any]], ...]
    refused: tuple[Refused, ...] = ()


def read_records(
    decoded: Decoded,
    *,
    is_list: Callable[[Mapping[str, Any]], bool] = lambda whole: True,
    limits: LimitSettings = LIMITS,
) -> RawRecords:
    r"""Return the objects of JSON Lines, of one JSON list, or one object that is the whole file.

    An object that is nothing but the wrapping of a single list of objects is that list. Positions are lines, or places
    in the list. Lines and elements that are no JSON object are refused as bad_json, those with bytes of no character
    as broken_bytes, those that are too long or hold too long a text as too_long.

    Parameters
    ----------
    decoded : Decoded
        The file.
    is_list : callable
        Whether an object that could be such a wrapping is one; a transcript is none, its list holds its turns.
    limits : LimitSettings
        Of the source.

    Raises
    ------
    InputFileError
        If it has more lines or values than allowed.

    Examples
    --------
    >>> found = read_records(Decoded('{"a": 1}\n\n{"a": \n{"a": 3}', "utf-8"))
    >>> found.records, [(row.position, row.reason) for row in found.refused]
    (((1, {'a': 1}), (4, {'a': 3})), [(3, 'bad_json')])
    >>> read_records(Decoded('{\n"a": 1\n}', "utf-8")).records
    ((1, {'a': 1}),)
    """
    _refuse_many(decoded.text, limits)
    whole = whole_list(decoded.text, is_list)
    is_long = len(decoded.text) > limits.cell_chars
    if whole is None:
        items = _lines(decoded.text, limits.row_chars)
    else:
        items = _elements(whole, is_broken=has_broken_bytes(decoded.text))
    records: list[tuple[int, dict[str, Any]]] = []
    refused: list[Refused] = []
    for position, item, raw in items:
        if raw and has_broken_bytes(raw):
            refused.append(Refused(position, "broken_bytes", hash_of(raw)))
        elif len(raw) > limits.row_chars or (is_long and _has_long_text(item, limits.cell_chars)):
            refused.append(Refused(position, "too_long", hash_of(raw or json.dumps(item, ensure_ascii=False))))
        elif isinstance(item, dict):
            if item:  # an empty object is the place of a record that was erased
                records.append((position, item))
        else:
            refused.append(Refused(position, "bad_json", hash_of(raw or json.dumps(item, ensure_ascii=False))))
    return RawRecords(tuple(records), tuple(refused))


def _elements(whole: Sequence[Any], *, is_broken: bool) -> Iterator[tuple[int, Any, str]]:
    """Yield place, element, and, where some element of the file has broken bytes, the element's text."""
    for number, item in enumerate(whole):
        yield number + 1, item, json.dumps(item, ensure_ascii=False) if is_broken else ""


def _lines(text: str, row_chars: int) -> Iterator[tuple[int, Any, str]]:
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield number + 1, _parsed(line) if len(line) <= row_chars else None, line


def _refuse_many(text: str, limits: LimitSettings) -> None:
    """Refuse a file of more lines or values than allowed: each empty list of two bytes takes 56 in memory."""
    n_lines, n_values = 1 + text.count("\n"), text.count(",") + text.count("[") + text.count("{")
    if n_lines > limits.rows:
        raise too_much("the file", f"has {n_lines:,} lines, more than {limits.rows:,}", "rows")
    if n_values > limits.cells:
        raise too_much("the file", f"has more than {limits.cells:,} values", "cells")


def _has_long_text(value: Any, cell_chars: int) -> bool:
    if isinstance(value, str):
        return len(value) > cell_chars
    if isinstance(value, dict):
        return any(_has_long_text(inner, cell_chars) for inner in (*value, *value.values()))
    return isinstance(value, list) and any(_has_long_text(inner, cell_chars) for inner in value)


def _parsed(text: str) -> Any:
    """Return the JSON value, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is no JSONDecodeError
        return None


def whole_list(text: str, is_list: Callable[[Mapping[str, Any]], bool]) -> Sequence[Any] | None:
    """Return the objects if the text is one JSON value: a list, the wrapping of a list, or one object."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start not in {"[", "{"}:
        return None
    if start == "{" and isinstance(_parsed(text.strip().split("\n", 1)[0]), dict) and "\n" in text.strip():
        return None
    value = _parsed(text)
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
        return lists[0] if len(lists) == 1 and is_list(value) else [value]
    return value if isinstance(value, list) else None


def has_a_record_a_line(path: Path) -> bool:
    """Return whether the name says JSON Lines: an only line is then a record, whatever lists it holds."""
    return path.suffix.lower() == ".jsonl"


def read_json_table(data: bytes, path: Path, limits: LimitSettings = LIMITS) -> RawTable:
    """Read JSON objects as rows; columns in the order they first appear, inner lists and objects as JSON text."""
    decoded = decode(data, str(path))
    found = read_records(decoded, is_list=lambda whole: not has_a_record_a_line(path), limits=limits)
    records = [record for _, record in found.records]
    names = list(dict.fromkeys(name for record in records for name in record))
    _refuse_wide(len(records), len(names), limits)
    rows = [[_text(record.get(name)) for name in names] for record in records]
    kept = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    return RawTable(
        frame_of([rows[number] for number in kept], names),
        tuple(found.records[number][0] for number in kept),
        found.refused,
        encoding=decoded.encoding,
    )


def _refuse_wide(n_rows: int, n_columns: int, limits: LimitSettings) -> None:
    if n_columns > limits.columns:
        raise too_much("the file", f"has {n_columns:,} columns, more than {limits.columns:,}", "columns")
    if n_rows * n_columns > limits.cells:
        raise too_much("the file", f"has {n_rows * n_columns:,} cells, more than {limits.cells:,}", "cells")


def _flat(record: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def read_parquet_table(path: Path, limits: LimitSettings = LIMITS) -> RawTable:
    """Read a Parquet file; positions are rows from 1, times are ISO 8601 with their zone.

    What it says of itself is looked at before it is read: a thousand rows of one long text are packed as one.
    """
    try:
        said = pq.read_metadata(path)
        _refuse_wide(said.num_rows, said.num_columns, limits)
        n_bytes = sum(said.row_group(number).total_byte_size for number in range(said.num_row_groups))
        if n_bytes > limits.whole_mb * MEGABYTE:
            raise too_much(str(path), f"is larger than {limits.whole_mb:,} MB unpacked", "whole_mb")
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputFileError(f"{path} cannot be read as Parquet ({type(error).__name__}); write it again") from error
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    rows = list(zip(*columns, strict=True))
    kept = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    return RawTable(frame_of([rows[number] for number in kept], table.column_names), tuple(n + 1 for n in kept))


def _text(value: Any) -> str | None:
    """Return a JSON or Arrow value as a cell."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str):
        return blank_to_none(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, Mapping)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
