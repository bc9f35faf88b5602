"""Read times in the many forms that exports write them, several in one column."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

_ISO_LOCAL = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
_ISO_ZONED = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})"

_FREE = re.compile(
    r"""\s*(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?
    (?:\s*[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?
    (?:[\sT]*(?P<half>上午|下午|中午|凌晨|早上|晚上|傍晚|AM|PM)?\s*
       (?P<hour>\d{1,2})\s*(?:[:时点]\s*(?P<minute>\d{1,2})?)\s*
       (?:[:分]\s*(?P<second>\d{1,2})?(?:\.(?P<fraction>\d{1,9}))?\s*秒?)?
       \s*(?P<half_after>AM|PM)?
       \s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"(?:([A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4})"
    r"|[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4})"
)
"""Mon Jun 08 13:05:00 +0800 2020 (Weibo's interface) and Mon, 08 Jun 2020 13:05:00 +0800 (RFC 5322)."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})?)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AFTERNOON = {"下午", "晚上", "傍晚", "PM", "中午"}

_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
"""Day 0 of Excel's 1900 date system (ECMA-376, part 1, 18.17.4.1), as it counts from March 1900 on."""
_EXCEL_DAYS = (20_000, 80_000)
"""Serial numbers taken for dates: 1954 to 2119."""
_UNIX_SECONDS = (631_152_000, 4_102_444_800)
"""Unix times taken for dates: 1990 to 2100, in seconds; thousand and million times as much in ms and us."""
_YEARS = (1900, 2200)


def parse_times(cells: pd.Series[str], zone: str) -> pd.Series[pd.Timestamp]:
    """Return the instants that cells of text name.

    Understood: 2020-06-08, 2020/6/8, 2020.6.8 and 2020年6月8日 with or without a time of day (13:05, 13:05:09.5,
    13点05分, 下午1:05, 1:05 PM), ISO 8601 with a zone, the forms of Weibo and of e-mail, 20200608 and 20200608130509,
    Excel's day numbers, Unix seconds, milliseconds and microseconds. Day and month without a year are no time, nor is
    6/8/2020, where month and day cannot be told apart.

    Parameters
    ----------
    cells : Series of str or None, shape (n,)
        Cells as received.
    zone : str
        Zone of times that carry none. Times that a clock change skips move forward; those it repeats are the later.

    Returns
    -------
    Series of datetime64[us, UTC], shape (n,)
        With the same index; NaT where the cell is no time.

    Examples
    --------
    >>> cells = pd.Series(["2020/6/8 13:05", "2020年6月8日 下午1:05", "昨天"])
    >>> parse_times(cells, "Asia/Shanghai").astype(str).tolist()
    ['2020-06-08 05:05:00+00:00', '2020-06-08 05:05:00+00:00', 'NaT']
    """
    codes, values = pd.factorize(cells)
    unique = pd.Series(values, dtype=object)
    if unique.empty:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    text = unique.astype(str).str.strip()
    local = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
    instants = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us, UTC]")
    is_local = text.str.fullmatch(_ISO_LOCAL)
    is_zoned = text.str.fullmatch(_ISO_ZONED)
    local[is_local] = pd.to_datetime(text[is_local], format="ISO8601", errors="coerce").astype("datetime64[us]")
    zoned = pd.to_datetime(text[is_zoned], format="ISO8601", errors="coerce", utc=True)
    instants[is_zoned] = zoned.astype("datetime64[us, UTC]")
    for row in map(int, np.flatnonzero(~(is_local | is_zoned))):
        found = _read(unicodedata.normalize("NFKC", text.iloc[row]))
        if found is not None and found.tzinfo is not None:
            instants.iat[row] = found
        elif found is not None:
            local.iat[row] = found
    instants = instants.fillna(_at_zone(local, zone))
    instants = instants.where(instants.dt.year.between(*_YEARS))
    # factorize gives a missing cell the code -1, which take() makes NaT.
    taken = pd.api.extensions.take(instants.array, codes, allow_fill=True)
    return pd.Series(taken, index=cells.index)


def _at_zone(local: pd.Series[pd.Timestamp], zone: str) -> pd.Series[pd.Timestamp]:
    later = pd.Series(False, index=local.index).to_numpy()
    at_zone = local.dt.tz_localize(ZoneInfo(zone), ambiguous=later, nonexistent="shift_forward")
    return at_zone.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def _read(cell: str) -> pd.Timestamp | None:
    """Read a time that is not in the plain ISO form."""
    if _NUMBER.fullmatch(cell):
        return _read_number(cell)
    if compact := _COMPACT.fullmatch(cell):
        return _timestamp([int(part or 0) for part in compact.groups()])
    if english := _ENGLISH.fullmatch(cell):
        return _timestamp_of_form(cell, "%a %b %d %H:%M:%S %z %Y" if english[1] else "%a, %d %b %Y %H:%M:%S %z")
    free = _FREE.fullmatch(cell)
    if free is None:
        return None
    hour = _hour(int(free["hour"] or 0), (free["half"] or free["half_after"] or "").upper())
    year, month, day, minute, second = (int(free[name] or 0) for name in ("year", "month", "day", "minute", "second"))
    stamp = _timestamp((year, month, day, hour, minute, second))
    if stamp is None:
        return None
    stamp += pd.Timedelta(microseconds=int((free["fraction"] or "0").ljust(6, "0")[:6]))
    if not free["zone"]:
        return stamp
    offset = free["zone"].upper()
    return pd.Timestamp(f"{stamp.isoformat()}{'+00:00' if offset in {'Z', 'UTC', 'GMT'} else offset}").tz_convert("UTC")


def _hour(hour: int, half: str) -> int:
    """Return the hour of the day; 中午12点 and 12 PM are noon, 凌晨12点 and 12 AM midnight, 中午11点 is before noon."""
    if half in _AFTERNOON and hour < 12 and not (half == "中午" and hour >= 10):
        return hour + 12
    return 0 if half in {"AM", "凌晨"} and hour == 12 else hour


def _read_number(cell: str) -> pd.Timestamp | None:
    if cell.isdigit() and len(cell) in {8, 12, 14}:
        compact = _COMPACT.fullmatch(cell)
        return _timestamp([int(part or 0) for part in compact.groups()]) if compact else None
    number = float(cell)
    if _EXCEL_DAYS[0] <= number < _EXCEL_DAYS[1]:
        # A day has 86,400 s and serial numbers carry about 10 digits: whole seconds are what was written.
        return _EXCEL_EPOCH + pd.Timedelta(seconds=round(number * 86_400))
    for per_second in (1, 1_000, 1_000_000):
        if _UNIX_SECONDS[0] <= number / per_second < _UNIX_SECONDS[1]:
            return pd.Timestamp(round(number * 1_000_000 / per_second), unit="us", tz="UTC")
    return None


def _timestamp(parts: Sequence[int]) -> pd.Timestamp | None:
    """Return the time of year, month, day, hour, minute, second; None if there is no such time."""
    try:
        return pd.Timestamp(dt.datetime(*parts))  # type: ignore[arg-type]
    except ValueError:
        return None


def _timestamp_of_form(cell: str, form: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(dt.datetime.strptime(cell, form)).tz_convert("UTC")
    except ValueError:
        return None
