"""A handful of simulated contacts of each kind, as committed in data/sample."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from analytics.simulate.day import CHAT_COLUMNS, ORDER_COLUMNS, simulate_day
from analytics.simulate.plan import Plan

SAMPLE_PLAN = Plan(date(2026, 3, 4), days=1, contacts_per_day=200, seed=7, plant=False)
_Item = TypeVar("_Item")


def write_sample(out: Path, n_contacts: int = 5) -> None:
    """Write calls.jsonl, chats.csv and orders.csv with a few contacts each, spread over one simulated day.

    Parameters
    ----------
    out : Path
        Folder; made if it is missing.
    n_contacts : int, default 5
        Contacts of each kind.
    """
    out.mkdir(parents=True, exist_ok=True)
    day = SAMPLE_PLAN.day(0)
    with TemporaryDirectory() as made:
        whole = Path(made)
        simulate_day(SAMPLE_PLAN, 0, whole)
        calls = (whole / "calls" / f"{day}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (out / "calls.jsonl").write_text("".join(_spread(calls, n_contacts)), encoding="utf-8")
        for name, columns in (("chats", CHAT_COLUMNS), ("orders", ORDER_COLUMNS)):
            _copy_rows(whole / name / f"{day}.csv", out / f"{name}.csv", columns, n_contacts)


def _copy_rows(source: Path, target: Path, columns: Sequence[str], n_contacts: int) -> None:
    with source.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    own_id = columns[0]
    kept = set(_spread(list(dict.fromkeys(row[own_id] for row in rows)), n_contacts))
    with target.open("w", encoding="utf-8", newline="") as write:
        writer = csv.DictWriter(write, columns)
        writer.writeheader()
        writer.writerows(row for row in rows if row[own_id] in kept)


def _spread(items: list[_Item], n: int) -> list[_Item]:
    """Return n items at even distances."""
    step = max(1, len(items) // n)
    return items[step // 2 :: step][:n]
