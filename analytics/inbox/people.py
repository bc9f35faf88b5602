"""Keep what people decided about persons: merged, taken out, withdrawn. Nothing is ever deleted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.errors import ConfigError
from analytics.identity import Decision
from analytics.inbox.tables import IdentityDecisionRow, open_database


@dataclass(frozen=True, kw_only=True)
class MadeDecision(Decision):
    """A decision with its number, the person_ids it was about when it was made, who made it, when and why."""

    decision_id: int
    left_person: str | None
    right_person: str | None
    made_at: dt.datetime
    made_by: str
    why: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who decides, when (with a zone) and why."""

    by: str
    at: dt.datetime
    why: str


class PersonDecisions:
    """Decisions in the inbox's database.

    Parameters
    ----------
    url : str
        SQLAlchemy address, as of `analytics.inbox.Inbox`.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    def make(
        self, decision: Decision, signed: Signature, *, left_person: str | None = None, right_person: str | None = None
    ) -> int:
        """Keep a decision; return its number. The person_ids are kept for people to read, nothing depends on them."""
        row = IdentityDecisionRow(
            kind=decision.kind,
            left=decision.left,
            right=decision.right,
            left_person=left_person,
            right_person=right_person,
            made_at=signed.at,
            made_by=signed.by,
            why=signed.why,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return row.decision_id

    def withdraw(self, decision_id: int, at: dt.datetime) -> MadeDecision:
        """Let a decision hold no longer; return it. Withdrawing it twice keeps the first time.

        Raises
        ------
        ConfigError
            If there is no such decision.
        """
        with Session(self._engine) as session, session.begin():
            row = session.get(IdentityDecisionRow, decision_id)
            if row is None:
                raise ConfigError(
                    f"person: expected the number of a decision, got {decision_id}; "
                    "kesheng person decisions lists them; nothing was changed"
                )
            row.withdrawn_at = row.withdrawn_at or at
            return _made(row)

    def all(self) -> list[MadeDecision]:
        """Return every decision ever made, oldest first."""
        with Session(self._engine) as session:
            return [_made(row) for row in session.scalars(select(IdentityDecisionRow).order_by("decision_id"))]

    def holding(self) -> list[Decision]:
        """Return the decisions that were not withdrawn, oldest first."""
        return [Decision(made.kind, made.left, made.right) for made in self.all() if made.withdrawn_at is None]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _made(row: IdentityDecisionRow) -> MadeDecision:
    return MadeDecision(**{name: getattr(row, name) for name in MadeDecision.__dataclass_fields__})
