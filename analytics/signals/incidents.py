"""Alarms to incidents: what a person should read once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.schema import TABLES
from analytics.signals.episodes import Episode, find_episodes
from analytics.signals.naming import busiest_channel, most_telling
from analytics.signals.spikes import ALARM_COLUMNS
from analytics.signals.tables import local_day, require_columns, stable_id

GAP_HOURS = 24
_OVERLAP = 0.5
_EXPLAINED = 0.5
_RUSH_SLACK = pd.Timedelta(hours=6)
"""A rush reaches significance in one channel some hours before it does in another."""


def group_incidents(
    alarms: pd.DataFrame, members: pd.DataFrame, *, zone: str = "Asia/Shanghai", gap_hours: int = GAP_HOURS
) -> pd.DataFrame:
    """Return one row an incident, as the table `spike`.

    Alarms of a key that follow each other are one; keys that rise in the same contacts (at least half of the smaller
    set) are one, named by the most telling and with the others in `related`; a rush of all contacts is one, and belongs
    to a keyword or topic that brought half of it.

    Parameters
    ----------
    alarms : DataFrame
        `ALARM_COLUMNS` of `detect_spikes` and `detect_volume_spikes`, of any kinds and channels, put together.
    members : DataFrame
        kind, key, channel, hour (UTC), contact_id: the contacts that have an alarming key, with their own channel; for
        kind "volume" all contacts of the time, with key = channel. Keys and hours without an alarm do no harm.
    zone : str
        Zone of the local day.
    gap_hours : int
        Alarms of a key at most this far apart are the same incident.

    Returns
    -------
    DataFrame
        The columns of `TABLES["spike"]`, sorted by started_at and spike_id. started_at, observed, expected and
        bucket_seconds are those of the first alarming window; contact_ids those with the key from then to the last.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(alarms, "alarms", ALARM_COLUMNS)
    require_columns(members, "members", ("kind", "key", "channel", "hour", "contact_id"))
    columns = [column.name for column in TABLES["spike"].columns]
    episodes = find_episodes(alarms, members, gap_hours=gap_hours)
    if not episodes:
        return pd.DataFrame(columns=columns)
    rushes = _rushes([e for e in episodes if e.kind == "volume"])
    groups = _groups_by_contact([e for e in episodes if e.kind != "volume"])
    heads = [(most_telling(group), group) for group in groups]
    rushes, heads = _settle(rushes, heads)
    rows = [_row(head, group) for head, group in (*heads, *rushes)]
    found = pd.DataFrame(rows)
    found["day"] = local_day(found["started_at"], zone)
    return found.sort_values(["started_at", "spike_id"], ignore_index=True)[columns]


Incident = tuple[Episode, list[Episode]]


def _groups_by_contact(episodes: list[Episode]) -> list[list[Episode]]:
    """Return the connected groups of episodes that overlap in time and share half of the smaller one's contacts."""
    if not episodes:
        return []
    codes, _ = pd.factorize(np.array([c for e in episodes for c in sorted(e.contacts)], dtype=object))
    sizes = np.array([len(e.contacts) for e in episodes])
    rows = np.repeat(np.arange(len(episodes)), sizes)
    table = coo_array(
        (np.ones(len(codes), dtype=np.int64), (rows, codes)), shape=(len(episodes), max(len(codes), 1))
    ).tocsr()
    shared = (table @ table.T).tocoo()
    smaller = np.minimum(sizes[shared.row], sizes[shared.col])
    meet = np.array([episodes[i].meets(episodes[j]) for i, j in zip(shared.row, shared.col, strict=True)], dtype=bool)
    joined = meet & (shared.data >= _OVERLAP * smaller)
    graph = coo_array((joined[joined], (shared.row[joined], shared.col[joined])), shape=shared.shape)
    n_groups, label = connected_components(graph, directed=False)
    return [[episodes[i] for i in np.flatnonzero(label == group)] for group in range(n_groups)]


def _rushes(episodes: list[Episode]) -> list[Incident]:
    """Return the volume episodes grouped by time alone: channels that are busy together are one rush."""
    groups: list[list[Episode]] = []
    for episode in sorted(episodes, key=lambda e: e.started_at):
        if groups and any(episode.started_at <= other.ended_at + _RUSH_SLACK for other in groups[-1]):
            groups[-1].append(episode)
        else:
            groups.append([episode])
    return [(busiest_channel(group), group) for group in groups]


def _settle(rushes: list[Incident], heads: list[Incident]) -> tuple[list[Incident], list[Incident]]:
    """Give a rush to the keyword or topic that brought half of it, and to a rush what rose less than it did."""
    kept = []
    for rush, busy in rushes:
        excess = len(rush.contacts) * rush.excess_share
        cause = max(heads, key=lambda h: _brought(h[0], rush), default=None)
        if cause is not None and excess > 0 and _brought(cause[0], rush) >= _EXPLAINED * excess:
            heads = [(h, [*group, *busy]) if h is cause[0] else (h, group) for h, group in heads]
            continue
        absorbed = [(h, group) for h, group in heads if _only_volume(h, rush)]
        heads = [(h, group) for h, group in heads if not _only_volume(h, rush)]
        kept.append((rush, [*busy, *(episode for _, group in absorbed for episode in group)]))
    return kept, heads


def _brought(head: Episode, rush: Episode) -> float:
    return len(head.contacts & rush.contacts) * head.excess_share


def _only_volume(head: Episode, rush: Episode) -> bool:
    inside = len(head.contacts & rush.contacts) >= _OVERLAP * len(head.contacts)
    return inside and head.meets(rush) and head.lift < rush.lift


def _row(head: Episode, group: Sequence[Episode]) -> dict[str, object]:
    others = sorted(group, key=lambda e: (-e.lift, e.key))
    related = list(dict.fromkeys(e.key for e in others if (e.kind, e.key) != (head.kind, head.key)))
    return {
        "spike_id": stable_id(head.kind, head.key, head.channel, head.started_at.isoformat()),
        "kind": head.kind,
        "key": head.key,
        "channel": head.channel,
        "started_at": head.started_at,
        "bucket_seconds": head.bucket_seconds,
        "observed": head.observed,
        "expected": head.expected,
        "p_value": head.p_value,
        "q_value": head.q_value,
        "short_history": head.short_history,
        "n_contacts": len(head.contacts),
        "contact_ids": sorted(head.contacts),
        "related": related,
    }
