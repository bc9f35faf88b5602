"""Cut Chinese text into words, by rjieba (jieba in Rust) or jieba, with user words.

The library sees runs of Chinese characters only. Latin, digits and names of models are cut here: on them jieba and
rjieba differ, and both take iPhone17 or 1.6L apart in one place or another. On Chinese they agree, user words or not.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

from analytics.errors import ConfigError
from analytics.text.dictionary import UserWord, dictionary_hash, load_words
from analytics.text.models import model_pattern
from analytics.text.redact import MASK_PATTERN

__all__ = ["Segmenter", "UserWord", "dictionary_hash", "load_words", "make_segmenter"]

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3005\u3007"
"""Character class of Chinese characters, with 々 and 〇."""

# Masks of ours and placeholders that a source has set ([数字x], [姓名x], #E-s[数字x] for an emoticon) are no words.
_PLACEHOLDER = rf"#E-[a-z]*\[[^\[\]\s]{{1,8}}\]|{MASK_PATTERN.pattern}|\[[^\[\]\s]{{1,6}}[xX]\]"
_URL = r"(?:https?://|www\.)[!-~]+"
_WORDLIKE = rf"[^\W_{HAN}]"
_JOINT = r"[.+\-_'/&]|(?<=\d):(?=\d)|(?<=\d),(?=\d{3}(?!\d))"
_LATIN = rf"{_WORDLIKE}+(?:(?:{_JOINT}){_WORDLIKE}+)*(?:\+{{1,2}}|%)?"
_PLAIN = re.compile(rf"({_LATIN})|([{HAN}]+)")
_CHINESE, _NAME = re.compile(rf"[{HAN}]+"), re.compile(_LATIN)
# Characters that jieba's dictionary does not have: jieba gives them one by one, rjieba a run of them as one word.
_COMMON = "\u4e00-\u9fd5"
_RARE, _RUNS = re.compile(f"[^{_COMMON}]"), re.compile(f"([{_COMMON}]+)|([^{_COMMON}]+)")
_MAY_BE_SPECIAL = re.compile(r"[A-Za-z0-9\[]")
_SKIPPED, _MODEL, _WHOLE, _HAN_RUN = range(4)


class Segmenter(Protocol):
    """Cuts a text into words."""

    @property
    def dictionary(self) -> str:
        """The `dictionary_hash` of the words that it was made with."""
        ...

    def cut(self, text: str) -> list[str]:
        """Return the words in order; punctuation, white space, emoji, masks and addresses of pages are left out.

        Words stand as in the text, but a model's name is written together (iPhone 17 Pro: iPhone17Pro), so that no word
        holds a space.
        """
        ...

    def cut_clauses(self, text: str) -> tuple[list[str], list[int]]:
        """Return the words, and the places among them (1 up) at which a clause begins: no word runs over these.

        Punctuation, emoji, masks and line breaks part clauses; a space does between two Chinese characters.
        """
        ...


class _Segmenter:
    """One library's cut of Chinese runs between our own cut of everything else."""

    def __init__(self, cut_han: Callable[[str], list[str]], words: Sequence[UserWord]) -> None:
        mixed = [word.word for word in words if not (_CHINESE.fullmatch(word.word) or _NAME.fullmatch(word.word))]
        own = "|".join(map(_bounded, sorted(mixed, key=lambda word: (-len(word), word)))) or "(?!)"
        self._special = re.compile(rf"({_PLACEHOLDER}|{_URL})|({model_pattern(words)})|({own})")
        self._cut_han = cut_han
        self.dictionary = dictionary_hash(words)

    def cut(self, text: str) -> list[str]:
        """Return the words of the text in order."""
        return self.cut_clauses(text)[0]

    def cut_clauses(self, text: str) -> tuple[list[str], list[int]]:
        """Return the words of the text and where clauses begin among them."""
        words: list[str] = []
        breaks: list[int] = []
        end, is_parted, was_han = 0, False, False
        for kind, start, stop in self._pieces(text):
            between = text[end:start]
            is_han = kind == _HAN_RUN
            is_parted |= bool(between) and (not between.isspace() or "\n" in between or (is_han and was_han))
            end, was_han = stop, is_han
            if kind == _SKIPPED:
                is_parted = True
                continue
            if is_parted and words:
                breaks.append(len(words))
            is_parted = False
            piece = text[start:stop]
            words += self._cut_chinese(piece) if is_han else ["".join(piece.split()) if kind == _MODEL else piece]
        return words, breaks

    def _cut_chinese(self, run: str) -> list[str]:
        if not _RARE.search(run):
            return self._cut_han(run)
        parts = (self._cut_han(common) if common else list(rare) for common, rare in _RUNS.findall(run))
        return [word for part in parts for word in part]

    def _pieces(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Kind, start and stop of each piece; what is special first, since it may begin in a run of Chinese."""
        begin = 0
        if _MAY_BE_SPECIAL.search(text):
            for found in self._special.finditer(text):
                yield from _plain_pieces(text, begin, found.start())
                yield (_SKIPPED, _MODEL, _WHOLE)[(found.lastindex or 1) - 1], found.start(), found.end()
                begin = found.end()
        yield from _plain_pieces(text, begin, len(text))


def _bounded(word: str) -> str:
    """Match a mixed user word (T恤, C接口), whose Latin end must not lie inside a longer Latin run."""
    before = rf"(?<!{_WORDLIKE})" if re.match(_WORDLIKE, word) else ""
    after = rf"(?!{_WORDLIKE})" if re.match(_WORDLIKE, word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def _plain_pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    for found in _PLAIN.finditer(text, begin, end):
        yield (_HAN_RUN if found.lastindex == 2 else _WHOLE), found.start(), found.end()


def make_segmenter(name: Literal["rjieba", "jieba"], words: Sequence[UserWord]) -> Segmenter:
    """Return a segmenter that knows the user words.

    Parameters
    ----------
    name : {"rjieba", "jieba"}
        The library; both read jieba's dictionary and cut 99.99 % of Chinese words alike, rjieba 7 times as fast.
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
    pure = [word for word in words if _CHINESE.fullmatch(word.word)]
    return _Segmenter(_LIBRARIES[name](pure), words)


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
    library.initialize()
    for word in words:
        known = library.FREQ.get(word.word, 0)
        library.add_word(word.word, word.frequency, word.tag)
        # jieba adds a known word's new frequency to its total without taking the old one off; rjieba does. Left so, the
        # price of an unknown character differs, and with 2,000 user words one Chinese token in 3,000.
        library.total -= known
    cut: Callable[[str], list[str]] = library.lcut
    return cut


_LIBRARIES: dict[str, Callable[[Sequence[UserWord]], Callable[[str], list[str]]]] = {"rjieba": _rjieba, "jieba": _jieba}
