"""What is said of moods over days: lasting changes, and what moved a period against the one before."""

from __future__ import annotations

from analytics.schema.table import CHANNEL_COLUMN, DAY, INT, REAL, TEXT, Column, Table, columns_of

TABLES = (
    Table(
        "mood_change",
        "one lasting change of a mood, on the day on which it was first seen",
        (
            Column("day", DAY, "local day by whose end it was seen first, the partition"),
            Column("changed_on", DAY, "first local day of the new level"),
            CHANNEL_COLUMN,
            Column("topic_id", TEXT, "topic; '' = all contacts of the channel"),
            *columns_of(
                REAL,
                before="mean score of the level before",
                after="mean score since, up to the day",
                low="95 % interval of after - before",
                high="95 % interval of after - before",
                p_value="two-sided, over all days on which the series could have changed",
            ),
            Column("n", INT, "contacts since, up to the day"),
        ),
        ("day", "channel", "topic_id"),
    ),
    Table(
        "driver",
        "last day of a period x measure x dimension x key",
        (
            Column("day", DAY, "last local day of the period, the partition"),
            *columns_of(
                DAY,
                period_start="first local day of the period",
                period_end="its last local day",
                base_start="first local day of the period before, which it is compared with",
                base_end="its last local day",
            ),
            *columns_of(
                TEXT,
                measure="sentiment (mean score), csat (mean rating), repeat (share who come again on the topic)",
                dimension="topic or touchpoint",
                key="topic_id or touchpoint; '' = none",
            ),
            *columns_of(INT, n="contacts of the key that are measured", base_n="the same in the period before"),
            *columns_of(
                REAL,
                contribution="part of the change of the whole; those of a measure and dimension add up to it",
                mix="of that, from a larger or smaller share of contacts",
                within="of that, from another mean of the key itself",
                low="95 % interval of the contribution; null where a period has fewer than 2",
                high="95 % interval of the contribution",
            ),
            Column("rank", INT, "1 = largest contribution, whichever its sign"),
        ),
        ("day", "measure", "dimension", "key"),
    ),
)
