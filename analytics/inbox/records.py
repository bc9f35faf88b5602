"""What an alert is before and after it is in the inbox, what happened to it, and one message still to be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

PERSON_STATES = ("acknowledged", "muted", "resolved", "false_alarm")
"""States that a person's decision gives; reprocessing keeps them. The system gives `resolved`, too."""
STATES = ("open", *PERSON_STATES)
SEVERITIES = ("high", "medium", "low")
"""Worst first."""
SYSTEM = "system"
"""Who did what nobody did."""
SYSTEM_KIND = "system"
"""Kind of an alert about a run of ours, not about what customers say."""
REASONS = ("new", "grown", "reopened", "calmed", "resolved")
"""Why a message goes out. `new` comes first and once a way; the others follow on what was told."""


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    """One incident as the jobs see it; times carry a zone.

    Attributes
    ----------
    alert_id : str
        Hash of the incident it is about. The inbox may know the incident under an earlier hash, and keeps that one.
    kind : str
        keyword, topic, volume, sentiment and what else the table `spike` has; dip for a fall of mood alone; system for
        a run that failed (`analytics.inbox.trouble`).
    n_contacts, observed, expected : int, float or None, float or None
        Contacts of the whole incident; count (or score) of the bucket that alarmed and what was expected of it.
    n_windows : int
        Windows in a row that alarmed.
    ended_at : datetime or None
        When it was last seen; `started_at` if not given.
    contact_ids : sequence of str
        Contacts behind it; the inbox keeps a sketch of them, by which it knows an incident that got another name.
    """

    alert_id: str
    spike_id: str
    key: str
    severity: str
    channel: str
    title: str
    body: str
    started_at: dt.datetime
    kind: str = ""
    n_contacts: int = 0
    observed: float | None = None
    expected: float | None = None
    n_windows: int = 1
    ended_at: dt.datetime | None = None
    contact_ids: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One incident as the inbox keeps it; times are UTC.

    Attributes
    ----------
    changed_at, changed_by : datetime or None, str or None
        When its state was last changed, and by whom; `SYSTEM` when nobody did.
    last_seen_at : datetime or None
        Last contact of the incident.
    last_changed_at : datetime or None
        When anything about it last changed.
    calmed_at : datetime or None
        Since when it is calm; None while it goes on.
    held : str or None
        Why no message went out yet, where a rule holds it back.
    """

    alert_id: str
    spike_id: str
    kind: str
    key: str
    severity: str
    channel: str
    title: str
    body: str
    n_contacts: int
    n_windows: int
    observed: float | None
    expected: float | None
    started_at: dt.datetime
    state: str
    owner: str | None
    created_at: dt.datetime
    changed_at: dt.datetime | None
    changed_by: str | None
    last_seen_at: dt.datetime | None
    last_changed_at: dt.datetime | None
    calmed_at: dt.datetime | None
    held: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message still to be sent over one way (console, webhook, …).

    Attributes
    ----------
    delivery_id : str
        The same for every attempt at this message: the idempotency key for the other side.
    reason : str
        One of `REASONS`.
    possible_repeat : bool
        Whether an earlier attempt may have got through: its process died before it could say.
    """

    alert: Alert
    way: str
    n_attempts: int
    last_error: str | None
    delivery_id: str
    reason: str
    possible_repeat: bool


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What became of one message: pending, sending, sent, or failed (given up)."""

    way: str
    reason: str
    state: str
    attempts: int
    retry_at: dt.datetime | None
    sent_at: dt.datetime | None
    last_error: str | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to an alert: raised, grown, sent, acknowledged, … by somebody or the `SYSTEM`."""

    alert_id: str
    at: dt.datetime
    what: str
    by: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One spike or dip that an alert stands for; its rows in the tables `spike` or `dip` have the contacts."""

    spike_id: str
    severity: str
    started_at: dt.datetime
    ended_at: dt.datetime
    n_contacts: int


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody wrote about an alert."""

    alert_id: str
    at: dt.datetime
    by: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Mute:
    """Silence for incidents that begin in [since, until); None means any kind, key or channel."""

    mute_id: int
    kind: str | None
    key: str | None
    channel: str | None
    since: dt.datetime
    until: dt.datetime
    made_by: str
    why: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What an incident is about; None means any kind, key or channel."""

    kind: str | None = None
    key: str | None = None
    channel: str | None = None
