"""What is planted: five events on fixed day indices, at least a day apart, written to truth.json.

Counts are for up to 600 contacts a day and grow in proportion above, so that events stay visible at any scale.
"""

from __future__ import annotations

from random import Random

from analytics.simulate.plan import Plan

OUTAGE_DAYS = (17, 18)
OUTAGE_FACTOR = 6.0
BORN_DAY = 22
BORN_PER_DAY = (15, 25)
SLOW_DAY = 25
SLOW_HOUR = 12
SLOW_TEAM = "微信客服组"
SLOW_CHANNEL = "wechat"
SLOW_ABSENT_AGENTS = 3
SLOW_MIN_CONTACTS = 34
SLOW_SECONDS = (305.0, 355.0)
KEYWORD_DAY = 29
KEYWORD_HOUR = 10
DOUBLED_DAY = 33
# Contacts by local hour of the keyword's first day (252 to 300 in all with chance), and its echo on the next two.
KEYWORD_HOURS = {
    10: 22,
    11: 30,
    12: 25,
    13: 22,
    14: 26,
    15: 26,
    16: 22,
    17: 17,
    18: 15,
    19: 16,
    20: 18,
    21: 14,
    22: 8,
    23: 3,
}
KEYWORD_ECHO = {1: 0.26, 2: 0.08}
_AWAKE_HOURS = {8: 5, 9: 8, 10: 10, 11: 10, 12: 7, 13: 7, 14: 9, 15: 9, 16: 8, 17: 7, 18: 6, 19: 7, 20: 9, 21: 8, 22: 5}


def scale(plan: Plan) -> float:
    """Return by how much planted counts grow."""
    return max(1.0, plan.contacts_per_day / 600)


def keyword_counts(plan: Plan, index: int, rng: Random) -> dict[int, int]:
    """Return the extra contacts about the keyword on a day, by local hour; empty on other days."""
    after = index - KEYWORD_DAY
    if not plan.plant or after not in (0, 1, 2):
        return {}
    grow = scale(plan)
    if after == 0:
        return {hour: round(n * grow * rng.uniform(0.92, 1.1)) for hour, n in KEYWORD_HOURS.items()}
    total = KEYWORD_ECHO[after] * sum(KEYWORD_HOURS.values()) * grow
    return spread(round(total * rng.uniform(0.9, 1.1)), rng)


def born_counts(plan: Plan, index: int, rng: Random) -> dict[int, int]:
    """Return the contacts about the topic born in week four on a day, by local hour."""
    if not plan.plant or index < BORN_DAY:
        return {}
    count = rng.randint(*BORN_PER_DAY) * scale(plan)
    return spread(round(count * volume_factor(plan, index)), rng)


def spread(total: int, rng: Random) -> dict[int, int]:
    """Spread a number of contacts over the waking hours."""
    counts: dict[int, int] = {}
    for hour in rng.choices(tuple(_AWAKE_HOURS), tuple(_AWAKE_HOURS.values()), k=total):
        counts[hour] = counts.get(hour, 0) + 1
    return dict(sorted(counts.items()))


def volume_factor(plan: Plan, index: int) -> float:
    """Return 2 on the day on which everything doubles, else 1."""
    return 2.0 if plan.plant and index == DOUBLED_DAY else 1.0


def is_outage(plan: Plan, index: int) -> bool:
    """Return whether the logistics outage holds on a day."""
    return plan.plant and index in OUTAGE_DAYS


def is_slow(plan: Plan, index: int, channel: str, hour: int) -> bool:
    """Return whether the WeChat team is short of agents."""
    return plan.plant and index == SLOW_DAY and channel == SLOW_CHANNEL and hour == SLOW_HOUR
