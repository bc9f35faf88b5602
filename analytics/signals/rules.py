"""What counts as a spike, and which hours are judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analytics.calendar_days import Event
from analytics.errors import ConfigError

DAY_HOURS = 24
"""Length of the window that is a local day."""


@dataclass(frozen=True)
class SpikeRule:
    """When a window alarms.

    Attributes
    ----------
    q : float
        Bound on the expected share of false alarms among the alarms of a day; on a day without any spike, on the
        probability of any alarm at all.
    min_contacts : int
        Contacts that a window needs.
    min_lift : float
        Observed over expected that a window needs: in a large centre a rise of a tenth is certain, and no news.
    history_days : int
        Days before the tested one that the level rests on, at most.
    window_hours : tuple of int
        Lengths of the windows, all tested every hour; one of `DAY_HOURS` is the local day, tested once when it is over.
    max_a_day : int, optional
        Budget: keys that may alarm on a local day, those with the smallest p-values of their hour first. An hour's
        decision never depends on later hours, so that what a first hour has spent a later one does not have.
    events : tuple of Event
        Days on which a site expects more, besides China's holidays and make-up days.
    zone : str
        Time zone of local days and of the hour of the week.
    """

    q: float = 0.01
    min_contacts: int = 8
    min_lift: float = 1.5
    history_days: int = 28
    window_hours: tuple[int, ...] = (1, 3, DAY_HOURS)
    max_a_day: int | None = None
    events: tuple[Event, ...] = ()
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        """Refuse values that no test can be made of."""
        if not 0 < self.q < 1:
            raise ConfigError(f"q: expected a rate between 0 and 1, got {self.q}")
        if self.min_contacts < 1 or self.history_days < 1:
            raise ConfigError("min_contacts and history_days: expected at least 1")
        if self.max_a_day is not None and self.max_a_day < 1:
            raise ConfigError(f"max_a_day: expected at least 1 alarm a day or none for no budget, got {self.max_a_day}")
        if not self.window_hours or min(self.window_hours) < 1:
            raise ConfigError(f"window_hours: expected lengths of at least 1 hour, got {self.window_hours}")


@dataclass(frozen=True)
class JudgedHours:
    """The hours whose windows are judged, both included; an hour not over by `complete_until` is left out.

    Attributes
    ----------
    first, last : Timestamp
        UTC.
    complete_until : Timestamp, optional
        Up to when all records have arrived, UTC.

    Examples
    --------
    >>> noon = pd.Timestamp("2026-01-05 12:00Z")
    >>> JudgedHours(noon, noon + pd.Timedelta(hours=5), noon + pd.Timedelta(hours=2, minutes=30)).last_complete
    Timestamp('2026-01-05 13:00:00+0000', tz='UTC')
    """

    first: pd.Timestamp
    last: pd.Timestamp
    complete_until: pd.Timestamp | None = None

    def since(self, begin: pd.Timestamp) -> JudgedHours:
        """Return the same hours, those before the data's first one left out: days without data are no quiet history."""
        return replace(self, first=max(self.first, begin))

    @property
    def last_complete(self) -> pd.Timestamp:
        """Start of the last hour that is judged."""
        if self.complete_until is None:
            return self.last
        return min(self.last, self.complete_until.floor("h") - pd.Timedelta(hours=1))
