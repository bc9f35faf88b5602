"""A rule: a pattern over the folded text, the kind it finds, and which of its matches count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analytics.text.redact.checks import compact

GAP = r"[:,，。 是为為号號码碼我了個个的\-]{0,6}"
"""What stands between a cue and its number: 电话是：, 手机号码为."""


_PLAIN_RUN = re.compile(r"[\da-z \-.,·/()_]*")


def always(_value: str) -> bool:
    """Accept every match."""
    return True


@dataclass(frozen=True)
class Rule:
    """What `pattern` matches is of this kind: its group ``n``, or all of it, where `accept` agrees.

    Attributes
    ----------
    kind : str
        One of `tokens.KINDS`.
    pattern : re.Pattern
        Over `folding.fold` of the text; never matches a blank but as a neighbour.
    accept : callable
        Of the matched text.
    value : callable
        The matched text without what may differ between two ways to write the same.
    """

    kind: str
    pattern: re.Pattern[str]
    accept: Callable[[str], bool] = always
    value: Callable[[str], str] = compact

    def spans(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the places between start and end that are to be masked."""
        group: str | int = "n" if "n" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(folded, start, end):
            if match.group(group) is not None and self.accept(match.group(group)):
                yield match.span(group)


def rule(
    kind: str, pattern: str, accept: Callable[[str], bool] = always, value: Callable[[str], str] = compact
) -> Rule:
    """Return a rule of a pattern that is not compiled yet."""
    return Rule(kind, re.compile(pattern), accept, value)


@dataclass(frozen=True)
class RuleSet:
    """Rules that are tried only around the places where `anchor` matches.

    Attributes
    ----------
    anchor : re.Pattern
        Something that every value of these kinds has, cheap to look for.
    rules : tuple of Rule
        Tried in order; what one has found the next do not see.
    before, after : int
        Characters around the anchor that a value and its cue may take. A run of letters and digits is never cut.
    """

    anchor: re.Pattern[str]
    rules: tuple[Rule, ...]
    before: int = 24
    after: int = 40

    def windows(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of the parts of the text where the rules are to be tried, apart and in order."""
        start = end = 0
        for anchor in self.anchor.finditer(folded):
            if anchor.start() - self.before > end:
                if end:
                    yield start, end
                start = anchor.start() - self.before
            if anchor.end() + self.after > end:
                end = _end_of_run(folded, anchor.end() + self.after)
        if end:
            yield start, end


def _end_of_run(folded: str, place: int) -> int:
    run = _PLAIN_RUN.match(folded, place)
    return run.end() if run else len(folded)
