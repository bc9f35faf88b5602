"""What came in and what ran, for the made-up warehouse of `warehouse_fixture.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any


def _at(day: dt.date, minute: int) -> dt.datetime:
    """Return a moment between six and seven in the morning of Shanghai's clock, in UTC."""
    return dt.datetime(day.year, day.month, day.day, 6, minute, tzinfo=dt.UTC) - dt.timedelta(hours=8)


def landed_files(first: dt.date, n_days: int, *, n_contacts: int, n_refused: int) -> list[dict[str, Any]]:
    """Return two files of landing: one with all contacts and the refused records, one that no run has read yet."""
    last = first + dt.timedelta(days=n_days - 1)
    made = (("demo.jsonl", "demo", n_contacts + n_refused), ("orders/late.csv", "orders", 12))
    return [
        {"file": file, "source": source, "sha256": f"{i:064d}", "n_bytes": 100 * n, "n_records": n,
         "collected_at": _at(last, i)}
        for i, (file, source, n) in enumerate(made)
    ]  # fmt: skip


def runs(first: dt.date, n_days: int) -> list[dict[str, Any]]:
    """Return three jobs day by day: an old dictionary in the first week; on the last day a slow run and a failure."""
    found = []
    for offset in range(n_days):
        day, is_last = first + dt.timedelta(days=offset), offset == n_days - 1
        inputs = {"segment": f'{{"dictionary": "{"old" if offset < 7 else "new"}"}}', "kpi": '{"indicators": "k1"}'}
        for at, job in enumerate(("conform", "segment", "kpi")):
            found.append({
                "run_id": f"r{offset:02d}{job}", "job": job, "window_start": day, "window_end": day,
                "status": "failed" if job == "kpi" and is_last else "done", "rows_in": 100, "rows_out": 90,
                "rows_rejected": 3 if job == "conform" else 0, "code_version": "0.1.0",
                "seconds": 90.0 if job == "conform" and is_last else 4.0 + at, "finished_at": _at(day, 10 * at),
                "inputs": inputs.get(job, "{}"),
            })  # fmt: skip
    return found
