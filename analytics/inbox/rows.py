"""Rows of the inbox's tables to records and back; how a row of history is written."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from analytics.errors import ConfigError
from analytics.inbox.records import Alert
from analytics.inbox.tables import AlertRow, EventRow

_LONGEST_NAME = 100


def alert_of(row: AlertRow) -> Alert:
    """Return an alert as the inbox keeps it."""
    return Alert(**{name: getattr(row, name) for name in Alert.__dataclass_fields__})


def asked(session: Session, alert_id: str) -> AlertRow:
    """Return the row of an alert.

    Raises
    ------
    ConfigError
        If there is no such alert.
    """
    row = session.get(AlertRow, alert_id)
    if row is None:
        raise ConfigError(f"inbox: expected the id of an alert, got {alert_id!r}; nothing was changed")
    return row


def note(session: Session, alert_id: str, what: str, at: dt.datetime, by: str, detail: str = "") -> None:
    """Write down what happened to an alert, and that it changed. `detail` holds no customer text."""
    session.add(EventRow(alert_id=alert_id, at=at, what=what, by=by[:_LONGEST_NAME], detail=detail))
    row = session.get(AlertRow, alert_id)
    if row is not None and what not in ("sent", "in_doubt", "failed"):
        row.last_changed_at = at
