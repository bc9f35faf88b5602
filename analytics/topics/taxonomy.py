"""Touchpoints: where in the customer's journey a contact belongs, told by phrases from a taxonomy file."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics.errors import ConfigError
from analytics.settings import DATA

TAXONOMY_FILE = DATA / "taxonomy.toml"

HINT_WEIGHT = 0.5
MIN_SCORE = 1.5
"""One seed of two characters says enough (2.0), and so do two hints (1.0 each); one hint does not."""
MIN_MARGIN = 0.2
"""By what part of its score the best touchpoint must lead; less is a tie, and a tie is no answer."""
EARLY = 30.0
"""Characters after which a phrase counts half: customers say early what they came for, and later how it is handled."""
_LATIN_LENGTH = 2.0


@dataclass(frozen=True)
class Touchpoint:
    """One touchpoint: its name, its stage, the phrases that tell it, and words that only lean towards it.

    A general one goes with every matter, as anger and praise do: it is told only where nothing else is.
    """

    name: str
    stage: str
    seeds: tuple[str, ...]
    hints: tuple[str, ...] = ()
    general: bool = False


@dataclass(frozen=True)
class Taxonomy:
    """Touchpoints by stage, and the matcher built from their phrases.

    Examples
    --------
    >>> delivery = Touchpoint("物流查询", "物流", ("到哪了", "物流进度"), ("快递",))
    >>> money = Touchpoint("退款进度", "售后", ("退款",))
    >>> Taxonomy(("物流", "售后"), (delivery, money)).touchpoints_of(["我的快递到哪了", "退款", "你好"])
    ['物流查询', '退款进度', None]
    """

    stages: tuple[str, ...]
    touchpoints: tuple[Touchpoint, ...]
    _weights: dict[str, tuple[tuple[int, float], ...]] = field(init=False, repr=False, compare=False)
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weights = _term_weights(self.touchpoints)
        object.__setattr__(self, "_weights", weights)
        object.__setattr__(self, "_pattern", _matcher(weights))

    def touchpoints_of(self, texts: Sequence[str]) -> list[str | None]:
        """Return the touchpoint of each text, or None where the phrases say too little or contradict each other.

        A phrase counts once a text, with a weight that stands for its rarity: its length in characters, divided by
        the number of touchpoints that list it; half of that for a hint. At each place the longest phrase counts, and
        the less the later it is first said (`EARLY`). General touchpoints are looked at only where no other is told.

        Parameters
        ----------
        texts : sequence of str
            Simplified Chinese.

        Returns
        -------
        list of str or None
            As long as `texts`. The answer for one text does not depend on the others.
        """
        return [self._best(text) for text in texts]

    @property
    def terms(self) -> dict[str, frozenset[str]]:
        """All seeds and hints, and the names of the touchpoints that list each."""
        owners: dict[str, set[str]] = defaultdict(set)
        for touchpoint in self.touchpoints:
            for term in (*touchpoint.seeds, *touchpoint.hints):
                owners[term].add(touchpoint.name)
        return {term: frozenset(names) for term, names in owners.items()}

    def stage_of(self, name: str) -> str:
        """Return the stage of a touchpoint; raise `ConfigError` if there is none of that name."""
        for touchpoint in self.touchpoints:
            if touchpoint.name == name:
                return touchpoint.stage
        raise ConfigError(f"touchpoint {name!r} is not in the taxonomy; it has {len(self.touchpoints)} others")

    def _best(self, text: str) -> str | None:
        first: dict[str, int] = {}
        for match in self._pattern.finditer(text.lower()):
            first.setdefault(match.group(), match.start())
        scores: dict[int, float] = defaultdict(float)
        early: dict[int, float] = defaultdict(float)
        for term, place in first.items():
            for index, weight in self._weights.get(term, ()):
                scores[index] += weight
                early[index] += weight * EARLY / (EARLY + place)
        enough = [index for index in early if scores[index] >= MIN_SCORE]
        special = [index for index in enough if not self.touchpoints[index].general]
        return self._leader(special or enough, early)

    def _leader(self, told: Sequence[int], scores: Mapping[int, float]) -> str | None:
        """Return the touchpoint that leads those told, and every one that is as general as they are."""
        if not told:
            return None
        best = max(told, key=lambda index: (scores[index], -index))
        is_general = self.touchpoints[best].general
        rivals = [i for i in scores if i != best and self.touchpoints[i].general == is_general]
        second = max((scores[index] for index in rivals), default=0.0)
        return None if scores[best] - second < MIN_MARGIN * scores[best] else self.touchpoints[best].name


def load_taxonomy(path: Path = TAXONOMY_FILE) -> Taxonomy:
    """Read a taxonomy file.

    Parameters
    ----------
    path : Path
        TOML with `stages` (list of text) and `[[touchpoint]]` tables: name, stage, seeds, optional hints.

    Raises
    ------
    ConfigError
        If the file is missing, no TOML, or a touchpoint lacks a field, repeats a name, or has an unknown stage.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"taxonomy file {path} does not exist; data/taxonomy.toml is the one we ship") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"taxonomy file {path} is not valid TOML in UTF-8: {error}") from error
    stages = tuple(content.get("stages", ()))
    touchpoints = tuple(
        _touchpoint(entry, stages, f"touchpoint {position} of {path}")
        for position, entry in enumerate(content.get("touchpoint", ()), start=1)
    )
    names = [touchpoint.name for touchpoint in touchpoints]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated or not touchpoints:
        problem = f"names given twice: {', '.join(repeated)}" if repeated else "no [[touchpoint]]"
        raise ConfigError(f"taxonomy file {path}: expected touchpoints with different names, got {problem}")
    return Taxonomy(stages, touchpoints)


