"""Words that a segmenter shall not cut: the project's list and a site's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from analytics.errors import ConfigError
from analytics.settings import DATA

DEFAULT_WORDS = DATA / "lexicons" / "domain.txt"
DEFAULT_FREQUENCY = 10_000
"""Frequency of a word that names none; jieba's dictionary counts 60 million, so it beats nearly any cut into parts."""
DEFAULT_TAG = "n"


class UserWord(NamedTuple):
    """One entry of a user dictionary: the word, its frequency and jieba's part-of-speech tag."""

    word: str
    frequency: int = DEFAULT_FREQUENCY
    tag: str = DEFAULT_TAG


def load_words(paths: Iterable[Path]) -> tuple[UserWord, ...]:
    """Read word lists: one ``word [frequency] [tag]`` a line, ``-word`` takes one out, ``#`` begins a comment.

    Parameters
    ----------
    paths : iterable of Path
        UTF-8 files. A word that stands in several takes frequency and tag from the last; ``-word`` takes it out if a
        line before has it.

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
        for number, line in entries(path):
            fields, where = line.split(), f"{path}, line {number}"
            if line.startswith("-"):
                found.pop(removed(line, where), None)
            else:
                found[fields[0]] = _parse(fields, where)
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


def entries(path: Path) -> Iterator[tuple[int, str]]:
    """Read a list of data/lexicons or of a site: each line that says something with its number, comments left out.

    Raises
    ------
    ConfigError
        If the file is missing or not UTF-8.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise ConfigError(f"word list {path} does not exist; see docs/words.md for where lists stand") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"word list {path}: expected UTF-8, got byte {error.start} of another encoding") from error
    for number, line in enumerate(lines, start=1):
        if said := line.split("#", 1)[0].strip():
            yield number, said


def removed(line: str, where: str) -> str:
    """Return the word that a line ``-word`` takes out; raise `ConfigError` if there is not exactly one."""
    fields = line[1:].split()
    if len(fields) != 1:
        raise ConfigError(f"word list {where}: expected '-word' with one word to take out, got {len(fields)}")
    return fields[0]


def _parse(fields: list[str], where: str) -> UserWord:
    word, *rest = fields
    frequency = DEFAULT_FREQUENCY
    if rest and rest[0].lstrip("-").isdecimal():
        frequency = int(rest.pop(0))
    if frequency < 1 or len(rest) > 1:
        raise ConfigError(f"word list {where}: expected 'word [frequency >= 1] [tag]', got {len(fields)} fields")
    return UserWord(word, frequency, rest[0] if rest else DEFAULT_TAG)
