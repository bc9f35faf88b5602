"""Cut Chinese text into words, by rjieba (jieba in Rust) or jieba, with user words.

The library sees runs of Chinese characters only. Latin and digits are cut here: on them jieba and rjieba differ, and
both take iPhone17 or 1.6L apart in one place or another.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from analytics.errors import ConfigError
from analytics.text.dictionary import UserWord, dictionary_hash, load_words
from analytics.text.redact import MASK_PATTERN

__all__ = ["Segmenter", "UserWord", "dictionary_hash", "load_words", "make_segmenter"]

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3005\u3007"
"""Character class of Chinese characters, with 々 and 〇."""

# Masks of ours and placeholders that a source has set ([数字x], [姓名x], #E-s[数字x] for an emoticon) are no words.
_PLACEHOLDER = rf"#E-[a-z]*\[[^\[\]\s]{{1,8}}\]|{MASK_PATTERN.pattern}|\[[^\[\]\s]{{1,6}}[xX]\]"
_WORDLIKE = rf"[^\W_{HAN}]"
_LATIN = rf"{_WORDLIKE}+(?:[.+\-_'/&]{_WORDLIKE}+)*(?:\+{{1,2}}|%)?"


class Segmenter(Protocol):
    """Cuts a text into words."""

    def cut(self, text: str) -> list[str]:
        """Return the words in order; punctuation, white space, emoji and masks are left out."""
        ...

    def cut_clauses(self, text: str) -> tuple[list[str], list[int]]:
        """Return the words, and the places among them (1 up) at which a clause begins: no word runs over these.

        Punctuation, emoji, masks and line breaks part clauses; a space does between two Chinese characters.
        """
        ...


class _Segmenter:
    """One library's cut of Chinese runs between our own cut of everything else."""

    def __init__(self, cut_han: Callable[[str], list[str]], mixed_words: Sequence[str]) -> None:
        own = "|".join(re.escape(word) for word in sorted(mixed_words, key=lambda word: (-len(word), word)))
        # A mixed user word (T恤, Type-C接口) must not begin or end inside a longer Latin run.
        mixed = rf"(?<!{_WORDLIKE})(?:{own})(?!{_WORDLIKE})|" if own else ""
        self._pieces = re.compile(rf"(?:{_PLACEHOLDER})|({mixed}{_LATIN})|([{HAN}]+)")
        self._cut_han = cut_han

    def cut(self, text: str) -> list[str]:
        """Return the words of the text in order."""
        return self.cut_clauses(text)[0]

    def cut_clauses(self, text: str) -> tuple[list[str], list[int]]:
        """Return the words of the text and where clauses begin among them."""
        words: list[str] = []
        breaks: list[int] = []
        end, is_parted, was_han = 0, False, False
        for match in self._pieces.finditer(text):
            is_han = match.lastindex == 2
            between = text[end : match.start()]
            is_parted |= bool(between) and (not between.isspace() or "\n" in between or (is_han and was_han))
            end, was_han = match.end(), is_han
            if not match.lastindex:
                is_parted = True
                continue
            if is_parted and words:
                breaks.append(len(words))
            is_parted = False
            words += self._cut_han(match.group()) if is_han else [match.group()]
        return words, breaks


def make_segmenter(name: Literal["rjieba", "jieba"], words: Sequence[UserWord]) -> Segmenter:
    """Return a segmenter that knows the user words.

    Parameters
    ----------
    name : {"rjieba", "jieba"}
        The library; both read jieba's dictionary and cut 99.99 % of Chinese words alike, rjieba 16 times as fast.
    words : sequence of UserWord
        Words to keep whole, from `load_words`. A word with Latin letters or digits in it is kept wherever it occurs.

    Returns
    -------
    Segmenter
        It cannot be pickled: a Spark worker makes its own (0.1 s rjieba, 1 s jieba) and keeps it for the process.

    Raises
    ------
    ConfigError
        If the name is neither.

    Examples
    --------
    >>> segmenter = make_segmenter("rjieba", [UserWord("极速退")])
    >>> segmenter.cut("iPhone17能极速退吗？我的号码是[手机]😀")
    ['iPhone17', '能', '极速退', '吗', '我', '的', '号码', '是']
    """
    if name not in _LIBRARIES:
        raise ConfigError(f"text.segmenter: expected one of {', '.join(_LIBRARIES)}, got {name!r}")
    chinese = re.compile(f"[{HAN}]+")
    pure = [word for word in words if chinese.fullmatch(word.word)]
    mixed = [word.word for word in words if not chinese.fullmatch(word.word)]
    return _Segmenter(_LIBRARIES[name](pure), mixed)


def _rjieba(words: Sequence[UserWord]) -> Callable[[str], list[str]]:
    import rjieba

    library = rjieba.Jieba()
    for word in words:
        library.add_word(word.word, word.frequency, word.tag)
    cut: Callable[[str], list[str]] = library.cut
    return cut


def _jieba(words: Sequence[UserWord]) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    library = jieba.Tokenizer()
    for word in words:
        library.add_word(word.word, word.frequency, word.tag)
    cut: Callable[[str], list[str]] = library.lcut
    return cut


_LIBRARIES: dict[str, Callable[[Sequence[UserWord]], Callable[[str], list[str]]]] = {"rjieba": _rjieba, "jieba": _jieba}
