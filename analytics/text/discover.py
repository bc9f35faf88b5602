"""Find words that no dictionary has: names that the segmenter cuts to pieces, by how their pieces keep together.

A new product is written by nobody until everybody writes it. The segmenter cuts 呛口小辣椒面膜 into 呛/口/小辣椒/面膜,
and no count of single words shows it. What makes a run of units a new word, on one day:

- it keeps together: its pieces stand side by side far more often than chance (cohesion), while what stands around
  them varies (freedom) [1]_;
- it is new: so many contacts are beyond what its usual count explains, among all that was tested on the day;
- **it rises by itself**: 呛口 rises only inside the name. On a day of late parcels 物流 and 快 rise outside of 物流很快
  as much as in it: that phrase is no word.

References
----------
.. [1] Z. Jin and K. Tanaka-Ishii, "Unsupervised segmentation of Chinese text by use of branching entropy",
   COLING/ACL 2006; pointwise mutual information after K. Church and P. Hanks, Computational Linguistics 16(1), 1990.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from analytics.text.candidates import Day, Past, new_words, risen_links
from analytics.text.ngrams import COUNT, TOTAL, count_chains, count_given, count_pairs
from analytics.text.rising import pooled_dispersion
from analytics.text.units import NO_UNITS, CutToken, Ints, UnitStream, unit_stream
from analytics.text.word_rule import WordRule

COLUMNS = ("day", "word", "parts", "n_contacts", "cohesion", "freedom", "usual", "p_value")


class NgramSource(Protocol):
    """Counts of units over days, wherever they are counted. Frames as in `analytics.text.ngrams`, summed."""

    def contacts(self) -> Mapping[dt.date, int]:
        """Return how many contacts say anything, of each day that has one, days before the window included."""
        ...

    def pairs(self, days: Collection[dt.date], min_contacts: int) -> pd.DataFrame:
        """Return `count_pairs` of these days, without what fewer contacts say (the total stays)."""
        ...

    def given(self, wanted: Sequence[str]) -> pd.DataFrame:
        """Return `count_given` of all days."""
        ...

    def chains(self, links: Collection[str], *, max_parts: int, beside_days: Collection[dt.date]) -> pd.DataFrame:
        """Return `count_chains` of all days."""
        ...


@dataclass(frozen=True)
class InMemory:
    """Counts of turns held in memory, in any number of parts that share no contact."""

    streams: tuple[UnitStream, ...]

    @classmethod
    def of(cls, parts: Sequence[pd.DataFrame], cut: CutToken | None = None) -> InMemory:
        """Read turns: DataFrame[day, contact_id, tokens, breaks], as in table token."""
        return cls(tuple(unit_stream(part, cut) for part in parts))

    def contacts(self) -> Mapping[dt.date, int]:
        """Return the contacts of each day."""
        days = pd.concat([pd.Series(stream.days[stream.day], dtype=object) for stream in self.streams])
        return {day: int(n) for day, n in days.value_counts().items()}

    def pairs(self, days: Collection[dt.date], min_contacts: int) -> pd.DataFrame:
        """Return the frequent units and pairs of some days."""
        counts = pd.concat(
            [count_pairs(s) for s in self.streams if not set(days).isdisjoint(s.days)] or [count_pairs(NO_UNITS)]
        )
        summed = _summed(counts[counts["day"].isin(list(days))], ["day", "ngram"])
        return summed[(summed["n_contacts"] >= min_contacts) | (summed["ngram"] == TOTAL)]

    def given(self, wanted: Sequence[str]) -> pd.DataFrame:
        """Return the counts of some units and pairs."""
        return _summed(pd.concat([count_given(stream, wanted) for stream in self.streams]), ["day", "code"])

    def chains(self, links: Collection[str], *, max_parts: int, beside_days: Collection[dt.date]) -> pd.DataFrame:
        """Return the counts of runs of links."""
        counts = [count_chains(s, links, max_parts=max_parts, beside_days=beside_days) for s in self.streams]
        return _summed(pd.concat(counts), ["day", "side", "ngram", "neighbour"])


@dataclass(frozen=True)
class WithSample:
    """Counts of the days asked about, and of a sample of contacts of the days that they are judged by.

    What is usual is a share of contacts, and how sure it is follows from how many there are.
    """

    days: NgramSource
    past: NgramSource


def discover_words(
    source: NgramSource | WithSample,
    days: Sequence[dt.date],
    *,
    history_days: int,
    stop_words: Collection[str],
    rejected: Collection[str] = (),
    rule: WordRule | None = None,
) -> pd.DataFrame:
    """Return the new words of some days.

    Parameters
    ----------
    source : NgramSource or WithSample
        Counts over these days and the `history_days` before them.
    days : sequence of date
        The days asked about; each is judged by the days before it only, and gives the same rows whatever other days
        are asked about with it.
    history_days : int
        How far back the usual count looks.
    stop_words : collection of str
        Words that can be neither the first nor the last part.
    rejected : collection of str
        Words that a person has refused: never returned.
    rule : WordRule, optional
        Thresholds.

    Returns
    -------
    DataFrame[day, word, parts, n_contacts, cohesion, freedom, usual, p_value]
        Grain: day × new word, most contacts first. Cohesion and freedom are bits; `usual` is contacts a day of the
        days before, in the volume of this day; `usual` and `p_value` are NaN on a day that has none before it.
    """
    rule = rule or WordRule()
    asked, known = (source.days, source.past) if isinstance(source, WithSample) else (source, source)
    frequent = asked.pairs(days, rule.min_contacts)
    exposure, usual = asked.contacts(), known.contacts()
    wanted = sorted(set(frequent["ngram"]))
    before = _Counted.of(known.given(wanted), usual, history_days)
    codes = {ngram: code for code, ngram in enumerate(wanted)}
    judged = []
    for day, rows in _by_day(frequent).items():
        said = dict(zip(rows["ngram"], rows["n_contacts"].astype(int), strict=True))
        of_day = Day(day, exposure[day], said, before.of_codes(day, {ngram: codes[ngram] for ngram in said}))
        judged.append((of_day, risen_links(of_day, rule)))
    links = frozenset[str]().union(*(found.linked for _, found in judged))
    if not links:
        return _no_words()
    chains = asked.chains(links, max_parts=rule.max_parts, beside_days=set(days))
    earlier = chains if known is asked else known.chains(links, max_parts=rule.max_parts, beside_days=())
    now, runs = (_Counted.of(rows[rows["side"] == COUNT], usual, history_days) for rows in (chains, earlier))
    beside = _by_day(chains)
    found = [
        new_words(runs.added_to(of_day, now), beside.get(of_day.day, chains.iloc[:0]), linked, stop_words, rule)
        for of_day, linked in judged
    ]
    days_of = [words.assign(day=of_day.day) for words, (of_day, _) in zip(found, judged, strict=True)]
    rows = pd.concat([words for words in days_of if len(words)] or [_no_words()], ignore_index=True)[list(COLUMNS)]
    return rows[~rows["word"].isin(list(rejected))].reset_index(drop=True)


@dataclass(frozen=True)
class _Counted:
    """Counts of n-grams in order of days, so that the days before a day are a slice; and the contacts of each day."""

    counts: pd.DataFrame
    ordinals: Ints
    exposure: Mapping[dt.date, int]
    history_days: int

    @classmethod
    def of(cls, counts: pd.DataFrame, exposure: Mapping[dt.date, int], history_days: int) -> _Counted:
        ordinals = np.fromiter((day.toordinal() for day in counts["day"]), dtype=np.int64, count=len(counts))
        order = np.argsort(ordinals, kind="stable")
        contacts = counts["day"].map(exposure).astype(np.float64)
        return cls(counts.assign(contacts=contacts).iloc[order], ordinals[order], exposure, history_days)

    def _between(self, first: int, last: int) -> pd.DataFrame:
        begin, end = np.searchsorted(self.ordinals, [first, last + 1])
        return self.counts.iloc[begin:end]

    def _before(self, day: dt.date) -> tuple[pd.DataFrame, list[int]]:
        last = day.toordinal()
        days = [dt.date.fromordinal(other) for other in range(last - self.history_days, last)]
        return self._between(last - self.history_days, last - 1), [n for d in days if (n := self.exposure.get(d, 0))]

    def of_codes(self, day: dt.date, codes: Mapping[str, int]) -> Past:
        """Return the past of a day's n-grams from counts by code."""
        rows, exposures = self._before(day)
        code, n = rows["code"].to_numpy(dtype=np.int64), rows["n_contacts"].to_numpy(dtype=np.float64)
        own = np.fromiter(codes.values(), dtype=np.int64, count=len(codes))
        sums, squares, products = (
            np.bincount(code, weights=weights, minlength=own.max(initial=0) + 1)[own]
            for weights in (n, n * n, n * rows["contacts"].to_numpy(dtype=np.float64))
        )
        said = {ngram: int(n) for ngram, n in zip(codes, sums, strict=True) if n}
        return Past(sum(exposures), said, pooled_dispersion(sums, squares, products, exposures))

    def added_to(self, day: Day, counted: _Counted) -> Day:
        """Return a day with the counts of runs: those of the day as `counted`, those before as here."""
        rows, _ = self._before(day.day)
        now = counted._between(day.day.toordinal(), day.day.toordinal())
        said = {**day.said, **dict(zip(now["ngram"], now["n_contacts"].astype(int), strict=True))}
        sums = rows.groupby("ngram")["n_contacts"].sum()
        before = {**day.past.said, **dict(zip(sums.index, sums.astype(int), strict=True))}
        return replace(day, said=said, past=replace(day.past, said=before))


def _summed(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return counts.groupby(keys, sort=False)["n_contacts"].sum().reset_index()


def _by_day(rows: pd.DataFrame) -> dict[dt.date, pd.DataFrame]:
    return {rows["day"].iloc[places[0]]: rows.iloc[places] for places in rows.groupby("day").indices.values()}


def _no_words() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
