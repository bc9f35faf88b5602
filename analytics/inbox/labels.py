"""Keep moods that people corrected by hand. Nothing is deleted but with its contact: an undone label stays, undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Float, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analytics.errors import ConfigError
from analytics.inbox.tables import Base, UtcTime, open_database
from analytics.schema import LABELS


class MoodLabelRow(Base):
    """One correction of the mood of a contact (turn is null) or of one turn."""

    __tablename__ = "mood_label"

    label_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(300), index=True)
    turn: Mapped[int | None] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(10))
    was_label: Mapped[str | None] = mapped_column(String(10))
    was_score: Mapped[float | None] = mapped_column(Float)
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True, kw_only=True)
class MoodLabel:
    """What somebody said the mood is.

    Attributes
    ----------
    contact_id : str
        The contact.
    turn : int or None
        The turn; None for the contact as a whole.
    label : str
        negative, neutral or positive.
    was_label, was_score : str or None, float or None
        What the model said when it was corrected.
    made_by, made_at : str, datetime
        Who, and when (with a zone).
    """

    contact_id: str
    turn: int | None
    label: str
    was_label: str | None
    was_score: float | None
    made_by: str
    made_at: dt.datetime


class MoodLabels:
    """Corrections in the inbox's database.

    Parameters
    ----------
    url : str
        SQLAlchemy address, as of `analytics.inbox.Inbox`.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    def make(self, label: MoodLabel) -> None:
        """Keep a correction; it takes the place of an earlier one of the same turn or contact.

        Raises
        ------
        ConfigError
            If the label is not one of the three.
        """
        if label.label not in LABELS:
            raise ConfigError(f"mood label: expected one of {', '.join(LABELS)}, got {label.label!r}; nothing was kept")
        values = {name: getattr(label, name) for name in MoodLabel.__dataclass_fields__}
        with Session(self._engine) as session, session.begin():
            session.add(MoodLabelRow(**values, undone_at=None))

    def undo(self, contact_id: str, turn: int | None, at: dt.datetime) -> int:
        """Let the model's mood hold again for a turn or contact; return how many corrections were undone."""
        with Session(self._engine) as session, session.begin():
            rows = session.scalars(select(MoodLabelRow).where(*_place(contact_id, turn))).all()
            for row in rows:
                row.undone_at = at
            return len(rows)

    def holding(self, contact_id: str | None = None) -> list[MoodLabel]:
        """Return the newest correction of each turn and contact, of one contact if given; oldest first."""
        query = select(MoodLabelRow).where(MoodLabelRow.undone_at.is_(None)).order_by(MoodLabelRow.label_id)
        if contact_id is not None:
            query = query.where(MoodLabelRow.contact_id == contact_id)
        with Session(self._engine) as session:
            newest = {(row.contact_id, row.turn): row for row in session.scalars(query)}
            fields = MoodLabel.__dataclass_fields__
            return [MoodLabel(**{name: getattr(row, name) for name in fields}) for row in newest.values()]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def forget_labels(url: str, contact_ids: Collection[str]) -> int:
    """Delete every correction of the contacts, the undone ones too; return how many there were."""
    gone = set(contact_ids)
    engine = open_database(url)
    with Session(engine) as session, session.begin():
        rows = [row for row in session.scalars(select(MoodLabelRow)) if row.contact_id in gone]
        for row in rows:
            session.delete(row)
    engine.dispose()
    return len(rows)


def _place(contact_id: str, turn: int | None) -> tuple[ColumnElement[bool], ...]:
    at = MoodLabelRow.turn.is_(None) if turn is None else MoodLabelRow.turn == turn
    return MoodLabelRow.contact_id == contact_id, at, MoodLabelRow.undone_at.is_(None)
