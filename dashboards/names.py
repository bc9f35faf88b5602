"""What the screen calls things: channels, moods, states, indicators, reasons. Constants are said by `language.say`."""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache

from babel.dates import format_date

from analytics import names
from dashboards import preferences
from dashboards.language import msg, say

OTHER = msg("其他")
NO_PRODUCT = msg("未注明商品")

NO_CHANNEL = msg("未注明渠道")
SPEAKERS = {"customer": msg("客户"), "agent": msg("客服"), "bot": msg("机器人"), "system": msg("系统")}
COURSES = {"recovered": msg("已挽回"), "soured": msg("恶化"), "steady": msg("平稳")}
STATES = names.ALERT_STATE_NAMES
SPIKE_KINDS = {
    "keyword": msg("关键词激增"),
    "topic": msg("主题激增"),
    "category": msg("类别激增"),
    "volume": msg("联络量激增"),
    "negative": msg("负面激增"),
    "sentiment": msg("情绪下降"),
    "system": msg("系统故障"),
}
PLACE_KINDS = ("volume", "negative", "sentiment")
"""Alarms about a place (a channel, a product, everything), not about something that is said."""
PARTS = {
    "within_topic": msg("同主题变差"),
    "mix": msg("主题构成"),
    "delay": msg("回复变慢"),
    "unexplained": msg("未能解释"),
}
STEPS = {"day": msg("按天"), "week": msg("按周"), "month": msg("按月")}


def channel_name(channel: str | None) -> str:
    """Return a channel's name, or that none was given.

    Examples
    --------
    >>> channel_name("wechat"), channel_name("review"), channel_name(None)
    ('微信', '评价', '未注明渠道')
    """
    return say(names.channel_name(channel) if channel else NO_CHANNEL)


def product_name(product: str | None) -> str:
    """Return a product's name, or that none was given."""
    return product or say(NO_PRODUCT)


def day_name(day: dt.date, *, weekday: bool = False) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> day_name(dt.date(2026, 9, 7)), day_name(dt.date(2026, 9, 7), weekday=True)
    ('9月7日', '9月7日 周一')
    """
    return _written(day, say("M月d日 EEE") if weekday else say("M月d日"))


def month_name(day: dt.date) -> str:
    """Return a month of a year.

    Examples
    --------
    >>> month_name(dt.date(2026, 9, 1))
    '2026年9月'
    """
    return _written(day, say("y年M月"))


def span_name(start: dt.date | None, end: dt.date | None) -> str:
    """Return a period as people write it; '全部' without days.

    Examples
    --------
    >>> span_name(dt.date(2026, 9, 7), dt.date(2026, 9, 20))
    '2026年9月7日 – 9月20日'
    """
    if start is None or end is None:
        return say("全部数据")
    if start == end:
        return _written(start, say("y年M月d日"))
    if start.year != end.year:
        return " – ".join(_written(day, say("y年M月d日")) for day in (start, end))
    if preferences.current().language == "en":  # the year stands at the end
        return f"{day_name(start)} – {_written(end, say('y年M月d日'))}"
    return f"{_written(start, say('y年M月d日'))} – {day_name(end)}"


def _written(day: dt.date, pattern: str) -> str:
    return _formatted(day, pattern, "en" if preferences.current().language == "en" else "zh_CN")


@lru_cache(4096)
def _formatted(day: dt.date, pattern: str, locale: str) -> str:
    """Return what Babel writes; it looks for the locale's files each time."""
    return format_date(day, pattern, locale=locale)


def percent(share: float, digits: int = 1) -> str:
    """Return a share as a percentage, '–' for none.

    Examples
    --------
    >>> percent(0.1234), percent(float("nan"))
    ('12.3%', '–')
    """
    return "–" if math.isnan(share) else f"{share * 100:.{digits}f}%"


def percent_interval(low: float, high: float) -> str:
    """Return an interval of shares.

    Examples
    --------
    >>> percent_interval(0.1, 0.205)
    '10.0–20.5%'
    """
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def score(value: float) -> str:
    """Return a mood score with its sign, '–' for none.

    Examples
    --------
    >>> score(-0.123), score(0.0), score(float("nan"))
    ('−0.12', '0.00', '–')
    """
    if math.isnan(value):
        return "–"
    text = f"{abs(value):.2f}"
    return text if float(text) == 0 else f"{'−' if value < 0 else '+'}{text}"


def duration(seconds: float) -> str:
    """Return a wait as people say it, '–' for none.

    Examples
    --------
    >>> duration(41.2), duration(332), duration(5400)
    ('41 秒', '5 分 32 秒', '1 小时 30 分')
    """
    if math.isnan(seconds):
        return "–"
    whole = round(seconds)
    if whole < 60:
        return say("{seconds} 秒", seconds=whole)
    if whole < 3600:
        return say("{minutes} 分 {seconds} 秒", minutes=whole // 60, seconds=whole % 60)
    return say("{hours} 小时 {minutes} 分", hours=whole // 3600, minutes=whole % 3600 // 60)


def reason_name(reason: str) -> str:
    """Return why a record was refused, a reason not known here keeps its own name.

    Examples
    --------
    >>> reason_name("no_text")
    '没有内容'
    """
    return say(names.REASON_NAMES.get(reason, reason))
