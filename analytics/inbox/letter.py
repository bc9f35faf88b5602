"""One message as its parts, whatever carries it: heading, facts, what customers said, and where to look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from analytics.inbox import wording
from analytics.inbox.records import Alert
from analytics.names import SEVERITY_NAMES

REASON_NAMES = {"new": "", "grown": "扩大", "reopened": "复发", "calmed": "缓解", "resolved": "已结束"}
"""Why a message goes out, in the words of `records.REASONS`."""
MAX_TITLE = 120
"""Characters of a heading: a key is a word or the name of a topic, but nothing stops it from being longer."""
CUT = "…内容较长，其余见链接"
_NUMBERS = re.compile(r" ?(?:\d+ (?:天|小时|分钟)内|[−+]\d)")
_ENDED = {"calmed": "已回落", "resolved": "已恢复平时水平"}
_BRIEF = ("数量", "情绪均值", "开始", "负责")
"""What an update repeats; the rest was told with the alert."""

Built = TypeVar("Built")


@dataclass(frozen=True)
class Letter:
    """The parts of one message.

    Attributes
    ----------
    tag : str
        In the heading: 高 of a new alert, 扩大 of an update, 测试 of a test.
    severity, reason : str
        For colours, and for machines.
    facts : tuple of (str, str)
        Label and value; the label is empty where a line has none.
    quotes : tuple of str
        Masked turns.
    link : str
        Address of the page; empty where there is none.
    """

    tag: str
    title: str
    severity: str = "low"
    reason: str = "new"
    facts: tuple[tuple[str, str], ...] = ()
    quotes: tuple[str, ...] = ()
    link: str = ""
    cut: bool = False

    @property
    def heading(self) -> str:
        """Return the first line: who speaks, how urgent, what happened."""
        return f"【客声·{self.tag}】{self.title}"


def letter_of(alert: Alert, reason: str = "new", *, repeated: bool = False) -> Letter:
    """Return the message of an alert as the inbox keeps it.

    Parameters
    ----------
    alert : Alert
        Its body has a line a fact (`label：value`), quotes with `· ` before them, and a last line with the address.
    reason : str
        One of `records.REASONS`. Updates are short: they leave out what was told before.
    repeated : bool
        Whether it may have gone out before (a run was killed between sending and noting it).
    """
    *lines, last = alert.body.split("\n")
    label, _, link = last.partition("：")
    if label != "查看":
        lines, link = [*lines, last], ""
    facts = [_fact(line) for line in lines if line and not line.startswith("· ") and line != "原声："]
    quotes = [line.removeprefix("· ") for line in lines if line.startswith("· ")]
    severity = SEVERITY_NAMES.get(alert.severity, alert.severity)
    if reason != "new":
        facts, quotes = [fact for fact in facts if fact[0] in _BRIEF], []
    if reason == "resolved" and alert.last_seen_at is not None and alert.last_seen_at > alert.started_at:
        facts.append(("历时", wording.rough_span((alert.last_seen_at - alert.started_at).total_seconds())))
    if repeated:
        facts.append(("", "（上次发送中断，这条可能重复）"))
    return Letter(
        tag=REASON_NAMES.get(reason) or severity,
        title=_short(_told(alert.title, reason)),
        severity=alert.severity,
        reason=reason,
        facts=tuple(facts),
        quotes=tuple(quotes),
        link=link,
    )


def trial_letter(channel: str, at: dt.datetime, zone: str) -> Letter:
    """Return a harmless message that says it is a test of a channel.

    Examples
    --------
    >>> trial_letter("duty", dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC), "Asia/Shanghai").heading
    '【客声·测试】这是一条测试消息，请忽略'
    """
    facts = (("通道", channel), ("时间", wording.moment(at, zone)), ("说明", "能看到这条，通道就接通了"))
    return Letter(tag="测试", title="这是一条测试消息，请忽略", reason="test", facts=facts)


def fitted(letter: Letter, build: Callable[[Letter], Built], size: Callable[[Built], int], most: int) -> Built:
    r"""Return what `build` makes of a letter, cut line by line from the end until its `size` is at most `most`.

    Quotes go first, then facts; heading and address stay.

    Examples
    --------
    >>> long = Letter("高", "标题", facts=(("", "一" * 50), ("", "二" * 50)), link="http://x")
    >>> fitted(long, plain_text, len, 100).split("\n")[2:]
    ['…内容较长，其余见链接', '查看：http://x']
    """
    built = build(letter)
    while size(built) > most and (letter.quotes or letter.facts):
        if letter.quotes:
            letter = replace(letter, quotes=letter.quotes[:-1], cut=True)
        else:
            letter = replace(letter, facts=letter.facts[:-1], cut=True)
        built = build(letter)
    return built


def plain_text(letter: Letter) -> str:
    """Return a letter without any markup."""
    lines = [letter.heading, *(f"{label}：{value}" if label else value for label, value in letter.facts)]
    if letter.quotes:
        lines += ["原声：", *(f"· {quote}" for quote in letter.quotes)]
    if letter.cut:
        lines.append(CUT)
    return "\n".join([*lines, *([f"查看：{letter.link}"] if letter.link else [])])


def _fact(line: str) -> tuple[str, str]:
    """Return label and value of a line; a colon that comes late belongs to the sentence."""
    label, colon, value = line.partition("：")
    return (label, value) if colon and len(label) <= 6 else ("", line)


def _told(title: str, reason: str) -> str:
    """Return what the heading says: numbers of a rise are none of its end."""
    if reason not in _ENDED or not (found := _NUMBERS.search(title)):
        return title
    return f"{title[: found.start()].rstrip()}{_ENDED[reason]}"


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
