"""Rules of when an alert is told to people: quiet hours, least severity and volume, how often in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics.inbox.records import SEVERITIES, SYSTEM_KIND, Alert, NewAlert
from analytics.names import SEVERITY_NAMES


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds for some alerts; kind, key and channel that are None mean any, other fields that are None say nothing.

    Attributes
    ----------
    severity : str or None
        The severity such alerts get, whatever their numbers say.
    least_severity, min_contacts, in_a_row : str or None, int or None, int or None
        In place of the policy's own.
    """

    kind: str | None = None
    key: str | None = None
    channel: str | None = None
    severity: str | None = None
    least_severity: str | None = None
    min_contacts: int | None = None
    in_a_row: int | None = None

    def fits(self, alert: NewAlert | Alert) -> bool:
        """Return whether the rule is about such an alert."""
        asked = ((self.kind, alert.kind), (self.key, alert.key), (self.channel, alert.channel))
        return all(wanted is None or wanted == got for wanted, got in asked)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """When alerts are told, and how they end.

    Attributes
    ----------
    quiet_from, quiet_to : time or None
        Local hours in which only high severity is sent; over midnight where `quiet_from` is the later one. None: never.
    timezone : str
        The zone of those hours.
    least_severity, min_contacts, in_a_row : str, int, int
        What an alert needs before it is sent: severity at least, contacts at least, windows or runs that saw it.
    rules : sequence of Rule
        Exceptions; the first that fits and says something counts.
    updates : sequence of str
        Which messages follow the first one, of `REASONS`.
    grow_factor : float
        Times the contacts last told that make `grown` news; a worse severity always does.
    calm_hours, resolve_hours : int
        Hours with contacts on the alert's channel but nothing of the incident, after which it is calm, and over.
    reopen_hours : int
        An incident of the same kind, key and channel that begins within this time of the last is the same one.
    doubt_minutes : float
        How long a message may be under way before nobody knows whether it got through.
    """

    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    timezone: str = "Asia/Shanghai"
    least_severity: str = "low"
    min_contacts: int = 0
    in_a_row: int = 1
    rules: Sequence[Rule] = ()
    updates: Sequence[str] = ("grown", "reopened")
    grow_factor: float = 2.0
    calm_hours: int = 3
    resolve_hours: int = 12
    reopen_hours: int = 24
    doubt_minutes: float = 10.0

    def is_quiet(self, now: dt.datetime) -> bool:
        """Return whether `now` is within the quiet hours.

        Examples
        --------
        >>> policy = Policy(quiet_from=dt.time(22), quiet_to=dt.time(8), timezone="Asia/Shanghai")
        >>> [policy.is_quiet(dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC)) for hour in (13, 14, 23, 0)]
        [False, True, True, False]
        """
        if self.quiet_from is None or self.quiet_to is None:
            return False
        clock = now.astimezone(ZoneInfo(self.timezone)).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to

    def severity(self, alert: NewAlert | Alert) -> str:
        """Return the severity of an alert: a rule's, else its own."""
        return next((rule.severity for rule in self.rules if rule.severity and rule.fits(alert)), alert.severity)

    def held(self, alert: NewAlert | Alert) -> str | None:
        """Return why an alert is not told yet, as a person reads it; None if it is to be told.

        Examples
        --------
        >>> from analytics.inbox.records import NewAlert
        >>> moment = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        >>> alert = NewAlert(alert_id="a", spike_id="s", key="退款", severity="low", channel="*", title="", body="",
        ...                  started_at=moment, kind="keyword", n_contacts=9)
        >>> Policy(min_contacts=12).held(alert)
        '联络 9 个，少于 12 个'
        >>> Policy(min_contacts=12, rules=[Rule(key="退款", min_contacts=5)]).held(alert) is None
        True
        """
        own = next((rule.least_severity for rule in self.rules if rule.least_severity and rule.fits(alert)), None)
        least = own or self.least_severity
        if worse(least, alert.severity):
            return f"级别 {SEVERITY_NAMES[alert.severity]}，低于 {SEVERITY_NAMES[least]}"
        if alert.kind == SYSTEM_KIND:  # it has no contacts to count
            return None
        fewest = self._number("min_contacts", self.min_contacts, alert)
        if alert.n_contacts < fewest:
            return f"联络 {alert.n_contacts:,} 个，少于 {fewest:,} 个"
        in_a_row = self._number("in_a_row", self.in_a_row, alert)
        if alert.n_windows < in_a_row:
            return f"连续 {alert.n_windows} 次，少于 {in_a_row} 次"
        return None

    def _number(self, name: str, general: int, alert: NewAlert | Alert) -> int:
        own = (getattr(rule, name) for rule in self.rules if getattr(rule, name) is not None and rule.fits(alert))
        return int(next(own, general))


def worse(one: str, other: str) -> bool:
    """Return whether severity `one` is worse than `other`.

    Examples
    --------
    >>> worse("high", "low"), worse("low", "low")
    (True, False)
    """
    return SEVERITIES.index(one) < SEVERITIES.index(other)
