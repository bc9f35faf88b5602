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
from jobs.sources.encoding import Decoded, decode, has_broken_bytes
from jobs.sources.table import RawTable, blank_to_none, frame_of


@dataclass(frozen=True)
class RawRecords:
    """JSON objects of a file with their positions from 1, and what was refused."""

    records: tuple[tuple[int, dict[str, Any]], ...]
    refused: tuple[Refused, ...] = ()


def read_records(decoded: Decoded, *, is_list: Callable[[Mapping[str, Any]], bool] = lambda whole: True) -> RawRecords:
    r"""Return the objects of JSON Lines, of one JSON list, or one object that is the whole file.

    An object that is nothing but the wrapping of a single list of objects is that list. Positions are lines, or places
    in the list. Lines and elements that are no JSON object are refused as bad_json, those with bytes of no character
    as broken_bytes.

    Parameters
    ----------
    decoded : Decoded
        The file.
    is_list : callable
        Whether an object that could be such a wrapping is one; a transcript is none, its list holds its turns.

    Examples
    --------
    >>> found = read_records(Decoded('{"a": 1}\n\n{"a": \n{"a": 3}', "utf-8"))
    >>> found.records, [(row.position, row.reason) for row in found.refused]
    (((1, {'a': 1}), (4, {'a': 3})), [(3, 'bad_json')])
    >>> read_records(Decoded('{\n"a": 1\n}', "utf-8")).records
    ((1, {'a': 1}),)
    """
    whole = whole_list(decoded.text, is_list)
    items = _lines(decoded.text) if whole is None else _elements(whole, is_broken=has_broken_bytes(decoded.text))
    records: list[tuple[int, dict[str, Any]]] = []
    refused: list[Refused] = []
    for position, item, raw in items:
        if raw and has_broken_bytes(raw):
            refused.append(Refused(position, "broken_bytes", hash_of(raw)))
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


def _lines(text: str) -> Iterator[tuple[int, Any, str]]:
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield number + 1, _parsed(line), line


def _parsed(text: str) -> Any:
    """Return the JSON value, None if it is none."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
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


def read_json_table(data: bytes, path: Path) -> RawTable:
    """Read JSON objects as rows; columns in the order they first appear, inner lists and objects as JSON text."""
    decoded = decode(data, str(path))
    found = read_records(decoded, is_list=lambda whole: not has_a_record_a_line(path))
    records = [record for _, record in found.records]
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [[_text(record.get(name)) for name in names] for record in records]
    kept = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    return RawTable(
        frame_of([rows[number] for number in kept], names),
        tuple(found.records[number][0] for number in kept),
        found.refused,
        encoding=decoded.encoding,
    )


def _flat(record: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def read_parquet_table(path: Path) -> RawTable:
    """Read a Parquet file; positions are rows from 1, times are ISO 8601 with their zone."""
    try:
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