def _touchpoint(entry: dict[str, Any], stages: tuple[str, ...], where: str) -> Touchpoint:
    missing = [name for name in ("name", "stage", "seeds") if not entry.get(name)]
    if missing:
        raise ConfigError(f"{where}: expected name, stage and seeds, missing {', '.join(missing)}")
    if entry["stage"] not in stages:
        raise ConfigError(f"{where}: stage {entry['stage']!r} is none of {', '.join(stages)}")
    hints, general = tuple(entry.get("hints", ())), bool(entry.get("general", False))
    return Touchpoint(entry["name"], entry["stage"], tuple(entry["seeds"]), hints, general)


def _term_weights(touchpoints: Iterable[Touchpoint]) -> dict[str, tuple[tuple[int, float], ...]]:
    shares: dict[str, dict[int, float]] = defaultdict(dict)
    for index, touchpoint in enumerate(touchpoints):
        for terms, weight in ((touchpoint.hints, HINT_WEIGHT), (touchpoint.seeds, 1.0)):
            for term in terms:
                shares[term.lower()][index] = weight
    return {
        term: tuple((index, weight * _length(term) / len(owners)) for index, weight in owners.items())
        for term, owners in shares.items()
    }


def _length(term: str) -> float:
    """Return the length in Chinese characters; a Latin word carries about as much as a word of two."""
    return _LATIN_LENGTH if term.isascii() and not term.isdigit() else float(len(term))


def _matcher(terms: Iterable[str]) -> re.Pattern[str]:
    """Compile the terms into one trie, so that a place in the text is looked at once and not once a term."""
    trie: dict[str, Any] = {}
    for term in terms:
        node = trie
        for character in term:
            node = node.setdefault(character, {})
        node[""] = term.isascii()
    return re.compile(_branch(trie, latin=False) or r"(?!)")


def _branch(node: dict[str, Any], *, latin: bool) -> str:
    options = [
        (r"(?<![a-z0-9])" if not latin and key.isascii() and key.isalpha() else "")
        + re.escape(key)
        + _branch(child, latin=True)
        for key, child in sorted(node.items())
        if key
    ]
    ends = "" in node
    end = r"(?![a-z0-9])" if node.get("") else ""
    if ends and options:
        return f"(?:{'|'.join(options)}|{end})" if end else f"(?:{'|'.join(options)})?"
    return f"(?:{'|'.join(options)})" if len(options) > 1 else (options[0] if options else end)
