"""Try a rule on the examples it carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.rules.categorise import READ, categorise
from analytics.rules.load import Ruleset
from analytics.rules.matcher import Matcher, matcher_of
from analytics.rules.model import Category, Example
from analytics.text.normalise import normalise

_NEGATIVE = -0.9
_SCORES = {"negative": _NEGATIVE, "neutral": 0.0, "positive": 0.9, None: None}


@dataclass(frozen=True)
class Tried:
    """One example of a category: what was expected, and where the rule was met in which turn."""

    category: str
    turns: tuple[str, ...]
    expected: bool
    evidence: tuple[tuple[int, int, int, float], ...]
    """(turn, start, stop, confidence)"""

    @property
    def is_right(self) -> bool:
        """Whether the rule did what the example says."""
        return bool(self.evidence) == self.expected


def tried(rules: Ruleset, matcher: Matcher | None = None) -> list[Tried]:
    """Return every example of every category with what its rule finds in it.

    An example is a contact of the speaker, kind and channel that the rule reads, in the mood that it asks for where the
    example says none.
    """
    matcher = matcher or matcher_of(rules)
    return [
        _one(category, example, matcher, rules, expected=expected)
        for category in rules.categories
        for expected, examples in ((True, category.hits), (False, category.misses))
        for example in examples
    ]


def as_turns(category: Category, turns: Sequence[str], score: float | None = None) -> pd.DataFrame:
    """Return sentences as the turns of one contact that the category reads."""
    if score is None:
        score = category.max_score if category.max_score is not None else _SCORES[category.mood]
    label = category.mood or ("negative" if score is not None and score < 0 else "neutral")
    rows = [
        {
            "contact_id": "example",
            "turn": turn,
            "speaker": category.speakers[0],
            "text": text,
            "text_simplified": normalise(text),
            "kind": category.kinds[0] if category.kinds else "chat",
            "channel": category.channels[0] if category.channels else "app",
            "sentiment_score": score,
            "sentiment_label": label if score is not None else None,
        }
        for turn, text in enumerate(turns)
    ]
    return pd.DataFrame(rows, columns=list(READ))


def _one(category: Category, example: Example, matcher: Matcher, rules: Ruleset, *, expected: bool) -> Tried:
    found = categorise(as_turns(category, example.turns, example.score), rules, matcher)
    own = found[found["category"] == category.name]
    evidence = tuple(zip(own["turn"], own["start"], own["stop"], own["confidence"], strict=True))
    return Tried(category.name, example.turns, expected, evidence)
