"""What an alert is before and after it is in the inbox, and one message still to be sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PERSON_STATES = ("acknowledged", "muted", "resolved", "false_alarm")
"""States that only a person's decision gives; reprocessing keeps them."""
STATES = ("open", *PERSON_STATES)
SEVERITIES = ("high", "medium", "low")
"""Worst first."""


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    """One incident as the jobs see it. `started_at` carries a zone."""

    alert_id: str
    spike_id: str
    key: str
    severity: str
    channel: str
    title: str
    body: str
    started_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Alert(NewAlert):
    """One incident as the inbox keeps it; times are UTC."""

    state: str
    owner: str | None
    created_at: dt.datetime
    changed_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One alert still to be sent over one way (console or webhook)."""

    alert: Alert
    way: str
    n_attempts: int
    last_error: str | None
