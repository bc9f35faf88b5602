"""Keep what people decided about topics: names, merges, splits, pins. Nothing is ever deleted, only withdrawn."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analytics.errors import ConfigError
from analytics.inbox.people import Signature
from analytics.inbox.tables import Base, UtcTime, open_database
from analytics.topics.decisions import MadeTopicDecision, TopicDecision

__all__ = ["MadeTopicDecision", "TopicDecisions"]


class TopicDecisionRow(Base):
    """A `TopicDecision`: who made it, when and why, and since when it holds no longer."""

    __tablename__ = "topic_decision"

    decision_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    topic_id: Mapped[str] = mapped_column(String(20), index=True)
    other_topic_id: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(String(100))
    was: Mapped[str | None] = mapped_column(String(100))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    made_by: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class TopicDecisions:
    """Decisions about topics in the inbox's database.

    Parameters
    ----------
    url : str
        SQLAlchemy address, as of `analytics.inbox.Inbox`.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    def make(self, decision: TopicDecision, signed: Signature, *, was: str | None = None) -> int:
        """Keep a decision; return its number. `was` is what people saw before, kept for them to read."""
        values = {name: getattr(decision, name) for name in TopicDecision.__dataclass_fields__}
        row = TopicDecisionRow(**values, was=was, made_at=signed.at, made_by=signed.by, why=signed.why)
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return row.decision_id

    def withdraw(self, decision_id: int, at: dt.datetime) -> MadeTopicDecision:
        """Let a decision hold no longer; return it. Withdrawing it twice keeps the first time.

        Raises
        ------
        ConfigError
            If there is no such decision.
        """
        with Session(self._engine) as session, session.begin():
            row = session.get(TopicDecisionRow, decision_id)
            if row is None:
                raise ConfigError(
                    f"topics: expected the number of a decision, got {decision_id}; "
                    "kesheng topics history lists them; nothing was changed"
                )
            row.withdrawn_at = row.withdrawn_at or at
            return _made(row)

    def all(self, topic_id: str | None = None) -> list[MadeTopicDecision]:
        """Return every decision ever made, of one topic if given, oldest first."""
        query = select(TopicDecisionRow).order_by(TopicDecisionRow.decision_id)
        if topic_id is not None:
            query = query.where((TopicDecisionRow.topic_id == topic_id) | (TopicDecisionRow.other_topic_id == topic_id))
        with Session(self._engine) as session:
            return [_made(row) for row in session.scalars(query)]

    def holding(self) -> list[MadeTopicDecision]:
        """Return the decisions that were not withdrawn, oldest first."""
        return [made for made in self.all() if made.withdrawn_at is None]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _made(row: TopicDecisionRow) -> MadeTopicDecision:
    return MadeTopicDecision(**{name: getattr(row, name) for name in MadeTopicDecision.__dataclass_fields__})
