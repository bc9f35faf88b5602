"""What is still to be sent, and what became of it.

A message is written with what it tells (`pending`), claimed by one process before the request goes out (`sending`),
and marked when its end is known (`sent`, or `pending` again). A process that dies in between leaves a claim whose end
nobody knows: it is offered again after a while, as a possible repeat with the same `delivery_id`, by which the other
side can tell that it is one. So nothing is lost, and whoever looks at the `delivery_id` gets nothing twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from analytics.errors import ConfigError
from analytics.inbox.database import reading, writing
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM, Alert, Delivery
from analytics.inbox.rows import alert_of, note
from analytics.inbox.tables import AlertRow, DeliveryRow
from analytics.names import ALERT_REASON_NAMES

MOST_DOUBTS = 5
"""Claims of one message whose end nobody knows, after which it is no longer offered. Our choice: a process that dies
five times over one message dies of it."""
_LONGEST_ERROR = 500


class Outbox:
    """Messages still to be sent; the part of `Inbox` that senders use."""

    _engine: Engine
    policy: Policy

    def pending(self, now: dt.datetime | None = None) -> list[Delivery]:
        """Return the messages that are due at `now`, oldest alert first.

        Not those whose next attempt is set for later, of alerts a person has already seen to, or, in quiet hours, of
        less than high severity. The clock is used if `now` is not given.
        """
        at = now or dt.datetime.now(dt.UTC)
        return self._offered("pending", at)

    def in_doubt(self, now: dt.datetime) -> list[Delivery]:
        """Return messages claimed `doubt_minutes` ago or longer whose end nobody knows; they may be claimed again."""
        return self._offered("sending", now)

    def waits(self, way: str, now: dt.datetime) -> bool:
        """Return whether the other side asked for patience that is not over: all messages over this way wait."""
        query = select(DeliveryRow.delivery_id).where(
            DeliveryRow.way == way, DeliveryRow.state == "pending", DeliveryRow.retry_at > now
        )
        with reading(self._engine) as session:
            return session.scalars(query).first() is not None

    def claim(self, alert_id: str, way: str, now: dt.datetime) -> bool:
        """Take the message over one way for sending; return whether it was there to take.

        One process gets True; others get False. A claim in doubt can be taken again.
        """
        with writing(self._engine) as session:
            row = _unsent(session, alert_id, way)
            if row is None or not _is_free(row, self.policy, now):
                return False
            if row.state == "sending":
                row.doubts += 1
                note(session, alert_id, "in_doubt", now, SYSTEM, f"{way}：上次发送结果不明，再发一次")
            alert = session.get_one(AlertRow, alert_id)
            row.state, row.claimed_at = "sending", now
            row.told_n, row.told_severity = alert.n_contacts, alert.severity
            return True

    def mark_sent(self, alert_id: str, way: str, at: dt.datetime) -> None:
        """Record that a message went out."""
        with writing(self._engine) as session:
            row = _asked(session, alert_id, way)
            row.state, row.sent_at, row.attempts, row.last_error = "sent", at, row.attempts + 1, None
            alert = session.get_one(AlertRow, alert_id)
            if row.told_n is None:
                row.told_n, row.told_severity = alert.n_contacts, alert.severity
            note(session, alert_id, "sent", at, SYSTEM, f"{way}：{ALERT_REASON_NAMES[row.reason]}")

    def mark_failed(self, alert_id: str, way: str, error: str, retry_at: dt.datetime | None = None) -> None:
        """Record that sending failed; the message is due again at `retry_at`, or with the next run.

        `error` holds neither customer text nor a secret.
        """
        with writing(self._engine) as session:
            row = _asked(session, alert_id, way)
            row.state, row.retry_at = "pending", retry_at
            row.attempts, row.last_error = row.attempts + 1, error[:_LONGEST_ERROR]

    def give_up(self, alert_id: str, way: str, error: str, at: dt.datetime) -> None:
        """Record that a message will never be taken: it is offered no more, and its alert's history says why."""
        with writing(self._engine) as session:
            row = _asked(session, alert_id, way)
            row.state, row.attempts, row.last_error = "failed", row.attempts + 1, error[:_LONGEST_ERROR]
            note(session, alert_id, "failed", at, SYSTEM, f"{way}：{row.last_error}")

    def _offered(self, state: str, now: dt.datetime) -> list[Delivery]:
        query = (
            select(DeliveryRow, AlertRow)
            .join(AlertRow, AlertRow.alert_id == DeliveryRow.alert_id)
            .where(DeliveryRow.state == state, _wanted())
            .order_by(AlertRow.started_at, AlertRow.alert_id, DeliveryRow.way, DeliveryRow.sequence)
        )
        if self.policy.is_quiet(now):
            query = query.where(AlertRow.severity == "high")
        with reading(self._engine) as session:
            rows = session.execute(query).all()
            return [_delivery(row, alert_of(alert)) for row, alert in rows if _is_free(row, self.policy, now)]


