"""What came in and what became of it: files of landing, records used, superseded and refused, and why."""

from __future__ import annotations

import pandas as pd

from analytics.schema import UNDATED_DAY
from dashboards.data.source import Source
from dashboards.data.worked import Worked, condition
from dashboards.filters import Filters
from dashboards.selection import Selection

SUPERSEDED = "superseded"
"""A record that a newer version replaced: nothing is wrong with it."""
SHOWN = 1000
"""Rows of a detail list on the page; the file has more."""

# As the view v_file_intake, of the files of a period alone: over all turns of years it takes seconds.
_FILES_SQL = f"""
WITH chosen AS (
    SELECT *, timezone($zone, collected_at) AS collected_local FROM landed_file WHERE {condition("collected_at")}
)
SELECT
    chosen.file, chosen.source, chosen.collected_at, CAST(chosen.collected_local AS DATE) AS collected_day,
    chosen.n_bytes, chosen.n_records,
    coalesce(used.n, 0) AS n_used, coalesce(refused.older, 0) AS n_superseded, coalesce(refused.bad, 0) AS n_rejected,
    chosen.n_records - coalesce(used.n, 0) - coalesce(refused.older, 0) - coalesce(refused.bad, 0) AS n_unaccounted
FROM chosen
LEFT JOIN (
    SELECT file, count(DISTINCT position) AS n FROM utterance WHERE file IN (SELECT file FROM chosen) GROUP BY file
) AS used USING (file)
LEFT JOIN (
    SELECT file, count(*) FILTER (reason = '{SUPERSEDED}') AS older, count(*) FILTER (reason <> '{SUPERSEDED}') AS bad
    FROM rejected GROUP BY file
) AS refused USING (file)
ORDER BY chosen.collected_at DESC, chosen.file
"""
_REFUSED_FROM = f"""
FROM rejected AS refused LEFT JOIN landed_file AS landed USING (file)
WHERE (landed.file IS NULL OR {condition("landed.collected_at")})
"""


def files(source: Source, span: Worked) -> pd.DataFrame:
    """Return the files collected in the days, newest first, with what became of their records.

    Columns: file, source, collected_at (UTC), collected_day (local), n_bytes, n_records, n_used, n_superseded,
    n_rejected, n_unaccounted (0 once all days of the file were run).
    """
    return source.rows(_FILES_SQL, zone=source.zone, **span.values)


def by_day(found: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of `files` by collected day, in order."""
    counts = ["n_records", "n_used", "n_superseded", "n_rejected", "n_unaccounted"]
    grouped = found.groupby("collected_day")
    return grouped[counts].sum().assign(n_files=grouped.size()).reset_index()


def reasons(source: Source, span: Worked) -> pd.DataFrame:
    """Return why records were refused: source, reason, n, n_files; most frequent first, superseded ones last."""
    return source.rows(
        f"SELECT refused.source, refused.reason, count(*) AS n, count(DISTINCT refused.file) AS n_files {_REFUSED_FROM}"
        f" GROUP BY 1, 2 ORDER BY refused.reason = '{SUPERSEDED}', n DESC, 1, 2",
        zone=source.zone,
        **span.values,
    )


def refused(source: Source, span: Worked, *, reason: str, of: str, limit: int = SHOWN) -> pd.DataFrame:
    """Return refused records of a reason and source ('' = all), by position: never what stood in them.

    Columns: source, file, position, reason, day (None where unknown), raw_hash.
    """
    return source.rows(
        f"SELECT refused.source, refused.file, refused.position, refused.reason,"
        f" nullif(refused.day, $undated) AS day, refused.raw_hash {_REFUSED_FROM}"
        " AND ($reason = '' OR refused.reason = $reason) AND ($of = '' OR refused.source = $of)"
        " ORDER BY refused.file, refused.position LIMIT $limit",
        reason=reason,
        of=of,
        limit=limit,
        undated=UNDATED_DAY,
        zone=source.zone,
        **span.values,
    )


def flagged(source: Source, filters: Filters) -> pd.DataFrame:
    """Return contacts that are not a customer's own voice: flag, source, n, and n_all contacts of the source."""
    where, values = Selection(filters).condition(source.zone)
    return source.rows(
        "WITH known AS (SELECT source, flag, count(*) AS n FROM contact"
        f" WHERE {where} GROUP BY ALL), whole AS (SELECT source, sum(n)::BIGINT AS n_all FROM known GROUP BY source)"
        " SELECT flag, source, n, n_all FROM known JOIN whole USING (source) WHERE flag IS NOT NULL"
        " ORDER BY n DESC, flag, source",
        **values,
    )


def flagged_contacts(source: Source, filters: Filters, *, flag: str, of: str, limit: int = SHOWN) -> pd.DataFrame:
    """Return the contacts of a flag and source: contact_id, started_at (UTC), channel, flag, source; no words."""
    where, values = Selection(filters).condition(source.zone)
    return source.rows(
        f"SELECT contact_id, started_at, channel, flag, source FROM contact WHERE {where} AND flag IS NOT NULL"
        " AND ($flag = '' OR flag = $flag) AND ($of = '' OR source = $of) ORDER BY started_at, contact_id LIMIT $limit",
        flag=flag,
        of=of,
        limit=limit,
        **values,
    )


def completeness(source: Source, selection: Selection) -> dict[str, int]:
    """Return how many contacts of the selection there are (`all`), and how many have each field."""
    fields = {
        "channel": "channel", "product": "product", "team": "team", "topic": "topic_id", "mood": "sentiment_label",
        "response": "first_response_seconds", "person": "person_id",
    }  # fmt: skip
    counts = ", ".join(f"count(*) FILTER (coalesce(CAST({c} AS VARCHAR), '') <> '') AS {n}" for n, c in fields.items())
    found = source.over(selection, f'SELECT count(*) AS "all", {counts} FROM contact WHERE {{where}}')
    return {str(name): int(value) for name, value in found.iloc[0].items()}
