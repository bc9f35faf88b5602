"""Keep what people said a contact is about. Nothing is deleted but with its contact: an undone label stays, undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analytics.inbox.tables import Base, UtcTime, open_database


class TopicLabelRow(Base):
    """One correction of the topic of a contact."""

    __tablename__ = "topic_label"

    label_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(300), index=True)
    topic_id: Mapped[str] = mapped_column(String(20))
    was: Mapped[str | None] = mapped_column(String(20))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True, kw_only=True)
class TopicLabel:
    """What somebody said a contact is about.

    Attributes
    ----------
    contact_id : str
        The contact.
    topic_id : str
        Its topic; '' = none of them.
    was : str or None
        The topic it had when it was corrected; None for none.
    made_by, made_at : str, datetime
        Who, and when (with a zone).
    """

    contact_id: str
    topic_id: str
    was: str | None
    made_by: str
    made_at: dt.datetime


class TopicLabels:
    """Corrections of topics in the inbox's database.

    Parameters
    ----------
    url : str
        SQLAlchemy address, as of `analytics.inbox.Inbox`.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    def make(self, label: TopicLabel) -> None:
        """Keep a correction; it takes the place of an earlier one of the same contact."""
        values = {name: getattr(label, name) for name in TopicLabel.__dataclass_fields__}
        with Session(self._engine) as session, session.begin():
            session.add(TopicLabelRow(**values, undone_at=None))

    def undo(self, contact_id: str, at: dt.datetime) -> int:
        """Let the model's topic hold again; return how many corrections were undone."""
        with Session(self._engine) as session, session.begin():
            rows = session.scalars(
                select(TopicLabelRow).where(TopicLabelRow.contact_id == contact_id, TopicLabelRow.undone_at.is_(None))
            ).all()
            for row in rows:
                row.undone_at = at
            return len(rows)

    def holding(self, contact_id: str | None = None) -> dict[str, str]:
        """Return the topic last given to each contact ('' = none), of one contact if given."""
        query = select(TopicLabelRow).where(TopicLabelRow.undone_at.is_(None)).order_by(TopicLabelRow.label_id)
        if contact_id is not None:
            query = query.where(TopicLabelRow.contact_id == contact_id)
        with Session(self._engine) as session:
            return {row.contact_id: row.topic_id for row in session.scalars(query)}

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def forget_topic_labels(url: str, contact_ids: Collection[str]) -> int:
    """Delete every correction of the contacts, the undone ones too; return how many there were."""
    gone = set(contact_ids)
    engine = open_database(url)
    with Session(engine) as session, session.begin():
        rows = [row for row in session.scalars(select(TopicLabelRow)) if row.contact_id in gone]
        for row in rows:
            session.delete(row)
    engine.dispose()
    return len(rows)
