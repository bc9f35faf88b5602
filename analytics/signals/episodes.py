"""Alarms of one series that follow each other are one episode."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analytics.schema import ALL

_HOUR = pd.Timedelta(hours=1)

PLACE_KINDS = ("volume", "negative")
"""Kinds whose key is a place: "*" for everything, a channel, or a product."""


@dataclass(frozen=True)
class Episode:
    """One stretch of alarms of one key in one channel.

    Attributes
    ----------
    kind, key, channel : str
        Of the alarms.
    started_at, ended_at : Timestamp
        Start of the first alarming window; end of the last one, exclusive. UTC.
    bucket_seconds, observed, expected, p_value, q_value
        Of the first alarming window; the shortest where several alarm in the same hour.
    lift : float
        Largest (observed + 1) / (expected + 1) of its windows.
    excess_share : float
        Share of what its windows observed that was not expected, 0 to 1.
    contacts : frozenset of str
        Contacts with the key from start to end.
    short_history : bool
        Whether fewer than 14 days were known at the first alarming window.
    """

    kind: str
    key: str
    channel: str
    started_at: pd.Timestamp
    ended_at: pd.Timestamp
    bucket_seconds: int
    observed: float
    expected: float
    p_value: float
    q_value: float
    lift: float
    excess_share: float
    contacts: frozenset[str] = field(default=frozenset())
    short_history: bool = False

    @property
    def series(self) -> tuple[str, str, str]:
        """What it is an episode of: kind, key and channel."""
        return self.kind, self.key, self.channel

    def meets(self, other: Episode) -> bool:
        """Say whether the two overlap in time."""
        return self.started_at < other.ended_at and other.started_at < self.ended_at


def find_episodes(alarms: pd.DataFrame, members: pd.DataFrame, *, gap_hours: int) -> list[Episode]:
    """Return the episodes of a table of alarms, with their contacts, in order of time and key.

    Parameters
    ----------
    alarms : DataFrame
        `ALARM_COLUMNS`, of any kinds and channels.
    members : DataFrame
        kind, key, channel, hour (UTC), contact_id: which contacts have which key; channel is that of the contact. Of
        `PLACE_KINDS` every contact (every negative one) once, and once more under each product that alarms.
    gap_hours : int
        Alarms at most this far apart belong together: an incident sleeps at night and goes on in the morning.
    """
    held = {name: rows for name, rows in members.groupby(["kind", "key"], sort=False)}
    everywhere = {kind: members[members["kind"] == kind] for kind in PLACE_KINDS}
    gap = pd.Timedelta(hours=gap_hours)
    found = []
    for (kind, key, channel), rows in alarms.groupby(["kind", "key", "channel"], sort=True):
        ordered = rows.sort_values(["judged_hour", "bucket_seconds"])
        ends = ordered["judged_hour"].cummax() + _HOUR
        starts_new = (ordered["started_at"] - ends.shift()) > gap
        is_whole = kind in PLACE_KINDS and (key == ALL or channel != ALL)
        mine = everywhere[str(kind)] if is_whole else held.get((kind, key), members.iloc[:0])
        if channel != ALL:
            mine = mine[mine["channel"] == channel]
        found += [_episode(part, mine) for _, part in ordered.groupby(starts_new.cumsum())]
    return sorted(found, key=lambda e: (e.started_at, e.kind, e.key, e.channel))


def _episode(rows: pd.DataFrame, members: pd.DataFrame) -> Episode:
    first = rows.iloc[0]
    ended_at = rows["judged_hour"].max() + _HOUR
    during = (members["hour"] >= first["started_at"]) & (members["hour"] < ended_at)
    observed = float(rows["observed"].sum())
    return Episode(
        kind=first["kind"],
        key=first["key"],
        channel=first["channel"],
        started_at=first["started_at"],
        ended_at=ended_at,
        bucket_seconds=int(first["bucket_seconds"]),
        observed=float(first["observed"]),
        expected=float(first["expected"]),
        p_value=float(first["p_value"]),
        q_value=float(first["q_value"]),
        short_history=bool(first["short_history"]),
        lift=float(((rows["observed"] + 1) / (rows["expected"] + 1)).max()),
        excess_share=max(1 - float(rows["expected"].sum()) / observed, 0.0),
        contacts=frozenset(members.loc[during, "contact_id"]),
    )
