"""What the gate said of the days: verdicts of the publication that is shown, and what holds the next one back."""

from __future__ import annotations

import duckdb
import pandas as pd

from dashboards.data.source import Source

SHOWN = 200
_COLUMNS = (
    "day", "table_name", "expectation", "part", "label", "severity", "status", "observed", "low", "high", "message",
    "accepted", "accepted_by", "checked_at",
)  # fmt: skip
_DAYS = 14
_SQL = f"""
SELECT {", ".join(_COLUMNS)} FROM quality
WHERE day > (SELECT max(day) FROM quality) - {_DAYS} AND status <> 'passed'
ORDER BY status <> 'failed', severity = 'warning', day DESC, table_name, expectation, part LIMIT {SHOWN}
"""
_COUNTS_SQL = f"""
SELECT count(DISTINCT day) AS n_days, count(*) AS n, count(*) FILTER (status = 'failed') AS n_failed,
    count(*) FILTER (status = 'short_history') AS n_short
FROM quality WHERE day > (SELECT max(day) FROM quality) - {_DAYS}
"""


def has_verdicts(source: Source) -> bool:
    """Return whether the warehouse has the table; one published by an older version has not."""
    try:
        source.rows("SELECT day FROM quality LIMIT 0")
    except duckdb.CatalogException:
        return False
    return True


def not_passed(source: Source) -> pd.DataFrame:
    """Return what did not pass on the last fortnight of days, failures first: the columns of `quality`."""
    return source.rows(_SQL) if has_verdicts(source) else pd.DataFrame(columns=list(_COLUMNS))


def counts(source: Source) -> dict[str, int]:
    """Return n_days, n (verdicts), n_failed and n_short (历史不足) of the last fortnight of days."""
    if not has_verdicts(source):
        return {"n_days": 0, "n": 0, "n_failed": 0, "n_short": 0}
    return {str(name): int(value) for name, value in source.rows(_COUNTS_SQL).iloc[0].items()}
