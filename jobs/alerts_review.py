"""What `kesheng alerts list`, `show`, `mutes` and `precision` print."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table

from analytics.errors import ConfigError
from analytics.inbox import SYSTEM, Alert, Event, Inbox
from analytics.inbox.records import Outgoing
from analytics.inbox.verdicts import precision
from analytics.names import (
    ALERT_EVENT_NAMES,
    ALERT_KIND_NAMES,
    ALERT_REASON_NAMES,
    ALERT_STATE_NAMES,
    SEVERITY_NAMES,
    channel_name,
)
from analytics.settings import Settings, load_settings
from jobs.inbox import open_inbox

_SENDING = {"pending": "待发送", "sending": "发送中", "sent": "已发送", "failed": "已放弃"}
_COLUMNS = ("编号", "级别", "状态", "标题", "开始", "最近一次", "联络", "负责人", "消息")
_WITH_YEAR = re.compile(r"^\d{4}-(?=\d\d-\d\d \d\d:\d\d$)")
_WHOLE = ("编号", "级别", "状态", "联络", "号", "开始", "最近一次", "从", "到")
"""Columns that are never cut into lines."""
_WATCHED = ("open", "acknowledged")


@contextmanager
def opened(settings: Settings) -> Iterator[Inbox]:
    """Open the inbox and close it again."""
    inbox = open_inbox(settings)
    try:
        yield inbox
    finally:
        inbox.close()


def listed(*, everything: bool = False, limit: int = 50) -> str:
    """Return alerts as a table, newest start first; those open or acknowledged, all with `everything`."""
    settings = load_settings()
    with opened(settings) as inbox:
        alerts = inbox.alerts(states=None if everything else _WATCHED, limit=limit)
        rows = [[*_fields(alert, settings.timezone), _messages(inbox, alert)] for alert in alerts]
    return table(_COLUMNS, rows)


def shown(name: str) -> str:
    """Return all that is known of one alert.

    Raises
    ------
    ConfigError
        If there is no such alert.
    """
    settings = load_settings()
    zone = settings.timezone
    with opened(settings) as inbox:
        alert = known_alert(inbox, name)
        history, comments = inbox.history(alert.alert_id), inbox.comments(alert.alert_id)
        sent = inbox.outgoing(alert.alert_id)
    kind = ALERT_KIND_NAMES.get(alert.kind, alert.kind or "未知")
    lines = [
        f"{alert.alert_id} 【{SEVERITY_NAMES.get(alert.severity, alert.severity)}】{alert.title}",
        f"{_state(alert)}；负责人 {alert.owner or '无'}；{kind} {alert.key}；{channel_name(alert.channel)}",
        f"{_moment(alert.started_at, zone)} 至 {_moment(alert.last_seen_at, zone)}，{alert.n_contacts:,} 个联络",
        *([f"暂不发送：{alert.held}"] if alert.held else []),
        alert.body,
        "经过：",
        *(f"  {_event(event, zone)}" for event in history),
        *(["备注："] if comments else []),
        *(f"  {_moment(each.at, zone)} {each.by}：{each.text}" for each in comments),
        *(["消息："] if sent else []),
        *(f"  {_message(alert, each, zone)}" for each in sent),
    ]
    return "\n".join(lines)


def listed_mutes(*, everything: bool = False) -> str:
    """Return the mutes that hold now, all that ever were with `everything`, oldest first."""
    settings, now = load_settings(), dt.datetime.now(dt.UTC)
    zone = settings.timezone
    with opened(settings) as inbox:
        mutes = inbox.mutes(None if everything else now)
    rows = [
        [
            str(mute.mute_id),
            ALERT_KIND_NAMES.get(mute.kind, mute.kind) if mute.kind else "全部",
            mute.key or "全部",
            channel_name(mute.channel) if mute.channel else "全部",
            _moment(mute.since, zone),
            _moment(mute.withdrawn_at or mute.until, zone) + ("（已取消）" if mute.withdrawn_at else ""),
            mute.made_by,
            mute.why,
        ]
        for mute in mutes
    ]
    return table(("号", "类型", "对象", "渠道", "从", "到", "谁", "原因"), rows)


def precision_table() -> str:
    """Return how often each kind of alert was right, with Wilson's 95 % interval."""
    found = precision(load_settings().inbox_url)
    rows = [
        [
            ALERT_KIND_NAMES.get(row.kind, row.kind or "未知"),
            f"{row.n_judged:,}",
            f"{row.n_false:,}",
            f"{row.precision:.0%}（{row.low:.0%}–{row.high:.0%}）",
        ]
        for row in found
    ]
    return table(("类型", "已判断", "正常波动", "准确率（95% 区间）"), rows)


