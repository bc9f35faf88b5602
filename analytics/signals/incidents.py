"""Alarms to incidents: what a person should read once."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.schema import TABLES
from analytics.signals.episodes import PLACE_KINDS, Episode, find_episodes
from analytics.signals.naming import most_telling
from analytics.signals.rushes import Incident, group_rushes, settle
from analytics.signals.spikes import ALARM_COLUMNS
from analytics.signals.tables import local_day, require_columns, stable_id

GAP_HOURS = 24
"""Alarms of a key at most this far apart are the same incident."""

_OVERLAP = 0.5
_GROWN = 2.0
_PRAISE_SHARE = 0.75
"""From this share of praise on a surge is a campaign or a success; nobody needs to be called."""


def group_incidents(
    alarms: pd.DataFrame,
    members: pd.DataFrame,
    *,
    praise: AbstractSet[str] = frozenset(),
    since: pd.Timestamp | None = None,
    zone: str = "Asia/Shanghai",
) -> pd.DataFrame:
    """Return one row an incident, as the table `spike`.

    Alarms of a key that follow each other are one; keys that rise in the same contacts (at least half of the smaller
    set) are one, named by the most telling and with the others in `related`; a rush of unhappy contacts, or of all, is
    one, whatever places it is seen in, and belongs to the keyword, topic or category that brought half of it.

    Parameters
    ----------
    alarms : DataFrame
        `ALARM_COLUMNS` of `detect_spikes`, `detect_volume_spikes` and `detect_negative_spikes`, put together.
    members : DataFrame
        kind, key, channel, hour (UTC), contact_id: the contacts that have an alarming key, with their own channel; for
        kind "volume" all contacts of the time, for "negative" the unhappy ones, with key = channel, and once more with
        key = product. Keys and hours without an alarm do no harm.
    praise : set of str
        Contacts that only praise (good reviews): what three quarters of such contacts say is no incident.
    since : Timestamp, optional
        Tell only of what was judged from this local midnight on, and of incidents that began before it only the part
        since then, under the name that the whole of them has. What has calmed down is not told of again.
    zone : str
        Zone of the local day.

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
    found_here = find_episodes(alarms, members, gap_hours=GAP_HOURS)
    episodes = [episode for episode in found_here if not _is_praise(episode, praise)]
    if not episodes:
        return pd.DataFrame(columns=columns)
    incidents = _incidents(episodes)
    told = incidents
    if since is not None:
        told = _parts_since(incidents, _earlier(alarms, members, praise, since), alarms, members, since)
    if not told:
        return pd.DataFrame(columns=columns)
    found = pd.DataFrame([_row(head, group) for head, group in told])
    found["day"] = local_day(found["started_at"], zone) if since is None else since.tz_convert(zone).date()
    return found.sort_values(["started_at", "spike_id"], ignore_index=True)[columns]


def _incidents(episodes: Sequence[Episode]) -> list[Incident]:
    groups = _groups_by_contact([e for e in episodes if e.kind not in PLACE_KINDS])
    incidents = [(most_telling(group), group) for group in groups]
    for kind in ("negative", "volume"):
        incidents = settle(group_rushes([e for e in episodes if e.kind == kind]), incidents)
    return incidents


def _earlier(
    alarms: pd.DataFrame, members: pd.DataFrame, praise: AbstractSet[str], since: pd.Timestamp
) -> list[list[Incident]]:
    """Return the incidents as they were known a day before `since`, and at it: the name first given is kept."""
    found = []
    for until in (since - pd.DateOffset(days=1), since):
        episodes = find_episodes(alarms[alarms["judged_hour"] < until], members, gap_hours=GAP_HOURS)
        found.append(_incidents([episode for episode in episodes if not _is_praise(episode, praise)]))
    return found


def _parts_since(
    incidents: Sequence[Incident],
    earlier: Sequence[Sequence[Incident]],
    alarms: pd.DataFrame,
    members: pd.DataFrame,
    since: pd.Timestamp,
) -> list[Incident]:
    """Return of each incident what the later alarms are of it, under the name that it had before if it had one.

    Where the key of that name has calmed nothing is told, unless what is left is twice as large: that is news. Of an
    incident that goes on, windows that began before `since` have been told of.
    """
    later = alarms[alarms["judged_hour"] >= since]
    parts = find_episodes(later, members, gap_hours=GAP_HOURS)
    inside = find_episodes(later[later["started_at"] >= since], members, gap_hours=GAP_HOURS)
    told = []
    for head, group in incidents:
        name = _name_before(group, earlier)
        own = [part for whole in group for part in _of(whole, parts if name is None else inside)]
        series = (name or head).series
        named = [part for part in own if part.series == series]
        if not named and name is not None:
            large = _GROWN * len(name.contacts)
            named = [part for part in own if part.series == head.series and len(part.contacts) >= large]
        if named:
            told.append((named[0], own))
    return told


def _name_before(group: Sequence[Episode], earlier: Sequence[Sequence[Incident]]) -> Episode | None:
    for incidents in earlier:
        known = [h for h, _ in incidents for whole in group if h.series == whole.series and h.meets(whole)]
        if known:
            return max(known, key=lambda h: (len(h.contacts), h.series))
    return None


def _of(whole: Episode, parts: Sequence[Episode]) -> list[Episode]:
    same = [part for part in parts if part.series == whole.series]
    return [part for part in same if part.started_at >= whole.started_at and part.ended_at <= whole.ended_at]


def _is_praise(episode: Episode, praise: AbstractSet[str]) -> bool:
    held = len(episode.contacts & praise)
    return held > 0 and held >= _PRAISE_SHARE * len(episode.contacts)


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
