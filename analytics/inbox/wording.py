"""How numbers and times read in a Chinese message."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_WEEKDAYS = "一二三四五六日"
_ZONE_NAMES = {"Asia/Shanghai": "北京时间"}
_EXACT_BELOW = 10
_EXACT_USUAL = 3


def count(number: float) -> str:
    """Return a count: tenths below ten, whole above, thousands apart.

    Examples
    --------
    >>> count(34.0), count(0.23), count(0.01), count(1234.4)
    ('34', '0.2', '0', '1,234')
    """
    if number == int(number) or number >= _EXACT_BELOW:
        return f"{number:,.0f}"
    return f"{number:.1f}".removesuffix(".0")


def score(number: float) -> str:
    """Return a mood score with sign and a true minus.

    Examples
    --------
    >>> score(-0.314), score(0.2)
    ('−0.31', '+0.20')
    """
    return f"{number:+.2f}".replace("-", "−")


def side_by_side(left: str, right: str) -> str:
    """Return two parts of a line, with a space where a Chinese and another letter or digit would meet.

    Examples
    --------
    >>> side_by_side("App", "进线量"), side_by_side("微信", "进线量"), side_by_side("主题「物流」", "1 小时内")
    ('App 进线量', '微信进线量', '主题「物流」1 小时内')
    """
    if not left or not right:
        return left + right
    meet = left[-1].isalnum() and right[0].isalnum() and left[-1].isascii() != right[0].isascii()
    return f"{left} {right}" if meet else left + right


def usual(number: float, measure: str = "次") -> str:
    """Return what is usual, as one says it: exact numbers below one would sound odd.

    Examples
    --------
    >>> usual(0.2), usual(0.7), usual(2.44), usual(8.2), usual(600.4, "个")
    ('平时几乎没有', '平时不到 1 次', '平时约 2.4 次', '平时约 8 次', '平时约 600 个')
    """
    if number < 0.5:
        return "平时几乎没有"
    if number < 1:
        return f"平时不到 1 {measure}"
    return f"平时约 {count(number if number < _EXACT_USUAL else round(number))} {measure}"


def expectation(number: float) -> str:
    """Return an expected count; next to nothing is not nothing.

    Examples
    --------
    >>> expectation(0.04), expectation(0.23), expectation(0.0)
    ('不到 0.1', '0.2', '0')
    """
    return "不到 0.1" if 0 < number < 0.1 else count(number)


def share(number: float) -> str:
    """Return a share in whole per cent.

    Examples
    --------
    >>> share(0.423), share(0.004)
    ('42%', '不到 1%')
    """
    return "不到 1%" if 0 < number < 0.005 else f"{number:.0%}"


def span(seconds: float) -> str:
    """Return a length of time in its largest fitting units.

    Examples
    --------
    >>> span(3600), span(10800), span(86400), span(332), span(41)
    ('1 小时', '3 小时', '1 天', '5 分 32 秒', '41 秒')
    """
    whole = round(seconds)
    for unit, name in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if whole >= unit and whole % unit == 0:
            return f"{whole // unit} {name}"
    if whole < 60:
        return f"{whole} 秒"
    hours, rest = divmod(whole, 3_600)
    minutes, left = divmod(rest, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {left} 秒"


def rough_span(seconds: float) -> str:
    """Return how long something lasted, as one says it.

    Examples
    --------
    >>> rough_span(600), rough_span(5400), rough_span(30 * 3600), rough_span(72 * 3600)
    ('10 分钟', '1.5 小时', '30 小时', '3 天')
    """
    if seconds < 3_600:
        return f"{max(1, round(seconds / 60))} 分钟"
    hours = seconds / 3_600
    return f"{count(round(hours, 1))} 小时" if hours < 48 else f"{count(round(hours / 24, 1))} 天"


def moment(at: dt.datetime, zone: str) -> str:
    """Return a moment on the clock of `zone`, and which clock that is.

    Examples
    --------
    >>> moment(dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC), "Asia/Shanghai")
    '9月20日（周日）12:00（北京时间）'
    """
    local = at.astimezone(ZoneInfo(zone))
    return f"{_day(local)}（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}（{_ZONE_NAMES.get(zone, zone)}）"


def clock_span(start: dt.datetime, end: dt.datetime, zone: str) -> str:
    """Return from when to when, with days only where they differ.

    Examples
    --------
    >>> noon = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
    >>> clock_span(noon, noon + dt.timedelta(hours=1), "Asia/Shanghai")
    '12:00–13:00'
    >>> clock_span(noon, noon + dt.timedelta(hours=13), "Asia/Shanghai")
    '9月20日 12:00–9月21日 01:00'
    """
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}"
    return f"{_day(first)} {first:%H:%M}–{_day(last)} {last:%H:%M}"


def _day(local: dt.datetime) -> str:
    return f"{local.month}月{local.day}日"
