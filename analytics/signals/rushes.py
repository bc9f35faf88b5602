"""Rises of all contacts, or of all unhappy ones, in a place: who brought them, and what only rose with them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.signals.episodes import Episode
from analytics.signals.naming import busiest_place

_OVERLAP = 0.5
_EXPLAINED, _PART = 0.5, 0.25
"""What brought half of a rush names it; what brought a quarter, all of it inside, is told of with the rush."""

_RUSH_SLACK = pd.Timedelta(hours=6)
"""A rush reaches significance in one channel some hours before it does in another."""

_MOOD_SLACK = 1.25
"""On a day of twice the contacts twice as many are unhappy, give or take a quarter: no news beside the rush itself."""

Incident = tuple[Episode, list[Episode]]
"""The episode that names it, and all of them."""


def group_rushes(episodes: Sequence[Episode]) -> list[Incident]:
    """Return the episodes of one kind of place grouped by time alone: places that are busy together are one rush."""
    groups: list[list[Episode]] = []
    for episode in sorted(episodes, key=lambda e: (e.started_at, e.key)):
        if groups and any(episode.started_at <= other.ended_at + _RUSH_SLACK for other in groups[-1]):
            groups[-1].append(episode)
        else:
            groups.append([episode])
    return [(busiest_place(group), group) for group in groups]


def settle(rushes: list[Incident], heads: list[Incident]) -> list[Incident]:
    """Give a rush to the incident that brought half of it, and to a rush what rose less than it did.

    Parameters
    ----------
    rushes : list of Incident
        Of `group_rushes`, of one kind.
    heads : list of Incident
        The others.

    Returns
    -------
    list of Incident
        All that is left, heads first.
    """
    kept = []
    for rush, busy in rushes:
        excess = len(rush.contacts) * rush.excess_share
        # A mood that only rose with the rush has not brought it, even where most contacts are unhappy.
        causes = [one for one in heads if one[0].kind != "negative" or not _rose_less(one[0], rush)]
        cause = max(causes, key=lambda one: (_brought(one, rush), one[0].key), default=None)
        if cause is not None and excess > 0 and _brought(cause, rush) >= _EXPLAINED * excess:
            heads = [(h, [*group, *busy]) if h is cause[0] else (h, group) for h, group in heads]
            continue
        parts = [one for one in heads if _rose_less(one[0], rush) or _is_part(one, rush, excess)]
        heads = [one for one in heads if one not in parts]
        kept.append((rush, [*busy, *(episode for _, group in parts for episode in group)]))
    return [*heads, *kept]


def _is_part(incident: Incident, rush: Episode, excess: float) -> bool:
    head = incident[0]
    inside = len(head.contacts & rush.contacts) >= _OVERLAP * len(head.contacts)
    return inside and head.meets(rush) and _brought(incident, rush) >= _PART * excess


def _brought(incident: Incident, rush: Episode) -> float:
    head, group = incident
    contacts = frozenset[str]().union(*(episode.contacts for episode in group if episode.kind != "volume"))
    return len(contacts & rush.contacts) * head.excess_share


def _rose_less(head: Episode, rush: Episode) -> bool:
    inside = len(head.contacts & rush.contacts) >= _OVERLAP * len(head.contacts)
    slack = _MOOD_SLACK if head.kind == "negative" else 1.0
    return inside and head.meets(rush) and head.lift < rush.lift * slack
