"""When contacts came in, for the life of alerts: until when an incident went on, which hours had contacts at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from analytics.schema import ALL
from analytics.warehouse import lake_files, of_days, select_sql

_ENDS = """
SELECT name, max(started_at) FROM (SELECT unnest($names::VARCHAR[]) AS name, unnest($ids::VARCHAR[]) AS contact_id)
JOIN contact USING (contact_id) GROUP BY name
"""
# The last hour with contacts may still be going on.
_HOURS = """
SELECT DISTINCT channel, date_trunc('hour', started_at) AS hour FROM contact
WHERE started_at IS NOT NULL AND channel IS NOT NULL
    AND started_at < (SELECT date_trunc('hour', max(started_at)) FROM contact)
ORDER BY hour, channel
"""


def last_contacts(
    lake: Path, days: tuple[dt.date, dt.date], contact_ids: Mapping[str, Sequence[str]]
) -> dict[str, dt.datetime]:
    """Return the start of the last contact (UTC) of each incident, by the incident's name; one without is not there.

    Parameters
    ----------
    lake : Path
        The lake.
    days : tuple of date
        First and last local day of the contacts, both included.
    contact_ids : mapping of str to sequence of str
        Contacts of each incident.
    """
    pairs = [(name, contact) for name, ids in contact_ids.items() for contact in ids]
    if not pairs:
        return {}
    names, ids = (list(each) for each in zip(*pairs, strict=True))
    with _contacts(lake, days) as connection:
        rows = connection.execute(_ENDS, {"names": names, "ids": ids}).fetchall()
    return {name: ended_at for name, ended_at in rows if ended_at is not None}


def contact_hours(lake: Path, days: tuple[dt.date, dt.date]) -> dict[str, list[dt.datetime]]:
    """Return by channel, and for all ('*'), the starts of the complete hours that have contacts (UTC), ascending.

    Parameters
    ----------
    lake, days
        As for `last_contacts`.
    """
    hours: dict[str, list[dt.datetime]] = defaultdict(list)
    with _contacts(lake, days) as connection:
        for channel, hour in connection.execute(_HOURS).fetchall():
            hours[channel].append(hour)
            if not hours[ALL] or hours[ALL][-1] != hour:
                hours[ALL].append(hour)
    return dict(hours)


def _contacts(lake: Path, days: tuple[dt.date, dt.date]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    files = of_days(lake_files(lake, "contact"), *days)
    connection.execute(
        f"CREATE VIEW contact AS SELECT contact_id, channel, started_at FROM ({select_sql('contact', files)})"
    )
    return connection
