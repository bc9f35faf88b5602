"""The lists of data/lexicons with a site's own on top: one frozen object that travels to every worker."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analytics.errors import ConfigError
from analytics.settings import DATA
from analytics.text.dictionary import UserWord, dictionary_hash, entries, load_words, removed

PROJECT_LEXICONS = DATA / "lexicons"
STOP_WORDS = PROJECT_LEXICONS / "stopwords.txt"
WORD_FILES = ("domain.txt", "products.txt")
FILES = (*WORD_FILES, "stopwords.txt", "synonyms.txt", "sensitive.txt")
"""What a site's folder may hold for cutting and counting; each is read after the project's file of that name."""
_LONG_INSULT = 3


@dataclass(frozen=True)
class Lexicons:
    """Every list that cutting and counting read.

    Attributes
    ----------
    words : tuple of UserWord
        To be kept whole, sorted by word.
    stop_words : frozenset of str
        Too common to be a keyword.
    synonyms : mapping of str to str
        Variant, as `folded`, to the word it is counted as.
    sensitive : frozenset of str
        Insults and obscenities, as `folded`: evidence, never a keyword, a topic word or a title.
    """

    words: tuple[UserWord, ...] = ()
    stop_words: frozenset[str] = frozenset()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()

    @property
    def words_hash(self) -> str:
        """16 hex digits that name the words: what `segment` depends on."""
        return dictionary_hash(self.words)

    @property
    def keywords_hash(self) -> str:
        """16 hex digits that name the other lists: what counting keywords depends on."""
        said = json.dumps([sorted(self.stop_words), sorted(self.synonyms.items()), sorted(self.sensitive)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def hash(self) -> str:
        """16 hex digits that name all lists; order of lines and files makes no difference."""
        return hashlib.sha256(f"{self.words_hash} {self.keywords_hash}".encode()).hexdigest()[:16]

    def canonical(self, word: str) -> str:
        """Return the word that this one is counted as; itself where it has no synonym.

        Examples
        --------
        >>> Lexicons(synonyms={"退钱": "退款"}).canonical("退钱")
        '退款'
        """
        return self.synonyms.get(folded(word), word)

    def variants(self, word: str) -> tuple[str, ...]:
        """Return the variants that are counted as this word, sorted; to find what was said."""
        return tuple(sorted(variant for variant, canonical in self.synonyms.items() if canonical == word))

    def is_sensitive(self, word: str) -> bool:
        """Return whether the word must not stand on a screen by itself: it is an insult, or holds a long one.

        Examples
        --------
        >>> lexicons = Lexicons(sensitive=frozenset({"混账", "王八蛋"}))
        >>> [lexicons.is_sensitive(word) for word in ("混账", "混账话", "王八蛋们", "退款")]
        [True, False, True, False]
        """
        plain = folded(word)
        if plain in self.sensitive:
            return True
        return len(plain) > _LONG_INSULT and any(long in plain for long in self._long_insults)

    def presentable(self, words: Iterable[str]) -> list[str]:
        """Return the words that may stand on a screen by themselves, in order.

        Examples
        --------
        >>> Lexicons(sensitive=frozenset({"混账"})).presentable(["退款", "混账", "太慢"])
        ['退款', '太慢']
        """
        return [word for word in words if not self.is_sensitive(word)]

    @functools.cached_property
    def _long_insults(self) -> tuple[str, ...]:
        return tuple(sorted(word for word in self.sensitive if len(word) >= _LONG_INSULT))


def load_lexicons(site: Path | None = None, user_words: Iterable[Path] = ()) -> Lexicons:
    """Read the project's lists, a site's own after them, then further word lists.

    Parameters
    ----------
    site : Path, optional
        Folder with any of `FILES`, besides lists that only rules read; it need not exist. A line ``-word`` takes an
        entry of the project out.
    user_words : iterable of Path
        More lists of words to keep whole (``text.user_words``).

    Raises
    ------
    ConfigError
        Naming file and line: a missing or unreadable file, a line of the wrong form, two words for one variant.

    Examples
    --------
    >>> lexicons = load_lexicons()
    >>> lexicons.canonical("退钱"), "您好" in lexicons.stop_words
    ('退款', True)
    """

    def of(name: str) -> list[Path]:
        own = [site / name] if site is not None and (site / name).exists() else []
        return [PROJECT_LEXICONS / name, *own]

    return Lexicons(
        words=load_words([path for name in WORD_FILES for path in of(name)] + list(user_words)),
        stop_words=load_set(of("stopwords.txt")),
        synonyms=load_synonyms(of("synonyms.txt")),
        sensitive=load_set(of("sensitive.txt"), folded),
    )


def load_set(paths: Iterable[Path], form: Callable[[str], str] = str) -> frozenset[str]:
    """Read lists of one word or phrase a line; ``-word`` takes an earlier one out."""
    found: set[str] = set()
    for path in paths:
        for number, line in entries(path):
            if line.startswith("-") and len(line) > 1:
                found.discard(form(removed(line, f"{path}, line {number}")))
            else:
                found.add(form(line))
    return frozenset(found)


def load_synonyms(paths: Iterable[Path]) -> dict[str, str]:
    """Read lists of ``canonical = variant|variant`` a line; ``-canonical`` takes an earlier line out.

    Raises
    ------
    ConfigError
        Naming file and line: no such form, a variant of two words in one file, or a word that is variant and canonical.
    """
    found: dict[str, str] = {}
    for path in paths:
        seen: dict[str, str] = {}
        for number, line in entries(path):
            where = f"{path}, line {number}"
            if line.startswith("-"):
                gone = removed(line, where)
                found = {variant: word for variant, word in found.items() if word != gone}
                continue
            word, variants = _synonyms_of(line, where)
            if folded(word) != word:
                found[folded(word)] = word  # one spelling of iPhone 17 Pro
            for variant in variants:
                if seen.setdefault(variant, word) != word:
                    raise ConfigError(f"synonyms {where}: a variant that another line of the file has too; keep one")
                found[variant] = word
        chained = [word for word in seen.values() if found.get(folded(word), word) != word]
        if chained:
            raise ConfigError(f"synonyms {path}: {len(chained)} lines lead to a word that is itself a variant")
    return found


def folded(word: str) -> str:
    """Return the word as lists compare it: small letters, no white space.

    Examples
    --------
    >>> folded("iPhone 17 Pro")
    'iphone17pro'
    """
    return "".join(word.split()).casefold()


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
    words = load_set([path])
    if not words:
        raise ConfigError(f"stop words {path}: expected one word a line, got none")
    return words


def _synonyms_of(line: str, where: str) -> tuple[str, list[str]]:
    word, sign, rest = line.partition("=")
    variants = [folded(variant) for variant in rest.split("|")]
    if not sign or not word.strip() or not all(variants) or word.strip() in variants:
        raise ConfigError(f"synonyms {where}: expected 'word = variant|variant', each another word; got another form")
    return word.strip(), variants
