"""Keep alerts, what people decided about them, and what is still to be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analytics.errors import ConfigError
from analytics.inbox.records import Alert, Delivery, NewAlert
from analytics.inbox.tables import AlertRow, DeliveryRow, open_database
from analytics.schema import TABLES

MUTE = dt.timedelta(days=7)
"""How long a muted alert silences later ones of its key and channel. Our choice: a week covers the weekly cycle."""

_REFRESHED = ("spike_id", "key", "severity", "channel", "title", "body", "started_at")


class Inbox:
    """Alerts in a database; SQLite in the project's folder unless `url` says otherwise.

    Parameters
    ----------
    url : str
        SQLAlchemy address. The folder of an SQLite file and the tables are made when missing.

    Raises
    ------
    ConfigError
        If the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def raise_alerts(
        self, rows: Iterable[NewAlert], *, now: dt.datetime, send: bool, ways: Sequence[str] = ("console",)
    ) -> list[str]:
        """Put alerts in; return the ids of those that were not there before.

        An alert that is there already gets the new text and numbers and keeps its state, owner and time of creation;
        it is never sent a second time. A new alert whose key and channel a person muted less than `MUTE` before it
        starts muted, and is not sent.

        Parameters
        ----------
        rows : iterable of NewAlert
            The same alert may come again on any later run.
        now : datetime
            With a zone.
        send : bool
            False for windows of the past: the alerts are kept, no message goes out.
        ways : sequence of str
            How new alerts are to be sent.
        """
        found = {row.alert_id: row for row in rows}
        try:
            return self._upsert(found, now, ways if send else ())
        except IntegrityError:
            # Another process put the same alert in between our look and our write.
            return self._upsert(found, now, ways if send else ())

    def alerts(
        self,
        states: Collection[str] | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        limit: int | None = None,
    ) -> list[Alert]:
        """Return alerts, newest start first; all states and times if not given, `since` <= started_at < `until`."""
        query = select(AlertRow).order_by(AlertRow.started_at.desc(), AlertRow.alert_id)
        if states is not None:
            query = query.where(AlertRow.state.in_(states))
        if since is not None:
            query = query.where(AlertRow.started_at >= since)
        if until is not None:
            query = query.where(AlertRow.started_at < until)
        with Session(self._engine) as session:
            return [_alert(row) for row in session.scalars(query.limit(limit))]

    def acknowledge(self, alert_id: str, by: str, at: dt.datetime) -> None:
        """Record that somebody looks after it; `by` becomes the owner."""
        self._decide(alert_id, "acknowledged", by, at)

    def mute(self, alert_id: str, by: str, at: dt.datetime) -> None:
        """Silence this key and channel for a week (`MUTE`)."""
        self._decide(alert_id, "muted", by, at)

    def resolve(self, alert_id: str, by: str, at: dt.datetime) -> None:
        """Record that it is over."""
        self._decide(alert_id, "resolved", by, at)

    def false_alarm(self, alert_id: str, by: str, at: dt.datetime) -> None:
        """Record that it was no incident (正常波动)."""
        self._decide(alert_id, "false_alarm", by, at)

    def withdraw(self, keep: Collection[str], *, since: dt.datetime, until: dt.datetime) -> int:
        """Remove open alerts that began in [since, until) and are not in `keep`; return how many.

        A day that is computed again with more data may lose a spike it had; an alert on which no person decided goes
        with it, so that none points to a spike that is not published.
        """
        with Session(self._engine) as session, session.begin():
            query = select(AlertRow).where(
                AlertRow.state == "open", AlertRow.started_at >= since, AlertRow.started_at < until
            )
            gone = [row for row in session.scalars(query) if row.alert_id not in keep]
            ids = [row.alert_id for row in gone]
            for delivery in session.scalars(select(DeliveryRow).where(DeliveryRow.alert_id.in_(ids))):
                session.delete(delivery)
            session.flush()
            for row in gone:
                session.delete(row)
        return len(ids)

    def pending(self) -> list[Delivery]:
        """Return what is still to be sent, oldest alert first; not those a person has already seen to."""
        query = (
            select(DeliveryRow, AlertRow)
            .join(AlertRow, AlertRow.alert_id == DeliveryRow.alert_id)
            .where(DeliveryRow.state == "pending", AlertRow.state == "open")
            .order_by(AlertRow.started_at, AlertRow.alert_id, DeliveryRow.way)
        )
        with Session(self._engine) as session:
            return [
                Delivery(alert=_alert(alert), way=row.way, n_attempts=row.attempts, last_error=row.last_error)
                for row, alert in session.execute(query)
            ]

    def mark_sent(self, alert_id: str, way: str, at: dt.datetime) -> None:
        """Record that a message went out."""
        with Session(self._engine) as session, session.begin():
            row = _delivery(session, alert_id, way)
            row.state, row.sent_at, row.attempts, row.last_error = "sent", at, row.attempts + 1, None

    def mark_failed(self, alert_id: str, way: str, error: str) -> None:
        """Record that sending failed; the message stays pending for the next run. `error` holds no customer text."""
        with Session(self._engine) as session, session.begin():
            row = _delivery(session, alert_id, way)
            row.attempts, row.last_error = row.attempts + 1, error[:500]

    def table(self) -> pa.Table:
        """Return all alerts as the published table `alert`, ordered by start and id."""
        rows = sorted(self.alerts(), key=lambda alert: (alert.started_at, alert.alert_id))
        schema = TABLES["alert"].arrow(later=True)
        return pa.Table.from_pylist([{name: getattr(row, name) for name in schema.names} for row in rows], schema)

    def _upsert(self, found: dict[str, NewAlert], now: dt.datetime, ways: Sequence[str]) -> list[str]:
        with Session(self._engine) as session, session.begin():
            query = select(AlertRow).where(AlertRow.alert_id.in_(list(found)))
            known = {row.alert_id: row for row in session.scalars(query)}
            for alert_id, row in known.items():
                for name in _REFRESHED:
                    setattr(row, name, getattr(found[alert_id], name))
            fresh = [alert for alert_id, alert in found.items() if alert_id not in known]
            for alert in fresh:
                state = "muted" if _is_muted(session, alert) else "open"
                values = {name: getattr(alert, name) for name in _REFRESHED}
                session.add(AlertRow(alert_id=alert.alert_id, state=state, owner=None, created_at=now, **values))
                session.flush()
                for way in ways if state == "open" else ():
                    session.add(DeliveryRow(alert_id=alert.alert_id, way=way, state="pending", attempts=0))
        return [alert.alert_id for alert in fresh]

    def _decide(self, alert_id: str, state: str, by: str, at: dt.datetime) -> None:
        with Session(self._engine) as session, session.begin():
            row = session.get(AlertRow, alert_id)
            if row is None:
                raise ConfigError(f"inbox: expected the id of an alert, got {alert_id!r}; nothing was changed")
            row.state, row.owner, row.changed_at = state, by, at


def _is_muted(session: Session, alert: NewAlert) -> bool:
    query = select(AlertRow.changed_at).where(
        AlertRow.key == alert.key, AlertRow.channel == alert.channel, AlertRow.state == "muted"
    )
    return any(
        at is not None and dt.timedelta(0) <= alert.started_at - at < MUTE for at in session.scalars(query).all()
    )


def _delivery(session: Session, alert_id: str, way: str) -> DeliveryRow:
    row = session.get(DeliveryRow, (alert_id, way))
    if row is None:
        raise ConfigError(f"inbox: alert {alert_id!r} has nothing to send over {way!r}; nothing was changed")
    return row


def _alert(row: AlertRow) -> Alert:
    return Alert(**{name: getattr(row, name) for name in Alert.__dataclass_fields__})
