"""Keep alerts, what happened to them, what people decided about them, and what is still to be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow as pa
from sqlalchemy import func, select

from analytics.inbox.away import answers
from analytics.inbox.database import open_database, reading
from analytics.inbox.deciding import Decisions
from analytics.inbox.ending import Endings
from analytics.inbox.findings import Findings
from analytics.inbox.outbox import Outbox
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM, Alert, Comment, Event, Outgoing, Part
from analytics.inbox.rows import alert_of
from analytics.inbox.tables import AlertRow, CommentRow, DeliveryRow, EventRow, PartRow
from analytics.inbox.trouble import Troubles
from analytics.schema import TABLES


class Inbox(Findings, Endings, Troubles, Outbox, Decisions):
    """Alerts in a database; SQLite in the project's folder unless `url` says otherwise.

    Parameters
    ----------
    url : str
        SQLAlchemy address. The folder of an SQLite file and the tables are made when missing.
    policy : Policy
        When alerts are told, and how they end.

    Raises
    ------
    ConfigError
        If the database cannot be opened.
    """

    def __init__(self, url: str, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self._engine = open_database(url)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def answers(self) -> bool:
        """Return whether the database can be reached now."""
        return answers(self._engine)

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
        with reading(self._engine) as session:
            return [alert_of(row) for row in session.scalars(query.limit(limit))]

    def history(self, alert_id: str) -> list[Event]:
        """Return what happened to an alert, oldest first; also of one that was withdrawn."""
        query = select(EventRow).where(EventRow.alert_id == alert_id).order_by(EventRow.event_id)
        names = Event.__dataclass_fields__
        with reading(self._engine) as session:
            return [Event(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]

    def comments(self, alert_id: str) -> list[Comment]:
        """Return what people wrote about an alert, oldest first."""
        query = select(CommentRow).where(CommentRow.alert_id == alert_id).order_by(CommentRow.comment_id)
        names = Comment.__dataclass_fields__
        with reading(self._engine) as session:
            return [Comment(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]

    def parts(self, alert_id: str) -> list[Part]:
        """Return what an alert stands for, oldest first."""
        query = select(PartRow).where(PartRow.alert_id == alert_id).order_by(PartRow.started_at, PartRow.found_id)
        names = Part.__dataclass_fields__
        with reading(self._engine) as session:
            return [Part(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]

    def grown(self) -> dict[str, dt.datetime]:
        """Return when the alerts that grew, or came back by themselves, did so last."""
        query = (
            select(EventRow.alert_id, func.max(EventRow.at))
            .where(EventRow.what.in_(("grown", "reopened")), EventRow.by == SYSTEM)
            .group_by(EventRow.alert_id)
        )
        with reading(self._engine) as session:
            return {str(alert_id): at for alert_id, at in session.execute(query)}

    def version(self) -> int:
        """Return a number that grows with all that happens to alerts."""
        with reading(self._engine) as session:
            return session.scalar(select(func.max(EventRow.event_id))) or 0

    def outgoing(self, alert_id: str) -> list[Outgoing]:
        """Return the messages of an alert, sent or not, by way and in the order they were written."""
        query = (
            select(DeliveryRow).where(DeliveryRow.alert_id == alert_id).order_by(DeliveryRow.way, DeliveryRow.sequence)
        )
        names = Outgoing.__dataclass_fields__
        with reading(self._engine) as session:
            return [Outgoing(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]

    def table(self) -> pa.Table:
        """Return all alerts as the published table `alert`, ordered by start and id."""
        rows = sorted(self.alerts(), key=lambda alert: (alert.started_at, alert.alert_id))
        schema = TABLES["alert"].arrow(later=True)
        return pa.Table.from_pylist([{name: getattr(row, name) for name in schema.names} for row in rows], schema)
