"""How customers type: loose punctuation, typos, emoji, Traditional characters."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

import opencc

from analytics.simulate.grammar import KEYWORD, Noise
from analytics.simulate.persons import Person

_BRACKET_EMOJI_CHANNELS = frozenset({"wechat", "weibo"})
_SPACED_SHARE = 0.2
_CLOSED_SHARE = 0.22
_SHORT_LENGTH = 5


@lru_cache(maxsize=1)
def _to_traditional() -> Any:
    # s2tw, not s2t: people write 審核 and 為什麼, not the dictionary's 審覈 and 爲什麼.
    return opencc.OpenCC("s2tw")


class Hand:
    """One customer's way of typing in one contact.

    Parameters
    ----------
    person : Person
        Gives habits and script.
    channel : str
        WeChat and Weibo have bracketed emoji such as [捂脸]; the others do not.
    noise : Noise
        Typos and emoji.
    rng : random.Random
        Source of chance.
    """

    def __init__(self, person: Person, channel: str, noise: Noise, rng: Random) -> None:
        self._person, self._noise, self._rng = person, noise, rng
        self._brackets = channel in _BRACKET_EMOJI_CHANNELS

    def write(self, text: str, mood: str) -> str:
        """Return the text as this customer would type it."""
        rnd = self._rng.random
        if rnd() < _SPACED_SHARE:
            text = text.replace("，", " ")
        elif len(text) > _SHORT_LENGTH and rnd() < _CLOSED_SHARE and text[-1] not in "？！～~":
            text += "。" if mood != "negative" else "！"
        if rnd() < self._person.typo_share:
            text = mistype(text, self._noise.typos, self._rng)
        if self._person.traditional:
            text = str(_to_traditional().convert(text))
        if rnd() < self._person.emoji_share:
            text += self._emoji(mood)
        return text

    def _emoji(self, mood: str) -> str:
        marks = self._noise.emoji[mood]
        mark = marks[int(self._rng.random() * len(marks))]
        if mark.startswith("[") and not self._brackets:
            mark = marks[0]
        return mark * (3 if self._rng.random() < 0.15 else 1)


def mistype(text: str, typos: tuple[tuple[str, tuple[str, ...]], ...], rng: Random) -> str:
    """Replace one word of the text by a slip; the planted keyword has its own and is left alone.

    Examples
    --------
    >>> mistype("优惠券呢", (("优惠券", ("优惠卷",)),), Random(1))
    '优惠卷呢'
    """
    if KEYWORD in text:
        return text
    start = int(rng.random() * len(typos))
    for step in range(len(typos)):
        right, wrong = typos[(start + step) % len(typos)]
        if right in text:
            return text.replace(right, wrong[int(rng.random() * len(wrong))], 1)
    return text
