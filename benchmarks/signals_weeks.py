"""Simulated weeks of a vocabulary: hourly counts of 20,000 terms, with holidays, a doubled day and planted incidents.

Volume follows hour, weekday (a public holiday is a Sunday with .6 of it, a make-up day a Friday, a day of 618 or 双11
brings twice as much) and a factor of each day. Terms are Zipf; a term's share of the volume has a factor of its own
each day (sd .22), shares one with 200 other terms (sd .18), shifts a little (sd .15) over a holiday or an event, and
from hour to hour is over-dispersed by .02 to .4, another value for each term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.calendar_days import calendar_days, load_events
from analytics.settings import DATA

N_TERMS, N_DAYS, FIRST_JUDGED_DAY = 20_000, 42, 14
QUIET_MEAN = 0.05
"""Contacts an hour of the busiest hour below which a term is quiet; two thirds of the vocabulary are."""

SIZES = (3, 6, 12, 30)
_BLOCK, _GROUP, _DOUBLED_DAY = 1_000, 200, 30
_ZONE = "Asia/Shanghai"
EVENTS = load_events(DATA / "calendar" / "events.toml")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Incident:
    """`size` contacts an hour more of `term` for `hours` hours, from somewhere in hour `begin` on."""

    term: int
    begin: int
    hours: int
    size: int
    added: tuple[int, ...]

    @property
    def first_complete(self) -> int:
        """The first hour that lies wholly in the incident."""
        return self.begin + 1

    @property
    def end(self) -> int:
        """Hour after the last one that windows over the incident can end in."""
        return self.begin + self.hours + 3


@dataclass(frozen=True)
class Weeks:
    """Counts without the zeros, all contacts of each hour, the incidents, and what an oracle knows.

    `term`, `hour`, `n` have shape (n_rows,), sorted by term and hour; `totals` (n_hours,). `share` (n_terms,) and
    `spread` (n_terms,) are the true usual share and over-dispersion; `means` holds the true hourly mean, with all
    factors of the day, of the terms with an incident.
    """

    start: pd.Timestamp
    term: Ints
    hour: Ints
    n: Ints
    totals: Ints
    incidents: tuple[Incident, ...]
    share: Floats
    spread: Floats
    means: dict[int, Floats]

    @property
    def hours(self) -> pd.DatetimeIndex:
        """Start of each hour, UTC."""
        return pd.date_range(self.start, periods=len(self.totals), freq="h")

    def dense(self, first: int, last: int) -> Floats:
        """Return the counts of terms `first` to `last` (exclusive), shape (n_hours, last - first)."""
        at = slice(*np.searchsorted(self.term, (first, last)))
        table = np.zeros((len(self.totals), last - first))
        table[self.hour[at], self.term[at] - first] = self.n[at]
        return table


def simulate(seed: int, first_day: str, *, contacts_per_day: int, n_planted: int) -> Weeks:
    """Draw six weeks from a local day on; with incidents also a doubled day."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp(first_day, tz=_ZONE)
    days = calendar_days(start.date(), (start + pd.DateOffset(days=N_DAYS - 1)).date(), EVENTS)
    day = np.repeat(np.arange(N_DAYS), 24)
    profile = np.exp(-(((np.arange(24) - 14.5) / 5.5) ** 2)) + 0.03
    of_day = np.array([0.8 if d.weekday_like >= 5 else 1.08 for d in days]) * rng.gamma(100, 0.01, N_DAYS)
    of_day *= np.array([0.6 if d.kind == "holiday" else 1.0 for d in days])
    of_day *= np.array([2.0 if d.event else 1.0 for d in days])
    if n_planted:
        of_day[_DOUBLED_DAY] *= 2
    volume = contacts_per_day * np.tile(profile / profile.sum(), N_DAYS) * of_day[day]
    totals = rng.poisson(volume * rng.gamma(50, 1 / 50, len(day)))
    share = 1 / np.arange(4, N_TERMS + 4) ** 1.05
    share *= 8 / share.sum()
    planted = _choose(rng, share * contacts_per_day * profile.max() / profile.sum(), n_planted)
    unseen = np.array([term for term, _ in planted if rng.random() < 1 / 3], dtype=np.int64)
    share[unseen] = 0.0
    special = np.array([d.event or d.name if not d.is_usual else "" for d in days])
    rows, means, spread = _draw(rng, share, totals, special, [term for term, _ in planted])
    incidents, added = _plant(rng, planted)
    term, hour, n = (np.concatenate(part) for part in zip(rows, added, strict=True))
    cells, place = np.unique(term * len(day) + hour, return_inverse=True)
    summed = np.bincount(place, weights=n).astype(np.int64)
    kept = summed > 0
    cells = cells[kept]
    return Weeks(
        start.tz_convert("UTC"),
        cells // len(day),
        cells % len(day),
        summed[kept],
        totals,
        incidents,
        share,
        spread,
        means,
    )


