"""Every table of Kesheng: its grain, its columns with type and unit, and its key.

Times are UTC. `day` is the local day (the `timezone` setting) and the partition of the lake. A contact belongs to the
local day it started on; a contact without a time belongs to `UNDATED_DAY` and takes no part in anything over time.
Columns marked `later` are not in the lake's own file of that table: another job writes them to a side table
(`turn_mood`, `contact_mood`, `contact_topic`, …), and publish joins them in, so that no job rewrites another's
partition.
"""

from __future__ import annotations

from analytics.schema import contacts, moods, operations, persons, signals, topics
from analytics.schema.table import (
    ALL,
    CHANNELS,
    COURSES,
    FLAGS,
    ID_KINDS,
    KINDS,
    LABELS,
    LIVE_KINDS,
    NEUTRAL_BAND,
    SPEAKERS,
    UNDATED_DAY,
    Column,
    Table,
)

__all__ = [
    "ALL",
    "CHANNELS",
    "COURSES",
    "FLAGS",
    "ID_KINDS",
    "KINDS",
    "LABELS",
    "LIVE_KINDS",
    "NEUTRAL_BAND",
    "SPEAKERS",
    "TABLES",
    "UNDATED_DAY",
    "Column",
    "Table",
]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (*contacts.TABLES, *topics.TABLES, *signals.TABLES, *moods.TABLES, *persons.TABLES, *operations.TABLES)
}
"""All tables by name."""
