"""Bursts: many near-identical long texts from several persons within hours. Customers do not write like that."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.flags.near import N_BANDS, Hashes, bands, jaccard, shingles
from analytics.flags.rule import FlagRule

_MIN_BUCKET = 3
"""Contacts that must meet in a band before their texts are compared."""
_MAX_OTHERS = 2000
"""Texts asked (evenly over the days) whether a burst's words are ordinary; its own are not among them."""
_MIN_TEXTS = 2
"""A shingle in one other text only is no usual one."""


def burst_members(contacts: pd.DataFrame, rule: FlagRule) -> pd.DataFrame:
    """Find the contacts that belong to a burst.

    A day's contacts are judged by the texts of that day and of the `rule.look_back_days` before it, never by later
    ones: whatever days are given, the verdict of a day is the same as long as those before it are among them.

    Parameters
    ----------
    contacts : DataFrame
        Contacts of one source: contact_id, day (date), hour (float, hours since any fixed moment; NaN without a time),
        person (who it is from; a contact of unknown person has a value of its own), letters (`letters_of` its text).

    Returns
    -------
    DataFrame
        contact_id, burst (number of the burst within its day), n_persons (of the burst so far): one row a member.

    Examples
    --------
    >>> text = "家人们听我一句劝这家店的东西闭眼入真的不踩雷回购三次了"
    >>> rows = [(f"c{i}", "2026-03-01", float(i), f"p{i}", text) for i in range(4)]
    >>> given = pd.DataFrame(rows, columns=["contact_id", "day", "hour", "person", "letters"])
    >>> burst_members(given, FlagRule(burst_contacts=4)).contact_id.tolist()
    ['c0', 'c1', 'c2', 'c3']
    >>> burst_members(given.assign(person="one"), FlagRule(burst_contacts=4)).empty
    True
    """
    told = contacts[contacts["hour"].notna()]
    found = [row for part in _judged_days(told, rule) for row in part]
    return pd.DataFrame(found, columns=["contact_id", "burst", "n_persons"])


def _judged_days(told: pd.DataFrame, rule: FlagRule) -> Iterator[list[tuple[str, int, int]]]:
    if told.empty:
        return
    told = told.sort_values(["hour", "contact_id"], kind="stable").reset_index(drop=True)
    days = (pd.to_datetime(told["day"]) - pd.Timestamp(0)).dt.days.to_numpy()
    texts = told["letters"].tolist()
    long = np.flatnonzero(told["letters"].str.len() >= rule.min_letters)
    signatures = np.zeros((len(texts), N_BANDS), dtype=np.uint64)
    signatures[long] = bands([texts[at] for at in long.tolist()])
    repeated = np.zeros(len(texts), dtype=bool)
    repeated[long] = _repeated(signatures[long])
    for day in np.unique(days[repeated]):
        reach = (days >= day - rule.look_back_days) & (days <= day)
        candidates = np.flatnonzero(reach & repeated)
        if len(candidates) < rule.burst_contacts:
            continue
        found: list[tuple[str, int, int]] = []
        usual = _Usual(np.flatnonzero(reach), texts)
        for number, cluster in enumerate(_clusters(candidates, signatures, texts, rule)):
            dense = {member: n for member, n in _dense(cluster, told, rule).items() if days[member] == day}
            if dense and usual.lacks(cluster, rule):
                found += [(str(told.at[member, "contact_id"]), number, n) for member, n in dense.items()]
        yield found


def _repeated(signatures: Hashes) -> npt.NDArray[np.bool_]:
    """Return which texts share a band with enough others of all days given."""
    repeated = np.zeros(len(signatures), dtype=bool)
    for band in signatures.T:
        _, inverse, counts = np.unique(band, return_inverse=True, return_counts=True)
        repeated |= counts[inverse] >= _MIN_BUCKET
    return repeated


def _clusters(
    candidates: npt.NDArray[np.int64], signatures: Hashes, texts: Sequence[str], rule: FlagRule
) -> list[list[int]]:
    """Join the texts that are near-identical to the commonest text of a bucket they are in; large clusters only."""
    joined = _Joined()
    known: dict[str, Hashes] = {}
    for band in signatures[candidates].T:
        buckets = defaultdict(list)
        for member, value in zip(candidates.tolist(), band.tolist(), strict=True):
            buckets[value].append(texts[member])
        for bucket in buckets.values():
            if len(bucket) >= _MIN_BUCKET:
                _join_like(bucket, joined, known, rule.likeness)
    clusters = defaultdict(list)
    for member in candidates.tolist():
        clusters[joined.root(texts[member])].append(member)
    return [cluster for cluster in clusters.values() if len(cluster) >= rule.burst_contacts]


