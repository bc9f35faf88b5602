"""Rules compiled: one automaton for what can begin a match, one for what stands around it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analytics.rules.clauses import Clauses, Cut
from analytics.rules.finder import PhraseFinder, Span
from analytics.rules.load import Ruleset, words_of
from analytics.rules.model import Around, Category, Condition, Phrases


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
    def _surroundings(self) -> dict[int, list[Span]]:
        return self._matcher.surroundings.find(self.text)

    def spans(self, phrases: Phrases) -> list[Span]:
        """Return where phrases of a condition stand."""
        return self.triggers.get(self._matcher.trigger_of[phrases], [])

    def nearby(self, phrases: Phrases) -> list[Span]:
        """Return where words of `not`, `unless` or a cue stand."""
        return self._surroundings.get(self._matcher.surrounding_of[phrases], [])

    def holds(self, around: Around, span: Span) -> bool:
        """Whether any word of `around` stands at its place."""
        return any(self._stands(place, phrases, around.within, span) for place, phrases in around.places().items())

    def _stands(self, place: str, phrases: Phrases, within: int, span: Span) -> bool:
        found = self.nearby(phrases)
        if not found or place == "turn":
            return bool(found)
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

    `triggers` finds all phrases that a match can begin with in one pass. Words under `not`, in `unless` and in cues
    are common ones (吗, 了, 我), so they are looked for only in texts that have a trigger.
    """

    def __init__(self, rules: Ruleset, cut: Cut | None = None) -> None:
        self.rules = rules
        self.cut = cut
        self.trigger_of: dict[Phrases, int] = {}
        self.surrounding_of: dict[Phrases, int] = {}
        self._wakes: dict[int, list[int]] = {}
        self._always: list[int] = []
        for number, category in enumerate(rules.categories):
            self._add(number, category)
        self.triggers = PhraseFinder(list(self.trigger_of))
        self.surroundings = PhraseFinder(list(self.surrounding_of))

    def _add(self, number: int, category: Category) -> None:
        for node in category.when.nodes():
            for phrases in ([node.phrases] if node.phrases else []) + list(node.near or ()):
                key = self.trigger_of.setdefault(phrases, len(self.trigger_of))
                self._wakes.setdefault(key, []).append(number)
            for phrases in words_of([node.not_]) if node.not_ else []:
                self.surrounding_of.setdefault(phrases, len(self.surrounding_of))
        for around in (*category.unless, *category.cue):
            for phrases in around.places().values():
                self.surrounding_of.setdefault(phrases, len(self.surrounding_of))
        if category.when.needs_no_words():
            self._always.append(number)

    def woken(self, scan: Scan) -> list[int]:
        """Return the categories, by number, that the text may meet."""
        if not scan.triggers and not self._always:
            return []
        return sorted({*self._always, *(number for key in scan.triggers for number in self._wakes[key])})

    def scan(self, text: str) -> Scan:
        """Return the text as it is matched: normalised before, lower-cased here."""
        return Scan(lowered(text), self)

    def evidence(self, number: int, scans: Sequence[Scan]) -> list[Evidence]:
        """Return where the rule of a category is met by these turns taken together; nothing if it is not.

        Overlapping evidence of one turn becomes one, as sure as the surest of it.
        """
        category = self.rules.categories[number]
        found = _Evaluation(category, scans).of(category.when) or []
        places = [
            Evidence(turn, start, stop, _log_odds(category, scans[turn], (start, stop))) for turn, start, stop in found
        ]
        return _merged(places)