def known_alert(inbox: Inbox, name: str) -> Alert:
    """Return the alert of an id, or of the first letters of one.

    Raises
    ------
    ConfigError
        If no alert, or more than one, begins so.
    """
    found = [alert for alert in inbox.alerts() if name and alert.alert_id.startswith(name)]
    exact = [alert for alert in found if alert.alert_id == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    how = f"{len(found)} alerts begin with it" if found else "no alert has it"
    raise ConfigError(
        f"alerts: expected the id of an alert, got {name!r}: {how}; kesheng alerts list --all shows them; "
        "nothing was changed"
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table: drawn for a person at a terminal, parted by tabs for a program."""
    if not sys.stdout.isatty():
        return "\n".join("\t".join(" ".join(field.split()) for field in row) for row in (columns, *rows))
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        drawn.add_column(name, no_wrap=name in _WHOLE, overflow="fold")
    for row in rows:
        drawn.add_row(*(_WITH_YEAR.sub("", field) for field in row))
    out = io.StringIO()
    Console(file=out, width=Console().width, highlight=False, markup=False).print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").split("\n"))


def _fields(alert: Alert, zone: str) -> list[str]:
    return [
        alert.alert_id,
        SEVERITY_NAMES.get(alert.severity, alert.severity),
        _state(alert),
        alert.title,
        _moment(alert.started_at, zone),
        _moment(alert.last_seen_at, zone),
        f"{alert.n_contacts:,}",
        alert.owner or "",
    ]


def _state(alert: Alert) -> str:
    said = ALERT_STATE_NAMES.get(alert.state, alert.state)
    if alert.state == "resolved" and alert.changed_by == SYSTEM:
        return f"{said}（自动）"
    return f"{said}·平静" if alert.calmed_at is not None and alert.state in _WATCHED else said


def _messages(inbox: Inbox, alert: Alert) -> str:
    """Return whether people were told, and over which ways."""
    if alert.held:
        return f"暂不发送：{alert.held}"
    newest = {each.way: _became(alert, each) for each in inbox.outgoing(alert.alert_id)}
    return "，".join(f"{way} {state}" for way, state in newest.items()) or "不发送"


def _became(alert: Alert, sent: Outgoing) -> str:
    """Return what became of a message; one still to be sent is dropped where somebody has seen to the alert."""
    closed = alert.state in ("muted", "false_alarm") or (alert.state == "resolved" and alert.changed_by != SYSTEM)
    if sent.state == "pending" and (closed or (alert.state == "acknowledged" and sent.reason == "new")):
        return "不再发送"
    return _SENDING.get(sent.state, sent.state)


def _event(event: Event, zone: str) -> str:
    what = ALERT_EVENT_NAMES.get(event.what, event.what)
    return f"{_moment(event.at, zone)} {what} {_name(event.by)} {event.detail}".rstrip()


def _message(alert: Alert, sent: Outgoing, zone: str) -> str:
    when = _moment(sent.sent_at, zone) if sent.sent_at else ""
    tries = f"已试 {sent.attempts} 次" if sent.attempts and not sent.sent_at else ""
    said = (
        sent.way,
        ALERT_REASON_NAMES.get(sent.reason, sent.reason),
        _became(alert, sent),
        when,
        tries,
        sent.last_error,
    )
    return " ".join(part for part in said if part)


def _name(by: str) -> str:
    return "系统" if by == SYSTEM else by


def _moment(at: dt.datetime | None, zone: str) -> str:
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
