"""Values inside nested records, by dotted path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def values_at(record: Any, path: str) -> list[Any]:
    r"""Return the values that a dotted path leads to, those of every element where a list is on the way.

    JSON inside a text is looked into: some recognisers wrap their result in one. A list at the end is taken apart.

    Parameters
    ----------
    record : JSON value
        As parsed.
    path : str
        Keys joined by dots; empty: the record itself. A key that holds dots as a whole goes before its parts.

    Examples
    --------
    >>> values_at({"data": [{"words": [{"w": "你"}, {"w": "好"}]}, {"words": []}]}, "data.words.w")
    ['你', '好']
    >>> values_at({"data": "[{\"onebest\": \"喂\"}]"}, "data.onebest")
    ['喂']
    """
    if isinstance(record, list):
        return [value for element in record for value in values_at(element, path)]
    if not path:
        return [record]
    record = _parsed(record)
    if isinstance(record, list):
        return values_at(record, path)
    if not isinstance(record, Mapping):
        return []
    if path in record:
        return values_at(_opened(record[path]), "")
    key, _, rest = path.partition(".")
    return values_at(record[key], rest) if rest and key in record else []


def first_text(record: Any, *paths: str) -> str | None:
    """Return the first plain value that one of the paths leads to, as text; None if none does.

    Examples
    --------
    >>> first_text({"meta": {"id": 17}, "id": None}, "id", "meta.id")
    '17'
    """
    if type(record) is dict:  # as nearly always: nothing on the way
        for path in paths:
            value = record.get(path)
            if isinstance(value, (int, float)) or (isinstance(value, str) and value.lstrip()[:1] not in {"{", "["}):
                return str(value)
            if value is not None:
                break
    values = (value for path in paths for value in values_at(record, path))
    return next((str(value) for value in values if value is not None and not isinstance(value, (dict, list))), None)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except (json.JSONDecodeError, RecursionError):
        return value


def _opened(value: Any) -> Any:
    """Return a list that stands in a text as a list; other texts are what people said and stay texts."""
    parsed = _parsed(value)
    return (
        parsed
        if parsed and isinstance(parsed, list) and all(isinstance(element, dict) for element in parsed)
        else value
    )
