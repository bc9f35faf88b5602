"""Rules compiled: one automaton for what can begin a match, one for what stands around it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analytics.rules.clauses import Clauses, Cut
from analytics.rules.compiled import Compiler, NearNode, Node, Rule, Surroundings, ways
from analytics.rules.finder import PhraseFinder, Span
from analytics.rules.load import Ruleset
from analytics.rules.model import Category

Place = tuple[int, int, int]
"""Turn, first character, after the last."""


@dataclass(frozen=True)
class Evidence:
    """Where a category's rule is met: turn (its place among those given), span of the text, and the log-odds of it.

    The log-odds are without the turn's mood, and infinite where the category asks for no confidence.
    """

    turn: int
    start: int
    stop: int
    log_odds: float

    def confidence(self, category: Category, score: float | None) -> float:
        """Return how sure it is, 0 to 1, with the mood of its turn (0 where it is not known)."""
        if category.confidence is None:
            return 1.0
        return 1 / (1 + math.exp(-(self.log_odds - category.confidence.mood * (score or 0.0))))


class Scan:
    """One text and what was found in it; what stands around a match is looked for only where there is one."""

    def __init__(self, text: str, matcher: Matcher) -> None:
        self.text = text
        self._matcher = matcher
        self.triggers = matcher.triggers.find(text)

    @cached_property
    def clauses(self) -> Clauses:
        """Clauses of the text."""
        return Clauses(self.text, self._matcher.cut)

    @cached_property
    def nearby(self) -> dict[int, list[Span]]:
        """Where words of `not`, `unless`, cues, and the commoner side of a near stand."""
        return self._matcher.nearby.find(self.text)

    def holds(self, around: Surroundings, span: Span) -> bool:
        """Whether any word of `around` stands at its place."""
        for one in around:
            found = self.nearby.get(one.words)
            if found and (one.place == "turn" or self._stands(one.place, found, one.within, span)):
                return True
        return False

    def _stands(self, place: str, found: list[Span], within: int, span: Span) -> bool:
        start, stop = span
        if place == "inside":
            return any(a <= start and b >= stop and (a, b) != span for a, b in found)
        if place == "match":
            return any(start <= a and b <= stop for a, b in found)
        first, last = self.clauses.around(span)
        if place == "before":
            return any(first <= a and 0 <= start - b <= within for a, b in found)
        if place == "after":
            return any(b <= last and 0 <= a - stop <= within for a, b in found)
        return any(first <= a and b <= last for a, b in found)


class Matcher:
    """A set of rules ready to read texts; make it by `matcher_of`.

    `triggers` finds in one pass all words that a match cannot do without. The others, common ones for the most part
    (吗, 了, 我), are looked for only in texts that can meet a rule.
    """

    def __init__(self, rules: Ruleset, cut: Cut | None = None) -> None:
        self.rules = rules
        self.cut = cut
        compiler = Compiler()
        self._compiled = [compiler.rule(category) for category in rules.categories]
        self.triggers = PhraseFinder(compiler.triggers.lists)
        self.nearby = PhraseFinder(compiler.nearby.lists)
        self._by_trigger: dict[object, list[tuple[int, frozenset[object]]]] = {}
        self._patterns: list[re.Pattern[str]] = []
        self._always: list[int] = []
        for number, rule in enumerate(self._compiled):
            for way in ways(rule.when):
                self._wake_by(number, way)

    def _wake_by(self, number: int, way: frozenset[object]) -> None:
        """Note that a text which holds all of `way` must be read for the category."""
        for part in way:
            if isinstance(part, re.Pattern) and part not in self._patterns:
                self._patterns.append(part)
        key = min(way, key=lambda part: (not isinstance(part, int), str(part)), default=None)
        if key is None:
            self._always.append(number)
        else:
            # The rest of it may stand in another turn where a rule looks at the whole contact.
            rest = way - {key} if self.rules.categories[number].scope == "turn" else frozenset()
            self._by_trigger.setdefault(key, []).append((number, rest))

    def woken(self, scan: Scan) -> list[int]:
        """Return the categories, by number, that the text may meet."""
        held: set[object] = set(scan.triggers)
        held.update(pattern for pattern in self._patterns if pattern.search(scan.text))
        if not held and not self._always:
            return []
        found = set(self._always)
        for key in held:
            found.update(number for number, rest in self._by_trigger.get(key, ()) if rest <= held)
        return sorted(found)

    def scan(self, text: str) -> Scan:
        """Return the text as it is matched: normalised before, lower-cased here."""
        return Scan(lowered(text), self)

    def evidence(self, number: int, scans: Sequence[Scan]) -> list[Evidence]:
        """Return where the rule of a category is met by these turns taken together; nothing if it is not.

        Overlapping evidence of one turn becomes one, as sure as the surest of it.
        """
        rule = self._compiled[number]
        found = _Evaluation(rule.unless, scans).of(rule.when) or []
        return _merged([Evidence(*place, _log_odds(rule, scans[place[0]], place[1:])) for place in found])


class _Evaluation:
    """A rule's conditions over some turns."""

    def __init__(self, unless: tuple[Surroundings, ...], scans: Sequence[Scan], *, is_denied: bool = False) -> None:
        self._unless = unless
        self._scans = scans
        self._is_denied = is_denied

    def of(self, node: Node) -> list[Place] | None:
        """Return the evidence of a condition, empty for a `not` that holds; None if it fails."""
        found: list[Place] = []
        for part in node.all:
            if (held := self.of(part)) is None:
                return None
            found += held
        for places in self._own(node):
            if not places:
                return None
            found += places
        if node.any:
            held_parts = [held for part in node.any if (held := self.of(part)) is not None]
            if not held_parts:
                return None
            found += [place for held in held_parts for place in held]
        # Nothing makes the words under `not` void.
        if node.not_ and _Evaluation((), self._scans, is_denied=True).of(node.not_) is not None:
            return None
        return found

    def _own(self, node: Node) -> list[list[Place]]:
        """Return the places of the node's own words, near and pattern, those that it has."""
        own: list[list[Place]] = []
        if node.phrases is not None:
            spans = [(turn, span) for turn, scan in enumerate(self._scans) for span in self._spans(scan, node.phrases)]
            own.append([(turn, *span) for turn, span in spans if not self._is_void(turn, span)])
        if node.near is not None:
            own.append([place for turn in range(len(self._scans)) for place in self._near(turn, node.near)])
        if node.regex is not None:
            matches = [(turn, m) for turn, scan in enumerate(self._scans) for m in node.regex.finditer(scan.text)]
            own.append([(turn, *m.span()) for turn, m in matches if m.group() and not self._is_void(turn, m.span())])
        return own

    def _spans(self, scan: Scan, words: int) -> list[Span]:
        return (scan.nearby if self._is_denied else scan.triggers).get(words, [])

    def _near(self, turn: int, near: NearNode) -> list[Place]:
        scan, found = self._scans[turn], []
        for a in self._spans(scan, near.first):
            for b in scan.nearby.get(near.other, ()):
                whole = (min(a[0], b[0]), max(a[1], b[1]))
                if _are_near(near, scan, a, b) and not any(self._is_void(turn, span) for span in (a, b, whole)):
                    found.append((turn, *whole))
        return found

    def _is_void(self, turn: int, span: Span) -> bool:
        return any(self._scans[turn].holds(around, span) for around in self._unless)