def _choose(rng: np.random.Generator, usual: Floats, n_planted: int) -> list[tuple[int, int]]:
    """Return (term, size): the largest size on any term, the others on quiet ones."""
    quiet, common = np.flatnonzero(usual <= QUIET_MEAN), np.flatnonzero(usual > QUIET_MEAN)[20:]
    each = n_planted // len(SIZES)
    terms = rng.choice(quiet, each * (len(SIZES) - 1), replace=False)
    terms = np.concatenate([terms, rng.choice(common, each, replace=False)])
    return list(zip(terms.tolist(), np.repeat(SIZES, each).tolist(), strict=True))


Rows = tuple[Ints, Ints, Ints]


def _draw(
    rng: np.random.Generator, share: Floats, totals: Ints, special: npt.NDArray[np.str_], wanted: list[int]
) -> tuple[Rows, dict[int, Floats], Floats]:
    """Draw the ordinary counts, a block of terms at a time."""
    spread = rng.uniform(0.02, 0.4, len(share))
    parts, means = [], {}
    chosen = np.array(sorted(wanted), dtype=np.int64)
    for first in range(0, len(share), _BLOCK):
        own = spread[first : first + _BLOCK]
        factor = rng.gamma(20, 1 / 20, (N_DAYS, _BLOCK))
        factor *= np.repeat(rng.gamma(30, 1 / 30, (N_DAYS, _BLOCK // _GROUP)), _GROUP, axis=1)
        for name in np.unique(special[special != ""]):
            factor[special == name] *= np.exp(rng.normal(0, 0.15, _BLOCK))
        mean = totals[:, None] * share[first : first + _BLOCK] * np.repeat(factor, 24, axis=0)
        counts = np.minimum(rng.poisson(mean * rng.gamma(1 / own, own, mean.shape)), totals[:, None])
        hour, term = np.nonzero(counts)
        parts.append((term + first, hour, counts[hour, term]))
        for one in chosen[(chosen >= first) & (chosen < first + _BLOCK)].tolist():
            means[one] = mean[:, one - first]
    term, hour, n = (np.concatenate(column) for column in zip(*parts, strict=True))
    return (term, hour, n), means, spread


def _plant(rng: np.random.Generator, planted: list[tuple[int, int]]) -> tuple[tuple[Incident, ...], Rows]:
    """Return the incidents and the contacts that they add: Poisson, from a random minute of an hour on."""
    incidents = []
    for chosen, size in planted:
        begin = int(rng.integers(FIRST_JUDGED_DAY, N_DAYS)) * 24 + int(rng.integers(8, 17))
        hours = int(rng.integers(3, 7))
        part = rng.random()
        weight = np.array([1 - part, *[1.0] * (hours - 1), part])
        added = rng.poisson(size * weight)
        incidents.append(Incident(chosen, begin, hours, size, tuple(added.tolist())))
    term = np.array([i.term for i in incidents for _ in i.added], dtype=np.int64)
    hour = np.array([i.begin + step for i in incidents for step in range(len(i.added))], dtype=np.int64)
    n = np.array([x for i in incidents for x in i.added], dtype=np.int64)
    return tuple(incidents), (term, hour, n)
