"""Judge measured numbers by an expectation: pure arithmetic over a few hundred numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from analytics.quality.declared import Expectation

WEEKS = 8
"""How far back the same weekday is looked at: long enough for a median of eight, short enough to follow a site."""
ENOUGH_WEEKS = 3
"""Fewer days of a weekday do not say what is usual: the median of two is as wrong as the worse of them."""
_MAD_TO_SIGMA = 1.4826
"""Of a normal distribution."""
_FRESH_TOLERANCE_DAYS = 2
"""A day is collected on the next one, and a weekend's collection may be missed."""

Status = Literal["passed", "failed", "short_history", "not_over"]


@dataclass(frozen=True)
class Numbers:
    """What was measured for one expectation.

    Attributes
    ----------
    values : mapping of (day, part) to (value, rows)
        Of the days judged, and of kind usual of the days before; part is '' without `by`. A value may be None.
    days : sequence of date
        Days that have contacts, in order: on these a part that has no value has none, and is not just unknown.
    whole : mapping of (day, part) to value
        Of kind whole.
    accepted : mapping of part to values
        What somebody accepted in the last weeks: it counts as usual.
    """

    values: Mapping[tuple[dt.date, str], tuple[float | None, int]]
    days: Sequence[dt.date]
    whole: Mapping[tuple[dt.date, str], float] = field(default_factory=dict)
    accepted: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one expectation says of one day, and of one value of `by`.

    Attributes
    ----------
    status : str
        passed, failed, short_history (历史不足: not judged) or not_over (the local day still goes on).
    observed, low, high : float or None
        None where nothing was measured, or the side is open.
    is_stop : bool
        Whether it holds the publication back.
    """

    day: dt.date
    expectation: Expectation
    part: str
    status: Status
    observed: float | None
    low: float | None
    high: float | None
    quiet: bool = False

    @property
    def severity(self) -> Literal["stop", "warning"]:
        """Stop or warning; what is low on a public holiday is a warning at most."""
        return "stop" if self.expectation.severity == "stop" and not self.quiet else "warning"

    @property
    def advice(self) -> str:
        """What to do, with the day in its commands."""
        return self.expectation.advice.replace("{day}", str(self.day))

    @property
    def is_stop(self) -> bool:
        """Whether it holds the publication back."""
        return self.status == "failed" and self.severity == "stop"


def judge(
    expectation: Expectation,
    numbers: Numbers,
    days: Sequence[dt.date],
    today: dt.date,
    holidays: Collection[dt.date] = (),
) -> list[Result]:
    """Return what the expectation says of each of the days.

    Parameters
    ----------
    days : sequence of date
        Local days to judge.
    today : date
        Local day of now: a day that is not over has no usual count yet.
    holidays : collection of date
        Public holidays: fewer contacts than usual stop nothing.

    Examples
    --------
    >>> rows = Expectation(name="rows", label="行数", table="contact", kind="limit", low=1)
    >>> day = dt.date(2026, 9, 20)
    >>> [one.status for one in judge(rows, Numbers({(day, ""): (0.0, 0)}, [day]), [day], day)]
    ['failed']
    """
    if expectation.kind == "fresh":
        known = [day for day in numbers.days if day <= today]
        return [_fresh(expectation, known, today)] if known and known[-1] in days else []
    of_kind = {"limit": _limit, "usual": _usual, "whole": _whole}[expectation.kind]
    found = [one for day in days for one in of_kind(expectation, numbers, day)]
    if expectation.kind != "usual":
        return found
    return [_on_an_odd_day(one, today, holidays) for one in found]


def _on_an_odd_day(one: Result, today: dt.date, holidays: Collection[dt.date]) -> Result:
    if one.expectation.scale == "count" and one.day >= today and one.status != "short_history":
        return Result(one.day, one.expectation, one.part, "not_over", one.observed, one.low, one.high)
    quiet = one.day in holidays and one.expectation.scale == "count"
    return Result(one.day, one.expectation, one.part, one.status, one.observed, one.low, one.high, quiet)


def _limit(expectation: Expectation, numbers: Numbers, day: dt.date) -> list[Result]:
    found = []
    for (at, part), (value, n) in numbers.values.items():
        if at == day and n >= expectation.least and value is not None:
            status = _status(value, expectation.low, expectation.high)
            found.append(Result(day, expectation, part, status, value, expectation.low, expectation.high))
    return found


def _whole(expectation: Expectation, numbers: Numbers, day: dt.date) -> list[Result]:
    found = []
    parts = {part for at, part in (*numbers.values, *numbers.whole) if at == day}
    for part in sorted(parts):
        value = numbers.values.get((day, part), (0.0, 0))[0] or 0.0
        whole = numbers.whole.get((day, part), 0.0)
        found.append(Result(day, expectation, part, _status(value, whole, whole), value, whole, whole))
    return found


def _usual(expectation: Expectation, numbers: Numbers, day: dt.date) -> list[Result]:
    first = day - dt.timedelta(weeks=WEEKS)
    before = [known for known in numbers.days if first <= known < day]
    peers = [known for known in before if known.weekday() == day.weekday()]
    found = []
    for part in sorted({part for at, part in numbers.values if at == day or at in before}):
        value = _value(expectation, numbers, day, part)
        small = numbers.values.get((day, part), (None, 0))[1] < expectation.least
        if expectation.scale != "count" and (value is None or small):
            continue
        usual = [v for known in peers if (v := _value(expectation, numbers, known, part)) is not None]
        if len(usual) < ENOUGH_WEEKS:
            found.append(Result(day, expectation, part, "short_history", value, None, None))
            continue
        if expectation.scale == "count" and median(usual) < expectation.least:
            continue
        low, high = _bounds(expectation, numbers, part, before, day)
        found.append(Result(day, expectation, part, _status(value, low, high), value, low, high))
    return found


def _bounds(
    expectation: Expectation, numbers: Numbers, part: str, before: Sequence[dt.date], day: dt.date
) -> tuple[float | None, float | None]:
    """Return the least and the largest usual value: the weekday's median and a spread pooled over all weekdays."""
    known = {at: v for at in before if (v := _value(expectation, numbers, at, part)) is not None}
    centres = {
        weekday: median(v for at, v in known.items() if at.weekday() == weekday)
        for weekday in {at.weekday() for at in known}
    }
    is_count = expectation.scale == "count"
    residuals = [_distance(v, centres[at.weekday()], is_count=is_count) for at, v in known.items()]
    centre = centres[day.weekday()]
    n = numbers.values.get((day, part), (None, 0))[1]
    chance = 1 / math.sqrt(max(centre, 1.0)) if is_count else 0.5 / math.sqrt(max(n, 1))
    n_peers = len(known) / len(centres)
    few = math.sqrt(n_peers / (n_peers - 1))  # days stand nearer to a median of themselves, the fewer they are
    spread = max(_MAD_TO_SIGMA * few * median(abs(one) for one in residuals), expectation.floor, chance)
    margin = expectation.deviations * spread
    low = centre * math.exp(-margin) if is_count else centre - margin
    high = centre * math.exp(margin) if is_count else centre + margin
    for value in numbers.accepted.get(part, ()):
        low = min(low, value * math.exp(-margin / 2) if is_count else value - margin / 2)
        high = max(high, value * math.exp(margin / 2) if is_count else value + margin / 2)
    return None if expectation.side == "high" else low, None if expectation.side == "low" else high


