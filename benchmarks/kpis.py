"""How long the indicators take, and whether the parts add up to the whole.

    python -m benchmarks.kpis [--contacts 200000 1000000]

Made-up contacts of five weeks: 5 channels, 4 teams, 8 products, 30 topics, a third as many persons. Prints processor
seconds of `kpi_tables` (every indicator by day, channel and team with intervals, and every cell of the cube), the rows
of both tables, and the largest difference of a day's number from that rolled up from the cube.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pandas as pd

from analytics.kpi_catalog import INDICATORS
from analytics.kpi_contacts import CONTACT_COLUMNS
from analytics.signals.kpis import KpiTables, kpi_tables, needed_columns

N_DAYS = 35
_KINDS, _KIND_SHARES = ("call", "chat", "work_order", "review"), (0.35, 0.4, 0.15, 0.1)


def contacts(n: int, seed: int = 1) -> pd.DataFrame:
    """Return `n` contacts with what the indicators are computed from."""
    rng = np.random.default_rng(seed)

    def one_of(*names: str | None, p: tuple[float, ...] | None = None) -> np.ndarray:
        return np.array(names, dtype=object)[rng.choice(len(names), n, p=p)]

    kind = one_of(*_KINDS, p=_KIND_SHARES)
    live, order = np.isin(kind, ("call", "chat")), kind == "work_order"
    seconds = rng.uniform(0, N_DAYS * 86_400, n).round()
    started = pd.Timestamp("2026-03-01", tz="UTC") + pd.to_timedelta(seconds, unit="s")
    persons = np.array([f"p{i}" for i in range(n // 3 + 1)], dtype=object)[rng.integers(0, n // 3 + 1, n)]
    table = pd.DataFrame(
        {
            "contact_id": [f"c{i:08d}" for i in range(n)],
            "kind": kind,
            "channel": one_of("phone", "app", "web", "wechat", "weibo"),
            "team": one_of("a", "b", "c", "d", None),
            "product": one_of(*(f"p{i}" for i in range(8)), None),
            "topic_id": one_of(*(f"t{i:03}" for i in range(30)), None),
            "agent_id": one_of("a1", "a2", None),
            "category": one_of("投诉", "咨询", None),
            "person_id": np.where(rng.random(n) < 0.8, persons, np.array(None, dtype=object)),
            "started_at": started,
            "ended_at": started + pd.to_timedelta(rng.gamma(2, 200, n).round(), unit="s"),
            "due_at": started + pd.to_timedelta(np.where(order, 86_400.0, np.nan), unit="s"),
            "n_reopened": np.where(order, rng.integers(0, 2, n), np.nan),
            "n_transfers": rng.poisson(0.2, n),
            "rating": np.where(rng.random(n) < 0.2, rng.integers(1, 6, n), np.nan),
            "first_response_seconds": np.where(live, rng.gamma(2, 20, n), np.nan),
            "mean_response_seconds": np.where(live, rng.gamma(2, 25, n), np.nan),
            "sentiment_score": rng.uniform(-1, 1, n),
            "sentiment_label": one_of("negative", "neutral", "positive"),
            "sentiment_first": rng.uniform(-1, 1, n),
            "mood_course": one_of("recovered", "soured", "steady", None),
        }
    )
    return table[[name for name in CONTACT_COLUMNS if name in table]]


def largest_difference(found: KpiTables) -> float:
    """Return the largest difference of a value of `kpi_day` from that of the cube's parts."""
    days, cube = found.day.to_pandas(), found.cube.to_pandas()
    worst = 0.0
    for levels in ((), ("channel",), ("team",), ("channel", "team")):
        keys = ["day", *levels, "indicator"]
        parts = cube.groupby(keys, as_index=False)[["numerator", "n"]].sum()
        rest = [name for name in ("channel", "team") if name not in levels]
        whole = days[(days[list(levels)] != "*").all(axis=1) & (days[rest] == "*").all(axis=1)]
        both = whole.merge(parts, on=keys, suffixes=("", "_parts"))
        counts = both["indicator"].map(lambda name: INDICATORS[name].statistic == "count")
        value = both["n_parts"].where(counts, both["numerator"].round(6) / both["n_parts"])
        n_expected = whole["indicator"].map(lambda name: INDICATORS[name].is_additive).sum()
        if len(both) != n_expected or (both["n"] != both["n_parts"]).any():
            return float("inf")
        worst = max(worst, float((value - both["value"]).abs().max()))
    return worst


def main() -> int:
    """Print one row of Markdown for each number of contacts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, nargs="+", default=[200_000, 1_000_000])
    sizes = parser.parse_args().contacts
    print("| contacts | processor seconds | seconds | rows of kpi_day | rows of kpi_cube | largest difference |")
    print("|---:|---:|---:|---:|---:|---:|")
    kpi_tables(contacts(100)[list(needed_columns())])  # what is loaded once
    for n in sizes:
        table = contacts(n)
        cpu, wall = time.process_time(), time.perf_counter()
        found = kpi_tables(table)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        rows = f"{found.day.num_rows:,} | {found.cube.num_rows:,}"
        print(f"| {n:,} | {cpu:.1f} | {wall:.1f} | {rows} | {largest_difference(found):.1e} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
