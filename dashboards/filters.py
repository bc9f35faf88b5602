"""What is looked at: days, channels and products, as they stand in the address of a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from analytics.schema import UNDATED_DAY

Pairs = list[tuple[str, str]]
ALL_VALUES = "*"
"""How an address says all channels or products where a role's default is some of them."""
_OWN = ("from", "to", "channel", "product")


@dataclass(frozen=True)
class Filters:
    """A scope over contacts. No `start` means no restriction by day; empty tuples mean all.

    Attributes
    ----------
    start, end : date or None
        First and last local day, both included.
    channels, products : tuple of str
        Values to keep; the product '' stands for contacts without one.
    """

    start: dt.date | None = None
    end: dt.date | None = None
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def before(self) -> Filters | None:
        """Return the period of equal length that ends the day before this one; None without days.

        Examples
        --------
        >>> Filters(dt.date(2026, 9, 8), dt.date(2026, 9, 14)).before().start
        datetime.date(2026, 9, 1)
        """
        if self.start is None or self.end is None:
            return None
        length = self.end - self.start + dt.timedelta(days=1)
        return replace(self, start=self.start - length, end=self.start - dt.timedelta(days=1))

    def pairs(self) -> Pairs:
        """Return the filters as address parameters, in a fixed order."""
        days = [("from", self.start), ("to", self.end)]
        found = [(name, day.isoformat()) for name, day in days if day is not None]
        values = [*(("channel", c) for c in self.channels), *(("product", p) for p in self.products)]
        return [*found, *((name, written(value)) for name, value in values)]


def read_pairs(search: str) -> Pairs:
    """Return the parameters of an address, blank ones included.

    Examples
    --------
    >>> read_pairs("?channel=app&product=")
    [('channel', 'app'), ('product', '')]
    """
    return parse_qsl(search.removeprefix("?"), keep_blank_values=True)


def write_search(pairs: Pairs) -> str:
    """Return an address' query with its question mark, or '' for none.

    Examples
    --------
    >>> write_search([("channel", "app")]), write_search([])
    ('?channel=app', '')
    """
    return f"?{urlencode(pairs)}" if pairs else ""


def filters_of(pairs: Pairs, default: Filters) -> Filters:
    """Read filters; what the address does not name comes from `default`, and so do days that are none.

    `ALL_VALUES` names all channels or products where the default is some of them; a value of such marks alone carries
    one more.

    Examples
    --------
    >>> filters_of([("channel", "app"), ("from", "x")], Filters()).channels
    ('app',)
    >>> filters_of([("channel", "*")], Filters(channels=("app",), products=("p",)))
    Filters(start=None, end=None, channels=(), products=('p',))
    """
    named = dict(pairs)
    start, end = _day(named.get("from")), _day(named.get("to"))
    if start is None or end is None or start > end or default.start is None:
        start, end = default.start, default.end
    return Filters(start, end, _values(pairs, "channel", default.channels), _values(pairs, "product", default.products))


def other_pairs(pairs: Pairs) -> Pairs:
    """Return the parameters that are not filters."""
    return [(name, value) for name, value in pairs if name not in _OWN]


def with_pair(pairs: Pairs, name: str, value: str | None) -> Pairs:
    """Return the parameters with one set, or removed when `value` is None.

    Examples
    --------
    >>> with_pair([("topic", "t1"), ("from", "x")], "topic", "t2")
    [('from', 'x'), ('topic', 't2')]
    """
    rest = [pair for pair in pairs if pair[0] != name]
    return rest if value is None else [*rest, (name, value)]


def _values(pairs: Pairs, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(value for key, value in pairs if key == name)
    return tuple(_read(value) for value in found if value != ALL_VALUES) if found else default


def written(value: str) -> str:
    """Return a channel or product as an address has it: apart from the mark for all.

    Examples
    --------
    >>> written("app"), written("*")
    ('app', '**')
    """
    return value + ALL_VALUES if value and not value.strip(ALL_VALUES) else value


def _read(value: str) -> str:
    return value if value.strip(ALL_VALUES) else value[1:]


def _day(text: str | None) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return None if day == UNDATED_DAY else day