def _distance(value: float, centre: float, *, is_count: bool) -> float:
    return math.log((value + 0.5) / (centre + 0.5)) if is_count else value - centre


def _value(expectation: Expectation, numbers: Numbers, day: dt.date, part: str) -> float | None:
    """Return what was measured; of a count 0 where the day has no such rows."""
    value = numbers.values.get((day, part), (None, 0))[0]
    return 0.0 if value is None and expectation.scale == "count" else value


def _status(value: float | None, low: float | None, high: float | None) -> Status:
    if value is None:
        return "failed"
    slack = 1e-9 * max(1.0, abs(value))
    below = low is not None and value < low - slack
    above = high is not None and value > high + slack
    return "failed" if below or above or math.isnan(value) else "passed"


def _fresh(expectation: Expectation, days: Sequence[dt.date], today: dt.date) -> Result:
    """Judge how old the newest day is, by the largest of the usual gaps between days with contacts."""
    last = days[-1]
    age = float((today - last).days)
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days[-7 * WEEKS :]))
    if len(gaps) < 2 * ENOUGH_WEEKS:
        return Result(last, expectation, "", "short_history", age, None, None)
    allowed = float(gaps[int(0.9 * (len(gaps) - 1))] + _FRESH_TOLERANCE_DAYS)
    return Result(last, expectation, "", _status(age, None, allowed), age, None, allowed)
