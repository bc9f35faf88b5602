"""The inbox as it was when steps began (0001), and how every inbox of before becomes it.

The tables stand here a second time on purpose: those of `analytics.inbox.tables` go on, these never change.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Float,
    ForeignKey,
    Inspector,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.schema import CreateColumn

from analytics.errors import ConfigError

BASELINE = MetaData()

Table(
    "alert",
    BASELINE,
    Column("alert_id", String(64), primary_key=True),
    Column("spike_id", String(64), nullable=False),
    Column("kind", String(20), nullable=False, server_default=""),
    Column("key", String(200), nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("severity", String(10), nullable=False),
    Column("owner", String(100)),
    Column("channel", String(100), nullable=False),
    Column("title", Text(), nullable=False),
    Column("body", Text(), nullable=False),
    Column("n_contacts", Integer(), nullable=False, server_default="0"),
    Column("n_windows", Integer(), nullable=False, server_default="1"),
    Column("observed", Float()),
    Column("expected", Float()),
    Column("started_at", DateTime(), nullable=False, index=True),
    Column("last_seen_at", DateTime()),
    Column("created_at", DateTime(), nullable=False),
    Column("changed_at", DateTime()),
    Column("changed_by", String(100)),
    Column("last_changed_at", DateTime()),
    Column("calmed_at", DateTime()),
    Column("held", String(200)),
)
Table(
    "alert_event",
    BASELINE,
    Column("event_id", Integer(), primary_key=True),
    Column("alert_id", String(64), nullable=False, index=True),
    Column("at", DateTime(), nullable=False),
    Column("what", String(20), nullable=False, index=True),
    Column("by", String(100), nullable=False),
    Column("detail", Text(), nullable=False),
)
Table(
    "identity_decision",
    BASELINE,
    Column("decision_id", Integer(), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("left", String(300), nullable=False),
    Column("right", String(300), nullable=False),
    Column("left_person", String(64)),
    Column("right_person", String(64)),
    Column("made_at", DateTime(), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("why", Text(), nullable=False),
    Column("withdrawn_at", DateTime()),
)
Table(
    "mood_label",
    BASELINE,
    Column("label_id", Integer(), primary_key=True),
    Column("contact_id", String(300), nullable=False, index=True),
    Column("turn", Integer()),
    Column("label", String(10), nullable=False),
    Column("was_label", String(10)),
    Column("was_score", Float()),
    Column("made_by", String(100), nullable=False),
    Column("made_at", DateTime(), nullable=False),
    Column("undone_at", DateTime()),
)
Table(
    "mute",
    BASELINE,
    Column("mute_id", Integer(), primary_key=True),
    Column("kind", String(20)),
    Column("key", String(200), index=True),
    Column("channel", String(100)),
    Column("since", DateTime(), nullable=False),
    Column("until", DateTime(), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("why", Text(), nullable=False),
    Column("withdrawn_at", DateTime()),
)
Table(
    "topic_decision",
    BASELINE,
    Column("decision_id", Integer(), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("topic_id", String(20), nullable=False, index=True),
    Column("other_topic_id", String(20)),
    Column("value", String(100)),
    Column("was", String(100)),
    Column("made_at", DateTime(), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("why", Text(), nullable=False),
    Column("withdrawn_at", DateTime()),
)
Table(
    "alert_comment",
    BASELINE,
    Column("comment_id", Integer(), primary_key=True),
    Column("alert_id", String(64), ForeignKey("alert.alert_id"), nullable=False, index=True),
    Column("at", DateTime(), nullable=False),
    Column("by", String(100), nullable=False),
    Column("text", Text(), nullable=False),
)
Table(
    "alert_part",
    BASELINE,
    Column("found_id", String(64), primary_key=True),
    Column("alert_id", String(64), ForeignKey("alert.alert_id"), nullable=False, index=True),
    Column("spike_id", String(64), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("started_at", DateTime(), nullable=False, index=True),
    Column("ended_at", DateTime(), nullable=False),
    Column("n_contacts", Integer(), nullable=False),
    Column("n_windows", Integer(), nullable=False),
    Column("sketch", Text(), nullable=False, server_default=""),
)
Table(
    "delivery",
    BASELINE,
    Column("delivery_id", String(300), primary_key=True),
    Column("alert_id", String(64), ForeignKey("alert.alert_id"), nullable=False, index=True),
    Column("way", String(100), nullable=False),
    Column("sequence", Integer(), nullable=False),
    Column("reason", String(10), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("attempts", Integer(), nullable=False),
    Column("doubts", Integer(), nullable=False),
    Column("retry_at", DateTime()),
    Column("claimed_at", DateTime()),
    Column("sent_at", DateTime()),
    Column("last_error", Text()),
    Column("told_n", Integer()),
    Column("told_severity", String(10)),
    UniqueConstraint("alert_id", "way", "sequence"),
)
Table(
    "topic_label",
    BASELINE,
    Column("label_id", Integer(), primary_key=True),
    Column("contact_id", String(300), nullable=False, index=True),
    Column("topic_id", String(20), nullable=False),
    Column("was", String(20)),
    Column("made_by", String(100), nullable=False),
    Column("made_at", DateTime(), nullable=False),
    Column("undone_at", DateTime()),
)

# An inbox of before deliveries had numbers; its alerts have no parts and its mutes lasted a week.
_OUTBOX = """
INSERT INTO delivery (delivery_id, alert_id, way, sequence, reason, state, attempts, doubts, sent_at, last_error)
SELECT alert_id || ':' || channel || ':1', alert_id, channel, 1, 'new', state, attempts, 0, sent_at, last_error
FROM outbox
"""
_PARTS = """
INSERT INTO alert_part (found_id, alert_id, spike_id, severity, started_at, ended_at, n_contacts, n_windows)
SELECT alert_id, alert_id, spike_id, severity, started_at, started_at, 0, 1 FROM alert
"""
_MUTES = {
    "sqlite": """
