"""What people decided about topics: kept in the inbox, and laid over what the warehouse says until the next run."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import ConfigError
from analytics.inbox.people import Signature
from analytics.inbox.topics import TopicDecisions
from analytics.topics.decisions import Decided, Kind, MadeTopicDecision, TopicDecision
from dashboards.data.inbox import MADE_BY, inbox_is_there

__all__ = ["Decisions", "Kind", "MadeTopicDecision", "Overlay", "TopicDecision", "overlay_of"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Overlay:
    """What holds by the inbox at this moment, whatever was published.

    Attributes
    ----------
    known : bool
        Whether there is an inbox; without one the warehouse alone speaks.
    labels, touchpoints, merged, pinned, hidden, splits
        As in `analytics.topics.decisions.Decided`.
    undone : dict of (topic_id, kind) to (str, str)
        Names and touchpoints that were withdrawn: what people had said, and what stood there before.
    unmerged : frozenset of str
        Topics whose merges were all withdrawn.
    """

    known: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    touchpoints: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    splits: dict[str, int] = field(default_factory=dict)
    undone: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    unmerged: frozenset[str] = frozenset()

    def label(self, topic_id: str, published: str) -> str:
        """Return the name that holds.

        Examples
        --------
        >>> Overlay(labels={"t1": "催发货"}).label("t1", "发货 催 快")
        '催发货'
        """
        return self.labels.get(topic_id) or self._before(topic_id, "rename", published)

    def touchpoint(self, topic_id: str, published: str) -> str:
        """Return the touchpoint that holds."""
        return self.touchpoints.get(topic_id) or self._before(topic_id, "touchpoint", published)

    def _before(self, topic_id: str, kind: str, published: str) -> str:
        said, was = self.undone.get((topic_id, kind), ("", ""))
        return was if said and said == published else published


def overlay_of(made: Sequence[MadeTopicDecision]) -> Overlay:
    """Return what all decisions ever made, oldest first, come to.

    Raises
    ------
    ConfigError
        If merges go round in a circle.
    """
    decided = Decided.of([row for row in made if row.withdrawn_at is None])
    undone: dict[tuple[str, str], tuple[str, str]] = {
        (row.topic_id, row.kind): (row.value, row.was)
        for row in made
        if row.withdrawn_at is not None and row.kind in ("rename", "touchpoint") and row.value and row.was is not None
    }
    withdrawn = {row.topic_id for row in made if row.kind == "merge" and row.withdrawn_at is not None}
    return Overlay(
        known=True, labels=decided.labels, touchpoints=decided.touchpoints, merged=decided.merged,
        pinned=decided.pinned, hidden=decided.hidden, splits=decided.splits, undone=undone,
        unmerged=frozenset(withdrawn - decided.merged.keys()),
    )  # fmt: skip


class Decisions:
    """The decisions of an inbox. An inbox in a file that does not exist is not created."""

    def __init__(self, inbox_url: str) -> None:
        self._url = inbox_url
        self._opened: TopicDecisions | None = None

    def overlay(self) -> Overlay:
        """Return what holds now; nothing where there is no inbox to read."""
        try:
            return overlay_of(self._decisions().all())
        except ConfigError as error:
            if inbox_is_there(self._url):
                _LOG.error("topics: %s", error)
            return Overlay()
        except SQLAlchemyError as error:
            _LOG.error("topics: the inbox cannot be read (%s)", type(error).__name__)
            return Overlay()

    def of(self, topic_id: str) -> list[MadeTopicDecision]:
        """Return every decision about a topic, withdrawn ones too, oldest first; none without an inbox."""
        try:
            return self._decisions().all(topic_id)
        except (ConfigError, SQLAlchemyError):
            return []

    def make(self, decision: TopicDecision, why: str, was: str | None, *, by: str = MADE_BY) -> None:
        """Keep a decision of somebody.

        Raises
        ------
        ConfigError
            If there is no inbox to write, or a merge would make a topic part of itself.
        """
        signed = Signature(by=by, at=dt.datetime.now(dt.UTC), why=why)
        try:
            kept = self._decisions()
            Decided.of([*kept.holding(), decision])
            kept.make(decision, signed, was=was)
        except SQLAlchemyError as error:
            raise _not_written(error) from error

    def withdraw(self, kind: str, topic_id: str) -> int:
        """Let all decisions of one kind about a topic hold no longer; return how many there were.

        Raises
        ------
        ConfigError
            If there is no inbox to write.
        """
        try:
            kept = self._decisions()
            holding = [made for made in kept.holding() if made.kind == kind and made.topic_id == topic_id]
            for made in holding:
                kept.withdraw(made.decision_id, dt.datetime.now(dt.UTC))
        except SQLAlchemyError as error:
            raise _not_written(error) from error
        return len(holding)

    def _decisions(self) -> TopicDecisions:
        if not inbox_is_there(self._url):
            raise ConfigError("inbox: expected a database, found none; kesheng run makes it")
        if self._opened is None:
            self._opened = TopicDecisions(self._url)
        return self._opened


def _not_written(error: SQLAlchemyError) -> ConfigError:
    return ConfigError(f"inbox: cannot be written ({type(error).__name__}); look at its rights and its disk")
