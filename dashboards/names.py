"""What the screen calls things: channels, moods, states, indicators, reasons, in Chinese."""

from __future__ import annotations

import datetime as dt
import math

from analytics import names

OTHER = "其他"
NO_PRODUCT = "未注明商品"

NO_CHANNEL = "未注明渠道"
SPEAKERS = {"customer": "客户", "agent": "客服", "bot": "机器人", "system": "系统"}
COURSES = {"recovered": "已挽回", "soured": "恶化", "steady": "平稳"}
STATES = names.ALERT_STATE_NAMES
SPIKE_KINDS = {
    "keyword": "关键词激增",
    "topic": "主题激增",
    "category": "类别激增",
    "volume": "联络量激增",
    "negative": "负面激增",
    "sentiment": "情绪下降",
}
PLACE_KINDS = ("volume", "negative", "sentiment")
"""Alarms about a place (a channel, a product, everything), not about something that is said."""
PARTS = {"within_topic": "同主题变差", "mix": "主题构成", "delay": "回复变慢", "unexplained": "未能解释"}
STEPS = {"day": "按天", "week": "按周", "month": "按月"}
WEEKDAYS = "一二三四五六日"


def channel_name(channel: str | None) -> str:
    """Return a channel's name, or that none was given.

    Examples
    --------
    >>> channel_name("wechat"), channel_name("review"), channel_name(None)
    ('微信', '评价', '未注明渠道')
    """
    return names.channel_name(channel) if channel else NO_CHANNEL


def product_name(product: str | None) -> str:
    """Return a product's name, or that none was given."""
    return product or NO_PRODUCT


def day_name(day: dt.date, *, weekday: bool = False) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> day_name(dt.date(2026, 9, 7)), day_name(dt.date(2026, 9, 7), weekday=True)
    ('9月7日', '9月7日 周一')
    """
    text = f"{day.month}月{day.day}日"
    return f"{text} 周{WEEKDAYS[day.weekday()]}" if weekday else text


def span_name(start: dt.date | None, end: dt.date | None) -> str:
    """Return a period as people write it; '全部' without days.

    Examples
    --------
    >>> span_name(dt.date(2026, 9, 7), dt.date(2026, 9, 20))
    '2026年9月7日 – 9月20日'
    """
    if start is None or end is None:
        return "全部数据"
    tail = day_name(end) if start.year == end.year else f"{end.year}年{day_name(end)}"
    head = f"{start.year}年{day_name(start)}"
    return head if start == end else f"{head} – {tail}"


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
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60} 分"


REASONS = {
    "bad_row": "列数不符或引号未闭合",
    "broken_bytes": "含有无法解码的字节",
    "bad_json": "不是有效的 JSON 对象",
    "no_text": "没有文字",
    "no_contact": "缺少会话编号",
    "bad_time": "时间缺失或无法识别",
    "duplicate_id": "编号重复（已保留第一条）",
    "unknown_speaker": "无法判断说话人",
}


def reason_name(reason: str) -> str:
    """Return why a record was refused, in Chinese; a reason not known here keeps its own name.

    Examples
    --------
    >>> reason_name("no_text")
    '没有文字'
    """
    return REASONS.get(reason, reason)
