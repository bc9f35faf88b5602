"""The days of a page about the work itself: when records were collected and jobs ran, not what they are about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dashboards.context import Context


@dataclass(frozen=True)
class Worked:
    """Local days on which something was collected or ran; no `start` means from the beginning, no `end` until now."""

    start: dt.date | None
    end: dt.date | None

    @property
    def values(self) -> dict[str, object]:
        """Parameters of `condition`."""
        return {"worked_from": self.start or dt.date.min, "worked_to": self.end or dt.date.max}


def worked(context: Context) -> Worked:
    """Return the period of the filters; one that ends with the data reaches until now.

    What customers said up to last night was collected and worked through this morning.
    """
    filters, last = context.filters, context.extent.last_day
    if filters.start is None or filters.end is None:
        return Worked(None, None)
    return Worked(filters.start, None if last is None or filters.end >= last else filters.end)


def condition(column: str) -> str:
    """Return the SQL condition of a moment in `Worked`; its parameters are `Worked.values` and `zone`.

    Examples
    --------
    >>> condition("finished_at")
    'CAST(timezone($zone, finished_at) AS DATE) BETWEEN $worked_from AND $worked_to'
    """
    return f"CAST(timezone($zone, {column}) AS DATE) BETWEEN $worked_from AND $worked_to"
