"""Contacts in which something was said: read from the newest day back, so much at a time and no more.

What customers said in a year is too much to read while somebody waits. A search reads whole days, the newest first:
for a page of a list until the page is full, for a count up to `BUDGET_CONTACTS`. What was not read is told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from analytics.schema import LABELS
from dashboards.data.source import Source
from dashboards.selection import Selection

BUDGET_CONTACTS = 600_000
"""Contacts of the days that one search reads: a month at 20,000 a day."""
_FIRST_CONTACTS = 20_000
"""Contacts of the days read in the first go; each further go reads twice as many as the one before."""


@dataclass(frozen=True)
class Tally:
    """How many contacts meet a search.

    Attributes
    ----------
    n : int
        Contacts of the days that were read.
    moods : dict of str to int
        Of these, those of each mood; contacts without a customer's turn have none.
    unread : date or None
        The newest day that was not read; None = everything was, and `n` is all there are.
    """

    n: int
    moods: dict[str, int]
    unread: dt.date | None = None


@dataclass(frozen=True)
class Reach:
    """The days a search reads: spans of days, newest first, and the newest day beyond them."""

    spans: tuple[tuple[dt.date, dt.date], ...]
    unread: dt.date | None = None


@dataclass(frozen=True)
class Found:
    """Contacts of one page of a list: ids and days in order, and how many there are in all; None = not known yet."""

    rows: pd.DataFrame
    n: int | None


def tally(source: Source, selection: Selection) -> Tally:
    """Return how many contacts there are, of as many days as may be read."""
    if not selection.searches:
        return Tally(*_counts(source, selection))
    reach = reach_of(source, selection)
    if not reach.spans:
        return Tally(0, dict.fromkeys(LABELS, 0))
    return Tally(*_counts(source, _within(selection, _whole(reach))), reach.unread)


def find(source: Source, selection: Selection, *, start: int, stop: int, by: str, newest_first: bool) -> Found:
    """Return rows `start` to `stop` (exclusive) of the contacts that a search finds.

    Parameters
    ----------
    by : str
        SQL of the order; its ties are broken by the id.
    newest_first : bool
        Whether the order is that of time, the newest first: then days are read until the page is full. For any other
        order all days that may be read are.
    """
    reach = reach_of(source, selection)
    spans = reach.spans if newest_first else ((_whole(reach),) if reach.spans else ())
    seen, found = 0, []
    for place, span in enumerate(spans):
        skipped, wanted = max(start - seen, 0), stop - max(start, seen)
        row = source.over(
            _within(selection, span),
            f"SELECT count(*) AS n, list({{'contact_id': contact_id, 'day': day}} ORDER BY {by})"
            f"[{skipped + 1}:{skipped + wanted}] AS page FROM contact WHERE {{where}}",
        ).iloc[0]
        found += [dict(each) for each in (row["page"] if row["n"] else [])]
        seen += int(row["n"])
        if seen >= stop and place + 1 < len(spans):
            return Found(_page(found), None)
    return Found(_page(found), seen)


def reach_of(source: Source, selection: Selection) -> Reach:
    """Return the days to read: those with contacts of everything else the selection asks for, within the budget."""
    rest = replace(selection, narrowing={k: v for k, v in selection.narrowing.items() if k not in selection.searches})
    fit = source.over(rest, "SELECT min(day) AS first, max(day) AS last FROM contact WHERE {where}").iloc[0]
    if pd.isna(fit["last"]):
        return Reach(())
    days = source.rows(
        "SELECT day, count(*) AS n FROM contact WHERE day BETWEEN $first AND $last GROUP BY day ORDER BY day DESC",
        first=pd.Timestamp(fit["first"]).date(), last=pd.Timestamp(fit["last"]).date(),
    )  # fmt: skip
    return spans_of([(pd.Timestamp(day).date(), int(n)) for day, n in zip(days["day"], days["n"], strict=True)])


def spans_of(days: list[tuple[dt.date, int]], *, budget: int = BUDGET_CONTACTS, first: int = _FIRST_CONTACTS) -> Reach:
    """Return how days are read in goes that double, up to the budget.

    Parameters
    ----------
    days : list of (date, int)
        Newest first, with their contacts. The first day is read whatever it holds.
    budget, first : int
        Contacts in all, and in the first go.

    Examples
    --------
    >>> september = [(dt.date(2026, 9, day), 10) for day in (30, 29, 28, 27, 26)]
    >>> reach = spans_of(september, budget=40, first=10)
    >>> [f"{start:%d}-{end:%d}" for start, end in reach.spans], reach.unread
    (['30-30', '28-29', '27-27'], datetime.date(2026, 9, 26))
    """
    spans: list[tuple[dt.date, dt.date]] = []
    of_span, of_all, size = 0, 0, first
    for day, n in days:
        if of_all and of_all + n > budget:
            return Reach(tuple(spans), day)
        if not spans or of_span + n > size:
            size = size * 2 if spans else size
            spans.append((day, day))
            of_span = 0
        spans[-1] = (day, spans[-1][1])
        of_span, of_all = of_span + n, of_all + n
    return Reach(tuple(spans))


def _counts(source: Source, selection: Selection) -> tuple[int, dict[str, int]]:
    moods = ", ".join(f"count(*) FILTER (sentiment_label = '{label}') AS {label}" for label in LABELS)
    row = source.over(selection, f"SELECT count(*) AS n, {moods} FROM contact WHERE {{where}}").iloc[0]
    return int(row["n"]), {label: int(row[label]) for label in LABELS}


def _whole(reach: Reach) -> tuple[dt.date, dt.date]:
    return reach.spans[-1][0], reach.spans[0][1]


def _within(selection: Selection, span: tuple[dt.date, dt.date]) -> Selection:
    """Return the selection of some of its days: what it said of days itself holds for `span` already."""
    return selection.narrowed(day_from=span[0].isoformat(), day_to=span[1].isoformat())


def _page(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["contact_id", "day"])
