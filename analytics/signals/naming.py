"""Which of the keys that rose together a person should read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analytics.schema import ALL
from analytics.signals.episodes import Episode

_TELLING_SHARE = 0.6
"""A name must be said in this share of the incident: a longer phrase of a few of its contacts is no name for it."""

_NEW_IN_TOPIC = 3.0
"""A keyword that rose this much more than its topic is news inside of the topic, and names the incident."""

_FROM_NOTHING = 0.5
"""A keyword expected less than this often in its first window is new: no topic says more exactly what began."""

_ONE_CHANNEL_SHARE = 0.8


def most_telling(episodes: Sequence[Episode]) -> Episode:
    """Return the episode that names a group of them.

    Among the keys that rose like the strongest of the group (at least half its log lift) and cover most of its
    contacts: the topic, unless the keyword was not said before or rose three times as much; of keywords the longest, by
    lift where equal.
    呛口小辣椒面膜 is chosen before its parts 小辣椒 and 面膜, and before a longer phrase of a few contacts.

    Parameters
    ----------
    episodes : sequence of Episode
        At least one; not of a kind whose key is a place.
    """
    top = max(math.log(max(episode.lift, 1.0)) for episode in episodes)
    strong = [e for e in episodes if math.log(max(e.lift, 1.0)) >= top / 2]
    size = max(len(e.contacts) for e in strong)
    telling = [e for e in strong if len(e.contacts) >= _TELLING_SHARE * size]
    topics = [e for e in telling if e.kind in ("topic", "category")]
    words = [e for e in telling if e.kind == "keyword"]
    best_topic = max(topics, key=lambda e: (e.lift, e.key), default=None)
    best_word = max(words, key=lambda e: (len(e.key), e.lift, e.key), default=None)
    return _first_of(_between(best_topic, best_word) or telling[0], episodes)


def _between(topic: Episode | None, word: Episode | None) -> Episode | None:
    if topic is None or word is None:
        return topic or word
    news = word.expected < _FROM_NOTHING or word.lift >= _NEW_IN_TOPIC * topic.lift
    return word if news else topic


def _first_of(head: Episode, episodes: Sequence[Episode]) -> Episode:
    """Return the earliest episode of the same key; of equally early ones the channel that holds most of it."""
    same = [e for e in episodes if (e.kind, e.key) == (head.kind, head.key)]
    started = min(e.started_at for e in same)
    first = [e for e in same if e.started_at == started]
    size = max(len(e.contacts) for e in first)
    local = [e for e in first if e.channel != ALL and len(e.contacts) >= _ONE_CHANNEL_SHARE * size]
    return max(local or first, key=lambda e: (len(e.contacts), e.channel == ALL, e.channel))


def busiest_place(episodes: Sequence[Episode]) -> Episode:
    """Return the episode that names what rose in several places: one channel or product if it brought most of it.

    Of a channel and a product that brought the same the product says more.
    """
    everywhere = [e for e in episodes if e.key == ALL]
    single = max(
        (e for e in episodes if e.key != ALL),
        key=lambda e: (_excess(e), e.channel == ALL, e.channel, e.key),
        default=None,
    )
    if not everywhere:
        return single or episodes[0]
    whole = min(everywhere, key=lambda e: e.started_at)
    if single is None:
        return whole
    return single if _excess(single) >= _ONE_CHANNEL_SHARE * _excess(whole) else whole


def _excess(episode: Episode) -> float:
    return len(episode.contacts) * episode.excess_share