def matcher_of(rules: Ruleset, cut: Cut | None = None) -> Matcher:
    """Return the rules compiled; the same ones are compiled once a process."""
    return _matcher(rules, cut)


@lru_cache(maxsize=8)
def _matcher(rules: Ruleset, cut: Cut | None) -> Matcher:
    return Matcher(rules, cut)


def lowered(text: str) -> str:
    """Return the text in lower case, as long as it was: İ has no lower case of one character and stays.

    Examples
    --------
    >>> lowered("iPhone坏了"), len(lowered("İx"))
    ('iphone坏了', 2)
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _are_near(near: NearNode, scan: Scan, first: Span, other: Span) -> bool:
    one, two = (other, first) if near.is_swapped else (first, other)
    if one[0] < two[1] and two[0] < one[1]:
        return False  # one and the same words are not near each other
    if near.ordered and one[0] > two[0]:
        return False
    between = max(one[0], two[0]) - min(one[1], two[1])
    if not near.in_tokens and between > near.within:
        return False
    if near.in_clause and not scan.clauses.are_together(one, two):
        return False
    return not near.in_tokens or scan.clauses.tokens_between(one, two) <= near.within


def _log_odds(rule: Rule, scan: Scan, span: Span) -> float:
    if rule.base is None:
        return math.inf
    return rule.base + sum(weight for around, weight in rule.cues if scan.holds(around, span))


def _merged(found: list[Evidence]) -> list[Evidence]:
    merged: list[Evidence] = []
    for one in sorted(found, key=lambda one: (one.turn, one.start, one.stop)):
        last = merged[-1] if merged else None
        if last is not None and last.turn == one.turn and one.start < last.stop:
            stop, odds = max(last.stop, one.stop), max(last.log_odds, one.log_odds)
            merged[-1] = Evidence(one.turn, last.start, stop, odds)
        else:
            merged.append(one)
    return merged
