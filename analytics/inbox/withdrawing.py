"""Take back alerts whose incidents the days no longer have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from analytics.inbox.growth import refresh_numbers
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM
from analytics.inbox.rows import note
from analytics.inbox.tables import AlertRow, CommentRow, DeliveryRow, EventRow, PartRow
from analytics.inbox.telling import tell_end


def withdraw_parts(
    session: Session, keep: Collection[str], window: tuple[dt.datetime, dt.datetime], now: dt.datetime, policy: Policy
) -> int:
    """Remove the parts that began in the window and are not in `keep`; return how many alerts had no other."""
    undecided = or_(AlertRow.state == "open", and_(AlertRow.state == "resolved", AlertRow.changed_by == SYSTEM))
    query = (
        select(PartRow)
        .join(AlertRow, AlertRow.alert_id == PartRow.alert_id)
        .where(undecided, PartRow.started_at >= window[0], PartRow.started_at < window[1])
    )
    gone = [part for part in session.scalars(query) if part.found_id not in keep]
    for part in gone:
        session.delete(part)
    session.flush()
    return sum(_without(session, alert_id, now, policy) for alert_id in sorted({part.alert_id for part in gone}))


def _without(session: Session, alert_id: str, now: dt.datetime, policy: Policy) -> bool:
    """See to an alert that lost a part; return whether that was its last."""
    row = session.get_one(AlertRow, alert_id)
    if session.scalars(select(PartRow).where(PartRow.alert_id == alert_id).limit(1)).first() is not None:
        refresh_numbers(session, row)
        return False
    note(session, alert_id, "withdrawn", now, SYSTEM, "数据重算后不再成立")
    session.execute(delete(DeliveryRow).where(DeliveryRow.alert_id == alert_id, DeliveryRow.state == "pending"))
    if not _is_known_to_people(session, alert_id):
        session.execute(delete(DeliveryRow).where(DeliveryRow.alert_id == alert_id))
        session.flush()
        session.delete(row)
    elif row.state == "open":
        row.state, row.changed_at, row.changed_by = "resolved", now, SYSTEM
        tell_end(session, row, "resolved", policy)
    return True


def _is_known_to_people(session: Session, alert_id: str) -> bool:
    told = select(DeliveryRow.delivery_id).where(
        DeliveryRow.alert_id == alert_id, DeliveryRow.state.in_(("sent", "sending"))
    )
    wrote = select(CommentRow.comment_id).where(CommentRow.alert_id == alert_id)
    acted = select(EventRow.event_id).where(EventRow.alert_id == alert_id, EventRow.by != SYSTEM)
    return any(session.execute(query.limit(1)).first() is not None for query in (told, wrote, acted))
