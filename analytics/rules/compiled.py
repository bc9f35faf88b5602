"""Conditions compiled: every list of words a number, every rule the least that a text must hold to meet it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from analytics.rules.model import Around, Category, Condition, Cue, Phrases

_MANY = 200
"""Ways to meet a rule beyond which a text is read whenever it holds any of its words."""


@dataclass
class Numbering:
    """Numbers for lists of words; the same list has one number."""

    numbers: dict[Phrases, int] = field(default_factory=dict)

    def of(self, phrases: Phrases) -> int:
        """Return the number of a list, a new one if it has none."""
        return self.numbers.setdefault(phrases, len(self.numbers))

    @property
    def lists(self) -> list[Phrases]:
        """The lists in order of their numbers."""
        return list(self.numbers)


@dataclass(frozen=True, slots=True)
class NearNode:
    """Two lists near each other: `first` is looked for in every text, `other` only where that was found."""

    first: int
    other: int
    is_swapped: bool
    within: int
    in_tokens: bool
    in_clause: bool
    ordered: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A condition with numbers in place of words; what is None or empty asks nothing."""

    phrases: int | None
    near: NearNode | None
    regex: re.Pattern[str] | None
    all: tuple[Node, ...]
    any: tuple[Node, ...]
    not_: Node | None


@dataclass(frozen=True, slots=True)
class Surrounding:
    """Words at a place around a match: where, which list, how near."""

    place: str
    words: int
    within: int


Surroundings = tuple[Surrounding, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A category compiled."""

    when: Node
    unless: tuple[Surroundings, ...]
    cues: tuple[tuple[Surroundings, float], ...]
    base: float | None


class Compiler:
    """Compiles categories; `triggers` are looked for in every text, `nearby` only where a trigger is."""

    def __init__(self) -> None:
        self.triggers = Numbering()
        self.nearby = Numbering()

    def rule(self, category: Category) -> Rule:
        """Return a category compiled."""
        return Rule(
            self._node(category.when, is_denied=False),
            tuple(self._around(one) for one in category.unless),
            tuple((self._around(cue), cue.weight) for cue in category.cue),
            category.confidence.base if category.confidence else None,
        )

    def _node(self, node: Condition, *, is_denied: bool) -> Node:
        numbers = self.nearby if is_denied else self.triggers
        return Node(
            numbers.of(node.phrases) if node.phrases else None,
            self._near(node, is_denied=is_denied) if node.near else None,
            re.compile(node.regex) if node.regex else None,
            tuple(self._node(part, is_denied=is_denied) for part in node.all),
            tuple(self._node(part, is_denied=is_denied) for part in node.any),
            self._node(node.not_, is_denied=True) if node.not_ else None,
        )

    def _near(self, node: Condition, *, is_denied: bool) -> NearNode:
        one, other = node.near or ((), ())
        # The rarer of the two is looked for everywhere: longer words are rarer (再也不买 before 买).
        is_swapped = min(map(len, other)) > min(map(len, one))
        first, second = (other, one) if is_swapped else (one, other)
        return NearNode(
            (self.nearby if is_denied else self.triggers).of(first),
            self.nearby.of(second),
            is_swapped,
            node.within,
            node.unit == "tokens",
            node.across == "clause",
            node.ordered,
        )

    def _around(self, around: Around | Cue) -> Surroundings:
        places = around.places().items()
        return tuple(Surrounding(place, self.nearby.of(words), around.within) for place, words in places)


def ways(node: Node) -> list[frozenset[object]]:
    """Return the ways in which a text can meet a condition: sets of trigger lists and patterns it must hold.

    An empty set means that it may be met by any text. More than `_MANY` ways are brought down to one a trigger.
    """
    parts: list[list[frozenset[object]]] = [ways(part) for part in node.all]
    parts += [[frozenset([node.phrases])]] if node.phrases is not None else []
    parts += [[frozenset([node.near.first])]] if node.near else []
    parts += [[frozenset([node.regex])]] if node.regex else []
    parts += [[way for part in node.any for way in ways(part)]] if node.any else []
    n_ways = 1
    for part in parts:
        n_ways *= len(part)
    if n_ways > _MANY:
        return min(parts, key=len)
    return list(dict.fromkeys(_union(chosen) for chosen in itertools.product(*parts)))


def _union(sets: Iterable[frozenset[object]]) -> frozenset[object]:
    return frozenset().union(*sets)