def new_delivery(alert_id: str, way: str, sequence: int, reason: str) -> DeliveryRow:
    """Return the row of a message still to be sent; its id depends on nothing but alert, way and number."""
    name = hashlib.sha256(f"delivery:{alert_id}:{way}:{sequence}".encode()).hexdigest()[:24]
    return DeliveryRow(
        delivery_id=name, alert_id=alert_id, way=way, sequence=sequence, reason=reason, state="pending", attempts=0,
        doubts=0,
    )  # fmt: skip


def _wanted() -> ColumnElement[bool]:
    """Say whose messages are still worth sending: what nobody was told, what goes on, and what ended by itself."""
    ended_alone = and_(AlertRow.state == "resolved", AlertRow.changed_by == SYSTEM)
    follows = and_(AlertRow.state == "acknowledged", DeliveryRow.reason != "new")
    return or_(AlertRow.state == "open", ended_alone, follows)


def _is_free(row: DeliveryRow, policy: Policy, now: dt.datetime) -> bool:
    """Say whether a message may be claimed: it is due, or its claim is old and its end unknown."""
    if row.state == "pending":
        return row.retry_at is None or row.retry_at <= now
    old = row.claimed_at is not None and row.claimed_at <= now - dt.timedelta(minutes=policy.doubt_minutes)
    return old and row.doubts < MOST_DOUBTS


def _unsent(session: Session, alert_id: str, way: str) -> DeliveryRow | None:
    """Return an alert's message over one way that is next; one that was given up stands in nobody's way."""
    rows = _unfinished(session, alert_id, way)
    return next((row for row in rows if row.state == "pending" or row.doubts < MOST_DOUBTS), None)


def _asked(session: Session, alert_id: str, way: str) -> DeliveryRow:
    """Return the message that was claimed last; the next one where a caller does without claims."""
    rows = _unfinished(session, alert_id, way)
    if not rows:
        raise ConfigError(f"inbox: alert {alert_id!r} has nothing to send over {way!r}; nothing was changed")
    claimed = [(row.claimed_at, row.sequence, row) for row in rows if row.state == "sending" and row.claimed_at]
    return max(claimed, key=lambda each: each[:2])[2] if claimed else rows[0]


def _unfinished(session: Session, alert_id: str, way: str) -> Sequence[DeliveryRow]:
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.alert_id == alert_id, DeliveryRow.way == way, DeliveryRow.state.in_(("pending", "sending")))
        .order_by(DeliveryRow.sequence)
    )
    return session.scalars(query).all()


def _delivery(row: DeliveryRow, alert: Alert) -> Delivery:
    return Delivery(
        alert=alert,
        way=row.way,
        n_attempts=row.attempts,
        last_error=row.last_error,
        delivery_id=row.delivery_id,
        reason=row.reason,
        possible_repeat=row.doubts > 0 or row.state == "sending",
    )
