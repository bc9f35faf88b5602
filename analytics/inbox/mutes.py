"""Silence by kind, key and channel until a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from analytics.inbox.records import Mute, NewAlert
from analytics.inbox.tables import AlertRow, MuteRow


def is_muted(session: Session, alert: NewAlert | AlertRow) -> bool:
    """Return whether a mute that holds covers an incident; it covers those that begin while it lasts."""
    query = select(MuteRow.mute_id).where(
        *covering(alert), MuteRow.since <= alert.started_at, MuteRow.until > alert.started_at
    )
    return session.scalars(query.limit(1)).first() is not None


def covering(alert: NewAlert | AlertRow) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for mutes of an alert's kind, key and channel that were not withdrawn."""
    about = ((MuteRow.kind, alert.kind), (MuteRow.key, alert.key), (MuteRow.channel, alert.channel))
    return MuteRow.withdrawn_at.is_(None), *(or_(column.is_(None), column == value) for column, value in about)


def mute_of(row: MuteRow) -> Mute:
    """Return a mute as people see it."""
    return Mute(**{name: getattr(row, name) for name in Mute.__dataclass_fields__})
