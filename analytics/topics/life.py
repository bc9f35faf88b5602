"""What happened to a topic, read from how many contacts it had each day: born, promoted, dormant, revived."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DORMANT_DAYS = 14
"""Days without a contact after which a topic that used to have some every other day counts as asleep."""
FIRST_WEEK_DAYS = 7
FIRST_WEEK_BUSY_DAYS = 4
PROVISIONAL_DAYS = 7
"""Days that a new topic must last, where the settings say nothing else."""
MIN_STEP = 4.0
"""A birth multiplies the rate by this at least; less is growth."""
_USUAL_QUANTILE = 0.75

Counts = NDArray[np.int64]
Happened = tuple[int, str]
"""Place of a day, and what happened on it."""


def life(counts: Counts, *, provisional_days: int = PROVISIONAL_DAYS, lasted: bool = False) -> list[Happened]:
    """Return what happened to a topic, as (place, event) in order of time.

    A topic lasts once it had contacts on half of `provisional_days` days in a row, all of them since its birth. Its
    birth is read from what was known on that day and not again later, so more days add events and change none. A topic
    that has not lasted yet has a birth only, which may still move. One that lasts is promoted on the day it has; one
    born in the first week of the data was never in question and has no promotion.

    Parameters
    ----------
    counts : int, shape (n_days,)
        Contacts of each day from the first day of the data to the last.
    provisional_days : int
    lasted : bool
        The topic counts as lasting whatever its counts, as those of a first fit do.

    Examples
    --------
    >>> life(np.array([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9, 12, 8, 11]))
    [(10, 'born')]
    >>> life(np.array([0] * 10 + [9, 12, 8, 11, 0, 7, 9, 10]))
    [(10, 'born'), (16, 'promoted')]
    """
    if not counts.any():
        return []
    settled = settle(counts, provisional_days)
    if settled is None:
        born = birth(counts)
        return [(born, "born"), *(sleeps(counts, born, after=born) if lasted else ())]
    born, end = settled
    promoted = [(end, "promoted")] if born >= FIRST_WEEK_DAYS else []
    return [(born, "born"), *promoted, *sleeps(counts, born, after=end)]


def go_on(counts: Counts, told: Sequence[Happened]) -> list[Happened]:
    """Return what happened after the events that were told already; these stay as they were told.

    Parameters
    ----------
    counts : int, shape (n_days,)
    told : sequence of (place, event)
        In order of time, the birth first.

    Examples
    --------
    >>> go_on(np.array([5] * 10 + [0] * 15 + [4]), [(0, "born")])
    [(23, 'dormant'), (25, 'revived')]
    """
    last_place, last_event = told[-1]
    found = [event for event in sleeps(counts, told[0][0], after=-1) if event[0] > last_place]
    asleep = last_event == "dormant"
    if asleep and not (found and found[0][1] == "revived"):
        busy = np.flatnonzero(counts[last_place + 1 :])
        found = [(last_place + 1 + int(busy[0]), "revived"), *found] if len(busy) else []
        return [found[0], *(event for event in found[1:] if event[0] > found[0][0])] if found else []
    return found[1:] if found and not asleep and found[0][1] == "revived" else found


def settle(counts: Counts, provisional_days: int) -> tuple[int, int] | None:
    """Return the places of birth and of the day on which the topic had lasted; None if it has not yet.

    It is what one would have said on that day: later counts play no part.
    """
    busy = np.concatenate([[0], np.cumsum(counts > 0)])
    n_busy = busy[provisional_days:] - busy[:-provisional_days] if len(counts) >= provisional_days else np.zeros(0)
    for first in np.flatnonzero(2 * n_busy >= provisional_days):
        end = int(first) + provisional_days - 1
        born = birth(counts[: end + 1])
        if born <= first:
            return born, end
    return None


def sleeps(counts: Counts, born: int, *, after: int) -> list[Happened]:
    """Return when the topic fell silent and when it came back, of the silences told after the place `after`."""
    events: list[Happened] = []
    busy = np.flatnonzero(counts[born:]) + born
    next_busy = [*busy[1:], len(counts)] if len(busy) else []
    for index, (day, following) in enumerate(zip(busy, next_busy, strict=True), start=1):
        was_regular = index >= (day - born + 1) / 2
        if following - day - 1 >= DORMANT_DAYS and was_regular and day + DORMANT_DAYS > after:
            events.append((int(day) + DORMANT_DAYS, "dormant"))
            if following < len(counts):
                events.append((int(following), "revived"))
    return events


def was_there_before(counts: Counts, born: int) -> bool:
    """Whether the week before a birth shows no step: days that came in later may have brought contacts there."""
    before, after = counts[max(born - FIRST_WEEK_DAYS, 0) : born], counts[born : born + FIRST_WEEK_DAYS]
    is_regular = np.count_nonzero(before) >= FIRST_WEEK_BUSY_DAYS and len(after) == FIRST_WEEK_DAYS
    return bool(is_regular) and bool(before.mean() * MIN_STEP > after.mean())


def birth(counts: Counts) -> int:
    """Return the place of the day on which the topic's volume begins; there must be a contact.

    The best Poisson step up [1]_, if the rate after it is at least four times the rate before; else the first day.
    Days are cut at the 75th percentile of the days with contacts, so that a spike is not taken for a birth.

    References
    ----------
    .. [1] D. V. Hinkley, "Inference about the change-point in a sequence of random variables", Biometrika 57, 1970.
    """
    first = int(np.flatnonzero(counts)[0])
    usual = np.minimum(counts, np.quantile(counts[counts > 0], _USUAL_QUANTILE))
    n_days = len(usual)
    before = np.concatenate([[0.0], np.cumsum(usual)[:-1]])
    after = usual.sum() - before
    rate_before = before / np.maximum(np.arange(n_days), 1)
    rate_after = after / (n_days - np.arange(n_days))
    gain = _log_likelihood(before, rate_before) + _log_likelihood(after, rate_after)
    is_step = (rate_before * MIN_STEP <= rate_after) & (counts > 0)
    is_step[first] = True
    step = int(np.argmax(np.where(is_step, gain, -np.inf)))
    week = usual[:FIRST_WEEK_DAYS]
    was_there = week.mean() * MIN_STEP > rate_after[step] and np.count_nonzero(week) >= min(
        FIRST_WEEK_BUSY_DAYS, n_days
    )
    return first if was_there else step


def evidence(counts: Counts, place: int, event: str, provisional_days: int = PROVISIONAL_DAYS) -> str:
    """Return what shows an event, in Chinese: counts against what was usual before.

    Examples
    --------
    >>> evidence(np.array([0, 1, 0, 0, 9]), 4, "born")
    '当天 9 次，此前日均 0.2 次'
    """
    if event == "promoted":
        days = counts[place - provisional_days + 1 : place + 1]
        return f"{len(days)} 天中 {np.count_nonzero(days)} 天有联络，共 {days.sum()} 次"
    if event == "dormant":
        usual = counts[: place - DORMANT_DAYS + 1]
        return f"连续 {DORMANT_DAYS} 天没有联络，此前日均 {_mean(usual[np.flatnonzero(usual)[0] :]):.1f} 次"
    if event == "revived":
        silent = place - int(np.flatnonzero(counts[:place])[-1]) - 1 if counts[:place].any() else place
        return f"停了 {silent} 天，当天又有 {counts[place]} 次"
    return f"当天 {counts[place]} 次" + (f"，此前日均 {_mean(counts[:place]):.1f} 次" if place else "，数据从这天开始")


def _mean(counts: Counts) -> float:
    return float(counts.mean()) if len(counts) else 0.0


def _log_likelihood(total: NDArray[np.float64], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of a Poisson log likelihood that depends on where the step is, at the best rate."""
    return np.where(total > 0, total * np.log(np.where(rate > 0, rate, 1.0)), 0.0)
