"""All that is watched, in one call: counts of a service centre to alarms, and alarms to the incidents of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import pandas as pd

from analytics.calendar_days import calendar_day
from analytics.schema import ALL
from analytics.signals.incidents import group_incidents
from analytics.signals.negative import detect_negative_spikes
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.spikes import detect_spikes, empty_alarms
from analytics.signals.volume import detect_volume_spikes

GOING_ON_DAYS = 2
"""Days before the one that is told of, in which an incident may have begun that only goes on."""

DAY_BY_DAY = 62
"""Days that are judged one by one; a day of keywords takes some tenths of a second."""

PAST_EVENT_DAYS = 400
"""Last year's 双11 tells of this year's; a year and a month hold it wherever its days lie."""

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
    past_events : DataFrame, optional
        As moods: days of earlier events, each with the ordinary days before it, that lie before the other history.
    """

    moods: pd.DataFrame
    keywords: pd.DataFrame
    themes: Mapping[str, pd.DataFrame]
    past_events: pd.DataFrame | None = None

    def between(self, begin: pd.Timestamp, end: pd.Timestamp, *, with_events: bool) -> Counted:
        """Return what came from `begin` to `end` (exclusive), and on earlier events where wanted."""

        def cut(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[(rows["hour"] >= begin) & (rows["hour"] < end)]

        moods = cut(self.moods)
        if with_events and self.past_events is not None and len(self.past_events):
            at = self.past_events["hour"]
            earlier = self.past_events[(at < begin) & (at >= begin - pd.DateOffset(days=PAST_EVENT_DAYS))]
            moods = pd.concat([earlier, moods], ignore_index=True)
        return Counted(moods, cut(self.keywords), {kind: cut(rows) for kind, rows in self.themes.items()})


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


def alarms_of_days(
    counted: Counted,
    days: Sequence[dt.date],
    *,
    rule: SpikeRule,
    complete_until: pd.Timestamp | None = None,
    normal: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the alarms of all kinds of some days, each judged from its own history and nothing else.

    Up to `DAY_BY_DAY` days each is a call of its own, so that what else was loaded cannot change it; the years of a
    file of reviews are one call, in which the words of all years are the family that a false alarm is counted over.

    Parameters
    ----------
    counted : Counted
        From `history_days` + 1 before the first day on.
    days : sequence of date
        Local days.
    rule, normal
        As of `all_alarms`.
    complete_until : Timestamp, optional
        Up to when all records have arrived, UTC; an hour that is not over is not judged.
    """
    wanted = sorted(days)
    if not wanted:
        return empty_alarms()
    if len(wanted) > DAY_BY_DAY:
        hours = _hours(wanted[0], wanted[-1], rule.zone, complete_until)
        return all_alarms(counted, hours=hours, rule=rule, normal=normal)
    found = []
    for day in wanted:
        midnight = pd.Timestamp(day, tz=rule.zone)
        begin, end = midnight - pd.DateOffset(days=rule.history_days + 1), midnight + pd.DateOffset(days=1)
        is_event = bool(calendar_day(day, rule.events).event)
        known = counted.between(begin, end, with_events=is_event)
        hours = _hours(day, day, rule.zone, complete_until)
        found.append(all_alarms(known, hours=hours, rule=rule, normal=normal))
    found = [alarms for alarms in found if len(alarms)]
    return pd.concat(found, ignore_index=True) if found else empty_alarms()


def _hours(first: dt.date, last: dt.date, zone: str, complete_until: pd.Timestamp | None) -> JudgedHours:
    begin, end = pd.Timestamp(first, tz=zone), pd.Timestamp(last, tz=zone) + pd.DateOffset(days=1)
    hour = pd.Timedelta(hours=1)
    return JudgedHours(begin.tz_convert("UTC"), end.tz_convert("UTC") - hour, complete_until)


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


def without_told_moods(incidents: pd.DataFrame, falls: pd.DataFrame) -> pd.DataFrame:
    """Return incidents without the rushes and the negative shares whose contacts belong, by half, to a fall of mood.

    A fall of mood is taken apart into its causes and says more; an hour short of agents is one matter, not three.

    Parameters
    ----------
    incidents : DataFrame
        Of `incidents_of_days`.
    falls : DataFrame
        contact_ids: the contacts of falls of mood of the days before and of the day.
    """
    told = [frozenset(contacts) for contacts in falls["contact_ids"]]

    def is_told(kind: str, contacts: Sequence[str]) -> bool:
        return kind in ("negative", "volume") and any(
            2 * len(fall.intersection(contacts)) >= len(contacts) for fall in told
        )

    kept = [not is_told(*row) for row in zip(incidents["kind"], incidents["contact_ids"], strict=True)]
    return incidents[pd.Series(kept, index=incidents.index, dtype=bool)]
