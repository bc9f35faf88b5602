"""How often each expectation fails on a lake day by day, whether planted damage is found, and what looking costs.

    python -m benchmarks.quality HOME

Prints Markdown. HOME is a home with a lake of some weeks, as `kesheng demo` makes; it is copied, not changed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.quality import judge, load_expectations
from analytics.quality.measure import measure

Change = Callable[[pa.Table], pa.Table]


def _set(name: str, value: object) -> Change:
    def change(rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index(name)
        return rows.set_column(at, rows.schema.field(at), pa.array([value] * len(rows), rows.schema.field(at).type))

    return change


DAMAGES: dict[str, tuple[str, Change]] = {
    "half of the contacts gone": ("contact", lambda rows: rows.slice(0, len(rows) // 2)),
    "a channel missing (phone)": ("contact", lambda rows: rows.filter(pc.not_equal(rows["channel"], "phone"))),
    "a channel missing (weibo, the smallest)": (
        "contact",
        lambda rows: rows.filter(pc.not_equal(rows["channel"], "weibo")),
    ),
    "column channel null": ("contact", _set("channel", None)),
    "column product null": ("contact", _set("product", None)),
    "column team null": ("contact", _set("team", None)),
    "column started_at null": ("contact", _set("started_at", None)),
    "partition of contact twice": ("contact", lambda rows: pa.concat_tables([rows, rows])),
    "partition of keyword_hour twice": ("keyword_hour", lambda rows: pa.concat_tables([rows, rows])),
    "mood constant": ("contact_mood", _set("sentiment_score", -0.2)),
    "mood turned round": (
        "contact_mood",
        lambda rows: rows.set_column(
            rows.schema.get_field_index("sentiment_score"), "sentiment_score", pc.negate(rows["sentiment_score"])
        ),
    ),
    "all topics other": ("contact_topic", _set("topic_id", None)),
    "half of the turns gone": ("utterance", lambda rows: rows.slice(0, len(rows) // 2)),
    "kpi_cube of the day gone": ("kpi_cube", lambda rows: rows.slice(0, 0)),
    "topic_day half": ("topic_day", lambda rows: rows.slice(0, len(rows) // 2)),
}


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("home", type=Path)
    home = parser.parse_args().home
    days = sorted(dt.date.fromisoformat(folder.name[4:]) for folder in (home / "lake/contact").glob("day=*"))
    _quiet(home / "lake", days)
    _damaged(home / "lake", days[-1])


def _quiet(lake: Path, days: list[dt.date]) -> None:
    expectations = load_expectations()
    numbers = measure(lake, expectations.values(), days)
    print("| expectation | severity | days passed | failed | 历史不足 | failed on |\n|---|---|---|---|---|---|")
    n_stops = 0
    for name, measured in numbers.items():
        found = judge(expectations[name], measured, days, days[-1] + dt.timedelta(days=1))
        n = Counter(one.status for one in found)
        n_stops += sum(one.is_stop for one in found)
        on = ", ".join(f"{one.day} {one.part}".strip() for one in found if one.status == "failed")
        severity = expectations[name].severity
        print(f"| `{name}` | {severity} | {n['passed']} | {n['failed']} | {n['short_history']} | {on} |")
    print(f"\nfalse stops on {len(days)} days: {n_stops}\n")
    for n_days in (1, 14, len(days)):
        began = time.process_time()
        measure(lake, expectations.values(), days[-n_days:])
        print(f"{n_days} days looked at: {time.process_time() - began:.2f} s of processor")


def _damaged(lake: Path, day: dt.date) -> None:
    expectations = load_expectations()
    print("\n| damage of the newest day | stops | warnings |\n|---|---|---|")
    for what, (table, change) in DAMAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for one in lake.iterdir():
                if one.name != table:
                    (copy / one.name).symlink_to(one)
            shutil.copytree(lake / table, copy / table)
            for file in (copy / table / f"day={day}").glob("*.parquet"):
                pq.write_table(change(pq.read_table(file, partitioning=None)), file)
            print(f"| {what} | {_names(expectations, copy, day)} |", flush=True)
    found = judge(
        expectations["contact_fresh"],
        measure(lake, [expectations["contact_fresh"]], [day])["contact_fresh"],
        [day],
        day + dt.timedelta(days=4),
    )
    late = ", ".join(f"`{one.expectation.name}`" for one in found if one.status == "failed")
    print(f"| no new day for four days |  | {late} |")


def _names(expectations: dict, lake: Path, day: dt.date) -> str:
    found = [
        one
        for name, numbers in measure(lake, expectations.values(), [day]).items()
        for one in judge(expectations[name], numbers, [day], day + dt.timedelta(days=1))
        if one.status == "failed"
    ]
    sides = {
        is_stop: sorted({one.expectation.name for one in found if one.is_stop is is_stop}) for is_stop in (True, False)
    }
    return " | ".join(", ".join(f"`{name}`" for name in sides[is_stop]) for is_stop in (True, False))


if __name__ == "__main__":
    main()
