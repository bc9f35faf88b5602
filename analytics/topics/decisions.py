"""What people decided about topics, and what follows from it: a name, a merge, a pin holds whatever a refit finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from analytics.errors import ConfigError

Kind = Literal["rename", "merge", "split", "pin", "hide", "touchpoint"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class TopicDecision:
    """One decision about one topic.

    Attributes
    ----------
    kind : str
        rename, merge (it becomes part of another), split, pin, hide or touchpoint. Each is undone by withdrawing it.
    topic_id : str
        The topic it is about.
    other_topic_id : str or None
        merge: the topic that it becomes part of.
    value : str or None
        rename: the name; touchpoint: its name; split: the number of parts as text.
    """

    kind: Kind
    topic_id: str
    other_topic_id: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class MadeTopicDecision(TopicDecision):
    """A decision with its number, what was before (a label), who made it, when and why."""

    decision_id: int
    was: str | None
    made_at: dt.datetime
    made_by: str
    why: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True)
class Decided:
    """What holds after all decisions, the later one of two that contradict each other.

    Attributes
    ----------
    labels, touchpoints : dict of str to str
        By topic_id, as a person gave them.
    merged : dict of str to str
        topic_id → the topic it is part of, followed to the end of a chain. The ids it had are kept below, so that
        leaving the merge out gives every contact its old topic again.
    pinned, hidden : frozenset of str
    splits : dict of str to int
        topic_id → number of parts.
    """

    labels: dict[str, str]
    touchpoints: dict[str, str]
    merged: dict[str, str]
    pinned: frozenset[str]
    hidden: frozenset[str]
    splits: dict[str, int]

    @classmethod
    def of(cls, decisions: Sequence[TopicDecision]) -> Decided:
        """Return what the decisions, oldest first, come to.

        Raises
        ------
        ConfigError
            If a merge would make a topic part of itself.

        Examples
        --------
        >>> a = TopicDecision(kind="merge", topic_id="t001", other_topic_id="t002")
        >>> b = TopicDecision(kind="merge", topic_id="t002", other_topic_id="t003")
        >>> Decided.of([a, b]).merged
        {'t001': 't003', 't002': 't003'}
        """
        of_kind: dict[str, dict[str, TopicDecision]] = {kind: {} for kind in KINDS}
        for decision in decisions:
            of_kind[decision.kind][decision.topic_id] = decision
        into = {topic: str(made.other_topic_id) for topic, made in of_kind["merge"].items()}
        return cls(
            labels={topic: str(made.value) for topic, made in of_kind["rename"].items()},
            touchpoints={topic: str(made.value) for topic, made in of_kind["touchpoint"].items()},
            merged={topic: _end(topic, into) for topic in into},
            pinned=frozenset(of_kind["pin"]),
            hidden=frozenset(of_kind["hide"]),
            splits={topic: int(made.value or 2) for topic, made in of_kind["split"].items()},
        )

    @property
    def usual_touchpoints(self) -> dict[str, str]:
        """The touchpoint that contacts of a topic get which tell none themselves: its own, or that of its whole."""
        topics = {*self.merged, *self.touchpoints}
        of_whole = {topic: self.touchpoints.get(self.merged.get(topic, topic)) for topic in sorted(topics)}
        return {topic: name for topic in of_whole if (name := of_whole[topic] or self.touchpoints.get(topic))}


def _end(topic: str, into: dict[str, str]) -> str:
    """Follow a chain of merges; a circle has no end."""
    seen = {topic}
    while (topic := into.get(topic, topic)) not in seen:
        seen.add(topic)
    if topic in into:
        raise ConfigError(f"topics: {' → '.join(sorted(seen))} would be parts of each other; withdraw one merge")
    return topic
