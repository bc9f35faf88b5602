"""Count runs of adjacent units by the contacts that say them: the sufficient statistics of new-word discovery.

Counts of contacts add up over parts of the data as long as no contact is in two parts, so that each worker counts its
own contacts and the sums do not depend on who counted what. Three counts, each made small by the one before it:

1. `count_pairs`: single units and pairs, of the days that are asked about;
2. `count_given`: the pairs that were frequent there, in the days before;
3. `count_chains`: longer runs, only where every pair of them is a link that may be inside a new word.

No run crosses the beginning of a clause.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.text.units import SEPARATOR, Ints, UnitStream

EDGE = ""
"""The neighbour of an n-gram that begins or ends its clause."""
Names = NDArray[np.object_]
TOTAL = ""
"""The "n-gram" whose count is the sum of the counts of all units of a day: what chance is reckoned by."""
COUNT, LEFT, RIGHT = 0, 1, 2
"""What a row of `count_chains` counts: the n-gram, or it with a neighbour before or after it."""


def count_pairs(stream: UnitStream) -> pd.DataFrame:
    """Count all units and all pairs of neighbours.

    Returns
    -------
    DataFrame[day, ngram, n_contacts]
        Grain: day × unit or pair (two units joined by `SEPARATOR`), and `TOTAL`.

    Examples
    --------
    >>> from analytics.text.units import unit_stream
    >>> turns = pd.DataFrame({"day": 1, "contact_id": ["a", "b"], "tokens": [["小", "辣椒"], ["小", "辣椒", "好"]]})
    >>> counts = count_pairs(unit_stream(turns))
    >>> [(ngram.replace(SEPARATOR, "/"), n) for ngram, n in zip(counts["ngram"], counts["n_contacts"])]
    [('小', 2), ('辣椒', 2), ('好', 1), ('小/辣椒', 2), ('辣椒/好', 1), ('', 5)]
    """
    units = _by_day(stream, stream.unit, stream.contact)
    units["ngram"] = stream.words[units["code"].to_numpy(dtype=np.int64)]
    first = _pair_starts(stream)
    keys, code = np.unique(stream.unit[first] * stream.n_words + stream.unit[first + 1], return_inverse=True)
    pairs = _by_day(stream, code, stream.contact[first])
    names = stream.words[keys // stream.n_words] + SEPARATOR + stream.words[keys % stream.n_words] if len(keys) else []
    pairs["ngram"] = np.asarray(names, dtype=object)[pairs["code"].to_numpy(dtype=np.int64)]
    totals = units.groupby("day", as_index=False)["n_contacts"].sum().assign(ngram=TOTAL)
    return pd.concat([units, pairs, totals], ignore_index=True)[["day", "ngram", "n_contacts"]]


def count_given(stream: UnitStream, wanted: Sequence[str]) -> pd.DataFrame:
    """Count some units and pairs.

    Parameters
    ----------
    stream : UnitStream
        Turns of any days.
    wanted : sequence of str
        N-grams of one or two units.

    Returns
    -------
    DataFrame[day, code, n_contacts]
        Grain: day × n-gram said on it; `code` is its place in `wanted`, as numbers travel lighter than words.
    """
    parts = [ngram.split(SEPARATOR) for ngram in wanted]
    first, last = (_codes(stream, [part[at] for part in parts]) for at in (0, -1))
    is_pair = np.fromiter((len(part) == 2 for part in parts), dtype=np.bool_, count=len(parts))
    there = (first >= 0) & (last >= 0)
    starts = _pair_starts(stream)
    pair_keys = stream.unit[starts] * stream.n_words + stream.unit[starts + 1]
    found = []
    for rows, keys, contact in (
        (np.nonzero(there & ~is_pair)[0], stream.unit, stream.contact),
        (np.nonzero(there & is_pair)[0], pair_keys, stream.contact[starts]),
    ):
        values = first[rows] * stream.n_words + last[rows] if keys is pair_keys else first[rows]
        code = _look_up(keys, values, rows)
        found.append(_by_day(stream, code[code >= 0], contact[code >= 0]))
    return pd.concat(found, ignore_index=True)


def count_chains(
    stream: UnitStream, links: Collection[str], *, max_parts: int, beside_days: Collection[object]
) -> pd.DataFrame:
    """Count the runs of 2 to `max_parts` units whose every pair is a link.

    Parameters
    ----------
    stream : UnitStream
        Turns of any days.
    links : collection of str
        Pairs of units.
    max_parts : int
        Longest run, in units.
    beside_days : collection of day
        Days of which the neighbours are counted too.

    Returns
    -------
    DataFrame[day, side, ngram, neighbour, n_contacts]
        Grain: day × side × n-gram × neighbour; `side` is COUNT (without neighbour), LEFT or RIGHT.
    """
    linked = _linked(stream, links)
    wanted = np.fromiter((day in beside_days for day in stream.days), dtype=np.bool_, count=len(stream.days))
    is_beside = wanted[stream.day][stream.contact] if len(stream.contact) else np.zeros(0, dtype=np.bool_)
    start, code = np.nonzero(linked)[0], stream.unit
    frames = []
    for n_parts in range(2, max_parts + 1):
        if n_parts > 2:
            last = start + n_parts - 2
            start = start[linked[last]]
        if not len(start):
            break
        keys, inverse = np.unique(code[start] * stream.n_words + stream.unit[start + n_parts - 1], return_inverse=True)
        code = np.full(len(stream.unit), -1, dtype=np.int64)
        code[start] = inverse
        names = _names(stream, start, inverse, n_parts, len(keys))
        counts = _by_day(stream, inverse, stream.contact[start]).assign(side=COUNT, neighbour=EDGE)
        frames.append(counts.assign(ngram=names[counts["code"].to_numpy(dtype=np.int64)]))
        near = is_beside[start]
        for side in (LEFT, RIGHT):
            beside = start[near] - 1 if side == LEFT else start[near] + n_parts
            frames.append(_neighbours(stream, start[near], inverse[near], names, beside).assign(side=side))
    columns = ["day", "side", "ngram", "neighbour", "n_contacts"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _codes(stream: UnitStream, words: list[str]) -> Ints:
    """Code of each word; -1 where the stream does not have it."""
    known: pd.Index[Any] = pd.Index(stream.words, dtype=object)
    return known.get_indexer(pd.Index(words, dtype=object)).astype(np.int64)


def _pair_starts(stream: UnitStream) -> Ints:
    """Places whose next unit stands in the same clause."""
    return np.nonzero(stream.clause[:-1] == stream.clause[1:])[0]


def _linked(stream: UnitStream, links: Collection[str]) -> NDArray[np.bool_]:
    """Whether the pair that begins at each place is a link."""
    ends = [link.split(SEPARATOR) for link in sorted(links)]
    first, last = (_codes(stream, [end[at] for end in ends]) for at in (0, 1))
    there = (first >= 0) & (last >= 0)
    starts = _pair_starts(stream)
    keys = stream.unit[starts] * stream.n_words + stream.unit[starts + 1]
    linked = np.zeros(len(stream.unit), dtype=np.bool_)
    linked[starts] = np.isin(keys, first[there] * stream.n_words + last[there])
    return linked


def _look_up(keys: Ints, values: Ints, rows: Ints) -> Ints:
    """For each key the row whose value it is; -1: none."""
    if not len(values):
        return np.full(len(keys), -1, dtype=np.int64)
    order = np.argsort(values)
    place = np.minimum(np.searchsorted(values[order], keys), len(values) - 1)
    return np.where(values[order][place] == keys, rows[order][place], -1)


def _by_day(stream: UnitStream, code: Ints, contact: Ints) -> pd.DataFrame:
    """Distinct contacts of each code and day."""
    n_contacts, n_days = max(len(stream.day), 1), max(len(stream.days), 1)
    said = np.sort(code * n_contacts + contact)
    said = said[np.append(True, said[1:] != said[:-1])[: len(said)]]  # five times as fast as np.unique
    keys, counts = np.unique(said // n_contacts * n_days + stream.day[said % n_contacts], return_counts=True)
    return pd.DataFrame({"day": stream.days[keys % n_days], "code": keys // n_days, "n_contacts": counts})


def _names(stream: UnitStream, start: Ints, code: Ints, n_parts: int, n_codes: int) -> Names:
    place = np.zeros(n_codes, dtype=np.int64)
    place[code] = start
    name = stream.words[stream.unit[place]]
    for offset in range(1, n_parts):
        name = name + SEPARATOR + stream.words[stream.unit[place + offset]]
    return name


def _neighbours(stream: UnitStream, start: Ints, code: Ints, names: Names, beside: Ints) -> pd.DataFrame:
    inside = np.clip(beside, 0, len(stream.unit) - 1)
    same_clause = (inside == beside) & (stream.clause[inside] == stream.clause[start])
    neighbour = np.where(same_clause, stream.unit[inside], stream.n_words)
    keys, inverse = np.unique(code * (stream.n_words + 1) + neighbour, return_inverse=True)
    counts = _by_day(stream, inverse, stream.contact[start])
    key = keys[counts["code"].to_numpy(dtype=np.int64)]
    words = np.append(stream.words, EDGE)
    return counts.assign(ngram=names[key // (stream.n_words + 1)], neighbour=words[key % (stream.n_words + 1)])
