"""Records of a database or an interface as lines of JSON, without loss, and their digests."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ipaddress
import json
import math
import re
import struct
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from analytics.errors import SchemaError

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGEST_BYTES = 8
_NAMES = (
    uuid.UUID,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
)
"""Types whose text says all."""


def json_line(record: Any, *, where: str) -> bytes:
    r"""Return a record as one line of JSON, UTF-8, with its line break.

    Times are ISO 8601, in UTC where they carry a zone and without one where they do not; `Decimal` is text, as a JSON
    number would lose digits; bytes are hex; a length of time is its seconds; NaN, which JSON has not, is null.

    Parameters
    ----------
    record : mapping or any JSON value
        What the driver or the page gave.
    where : str
        How to call its source in an error.

    Raises
    ------
    SchemaError
        If a value has no text of its own; names the column and the type, never the value.

    Examples
    --------
    >>> import datetime, decimal
    >>> json_line({"价": decimal.Decimal("1.50"), "at": datetime.datetime(2026, 3, 1), "no": None}, where="orders")
    b'{"\xe4\xbb\xb7": "1.50", "at": "2026-03-01T00:00:00", "no": null}\n'
    """
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain)
    except (ValueError, TypeError):
        text = json.dumps(_without_nan(record, where), ensure_ascii=False, default=_plain)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode() + b"\n"  # half of a pair is no character


def _plain(value: Any) -> Any:
    """Return a value that JSON has not as one that it has."""
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo is None else value.astimezone(dt.UTC)).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, _NAMES):
        return str(value)
    raise TypeError(type(value).__name__)


def _without_nan(value: Any, where: str, column: str = "") -> Any:
    """Return the value with NaN as null and infinity as text; name the column of what cannot be written."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _without_nan(inner, where, column or str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner, where, column) for inner in value]
    if value is None or isinstance(value, str | int | float):
        return value
    try:
        return _plain(value)
    except TypeError as error:
        raise SchemaError(
            f"{where}: column {column!r} holds values of type {type(value).__name__}, which have no text of their own;"
            " expected text, numbers, times or JSON; cast the column to text in a query, or leave it out"
        ) from error


def digest_of(data: bytes) -> int:
    """Return 64 bits that tell records apart.

    Of 10,000 remembered and a million met records, two would be mixed up once in 10^9 runs (n m / 2^64).
    """
    return int.from_bytes(hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest(), "big")


def packed(digests: Iterable[int]) -> str:
    """Return digests as text for a cursor, in the order given.

    Examples
    --------
    >>> unpacked(packed([3, 1]))
    (3, 1)
    """
    return base64.b64encode(b"".join(struct.pack(">Q", digest) for digest in digests)).decode("ascii")


def unpacked(text: str) -> tuple[int, ...]:
    """Return the digests that `packed` made text of."""
    return tuple(digest for (digest,) in struct.iter_unpack(">Q", base64.b64decode(text)))
