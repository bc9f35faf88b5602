"""Write messages to the outbox: the first one, and those that follow on what was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.inbox.outbox import new_delivery
from analytics.inbox.policy import Policy, worse
from analytics.inbox.records import SYSTEM, Alert
from analytics.inbox.rows import alert_of, note
from analytics.inbox.tables import AlertRow, DeliveryRow


def tell_first(session: Session, row: AlertRow, ways: Sequence[str], policy: Policy, now: dt.datetime) -> None:
    """Write the first message of an alert, or why it is held back."""
    held = policy.held(alert_of(row))
    if held is not None:
        if row.held is None:
            note(session, row.alert_id, "held", now, SYSTEM, held)
        row.held = held
        return
    row.held = None
    for way in ways:
        session.add(new_delivery(row.alert_id, way, 1, "new"))


def tell_update(session: Session, row: AlertRow, ways: Collection[str], policy: Policy, *, came_back: bool) -> None:
    """Write that an alert came back or grew, over the ways that had its first message.

    A way that the alert has only now, by a worse severity, gets a first message. Where an earlier message is still to
    be sent, it will tell the present numbers: nothing is added.
    """
    sent = _by_way(session, row)
    if not sent:
        return
    alert = alert_of(row)
    for way in {*sent, *ways}:
        last = sent.get(way)
        if last is None:
            if worse(row.severity, _told_severity(sent)):
                session.add(new_delivery(row.alert_id, way, 1, "new"))
        elif came_back and "reopened" in policy.updates:
            _follow(session, last, "reopened")
        elif "grown" in policy.updates and _is_more(alert, last, policy):
            _follow(session, last, "grown")


def tell_end(session: Session, row: AlertRow, reason: str, policy: Policy) -> None:
    """Write that an alert is calm or over, over the ways that had a message before."""
    if reason in policy.updates:
        for last in _by_way(session, row).values():
            _follow(session, last, reason)


def _by_way(session: Session, row: AlertRow) -> dict[str, DeliveryRow]:
    """Return the last message of an alert over each way."""
    query = select(DeliveryRow).where(DeliveryRow.alert_id == row.alert_id).order_by(DeliveryRow.sequence)
    return {delivery.way: delivery for delivery in session.scalars(query)}


def _told_severity(sent: dict[str, DeliveryRow]) -> str:
    told = [delivery.told_severity for delivery in sent.values() if delivery.told_severity]
    return told[-1] if told else "high"


def _is_more(alert: Alert, last: DeliveryRow, policy: Policy) -> bool:
    if last.told_n is None or last.told_severity is None:
        return False
    return worse(alert.severity, last.told_severity) or alert.n_contacts >= policy.grow_factor * max(last.told_n, 1)


def _follow(session: Session, last: DeliveryRow, reason: str) -> None:
    if last.state == "pending" and last.reason != "new":
        last.reason = reason
    elif last.state != "pending":
        session.add(new_delivery(last.alert_id, last.way, last.sequence + 1, reason))
