"""Falls of mood as alarms, in the table that people are told from."""

from __future__ import annotations

import pandas as pd

from analytics.schema import TABLES
from analytics.signals.tables import local_day, require_columns, stable_id

_SAME_PATTERN_DAYS = 7


def dips_as_spikes(dips: pd.DataFrame, *, zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return falls of mood as rows of the table `spike`, kind "sentiment" and key = channel.

    Falls of a channel and team at the same hours, at most a week apart, are one alarm that begins with the first: a
    lunch hour that is short of agents every day is one thing to be told of.

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
    local = known["started_at"].dt.tz_convert(zone)
    pattern = known.assign(
        slot=local.dt.strftime("%H:%M"), seconds=(known["ended_at"] - known["started_at"]).dt.total_seconds()
    ).sort_values("started_at")
    rows = []
    keys = [pattern["channel"], pattern["team"].fillna(""), pattern["slot"], pattern["seconds"]]
    for _, same in pattern.groupby(keys, sort=True):
        fresh = same["started_at"].diff() > pd.Timedelta(days=_SAME_PATTERN_DAYS)
        rows += [_row(falls) for _, falls in same.groupby(fresh.cumsum())]
    found = pd.DataFrame(rows)
    found["day"] = local_day(found["started_at"], zone)
    return found.sort_values(["started_at", "spike_id"], ignore_index=True)[columns]


def _row(falls: pd.DataFrame) -> dict[str, object]:
    first = falls.iloc[0]
    contacts = sorted({contact for ids in falls["contact_ids"] for contact in ids})
    team = first["team"] if isinstance(first["team"], str) else ""
    return {
        "spike_id": stable_id("sentiment", first["channel"], team, first["started_at"].isoformat()),
        "kind": "sentiment",
        "key": first["channel"],
        "channel": first["channel"],
        "started_at": first["started_at"],
        "bucket_seconds": int(first["seconds"]),
        "observed": float(first["mean"]),
        "expected": float(first["expected"]),
        "p_value": float(first["p_value"]),
        "q_value": float(first["q_value"]),
        "n_contacts": len(contacts),
        "contact_ids": contacts,
        "related": [],
    }