def _join_like(bucket: list[str], joined: _Joined, known: dict[str, Hashes], likeness: float) -> None:
    common = _commonest(bucket)
    for text in set(bucket):
        if joined.root(text) == joined.root(common):
            continue
        for each in (text, common):
            if each not in known:
                known[each] = shingles(each)
        if jaccard(known[text], known[common]) >= likeness:
            joined.join(text, common)


def _commonest(texts: Sequence[str]) -> str:
    return min(Counter(texts).items(), key=lambda text: (-text[1], text[0]))[0]


def _dense(cluster: Sequence[int], told: pd.DataFrame, rule: FlagRule) -> dict[int, int]:
    """Return the members that lie in some `burst_hours` with enough persons, and how many persons; members by hour.

    One step a member and hardly more, since a campaign may send one text to 300,000 people in an hour.
    """
    hours, persons = told["hour"].to_numpy()[cluster], told["person"].to_numpy()[cluster]
    # Of the hours that end with each member: their first member, and the persons in them.
    firsts = np.searchsorted(hours, hours - rule.burst_hours, side="left")
    n_persons = _persons_within(persons, firsts)
    # A member lies in those that end with itself up to the last one that begins no later.
    lasts = np.searchsorted(firsts, np.arange(len(cluster)), side="right")
    most = _most_within(n_persons, lasts)
    return {member: n for member, n in zip(cluster, most, strict=True) if n >= rule.burst_contacts}


def _persons_within(persons: npt.NDArray[np.object_], firsts: npt.NDArray[np.int64]) -> list[int]:
    """Return how many different persons stand from each place's `first` to itself; `firsts` never fall."""
    found, there, gone = [], Counter[str](), 0
    for person, first in zip(persons, firsts.tolist(), strict=True):
        there[person] += 1
        while gone < first:
            there[persons[gone]] -= 1
            if not there[persons[gone]]:
                del there[persons[gone]]
            gone += 1
        found.append(len(there))
    return found


def _most_within(values: Sequence[int], ends: npt.NDArray[np.int64]) -> list[int]:
    """Return the largest value from each place up to its `end`, which is left out; `ends` never fall."""
    found, largest, seen = [], deque[int](), 0  # places whose values fall: the first is the largest
    for place, end in enumerate(ends.tolist()):
        while seen < end:
            while largest and values[largest[-1]] <= values[seen]:
                largest.pop()
            largest.append(seen)
            seen += 1
        while largest[0] < place:
            largest.popleft()
        found.append(values[largest[0]])
    return found


class _Usual:
    """What the texts of some days say: counted once, over a sample of them, however many bursts ask."""

    def __init__(self, reach: npt.NDArray[np.int64], texts: Sequence[str]) -> None:
        self._asked = reach[:: max(len(reach) // _MAX_OTHERS, 1)]
        self._texts = texts

    def lacks(self, cluster: Sequence[int], rule: FlagRule) -> bool:
        """Return whether a cluster's text has enough shingles that the other texts do not use."""
        wanted = shingles(_commonest([self._texts[member] for member in cluster]))
        if len(wanted) < rule.min_rare_shingles:
            return False
        own = np.intersect1d(self._asked, cluster).tolist()
        known, counts = self._counted
        places = np.searchsorted(known, wanted)
        places[places == len(known)] = 0
        said = np.where(known[places] == wanted, counts[places], 0)
        for member in own:
            said = said - np.isin(wanted, shingles(self._texts[member]), assume_unique=True)
        shares = np.where(said >= _MIN_TEXTS, said / max(len(self._asked) - len(own), 1), 0.0)
        return int((shares < rule.ordinary_share).sum()) >= rule.min_rare_shingles

    @cached_property
    def _counted(self) -> tuple[Hashes, npt.NDArray[np.int64]]:
        of_each = [shingles(self._texts[at]) for at in self._asked.tolist()]
        known, counts = np.unique(np.concatenate(of_each), return_counts=True)
        return known, counts


class _Joined:
    """Sets of texts that grow together (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def root(self, text: str) -> str:
        """Return what stands for the set of a text."""
        parents = self._parents
        while (parent := parents.get(text, text)) != text:
            parents[text] = parents.get(parent, parent)
            text = parent
        return text

    def join(self, left: str, right: str) -> None:
        """Make one set of two; the smaller text stands for it, so that the order of joining does not matter."""
        first, second = sorted((self.root(left), self.root(right)))
        self._parents[second] = first
