"""What people and operators look after: alerts, refused rows, quality, runs."""

from __future__ import annotations

from analytics.schema.table import DAY, DAY_COLUMN, INT, REAL, TEXT, TIME, Column, Table, columns_of

TABLES = (
    Table(
        "alert",
        "one incident for a person (the inbox's own table; this is its state at publication)",
        (
            *columns_of(
                TEXT,
                alert_id="hash of the spike or dip it began with, of the failed run for the kind system",
                spike_id="spike or dip; empty for the kind system",
                key="what it is about",
                state="open, acknowledged, muted, resolved or false_alarm",
                severity="high, medium or low",
                owner="who took it",
                channel="channel; '*' = all",
                title="the line a person reads",
                body="the message, with masked verbatims",
                kind="as of the spike; sentiment for every fall of mood; system for a failed run",
                changed_by="who changed the state; system when nobody did",
            ),
            Column("n_contacts", INT, "contacts of the whole incident"),
            *columns_of(REAL, observed="as of the spike, when last seen", expected="as of the spike, when last seen"),
            *columns_of(
                TIME,
                started_at="UTC",
                created_at="UTC",
                last_seen_at="last contact of the incident, UTC",
                last_changed_at="when anything about it last changed, UTC",
            ),
        ),
        ("alert_id",),
        by_day=False,
    ),
    Table(
        "rejected",
        "one record refused",
        (
            DAY_COLUMN,
            *columns_of(TEXT, source="source", file="landing file"),
            Column("position", INT, "row in that file, from 1"),
            Column("reason", TEXT, "one of a fixed list of reasons, never text of the row"),
            Column("raw_hash", TEXT, "SHA-256 of the row as received"),
        ),
        ("file", "position"),
    ),
    Table(
        "landed_file",
        "one file in landing",
        (
            *columns_of(
                TEXT, file="landing file", source="source it was collected for", sha256="of its content as received"
            ),
            *columns_of(INT, n_bytes="size", n_records="records in it, readable or not"),
            Column("collected_at", TIME, "UTC"),
        ),
        ("file",),
        by_day=False,
    ),
    Table(
        "quality",
        "day x expectation x part: whether the day was as expected when it was last looked at, before a publication",
        (
            DAY_COLUMN,
            *columns_of(
                TEXT,
                table_name="the table that is wrong where it failed",
                expectation="its name in data/quality or {home}/quality",
                part="the value of the column it is told apart by, as a channel; '' = all",
                label="what is expected, Chinese",
                severity="stop (a failure holds the publication back) or warning",
                status="passed, failed, short_history (历史不足: not judged) or not_over (the day still goes on)",
            ),
            *columns_of(
                REAL,
                observed="what was measured; null where nothing could be",
                low="least that is expected; null = none",
                high="most that is expected; null = none",
            ),
            *columns_of(
                TEXT,
                message="expected, observed and what to do, Chinese; never text of a customer",
                accepted="why somebody published in spite of it; null when nobody did",
                accepted_by="who, as the machine knows them",
            ),
            Column("checked_at", TIME, "UTC"),
        ),
        ("day", "table_name", "expectation", "part"),
    ),
    Table(
        "run",
        "one job over one window",
        (
            *columns_of(TEXT, run_id="unique", job="job"),
            *columns_of(DAY, window_start="first local day", window_end="last local day"),
            Column("status", TEXT, "done or failed"),
            *columns_of(INT, rows_in="rows read", rows_out="rows written", rows_rejected="rows refused"),
            Column("seconds", REAL, "wall time"),
            Column("code_version", TEXT, "version of Kesheng"),
            Column("finished_at", TIME, "UTC"),
            Column("inputs", TEXT, "hashes of dictionary and models used, as JSON"),
        ),
        ("run_id",),
        by_day=False,
    ),
)
