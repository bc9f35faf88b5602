"""Read the word lists of data/lexicons."""

from __future__ import annotations

import functools
from pathlib import Path

from analytics.errors import ConfigError
from analytics.settings import DATA

STOP_WORDS = DATA / "lexicons" / "stopwords.txt"


@functools.cache
def load_stop_words(path: Path = STOP_WORDS) -> frozenset[str]:
    """Return the stop words of a file of one word a line, ``#`` for comments; read once a process.

    Raises
    ------
    ConfigError
        If the file is missing, not UTF-8 or holds no word.

    Examples
    --------
    >>> "您好" in load_stop_words(), "退款" in load_stop_words()
    (True, False)
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise ConfigError(f"stop words {path} do not exist; restore data/lexicons from the project") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"stop words {path}: expected UTF-8, got byte {error.start} of another encoding") from error
    words = frozenset(word for line in lines if (word := line.split("#", 1)[0].strip()))
    if not words:
        raise ConfigError(f"stop words {path}: expected one word a line, got none")
    return words