INSERT INTO mute (kind, key, channel, since, until, made_by, why)
SELECT NULL, key, channel, changed_at, strftime('%Y-%m-%d %H:%M:%f000', changed_at, '+7 days'), coalesce(owner, ''), ''
FROM alert WHERE state = 'muted' AND changed_at IS NOT NULL
""",
    "postgresql": """
INSERT INTO mute (kind, key, channel, since, until, made_by, why)
SELECT NULL, key, channel, changed_at, changed_at + INTERVAL '7 days', coalesce(owner, ''), ''
FROM alert WHERE state = 'muted' AND changed_at IS NOT NULL
""",
}


def adopt(connection: Connection) -> None:
    """Add the tables, columns and indexes that are missing, and move what has a new place.

    Raises
    ------
    ConfigError
        If a column is missing that cannot be added to a table with rows: the table is none of ours.
    """
    found = inspect(connection)
    before = [table for name, table in BASELINE.tables.items() if found.has_table(name)]
    for table in before:
        _add_columns(connection, table, found)
    BASELINE.create_all(connection)
    for table in before:
        there = {index["name"] for index in found.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in there:
                index.create(connection)
    if found.has_table("outbox"):
        for statement in (_OUTBOX, _PARTS, _MUTES[connection.dialect.name], "DROP TABLE outbox"):
            connection.exec_driver_sql(statement)


def _add_columns(connection: Connection, table: Table, found: Inspector) -> None:
    there = {column["name"] for column in found.get_columns(table.name)}
    for column in table.columns:
        if column.name in there:
            continue
        if column.primary_key or not (column.nullable or column.server_default is not None):
            raise ConfigError(
                f"inbox: table {table.name} has no column {column.name}, and it cannot be added; expected a database "
                "that this version or an earlier one made. Give another inbox.url, or move the old file away"
            )
        declared = CreateColumn(column).compile(dialect=connection.dialect)
        connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN {declared}'))
