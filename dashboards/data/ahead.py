"""What is expected of the days to come."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboards.data.source import Source


def hours(source: Source, start: dt.date, end: dt.date, channel: str = "*") -> pd.DataFrame:
    """Return the newest forecast of each hour between two local days, both included.

    Columns: hour (local), expected, low, high (contacts, 80 % interval), made_at (UTC).
    """
    return source.rows(
        "SELECT timezone($zone, hour) AS hour, expected, low, high, made_at FROM forecast_hour"
        " WHERE CAST(timezone($zone, hour) AS DATE) BETWEEN $start AND $end AND channel = $channel"
        " QUALIFY row_number() OVER (PARTITION BY forecast_hour.hour ORDER BY made_at DESC) = 1 ORDER BY 1",
        zone=source.zone,
        start=start,
        end=end,
        channel=channel,
    )
