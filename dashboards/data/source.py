"""The warehouse as the pages see it: what is in it, and queries over a selection of contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from analytics.kpi_catalog import INDICATORS, Indicator
from analytics.quality.held import Held
from analytics.schema import UNDATED_DAY
from dashboards.data.topic_decisions import Overlay
from dashboards.filters import Filters
from dashboards.selection import Selection

_PERIODS_DAYS = (14, 28, 90, 365)
_ENOUGH_CONTACTS = 300
_MAX_POINTS = 100
_CONTACTS_A_POINT = 20


class Reader(Protocol):
    """What is asked of `analytics.warehouse.WarehouseReader`."""

    def query(self, sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None) -> pd.DataFrame:
        """Run one statement and return all its rows."""


@dataclass(frozen=True)
class Source:
    """A warehouse, the zone in which its times are shown, and whether flagged contacts are left out of every number.

    `decided` tells what people decided about topics since the warehouse was published, `indicators` how numbers are
    called and which contacts they count. `held` tells what holds the next publication back, `published_at` when the
    one that is shown was.
    """

    reader: Reader
    zone: str
    leave_out: bool = True
    decided: Callable[[], Overlay] = Overlay
    indicators: Mapping[str, Indicator] = field(default_factory=lambda: INDICATORS)
    held: Callable[[], Held | None] = lambda: None
    published_at: Callable[[], dt.datetime | None] = lambda: None

    def over(self, selection: Selection, sql: str, **values: object) -> pd.DataFrame:
        """Run `sql`, in which `{where}` stands for the selection's condition over `contact`."""
        condition, parameters = selection.condition(self.zone)
        counted = self.indicators.get(selection.narrowing.get("with", ""))
        if counted is not None and selection.brings_no_event:
            condition = f"({condition}) AND {counted.behind}"
        if self.leave_out:
            condition = f"({condition}) AND flag IS NULL"
        return self.reader.query(sql.replace("{where}", condition), {**parameters, **values})

    def rows(self, sql: str, **values: object) -> pd.DataFrame:
        """Run `sql` with named parameters."""
        return self.reader.query(sql, values)

    def renamed(self, frame: pd.DataFrame, topic: str, label: str) -> pd.DataFrame:
        """Return the frame with names of topics as people gave them: columns of the id and of the name."""
        overlay = self.decided()
        if not (overlay.labels or overlay.undone) or frame.empty:
            return frame
        pairs = zip(frame[topic], frame[label], strict=True)
        return frame.assign(
            **{label: [overlay.label(key, name) if isinstance(name, str) else name for key, name in pairs]}
        )


@dataclass(frozen=True)
class Extent:
    """What the warehouse holds.

    Attributes
    ----------
    first_day, last_day : date or None
        Of contacts with a time; None when no contact has one.
    n_contacts, n_undated, n_rejected : int
        All contacts, those without a time, and records that were refused.
    channels, products : tuple of str
        Most frequent first; '' = contacts without a product.
    """

    first_day: dt.date | None
    last_day: dt.date | None
    n_contacts: int
    n_undated: int
    n_rejected: int
    channels: tuple[str, ...]
    products: tuple[str, ...]
    default: Filters


def extent(source: Source) -> Extent:
    """Return what the warehouse holds and the days a page shows when its address names none.

    The default is the shortest of the last 14, 28, 90 and 365 days that has at least 300 contacts, else all days: a
    shop's last fortnight, but a whole year of a product with two reviews a week.
    """
    # Three columns counted one by one take a third of what one query over all three takes.
    all_days = source.rows("SELECT day, count(*) AS n FROM contact GROUP BY day ORDER BY day")
    is_dated = pd.to_datetime(all_days["day"]) != pd.Timestamp(UNDATED_DAY)
    days = all_days[is_dated]
    first, last = (_as_day(days["day"].iloc[0]), _as_day(days["day"].iloc[-1])) if len(days) else (None, None)
    return Extent(
        first_day=first,
        last_day=last,
        n_contacts=int(all_days["n"].sum()),
        n_undated=int(all_days.loc[~is_dated, "n"].sum()),
        n_rejected=int(source.rows("SELECT count(*) AS n FROM rejected")["n"].iloc[0]),
        channels=_values(source, "channel"),
        products=_values(source, "product"),
        default=_default(days, first, last),
    )


def step_of(filters: Filters, n: int) -> str:
    """Return the width of a point over time: 'day', 'week' or 'month'.

    The narrowest that gives at most 100 points with 20 contacts each on average; a period under four weeks keeps its
    days, a point too small to tell is greyed.

    Examples
    --------
    >>> quarter = Filters(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    >>> step_of(quarter, 9000), step_of(quarter, 900), step_of(Filters(), 0)
    ('day', 'week', 'day')
    """
    if filters.start is None or filters.end is None:
        return "day"
    n_days = (filters.end - filters.start).days + 1
    if n_days < 28:
        return "day"
    for step, length_days in (("day", 1), ("week", 7)):
        n_points = n_days / length_days
        if n_points <= _MAX_POINTS and n / n_points >= _CONTACTS_A_POINT:
            return step
    return "week" if n_days <= 7 * 26 else "month"


def step_for(source: Source, selection: Selection) -> str:
    """Return the width of a point over time for a selection (see `step_of`)."""
    n = source.over(selection, "SELECT count(*) AS n FROM contact WHERE {where}")["n"].iloc[0]
    return step_of(selection.filters, int(n))


def buckets(frame: pd.DataFrame, filters: Filters, step: str) -> pd.DataFrame:
    """Return `frame` (one row a `bucket`) with a row for every bucket of the period, and each bucket's days.

    Adds `day_from` and `day_to` (ISO text, cut to the period) and `n` = 0 where nothing was; other columns are NaN.
    """
    if filters.start is None or filters.end is None:
        return frame.assign(day_from="", day_to="")
    starts = pd.date_range(
        _floor(filters.start, step), filters.end, freq={"day": "D", "week": "7D", "month": "MS"}[step]
    )
    whole = frame.set_index(pd.to_datetime(frame["bucket"])).drop(columns="bucket").reindex(starts)
    ends = [*(starts[1:] - pd.Timedelta(days=1)), pd.Timestamp(filters.end)]
    return whole.assign(
        n=whole["n"].fillna(0).astype(int),
        bucket=starts,
        day_from=[max(start.date(), filters.start).isoformat() for start in starts],
        day_to=[min(end.date(), filters.end).isoformat() for end in ends],
    ).reset_index(drop=True)


def _floor(day: dt.date, step: str) -> dt.date:
    if step == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _default(days: pd.DataFrame, first: dt.date | None, last: dt.date | None) -> Filters:
    if first is None or last is None:
        return Filters()
    day = pd.to_datetime(days["day"]).dt.date
    for n_days in _PERIODS_DAYS:
        start = last - dt.timedelta(days=n_days - 1)
        if start > first and int(days.loc[day >= start, "n"].sum()) >= _ENOUGH_CONTACTS:
            return Filters(start, last)
    return Filters(first, last)


def _values(source: Source, column: str) -> tuple[str, ...]:
    frame = source.rows(
        f"SELECT coalesce(value, '') AS value, sum(n) AS n FROM (SELECT {column} AS value, count(*) AS n FROM contact"
        " GROUP BY 1) GROUP BY 1 ORDER BY n DESC, value LIMIT 200"
    )
    return tuple(frame["value"])


def _as_day(value: object) -> dt.date:
    return pd.Timestamp(str(value)).date()
