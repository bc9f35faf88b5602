"""Who contacts the centre on a day, when, on which channel and about what: everything but the words."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from analytics.simulate import planted
from analytics.simulate.centre import CHANNELS, Centre
from analytics.simulate.grammar import BORN_TOPIC, KEYWORD, OUTAGE_TOPIC, Grammar, Topic
from analytics.simulate.plan import Plan
from analytics.simulate.volume import DAY_VARIANCE, HOUR_VARIANCE, TOPIC_VARIANCE, gamma_factor, poisson

# Share of contacts by somebody who was here on another channel earlier the same day.
RETURN_SHARE = 0.07
# A day brings new persons; a person stays about for two weeks.
NEW_PERSONS_PER_CONTACT = 0.55
ACTIVE_DAYS = 14
_RETURN_AFTER_SECONDS = 1_800


@dataclass(frozen=True, slots=True)
class Head:
    """One contact before it has words.

    Attributes
    ----------
    second : int
        Seconds from local midnight to its start.
    channel, kind : str
        Channel, and call, chat or work_order.
    topic, product : int
        Places in the grammar.
    person : int
        Who.
    is_slow : bool
        Whether it meets the planted slow team.
    """

    second: int
    channel: str
    kind: str
    topic: int
    product: int
    person: int
    is_slow: bool = False


@dataclass(frozen=True)
class _Day:
    plan: Plan
    index: int
    grammar: Grammar
    centre: Centre
    rng: Random
    topic_steps: list[float]


def schedule_day(plan: Plan, index: int, grammar: Grammar, centre: Centre) -> list[Head]:
    """Return the contacts of a day in order of time; independent of all other days.

    Parameters
    ----------
    plan : Plan
        What to simulate.
    index : int
        Day from 0.
    grammar, centre
        As loaded.

    Returns
    -------
    list of Head
    """
    rng = Random(f"{plan.seed}:{index}:schedule")
    day = _Day(plan, index, grammar, centre, rng, _topic_steps(plan, index, grammar, rng))
    heads = _ordinary(day) + _planted(day)
    heads.sort(key=lambda head: (head.second, head.channel, head.person))
    return _with_returns(heads, day)


def _topic_steps(plan: Plan, index: int, grammar: Grammar, rng: Random) -> list[float]:
    outage = planted.is_outage(plan, index)
    weights = [
        topic.share
        * gamma_factor(TOPIC_VARIANCE, rng)
        * (planted.OUTAGE_FACTOR if outage and topic.name == OUTAGE_TOPIC else 1.0)
        for topic in grammar.topics
    ]
    return list(accumulate(weights))


def _outage_volume(day: _Day) -> float:
    """Contacts of the outage come on top of the others."""
    if not planted.is_outage(day.plan, day.index):
        return 1.0
    total = sum(topic.share for topic in day.grammar.topics)
    outage = day.grammar.topics[day.grammar.topic_index(OUTAGE_TOPIC)].share
    return 1.0 + (planted.OUTAGE_FACTOR - 1.0) * outage / total


def _ordinary(day: _Day) -> list[Head]:
    plan, rng, centre = day.plan, day.rng, day.centre
    level = plan.contacts_per_day * centre.weekdays[plan.day(day.index).weekday()] * gamma_factor(DAY_VARIANCE, rng)
    level *= planted.volume_factor(plan, day.index) * _outage_volume(day)
    heads = []
    for channel in CHANNELS:
        for hour in range(24):
            mean = level * centre.channel_share[channel] * centre.hours[channel][hour]
            count = poisson(mean * gamma_factor(HOUR_VARIANCE, rng), rng)
            slow = planted.is_slow(plan, day.index, channel, hour)
            found = [_head(day, channel, hour, slow=slow) for _ in range(count)]
            missing = round(planted.SLOW_MIN_CONTACTS * planted.scale(plan)) if slow else 0
            while sum(head.kind == "chat" for head in found) < missing:
                found.append(_head(day, channel, hour, slow=slow))
            heads += found
    return heads


def _planted(day: _Day) -> list[Head]:
    heads = []
    for name, counts in (
        (KEYWORD, planted.keyword_counts(day.plan, day.index, day.rng)),
        (BORN_TOPIC, planted.born_counts(day.plan, day.index, day.rng)),
    ):
        topic = day.grammar.topic_index(name)
        shares = [day.centre.channel_share[channel] for channel in CHANNELS]
        for hour, count in counts.items():
            for channel in day.rng.choices(CHANNELS, shares, k=count):
                # Bought in the app, complained about by hand: no calls while the phones are closed.
                open_channel = "app" if channel == "phone" and hour >= 22 else channel
                heads.append(_head(day, open_channel, hour, topic=topic))
    return heads


def _head(day: _Day, channel: str, hour: int, *, topic: int | None = None, slow: bool = False) -> Head:
    rnd = day.rng.random
    steps = day.topic_steps
    chosen = bisect(steps, rnd() * steps[-1]) if topic is None else topic
    # In the slow hour people write early enough for their wait to fall into it.
    second = hour * 3600 + int(rnd() * (2_700 if slow else 3_600))
    is_order = rnd() < day.centre.order_share[channel]
    ordinary = "call" if channel == "phone" else "chat"
    newcomers = max(1, int(day.plan.contacts_per_day * NEW_PERSONS_PER_CONTACT))
    return Head(
        second=second,
        channel=channel,
        kind="work_order" if is_order else ordinary,
        topic=chosen,
        product=_product(day.grammar.topics[chosen], rnd()),
        person=int((day.index + rnd() * ACTIVE_DAYS) * newcomers),
        is_slow=slow and not is_order,
    )


def _product(topic: Topic, u: float) -> int:
    return topic.products[bisect(topic.product_steps, u * topic.product_steps[-1])]


def _with_returns(heads: list[Head], day: _Day) -> list[Head]:
    """Let some be a second try, on another channel, of somebody who was here earlier that day."""
    rnd = day.rng.random
    own = {day.grammar.topic_index(KEYWORD), day.grammar.topic_index(BORN_TOPIC)}
    result = list(heads)
    for place, head in enumerate(heads):
        if place == 0 or rnd() >= RETURN_SHARE or head.topic in own:
            continue
        earlier = result[int(rnd() * place)]
        waited = head.second - earlier.second > _RETURN_AFTER_SECONDS
        if waited and earlier.channel != head.channel and earlier.topic not in own:
            result[place] = replace(head, person=earlier.person, topic=earlier.topic, product=earlier.product)
    return result
