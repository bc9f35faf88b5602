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

_HALVES = "上午|下午|中午|凌晨|清晨|早上|早晨|晚上|傍晚|午后|AM|PM"
_TIME_OF_DAY = rf"""(?P<half>{_HALVES})?\s*
       (?P<hour>\d{{1,2}})\s*(?:[:时点]\s*(?P<minute>\d{{1,2}})?)\s*
       (?:[:分]\s*(?P<second>\d{{1,2}})?(?:[.,](?P<fraction>\d{{1,9}}))?\s*秒?)?
       \s*(?P<half_after>{_HALVES})?
       \s*(?P<zone>Z|CST|(?:UTC|GMT)?[+-]\d{{1,2}}(?::?\d{{2}})?|UTC|GMT)?"""
_WEEKDAY = r"[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?"
_FREE = re.compile(
    rf"""\s*(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*日?
    (?:\s*{_WEEKDAY})?(?:[\sT,_]*{_TIME_OF_DAY})?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_ENGLISH = tuple(
    re.compile(rf"(?:[A-Z][a-z]{{2,8}},?\s+)?{date},?(?:(?:\s+|\s+at\s+)?{time})?\s*", re.VERBOSE | re.IGNORECASE)
    for date, time in (
        (rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})", _TIME_OF_DAY),
        (rf"(?P<day>\d{{1,2}})[\s-]{_MONTH}[\s-](?P<year>\d{{4}})", _TIME_OF_DAY),
        (rf"{_MONTH}\s+(?P<day>\d{{1,2}})", rf"{_TIME_OF_DAY}\s+(?P<year>\d{{4}})"),
    )
)
"""Mar 1, 2026 3:05 PM; Sun, 01 Mar 2026 15:05:00 +0800 (RFC 5322); Sun Mar 01 15:05:00 +0800 2026 (Weibo's interface,
and Java, which writes CST)."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})?)?(?P<zone>Z?)")
_MILLIS = re.compile(r"(\d{14})(\d{3})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DOTNET = re.compile(r"/Date\((\d+)(?:[+-]\d{4})?\)/")
"""/Date(1772348700000+0800)/: milliseconds in UTC; the offset is for show."""
_QUOTES = "\"' "
"""What programs put around a time; an apostrophe tells Excel that it is text."""
_AFTERNOON = {"下午", "午后", "晚上", "傍晚", "PM", "中午"}

_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
"""Day 0 of Excel's 1900 date system (ECMA-376, part 1, 18.17.4.1), as it counts from March 1900 on."""
_EXCEL_DAYS = (20_000, 80_000)
"""Serial numbers taken for dates: 1954 to 2119."""
_UNIX_SECONDS = (631_152_000, 4_102_444_800)
"""Unix times taken for dates: 1990 to 2100, in seconds; thousand and million times as much in ms and us."""
_YEARS = (1900, 2200)
_FIRST_DAY, _LAST_DAY = np.datetime64("0002-01-01"), np.datetime64("9998-01-01")
_HOURS = dt.timedelta(hours=6)
"""So far before and after a day a change of clocks counts as one of that day: midnight may be among what it repeats."""
_MAX_CHARS = 64
"""No time is longer; a long run of blanks would keep the expressions busy for minutes."""
_DAY_HOURS = 24
_MAX_OFFSET_HOURS = 14


def parse_times(cells: pd.Series[str], zone: str) -> pd.Series[pd.Timestamp]:
    """Return the instants that cells of text name.

    Understood: 2020-06-08, 2020/6/8, 2020.6.8 and 2020年6月8日 with or without a time of day (13:05, 13:05:09.5,
    13点05分, 下午1:05, 1:05 PM), ISO 8601 with a zone, GMT+8, English dates with the month's name, those of Weibo, Java
    and e-mail among them, 20200608 and 20200608130509, Excel's day numbers, Unix seconds, milliseconds and
    microseconds. A date without a year or with one of two digits is no time, nor is 6/8/2020, where month and day
    cannot be told apart. CST is taken for the zone of the source.

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
    for row in map(int, np.flatnonzero(local.isna() & instants.isna() & (text.str.len() <= _MAX_CHARS))):
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
    """Return the instants of local times; only on days on which clocks change each time is looked at by itself."""
    days, day_of = np.unique(local.to_numpy().astype("datetime64[D]"), return_inverse=True)
    offsets = np.array([_offset(day, ZoneInfo(zone)) for day in days], dtype="timedelta64[us]")
    instants = pd.Series(local.to_numpy() - offsets[day_of], index=local.index).dt.tz_localize("UTC")
    changing = local.notna().to_numpy() & np.isnat(offsets[day_of])
    if changing.any():
        some = local[changing]
        later = np.zeros(len(some), dtype=bool)
        at_zone = some.dt.tz_localize(ZoneInfo(zone), ambiguous=later, nonexistent="shift_forward")
        instants = instants.astype("datetime64[us, UTC]")
        instants.loc[some.index] = at_zone.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    return instants.astype("datetime64[us, UTC]")


def _offset(day: np.datetime64, zone: ZoneInfo) -> np.timedelta64:
    """Return how far a zone is ahead of UTC all day long; NaT where that changes during the day."""
    if np.isnat(day) or not _FIRST_DAY < day < _LAST_DAY:
        return np.timedelta64("NaT")
    begin = dt.datetime.combine(day.astype(dt.date), dt.time(), tzinfo=zone)
    offsets = {moment.utcoffset() for moment in (begin - _HOURS, begin, begin + dt.timedelta(days=1) + _HOURS)}
    return np.timedelta64(offsets.pop()) if len(offsets) == 1 else np.timedelta64("NaT")


def _read(cell: str) -> pd.Timestamp | None:
    """Read a time that is not in the plain ISO form."""
    cell = cell.strip(_QUOTES)
    if dotnet := _DOTNET.fullmatch(cell):
        cell = dotnet[1]
    if millis := _MILLIS.fullmatch(cell):
        stamp = _read(millis[1])
        return None if stamp is None else stamp + pd.Timedelta(milliseconds=int(millis[2]))
    if _NUMBER.fullmatch(cell):
        return _read_number(cell)
    if compact := _COMPACT.fullmatch(cell):
        stamp = _timestamp([int(part or 0) for part in compact.groups()[:6]])
        return _at_offset(stamp, compact["zone"])
    found = next((match for form in (_FREE, *_ENGLISH) if (match := form.fullmatch(cell))), None)
    return None if found is None else _read_parts(found.groupdict())


def _read_parts(parts: dict[str, str | None]) -> pd.Timestamp | None:
    """Return the time whose parts were matched; None where there is no such time."""
    hour = _hour(int(parts["hour"] or 0), (parts["half"] or parts["half_after"] or "").upper())
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    year, day, minute, second = (int(parts[name] or 0) for name in ("year", "day", "minute", "second"))
    # 24:00 is the end of the day.
    is_end = hour == _DAY_HOURS and (minute == second == 0 or parts["half"] == "晚上")
    stamp = _timestamp((year, number, day, 0 if is_end else hour, minute, second))
    if stamp is None:
        return None
    stamp += pd.Timedelta(days=int(is_end), microseconds=int((parts["fraction"] or "0").ljust(6, "0")[:6]))
    return _at_offset(stamp, (parts["zone"] or "").upper())


def _at_offset(stamp: pd.Timestamp | None, zone: str) -> pd.Timestamp | None:
    """Return the time at an offset; as it is without one, or with CST, which every country calls its own time."""
    if stamp is None or zone in {"", "CST"}:
        return stamp
    offset = zone.removeprefix("UTC").removeprefix("GMT")
    if offset in {"", "Z"}:
        return stamp.tz_localize("UTC")
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= len("08") else (int(digits[:-2]), int(digits[-2:]))
    if hours > _MAX_OFFSET_HOURS or minutes >= 60:
        return None
    ahead = pd.Timedelta(hours=hours, minutes=minutes)
    return (stamp - ahead if offset[0] == "+" else stamp + ahead).tz_localize("UTC")


def _hour(hour: int, half: str) -> int:
    """Return the hour of the day.

    中午12点 and 12 PM are noon, 凌晨12点 and 12 AM the day's first midnight, 晚上12点 its last, 中午11点 is before
    noon.
    """
    if half == "晚上" and hour == 12:
        return _DAY_HOURS
    if half in _AFTERNOON and hour < 12 and not (half == "中午" and hour >= 10):
        return hour + 12
    return 0 if half in {"AM", "凌晨"} and hour == 12 else hour


def _read_number(cell: str) -> pd.Timestamp | None:
    if len(cell) in {8, 12, 14} and (compact := _COMPACT.fullmatch(cell)):
        stamp = _timestamp([int(part or 0) for part in compact.groups()[:6]])
        # Milliseconds before 2001-09-09 have twelve digits too, but begin with no year.
        if stamp is not None and _YEARS[0] <= stamp.year <= _YEARS[1]:
            return stamp
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
