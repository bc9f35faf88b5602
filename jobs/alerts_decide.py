"""What `kesheng alerts ack`, `mute` and the like do: find the alert, keep the decision, say what follows."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo

from analytics.errors import ConfigError
from analytics.inbox import Matter
from analytics.inbox.deciding import MUTE
from analytics.inbox.wishes import comment_of, end_of_mute, name_of, plain
from analytics.settings import load_settings
from jobs.alerts_review import known_alert, opened

Decision = Literal["acknowledge", "resolve", "false_alarm", "reopen"]
_SAID: dict[Decision, str] = {
    "acknowledge": "已认领，负责人 {by}；不再发首条消息，有变化照样通知",
    "resolve": "已解决；之后新出现的同类情况会重新打开它",
    "false_alarm": "已判为正常波动；下一次运行起，这个对象的基线把它算在内。改判：kesheng alerts reopen {alert_id}",
    "reopen": "已重新打开",
}


def decide(decision: Decision, name: str, *, by: str | None = None) -> str:
    """Keep a decision about an alert; return what was decided and what follows.

    Raises
    ------
    ConfigError
        If there is no such alert; then nothing is kept.
    """
    who = _who(by)
    with opened(load_settings()) as inbox:
        alert = known_alert(inbox, name)
        getattr(inbox, decision)(alert.alert_id, who, _now())
    return f"{alert.alert_id} {alert.title}：{_SAID[decision].format(by=who, alert_id=alert.alert_id)}"


def assign_to(name: str, owner: str, *, by: str | None = None) -> str:
    """Give an alert to somebody; return what was done."""
    to = _who(owner)
    with opened(load_settings()) as inbox:
        alert = known_alert(inbox, name)
        inbox.assign(alert.alert_id, to, _who(by), _now())
    return f"{alert.alert_id} {alert.title}：指派给 {to}"


def comment_on(name: str, text: str, *, by: str | None = None) -> str:
    """Keep a comment, masked; return what was done.

    Raises
    ------
    ConfigError
        If the comment is empty or there is no such alert.
    """
    said = comment_of(text)
    with opened(load_settings()) as inbox:
        alert = known_alert(inbox, name)
        inbox.comment(alert.alert_id, said, _who(by), _now())
    return f"{alert.alert_id} {alert.title}：已备注"


def mute_alert(name: str, until: str | None, *, why: str = "", by: str | None = None) -> str:
    """Silence an alert and later ones of its kind, key and channel; return until when."""
    settings, now = load_settings(), _now()
    end = _end(until, now, settings.timezone)
    with opened(settings) as inbox:
        alert = known_alert(inbox, name)
        number = inbox.mute(alert.alert_id, _who(by), now, until=end, why=plain(why))
    return f"{alert.alert_id} {alert.title}：静音 {number}，到 {_shown(end, settings.timezone)}；{_undo(number)}"


def mute_matter(matter: Mapping[str, str | None], until: str | None, *, why: str = "", by: str | None = None) -> str:
    """Silence what is to come of a kind, key and channel; return until when.

    Raises
    ------
    ConfigError
        If none of them is given, or the end is no time to come.
    """
    settings, now = load_settings(), _now()
    end = _end(until, now, settings.timezone)
    about = Matter(**{name: value or None for name, value in matter.items()})
    with opened(settings) as inbox:
        number = inbox.mute_matter(about, _who(by), now, until=end, why=plain(why))
    return f"静音 {number}，到 {_shown(end, settings.timezone)}；已有的告警不变；{_undo(number)}"


def unmute(name: str | None, number: int | None, *, by: str | None = None) -> str:
    """Let one mute, or all that cover an alert, hold no longer; return what was done.

    Raises
    ------
    ConfigError
        If neither or both are given, or there is no such alert or mute.
    """
    if (name is None) == (number is None):
        raise ConfigError("alerts unmute: expected the id of an alert or --number of a mute, got neither or both")
    with opened(load_settings()) as inbox:
        if number is not None:
            inbox.withdraw_mute(number, _now())
            return f"静音 {number} 已取消"
        alert = known_alert(inbox, name or "")
        n_mutes = inbox.unmute(alert.alert_id, _who(by), _now())
    return f"{alert.alert_id} {alert.title}：取消了 {n_mutes} 条静音"


def try_channel(name: str) -> tuple[str, int]:
    """Send a test message over a channel; return what to say and the exit code."""
    from jobs.senders.trial import test_channel

    trial = test_channel(load_settings(), name)
    return (f"{name}：测试消息已发出" if trial.sent else f"kesheng: {trial.detail}"), trial.exit_code


def _who(by: str | None) -> str:
    return name_of(getpass.getuser() if by is None else by)


def _end(until: str | None, now: dt.datetime, zone: str) -> dt.datetime:
    return now + MUTE if until is None else end_of_mute(until, zone)


def _shown(at: dt.datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _undo(number: int) -> str:
    return f"取消：kesheng alerts unmute --number {number}"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
