"""What to simulate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.errors import ConfigError

MAX_DAYS = 3660


@dataclass(frozen=True)
class Plan:
    """A service centre to be simulated; the same plan gives the same bytes.

    Parameters
    ----------
    first_day : datetime.date
        Local day (Asia/Shanghai) of the first contact.
    days : int, default 35
        Number of days. Planted events stand on fixed day indices (see `analytics.simulate.planted`); those beyond
        the last day do not happen.
    contacts_per_day : int, default 600
        Expected contacts of an ordinary Wednesday, over all channels.
    seed : int, default 20260101
        Seed of everything drawn.
    plant : bool, default True
        Whether the planted events happen. Without them the weeks are ordinary.

    Raises
    ------
    ConfigError
        If `days` or `contacts_per_day` is out of range.

    Examples
    --------
    >>> Plan(date(2026, 3, 2), days=2).day(1)
    datetime.date(2026, 3, 3)
    """

    first_day: date
    days: int = 35
    contacts_per_day: int = 600
    seed: int = 20260101
    plant: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MAX_DAYS:
            raise ConfigError(f"simulate: days: expected 1 to {MAX_DAYS}, got {self.days}; choose fewer days")
        if not 1 <= self.contacts_per_day <= 10_000_000:
            raise ConfigError(f"simulate: contacts per day: expected 1 to 10,000,000, got {self.contacts_per_day}")

    def day(self, index: int) -> date:
        """Return the local day of an index from 0."""
        return self.first_day + timedelta(days=index)
