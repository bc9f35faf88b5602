"""All that is watched, in one call: counts of a service centre to alarms, and alarms to the incidents of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import pandas as pd

from analytics.schema import ALL
from analytics.signals.incidents import group_incidents
from analytics.signals.negative import detect_negative_spikes
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.spikes import detect_spikes, empty_alarms
from analytics.signals.volume import detect_volume_spikes

GOING_ON_DAYS = 2
"""Days before the one that is told of, in which an incident may have begun that only goes on."""

_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Counted:
    """What came in each hour.

    Attributes
    ----------
    moods : DataFrame
        hour (UTC), channel, product, n_contacts, n (those with a mood), n_negative.
    keywords : DataFrame
        hour, key, n_contacts over all channels.
    themes : mapping of str to DataFrame
        kind ("topic", "category") to hour, channel, key, n_contacts.
    """

    moods: pd.DataFrame
    keywords: pd.DataFrame
    themes: Mapping[str, pd.DataFrame]


def all_alarms(
    counted: Counted, *, hours: JudgedHours, rule: SpikeRule, normal: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the alarms of all kinds.

    Volume and negative contacts are judged everywhere, in each channel and for each product; topics and categories
    everywhere and in each channel, against its own contacts; keywords everywhere.

    Parameters
    ----------
    counted : Counted
        History and the hours to be judged.
    hours : JudgedHours
        What is judged.
    rule : SpikeRule
        What counts; each kind has its own q.
    normal : DataFrame, optional
        kind, key, channel, started_at, ended_at: rises that people marked as normal.

    Returns
    -------
    DataFrame
        `ALARM_COLUMNS`.
    """
    totals = counted.moods.groupby(["hour", "channel"], as_index=False).agg(n_contacts=("n_contacts", "sum"))
    found = [
        detect_volume_spikes(counted.moods, hours=hours, rule=rule, normal=_of(normal, "volume")),
        detect_negative_spikes(counted.moods, hours=hours, rule=rule, normal=_of(normal, "negative")),
        detect_spikes(
            counted.keywords,
            totals,
            kind="keyword",
            hours=hours,
            rule=rule,
            normal=_of(normal, "keyword"),
        ),
        *(
            alarms
            for kind, counts in counted.themes.items()
            for alarms in _by_channel(counts, totals, kind, hours=hours, rule=rule, normal=normal)
        ),
    ]
    found = [alarms for alarms in found if len(alarms)]
    return pd.concat(found, ignore_index=True) if found else empty_alarms()


def _by_channel(
    counts: pd.DataFrame,
    totals: pd.DataFrame,
    kind: str,
    *,
    hours: JudgedHours,
    rule: SpikeRule,
    normal: pd.DataFrame | None,
) -> Iterator[pd.DataFrame]:
    channels = sorted(set(totals["channel"]) - {ALL})
    for channel in (ALL, *(channels if len(channels) > 1 else ())):
        own, all_ = (part if channel == ALL else part[part["channel"] == channel] for part in (counts, totals))
        marks = _of(normal, kind, channel)
        # Half for the whole, which has most data; a channel tells of what the others drown.
        share = 2 if channel == ALL else 2 * len(channels)
        shared = replace(rule, q=rule.q / share)
        yield detect_spikes(own, all_, kind=kind, hours=hours, rule=shared, normal=marks).assign(channel=channel)


def _of(normal: pd.DataFrame | None, kind: str, channel: str = ALL) -> pd.DataFrame | None:
    """Return the marks of a kind; what is normal everywhere is so in each channel."""
    if normal is None or normal.empty:
        return None
    chosen = normal[normal["kind"] == kind]
    return chosen if channel == ALL else chosen[chosen["channel"].isin((ALL, channel))]


def incidents_of_days(
    alarms: pd.DataFrame,
    members: pd.DataFrame,
    days: Sequence[dt.date],
    *,
    praise: AbstractSet[str] = frozenset(),
    zone: str = _ZONE,
) -> pd.DataFrame:
    """Return the incidents of each day, as that day's own run would have told them.

    A day's incidents are grouped from the alarms of the day and the two before it, never from later ones: a run over
    weeks gives the rows that the runs of its days gave. An incident of several days has a row on each day on which it
    alarms, with that day's contacts, under the name that it has by then.

    Parameters
    ----------
    alarms, members : DataFrame
        As of `group_incidents`, for the days and the `GOING_ON_DAYS` before them.
    days : sequence of date
        Local days.
    praise : set of str
        As of `group_incidents`.
    zone : str
        Zone of the local day.
    """
    judged = alarms["judged_hour"]
    found = []
    for day in sorted(days):
        midnight = pd.Timestamp(day, tz=zone)
        begin, end = midnight - pd.DateOffset(days=GOING_ON_DAYS), midnight + pd.DateOffset(days=1)
        known = alarms[(judged >= begin) & (judged < end)]
        if (known["judged_hour"] >= midnight).any():
            found.append(group_incidents(known, members, praise=praise, since=midnight, zone=zone))
    found = [rows for rows in found if len(rows)]
    return pd.concat(found, ignore_index=True) if found else group_incidents(alarms.iloc[:0], members)