class _Evaluation:
    """A rule's conditions over some turns."""

    def __init__(self, category: Category, scans: Sequence[Scan]) -> None:
        self._unless = category.unless
        self._scans = scans

    def of(self, node: Condition) -> list[tuple[int, int, int]] | None:
        """Return the evidence of a condition as (turn, start, stop), empty for a `not` that holds; None if it fails."""
        parts: list[list[tuple[int, int, int]] | None] = [self.of(part) for part in node.all]
        if node.phrases:
            parts.append(self._phrases(node.phrases))
        if node.near:
            parts.append(self._near(node))
        if node.regex:
            parts.append(self._regex(node.regex))
        if node.any:
            held = [found for found in map(self.of, node.any) if found is not None]
            parts.append([place for found in held for place in found] if held else None)
        if node.not_ and None not in parts:
            parts.append(None if self._mentions(node.not_) else [])
        if None in parts:
            return None
        return [place for found in parts if found for place in found]

    def _phrases(self, phrases: Phrases) -> list[tuple[int, int, int]] | None:
        found = [
            (turn, *span)
            for turn, scan in enumerate(self._scans)
            for span in scan.spans(phrases)
            if not self._is_void(scan, span)
        ]
        return found or None

    def _regex(self, pattern: str) -> list[tuple[int, int, int]] | None:
        found = [
            (turn, *match.span())
            for turn, scan in enumerate(self._scans)
            for match in _compiled(pattern).finditer(scan.text)
            if match.group() and not self._is_void(scan, match.span())
        ]
        return found or None

    def _near(self, node: Condition) -> list[tuple[int, int, int]] | None:
        one, other = node.near or ((), ())
        found = []
        for turn, scan in enumerate(self._scans):
            others = scan.spans(other)
            for a in scan.spans(one) if others else ():
                for b in others:
                    whole = (min(a[0], b[0]), max(a[1], b[1]))
                    if _are_near(node, scan.clauses, a, b) and not any(self._is_void(scan, x) for x in (a, b, whole)):
                        found.append((turn, *whole))
        return found or None

    def _is_void(self, scan: Scan, span: Span) -> bool:
        return any(scan.holds(around, span) for around in self._unless)

    def _mentions(self, node: Condition) -> bool:
        """Whether what stands under `not` is there; nothing makes its words void."""
        return _Denied(self._scans).of(node) is not None


class _Denied(_Evaluation):
    """Conditions under `not`: the words of the surroundings."""

    def __init__(self, scans: Sequence[Scan]) -> None:
        self._unless = ()
        self._scans = scans

    def _phrases(self, phrases: Phrases) -> list[tuple[int, int, int]] | None:
        found = [(turn, *span) for turn, scan in enumerate(self._scans) for span in scan.nearby(phrases)]
        return found or None

    def _near(self, node: Condition) -> list[tuple[int, int, int]] | None:
        one, other = node.near or ((), ())
        found = [
            (turn, min(a[0], b[0]), max(a[1], b[1]))
            for turn, scan in enumerate(self._scans)
            for a in scan.nearby(one)
            for b in scan.nearby(other)
            if _are_near(node, scan.clauses, a, b)
        ]
        return found or None


def matcher_of(rules: Ruleset, cut: Cut | None = None) -> Matcher:
    """Return the rules compiled; the same ones are compiled once a process."""
    return _matcher(rules, cut)


@lru_cache(maxsize=8)
def _matcher(rules: Ruleset, cut: Cut | None) -> Matcher:
    return Matcher(rules, cut)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def lowered(text: str) -> str:
    """Return the text in lower case, as long as it was: İ has no lower case of one character and stays.

    Examples
    --------
    >>> lowered("iPhone坏了"), len(lowered("İx"))
    ('iphone坏了', 2)
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _are_near(node: Condition, clauses: Clauses, one: Span, other: Span) -> bool:
    if one[0] < other[1] and other[0] < one[1]:
        return False  # one and the same words are not near each other
    if node.ordered and one[0] > other[0]:
        return False
    if node.across == "clause" and not clauses.are_together(one, other):
        return False
    if node.unit == "tokens":
        return clauses.tokens_between(one, other) <= node.within
    return max(one[0], other[0]) - min(one[1], other[1]) <= node.within


def _log_odds(category: Category, scan: Scan, span: Span) -> float:
    if category.confidence is None:
        return math.inf
    return category.confidence.base + sum(cue.weight for cue in category.cue if scan.holds(cue, span))


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
