"""What is typed into a search box: words that must all be said, phrases in quotes, and words that must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.text.normalise import normalise

MAX_WORDS = 8
MAX_LENGTH = 200
"""Characters of a search that are read; what is behind them is left out."""

_TOKEN = re.compile(r"""(?P<no>[-－])?(?:["“”「『](?P<phrase>[^"“”「」『』]*)["“”」』]?|(?P<word>[^\s"“”「」『』]+))""")


@dataclass(frozen=True)
class Words:
    """A search, as the analysis writes text: Simplified, narrow, in lower case.

    Attributes
    ----------
    wanted : tuple of str
        All of these must be said by the customer, in one turn or another.
    unwanted : tuple of str
        None of these may be.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.wanted or self.unwanted)

    def condition(self, name: str, days: str = "") -> tuple[str, dict[str, object]]:
        """Return a SQL condition over `contact.contact_id` and its parameters, which begin with `name`.

        `days` is a condition on the day of a turn, so that no other day's text is read; each turn is read once.

        Examples
        --------
        >>> sql, values = read_words("面膜 -红").condition("says")
        >>> values
        {'says0': '面膜', 'says1': '红'}
        """
        every = (*self.wanted, *self.unwanted)
        has = [has_word(word, f"${name}{place}") for place, word in enumerate(every)]
        turns = " AND ".join(filter(None, ("speaker = 'customer'", days, f"({' OR '.join(has)})")))
        ids = f"SELECT contact_id FROM utterance WHERE {turns}"
        values: dict[str, object] = {f"{name}{place}": word for place, word in enumerate(every)}
        if not self.wanted:
            return f"contact_id NOT IN ({ids})", values
        if len(every) == 1:
            return f"contact_id IN ({ids})", values
        needed = [f"bool_or({sql})" for sql in has[: len(self.wanted)]]
        needed += [f"NOT bool_or({sql})" for sql in has[len(self.wanted) :]]
        return f"contact_id IN ({ids} GROUP BY contact_id HAVING {' AND '.join(needed)})", values


def read_words(text: str) -> Words:
    """Return what is searched for; any text is a search, an unclosed quote ends with the text.

    Examples
    --------
    >>> read_words('面膜 "又紅 又痛" -IPhone')
    Words(wanted=('面膜', '又红 又痛'), unwanted=('iphone',))
    >>> read_words(" - "), read_words("「退款")
    (Words(wanted=(), unwanted=()), Words(wanted=('退款',), unwanted=()))
    """
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for is_wanted, word in _tokens(text[:MAX_LENGTH]):
        if word and len(found[True]) + len(found[False]) < MAX_WORDS:
            found[is_wanted][word] = None
    return Words(tuple(found[True]), tuple(found[False]))


def read_phrase(text: str) -> Words:
    """Return a search for a text as it stands, spaces and quotes included; nothing for a blank one.

    Examples
    --------
    >>> read_phrase("又紅 又痛").wanted
    ('又红 又痛',)
    """
    word = _folded(text[:MAX_LENGTH])
    return Words((word,) if word else ())


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    for token in _TOKEN.finditer(text):
        word = token["phrase"] if token["phrase"] is not None else token["word"]
        if token["no"] is None or word.strip("-－"):
            yield token["no"] is None, _folded(word if word.strip("-－") else "")


def _folded(text: str) -> str:
    return normalise(text).lower()


def has_word(word: str, parameter: str) -> str:
    """Return whether a turn has the word, in SQL; a word without letters needs no folding of case, which costs more."""
    text = "text_simplified" if word == word.upper() else "lower(text_simplified)"
    return f"contains({text}, {parameter})"
