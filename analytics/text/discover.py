"""Find words that no dictionary has: names that the segmenter cuts to pieces, by how their pieces keep together.

A new product is written by nobody until everybody writes it. The segmenter cuts 呛口小辣椒面膜 into 呛/口/小辣椒/面膜,
and no count of single words shows it. Pieces that stand together far more often than chance (cohesion) while what
stands around them varies (freedom) are one word [1]_; that history does not have it tells a new name from a phrase.

References
----------
.. [1] Z. Jin and K. Tanaka-Ishii, "Unsupervised segmentation of Chinese text by use of branching entropy",
   COLING/ACL 2006; pointwise mutual information after K. Church and P. Hanks, Computational Linguistics 16(1), 1990.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.text.ngrams import EDGE, SEPARATOR, NgramCounts, count_ngrams
from analytics.text.phrases import join_parts

COLUMNS = ("word", "parts", "n_contacts", "cohesion", "freedom")
MARKERS = tuple("很太不没最更挺别未")
"""A token that begins with one of these says how, not what: 物流 很快 is a statement, never a name."""
_PARTICLES = frozenset("了是都给着过吗呢吧就也还有")


@dataclass(frozen=True)
class DiscoveryRule:
    """When adjacent tokens are a word.

    Attributes
    ----------
    min_contacts : int
        Contacts that say it.
    min_cohesion_bits : float
        Pointwise mutual information of its weakest joint. 3 bits: eight times what chance would give.
    min_freedom_bits : float
        The smaller branching entropy of its sides. 1 bit: at least two equally common neighbours.
    min_bound_share : float
        At every joint, the rarer side stands in the candidate in at least this share of its contacts: 面膜 has other
        company, 呛口小辣椒 has none. An ordinary collocation (物流 速度) fails here.
    nested_share : float
        Of a candidate and a longer one around it the longer stays if it has this share of its contacts, else the
        shorter.
    min_rise : float
        A candidate is new if its contacts are at least this many times its usual count a day plus one.
    """

    min_contacts: int = 8
    min_cohesion_bits: float = 3.0
    min_freedom_bits: float = 1.0
    min_bound_share: float = 0.3
    nested_share: float = 0.8
    min_rise: float = 4.0


def discover_words(
    token_lists: Iterable[Sequence[str]],
    contact_ids: Iterable[str],
    *,
    stop_words: Collection[str],
    known: Mapping[str, float] | None = None,
    rule: DiscoveryRule | None = None,
) -> pd.DataFrame:
    """Return the new words of one day of customer turns.

    Parameters
    ----------
    token_lists : iterable of sequence of str
        Tokens of each turn (column ``tokens`` of table token).
    contact_ids : iterable of str
        Contact of each turn.
    stop_words : collection of str
        Words that can be neither the first nor the last part.
    known : mapping of str to float, optional
        Usual contacts a day of a candidate, by its ``word``; what is missing was never said. Without history (None)
        everything counts as never said. Where the history is too large to hold, call `candidate_words`, count only
        those with `phrases.count_phrase_contacts`, then `keep_new`.
    rule : DiscoveryRule, optional
        Thresholds.

    Returns
    -------
    DataFrame[word, parts, n_contacts, cohesion, freedom]
        Grain: one new word, most contacts first. `parts` is a list, `cohesion` and `freedom` are bits.
    """
    rule = rule or DiscoveryRule()
    candidates = candidate_words(token_lists, contact_ids, stop_words=stop_words, rule=rule)
    return keep_new(candidates, known or {}, rule=rule)


def candidate_words(
    token_lists: Iterable[Sequence[str]],
    contact_ids: Iterable[str],
    *,
    stop_words: Collection[str],
    rule: DiscoveryRule | None = None,
) -> pd.DataFrame:
    """Return what could be a word, new or not; columns and parameters as in `discover_words`."""
    rule = rule or DiscoveryRule()
    counts = count_ngrams(token_lists, contact_ids, stop_words=stop_words, min_contacts=rule.min_contacts)
    return candidates_from_counts(counts, stop_words=stop_words, rule=rule)


def candidates_from_counts(
    counts: NgramCounts, *, stop_words: Collection[str], rule: DiscoveryRule | None = None
) -> pd.DataFrame:
    """Return what could be a word, from counts that may have been summed over many workers.

    Parameters
    ----------
    counts : NgramCounts
        Of `ngrams.count_ngrams`, or sums of several by all columns but ``n_contacts``.
    stop_words : collection of str
        Words that can be neither the first nor the last part.
    rule : DiscoveryRule, optional
        Thresholds.

    Returns
    -------
    DataFrame[word, parts, n_contacts, cohesion, freedom]
        Candidates of which no longer candidate has nearly all contacts; most contacts first.
    """
    rule = rule or DiscoveryRule()
    enough = counts.contacts[(counts.contacts["n_parts"] == 1) | (counts.contacts["n_contacts"] >= rule.min_contacts)]
    n_contacts = dict(zip(enough["ngram"], enough["n_contacts"].astype(int), strict=True))
    total = int(counts.contacts.loc[counts.contacts["n_parts"] == 1, "n_contacts"].sum())
    rows = []
    for ngram in enough.loc[enough["n_parts"] > 1, "ngram"]:
        parts = ngram.split(SEPARATOR)
        if _may_be_name(parts, stop_words):
            cohesion, bound = _joints(parts, n_contacts, total)
            if cohesion >= rule.min_cohesion_bits and bound >= rule.min_bound_share:
                rows.append((join_parts(parts), parts, n_contacts[ngram], cohesion))
    sides = [_entropies(side, {SEPARATOR.join(row[1]) for row in rows}) for side in (counts.left, counts.right)]
    found = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    found["freedom"] = [min(side.get(SEPARATOR.join(parts), 0.0) for side in sides) for parts in found["parts"]]
    found = found[found["freedom"] >= rule.min_freedom_bits]
    return _tidy(_drop_nested(found, rule.nested_share, prefer_longer=True))


def keep_new(
    candidates: pd.DataFrame, known: Mapping[str, float], *, rule: DiscoveryRule | None = None
) -> pd.DataFrame:
    """Return the candidates that history does not have; of two nested ones the shorter, if the longer is rarer.

    Parameters
    ----------
    candidates : DataFrame[word, parts, n_contacts, cohesion, freedom]
        Of `candidate_words`.
    known : mapping of str to float
        Usual contacts a day, by word; 0 where missing.
    rule : DiscoveryRule, optional
        `min_rise` and `nested_share` are read.

    Returns
    -------
    DataFrame
        Same columns; a subset of the rows, most contacts first.
    """
    rule = rule or DiscoveryRule()
    usual = candidates["word"].map(lambda word: known.get(word, 0.0)).astype(float)
    new = candidates[candidates["n_contacts"] >= rule.min_rise * (usual + 1)]
    return _tidy(_drop_nested(new, rule.nested_share, prefer_longer=False))


def _may_be_name(parts: Sequence[str], stop_words: Collection[str]) -> bool:
    if parts[0] in stop_words or parts[-1] in stop_words:
        return False
    # A single character that is a stop word elsewhere may be a piece of a name (老上海); 非常, 因为 or 了 may not.
    if any(part in _PARTICLES or (len(part) > 1 and part in stop_words) for part in parts):
        return False
    return not any(part.startswith(MARKERS) or part.isdecimal() for part in parts)


def _joints(parts: Sequence[str], n_contacts: Mapping[str, int], total: int) -> tuple[float, float]:
    """Least mutual information (bits) and least bound share over the places where the candidate could be cut in two."""
    whole = n_contacts[SEPARATOR.join(parts)]
    cohesion, bound = math.inf, math.inf
    for place in range(1, len(parts)):
        left = n_contacts[SEPARATOR.join(parts[:place])]
        right = n_contacts[SEPARATOR.join(parts[place:])]
        cohesion = min(cohesion, math.log2(whole * total / (left * right)))
        bound = min(bound, whole / min(left, right))
    return cohesion, bound


def _entropies(side: pd.DataFrame, ngrams: Collection[str]) -> dict[str, float]:
    """Branching entropy in bits; the edge of a turn is another neighbour each time, since nothing binds there."""
    neighbours: dict[str, list[int]] = defaultdict(list)
    wanted = side[side["ngram"].isin(ngrams)]
    for ngram, neighbour, count in zip(wanted["ngram"], wanted["neighbour"], wanted["n_contacts"], strict=True):
        neighbours[ngram] += [1] * int(count) if neighbour == EDGE else [int(count)]
    return {ngram: _entropy_bits(counts) for ngram, counts in neighbours.items()}


def _entropy_bits(counts: Sequence[int]) -> float:
    total = sum(counts)
    return math.log2(total) - sum(count * math.log2(count) for count in counts) / total


def _drop_nested(found: pd.DataFrame, nested_share: float, *, prefer_longer: bool) -> pd.DataFrame:
    n_contacts = {tuple(parts): count for parts, count in zip(found["parts"], found["n_contacts"], strict=True)}
    dropped: set[tuple[str, ...]] = set()
    for longer, count in n_contacts.items():
        for shorter in _inner(longer) & n_contacts.keys():
            is_nearly_all = count >= nested_share * n_contacts[shorter]
            if is_nearly_all and prefer_longer:
                dropped.add(shorter)
            elif not is_nearly_all and not prefer_longer:
                dropped.add(longer)
    stays = [tuple(parts) not in dropped for parts in found["parts"]]
    return found.loc[np.array(stays, dtype=np.bool_)]


def _inner(parts: tuple[str, ...]) -> set[tuple[str, ...]]:
    n = len(parts)
    return {parts[i:j] for i in range(n) for j in range(i + 2, n + 1) if j - i < n}


def _tidy(found: pd.DataFrame) -> pd.DataFrame:
    ordered = found.sort_values(["n_contacts", "cohesion", "word"], ascending=[False, False, True])
    return ordered[list(COLUMNS)].reset_index(drop=True)
