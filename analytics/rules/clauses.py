"""Clauses of a turn, and distances in it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from functools import cached_property

from analytics.rules.finder import Span

Cut = Callable[[str], list[str]]
"""Cuts a text into words, in order, each as it stands in the text."""

# A full stop or comma between digits (1.6L, 1,000) parts nothing; a space does where Chinese stands on one side of it.
_BREAK = re.compile(r"[!?;。…~\n]|(?<!\d)[.,:]|[.,:](?!\d)|(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


class Clauses:
    """Where the clauses of a text begin and end, and where its words do.

    Examples
    --------
    >>> clauses = Clauses("不想投诉,1.6L的车 有问题", None)
    >>> [clauses.around((2, 4)), clauses.around((9, 10)), clauses.around((12, 13))]
    [(0, 4), (5, 11), (12, 15)]
    """

    def __init__(self, text: str, cut: Cut | None) -> None:
        self._text = text
        self._cut = cut
        self._bounds = [found.span() for found in _BREAK.finditer(text)]
        self._stops = [stop for _, stop in self._bounds]

    def around(self, span: Span) -> Span:
        """Return the clause in which the span begins; it reaches to the clause in which the span ends."""
        first = bisect.bisect_right(self._stops, span[0])
        last = bisect.bisect_left(self._stops, max(span[1], span[0] + 1), lo=first)
        start = self._stops[first - 1] if first else 0
        return start, self._bounds[last][0] if last < len(self._bounds) else len(self._text)

    def are_together(self, one: Span, other: Span) -> bool:
        """Whether both spans lie in one clause."""
        whole = (min(one[0], other[0]), max(one[1], other[1]))
        return self.around((one[0], one[0] + 1)) == self.around(whole)

    def tokens_between(self, one: Span, other: Span) -> int:
        """Return how many words lie wholly between two spans."""
        left, right = (one, other) if one[1] <= other[0] else (other, one)
        return sum(left[1] <= start and stop <= right[0] for start, stop in self._words)

    @cached_property
    def _words(self) -> list[Span]:
        spans, at = [], 0
        for word in self._cut(self._text) if self._cut else []:
            start = self._text.find(word, at)
            if start >= 0:
                at = start + len(word)
                spans.append((start, at))
        return spans
