"""What ran: each job over its days, how long it took against what it usually takes, and with what it was made."""

from __future__ import annotations

import json

import pandas as pd

from dashboards.data.source import Source
from dashboards.data.worked import Worked, condition
from dashboards.records import records

SHOWN = 400
SLOW = 2.0
"""A run is slow from twice the usual on: less is the machine and what else runs on it."""
SLOW_SECONDS = 10.0
ENOUGH_RUNS = 3
KEPT = {("topics", "model")}
"""Inputs that may differ between days: after a refit older days keep their model (jobs/topics.py, `inputs`)."""

_RUNS_SQL = """
WITH known AS (
    SELECT *, date_diff('day', window_start, window_end) + 1 AS n_days,
        median(seconds) FILTER (status = 'done') OVER earlier AS usual_seconds,
        count(*) FILTER (status = 'done') OVER earlier AS n_usual
    FROM (SELECT *, date_diff('day', window_start, window_end) AS width FROM run)
    WINDOW earlier AS (PARTITION BY job, width ORDER BY finished_at, run_id ROWS BETWEEN 30 PRECEDING AND 1 PRECEDING)
)
SELECT known.* EXCLUDE (width),
    status = 'failed' AND NOT EXISTS (
        FROM run AS later WHERE later.job = known.job AND later.status = 'done'
            AND later.finished_at > known.finished_at
            AND later.window_start <= known.window_start AND later.window_end >= known.window_end
    ) AS is_open
FROM known
"""
_INPUTS_SQL = """
WITH done AS (
    SELECT job, inputs, code_version, finished_at,
        CAST(unnest(generate_series(window_start, window_end, INTERVAL 1 DAY)) AS DATE) AS day
    FROM run WHERE status = 'done'
), last AS (
    SELECT job, day, arg_max(inputs, finished_at) AS inputs FROM done GROUP BY job, day
), newest AS (
    SELECT job, arg_max(inputs, finished_at) AS now_inputs FROM done GROUP BY job
)
SELECT job, inputs, any_value(now_inputs) AS now_inputs, count(*) AS n_days, list(day ORDER BY day) AS days
FROM last JOIN newest USING (job) WHERE inputs <> '{}' GROUP BY job, inputs ORDER BY job, min(day)
"""


def runs(source: Source, span: Worked, *, job: str = "", limit: int = SHOWN) -> pd.DataFrame:
    """Return runs that ended in the days: failures nobody mended first, then other failures, then newest first.

    Columns: those of table `run`, n_days of the window, usual_seconds (median of up to 30 earlier runs of the job over
    as many days; NaN for fewer than 3), is_slow, is_open (failed, and no later run of the job made up for it).
    """
    found = source.rows(
        f"SELECT * FROM ({_RUNS_SQL}) WHERE {condition('finished_at')} AND ($job = '' OR job = $job)"
        " ORDER BY is_open DESC, status = 'failed' DESC, finished_at DESC, run_id LIMIT $limit",
        zone=source.zone,
        job=job,
        limit=limit,
        **span.values,
    )
    usual = found["usual_seconds"].where(found["n_usual"] >= ENOUGH_RUNS)
    slow = (found["seconds"] > SLOW * usual) & (found["seconds"] - usual > SLOW_SECONDS)
    return found.assign(usual_seconds=usual, is_slow=slow & (found["status"] == "done"))


def run_counts(source: Source, span: Worked) -> dict[str, int]:
    """Return how many runs ended in the days (`n`), how many failed, and how many failures are open."""
    found = source.rows(
        f"SELECT count(*) AS n, count(*) FILTER (status = 'failed') AS n_failed, count(*) FILTER (is_open) AS n_open"
        f" FROM ({_RUNS_SQL}) WHERE {condition('finished_at')}",
        zone=source.zone,
        **span.values,
    )
    return {str(name): int(value) for name, value in found.iloc[0].items()}


def open_failures(source: Source) -> pd.DataFrame:
    """Return failures that no later run of the job made up for, oldest first: job, window_start, window_end."""
    return source.rows(
        f"SELECT DISTINCT job, window_start, window_end FROM ({_RUNS_SQL}) WHERE is_open ORDER BY window_start, job"
    )


def made_with(source: Source) -> pd.DataFrame:
    """Return with what the days were made, by each day's last run.

    Returns
    -------
    DataFrame
        job, input (dictionary, model, rules, ...), value (a hash or name), n_days, first_day, last_day, days (list of
        dates), is_newest (whether the job's newest run used this value).
    """
    rows = []
    for row in records(source.rows(_INPUTS_SQL)):
        now = json.loads(row.now_inputs or "{}")
        for name, value in json.loads(row.inputs or "{}").items():
            days = [pd.Timestamp(day).date() for day in row.days]
            rows.append((row.job, name, str(value), days, now.get(name) == value))
    found = pd.DataFrame(rows, columns=["job", "input", "value", "days", "is_newest"])
    return _merged(found)


def stale_days(made: pd.DataFrame) -> list[pd.Timestamp]:
    """Return the days made with another value than the newest run of a job used, in order (see `made_with`)."""
    old = [row.days for row in records(made) if not row.is_newest and (row.job, row.input) not in KEPT]
    return sorted({pd.Timestamp(day) for days in old for day in days})


def _merged(found: pd.DataFrame) -> pd.DataFrame:
    """Bring days of equal values together: other inputs of the job may have changed between them."""
    columns = ["job", "input", "value", "n_days", "first_day", "last_day", "days", "is_newest"]
    rows = []
    for key, part in found.groupby(["job", "input", "value"], sort=False):
        days = sorted({day for some in part["days"] for day in some})
        rows.append((*key, len(days), days[0], days[-1], days, bool(part["is_newest"].any())))
    merged = pd.DataFrame(rows, columns=columns)
    return merged.sort_values(["job", "input", "is_newest", "last_day"], ascending=[True, True, False, False],
                              ignore_index=True)  # fmt: skip
