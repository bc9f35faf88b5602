"""Falls of mood as alarms, in the table that people are told from."""

from __future__ import annotations

import pandas as pd

from analytics.schema import TABLES
from analytics.signals.tables import local_day, require_columns, stable_id

_SAME_HOURS = pd.Timedelta(days=7, hours=1)
_SAME_DAY = pd.Timedelta(hours=24)


def dips_as_spikes(dips: pd.DataFrame, *, zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return falls of mood as rows of the table `spike`, kind "sentiment" and key = channel.

    Falls of a channel and team at the same hours at most a week apart, or at any hours at most a day apart, are one
    alarm that begins with the first: a lunch hour that is short of agents every day, or a day on which all goes wrong,
    is one thing to be told of.

    Parameters
    ----------
    dips : DataFrame
        The columns of `TABLES["dip"]`; q_value is used where it is given, else p_value stands for it. Times without a
        zone are UTC.
    zone : str
        Zone of the local day.

    Returns
    -------
    DataFrame
        The columns of `TABLES["spike"]`; observed is the mean score during the first fall, expected what was expected.
    """
    columns = [column.name for column in TABLES["spike"].columns]
    needed = ("started_at", "ended_at", "channel", "team", "mean", "expected", "p_value", "contact_ids")
    require_columns(dips, "dips", needed)
    if dips.empty:
        return pd.DataFrame(columns=columns)
    times = {name: pd.to_datetime(dips[name], utc=True) for name in ("started_at", "ended_at")}
    known = dips.assign(**times, q_value=dips["q_value"] if "q_value" in dips else dips["p_value"])
    known = known.assign(team=known["team"].fillna(""), slot=known["started_at"].dt.tz_convert(zone).dt.hour)
    ordered = known.sort_values(["started_at", "ended_at"])
    rows = [
        _row(falls)
        for _, unit in ordered.groupby(["channel", "team"], sort=True)
        for _, falls in unit.groupby(_patterns(unit))
    ]
    found = pd.DataFrame(rows)
    found["day"] = local_day(found["started_at"], zone)
    return found.sort_values(["started_at", "spike_id"], ignore_index=True)[columns]


def _patterns(falls: pd.DataFrame) -> list[int]:
    """Return for each fall, in order of time, the number of the pattern that it goes on with or begins."""
    numbers: list[int] = []
    latest: dict[int, pd.Timestamp] = {}
    at_slot: dict[tuple[int, int], pd.Timestamp] = {}
    for start, end, slot in zip(falls["started_at"], falls["ended_at"], falls["slot"], strict=True):
        same = [n for (n, hour), last in at_slot.items() if hour == slot and start - last <= _SAME_HOURS]
        near = [n for n, last in latest.items() if start - last <= _SAME_DAY]
        number = min([*near, *same], default=len(latest))
        numbers.append(number)
        latest[number] = max(end, latest.get(number, end))
        at_slot[number, slot] = start
    return numbers


def _row(falls: pd.DataFrame) -> dict[str, object]:
    first = falls.iloc[0]
    contacts = sorted({contact for ids in falls["contact_ids"] for contact in ids})
    return {
        "spike_id": stable_id("sentiment", first["channel"], first["team"], first["started_at"].isoformat()),
        "kind": "sentiment",
        "key": first["channel"],
        "channel": first["channel"],
        "started_at": first["started_at"],
        "bucket_seconds": int((first["ended_at"] - first["started_at"]).total_seconds()),
        "observed": float(first["mean"]),
        "expected": float(first["expected"]),
        "p_value": float(first["p_value"]),
        "q_value": float(first["q_value"]),
        "short_history": False,
        "n_contacts": len(contacts),
        "contact_ids": contacts,
        "related": [],
    }
