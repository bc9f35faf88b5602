"""When near-identical texts are a burst."""

from __future__ import annotations

import math
from dataclasses import dataclass

_DAY_HOURS = 24


@dataclass(frozen=True)
class FlagRule:
    """Bounds of a burst.

    Parameters
    ----------
    burst_contacts : int
        Persons with near-identical texts that make a burst.
    burst_hours : int
        Time within which they come.
    likeness : float
        Jaccard of the three-letter shingles from which two texts are near-identical. At .5 one letter in ten may
        be another; at .4 the first ordinary contacts of a busy simulated centre are taken for copies.
    min_letters : int
        Letters a text needs; shorter ones repeat by chance.
    min_rare_shingles : int
        Shingles of it that hardly anybody else uses in these days: stock praise is made of ordinary ones.
    ordinary_share : float
        Share of the other texts with a shingle from which it is ordinary.

    Examples
    --------
    >>> FlagRule(burst_hours=48).look_back_days
    2
    """

    burst_contacts: int = 8
    burst_hours: int = 48
    likeness: float = 0.5
    min_letters: int = 20
    min_rare_shingles: int = 15
    ordinary_share: float = 0.005

    @property
    def look_back_days(self) -> int:
        """Whole days before a day that its verdicts read; later days are never read."""
        return math.ceil(self.burst_hours / _DAY_HOURS)
