"""Words that a segmenter shall not cut: the project's list and a site's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from analytics.errors import ConfigError
from analytics.settings import DATA

DEFAULT_WORDS = DATA / "lexicons" / "words.txt"
DEFAULT_FREQUENCY = 10_000
"""Frequency of a word that names none; jieba's dictionary counts 60 million, so it beats nearly any cut into parts."""
DEFAULT_TAG = "n"


class UserWord(NamedTuple):
    """One entry of a user dictionary: the word, its frequency and jieba's part-of-speech tag."""

    word: str
    frequency: int = DEFAULT_FREQUENCY
    tag: str = DEFAULT_TAG


def load_words(paths: Iterable[Path]) -> tuple[UserWord, ...]:
    """Read word lists: one ``word [frequency] [tag]`` a line, ``#`` begins a comment.

    Parameters
    ----------
    paths : iterable of Path
        UTF-8 files. A word that stands in several takes frequency and tag from the last.

    Returns
    -------
    tuple of UserWord
        Sorted by word, so that the order of files that do not overlap makes no difference.

    Raises
    ------
    ConfigError
        If a file is missing or not UTF-8, or a line has a frequency that is no positive whole number or a fourth field.
    """
    found: dict[str, UserWord] = {}
    for path in paths:
        for number, line in enumerate(_lines(path), start=1):
            fields = line.split("#", 1)[0].split()
            if fields:
                found[fields[0]] = _parse(fields, f"{path}, line {number}")
    return tuple(found[word] for word in sorted(found))


def dictionary_hash(words: Iterable[UserWord]) -> str:
    """Return 16 hex digits that name this dictionary; the order of words makes no difference.

    A worker compares it with the driver's before it cuts anything.

    Examples
    --------
    >>> a, b = UserWord("极速退"), UserWord("仅退款")
    >>> dictionary_hash([a, b]) == dictionary_hash([b, a])
    True
    >>> dictionary_hash([a]) == dictionary_hash([b])
    False
    """
    lines = sorted(f"{word.word}\t{word.frequency}\t{word.tag}\n" for word in words)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise ConfigError(f"word list {path} does not exist; see text.user_words in the settings") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"word list {path}: expected UTF-8, got byte {error.start} of another encoding") from error


def _parse(fields: list[str], where: str) -> UserWord:
    word, *rest = fields
    frequency = DEFAULT_FREQUENCY
    if rest and rest[0].lstrip("-").isdecimal():
        frequency = int(rest.pop(0))
    if frequency < 1 or len(rest) > 1:
        raise ConfigError(f"word list {where}: expected 'word [frequency >= 1] [tag]', got {len(fields)} fields")
    return UserWord(word, frequency, rest[0] if rest else DEFAULT_TAG)
