"""Find many phrases at once: one automaton for all sets of phrases."""

from __future__ import annotations

from collections.abc import Sequence

import ahocorasick_rs

Span = tuple[int, int]
"""First character and after the last, from 0."""


class PhraseFinder:
    """Finds the phrases of several sets in one pass over a text.

    The automaton of Aho and Corasick reads each character once, however many phrases there are. Texts and phrases are
    compared as they are: lower-case both before. A phrase that begins or ends in a Latin letter or digit is not found
    inside a longer run of them (app is not in apple).

    Parameters
    ----------
    sets : sequence of sequence of str
        A phrase may be in several sets.

    References
    ----------
    .. [1] A. V. Aho and M. J. Corasick, "Efficient String Matching: An Aid to Bibliographic Search", CACM 18(6), 1975.

    Examples
    --------
    >>> finder = PhraseFinder([["投诉", "12315"], ["投诉"], ["app"]])
    >>> finder.find("打12315投诉,apple")
    {0: [(1, 6), (6, 8)], 1: [(6, 8)]}
    """

    def __init__(self, sets: Sequence[Sequence[str]]) -> None:
        members: dict[str, list[int]] = {}
        for number, phrases in enumerate(sets):
            for phrase in dict.fromkeys(phrases):
                members.setdefault(phrase, []).append(number)
        self._sets = [tuple(numbers) for numbers in members.values()]
        edges = [(_is_latin(phrase[0]), _is_latin(phrase[-1])) for phrase in members]
        self._edges = {number: edge for number, edge in enumerate(edges) if any(edge)}
        self._automaton = ahocorasick_rs.AhoCorasick(list(members)) if members else None

    def find(self, text: str) -> dict[int, list[Span]]:
        """Return the spans of each set that has any, in order of their ends."""
        found: dict[int, list[Span]] = {}
        if self._automaton is None:
            return found
        for phrase, start, stop in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if phrase in self._edges and self._is_cut_out(phrase, text, start, stop):
                continue
            for number in self._sets[phrase]:
                if number in found:
                    found[number].append((start, stop))
                else:
                    found[number] = [(start, stop)]
        return found

    def _is_cut_out(self, phrase: int, text: str, start: int, stop: int) -> bool:
        """Whether the phrase is a piece of a longer Latin word or number."""
        at_start, at_stop = self._edges[phrase]
        return (at_start and start > 0 and _is_latin(text[start - 1])) or (
            at_stop and stop < len(text) and _is_latin(text[stop])
        )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
