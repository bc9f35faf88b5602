"""A made-up mart of a large service centre, for measuring the dashboards: a lake, and the warehouse published from it.

    python -m benchmarks.dashboards_mart FOLDER [--days 365] [--contacts 20000] [--topics 120] [--products 40]

Writes FOLDER/lake (Parquet by day, as the jobs leave it) by SQL alone, every value from a hash of the contact's number,
and publishes FOLDER/warehouse/voc.duckdb. The default is a year at 20,000 contacts a day (7.3 million contacts, some
60 million turns; about 8 GB). With less room or time, give fewer days. The same arguments give the same rows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.kpi_catalog import INDICATORS
from analytics.schema import TABLES
from analytics.settings import DATA
from analytics.warehouse import lake_tables, publish
from analytics.warehouse.lake_files import sql_type

_SQL = Path(__file__).with_suffix(".sql")
LAST_DAY = dt.date(2026, 9, 30)
_THREADS = 2
_ROW_GROUP = 20_480


@dataclass(frozen=True)
class Size:
    """How large the centre is."""

    n_days: int = 365
    n_contacts: int = 20_000
    n_topics: int = 120
    n_products: int = 40
    n_teams: int = 30


def make_lake(lake: Path, size: Size) -> None:
    """Write the tables of every day; a day that is there already is left as it is."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {_THREADS}; SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
        for name, value in vars(size).items():
            connection.execute(f"SET VARIABLE {name} = {value}")
        first = LAST_DAY - dt.timedelta(days=size.n_days - 1)
        connection.execute(f"SET VARIABLE first_day = DATE '{first}'; SET VARIABLE last_day = DATE '{LAST_DAY}'")
        connection.execute(f"SET VARIABLE day = DATE '{first}'")  # macros are bound when they are made
        connection.register("indicator", pa.table({"name": list(INDICATORS), "place": list(range(len(INDICATORS)))}))
        connection.execute(_queries("macros")["all"])
        for number in range(size.n_days):
            day = first + dt.timedelta(days=number)
            _write_day(connection, lake, day)
            if number % 30 == 29:
                logging.info("%s", day)
        for name, sql in _queries("once").items():
            _copy(connection, sql.replace("$lake", str(lake)), lake / name / "part-0.parquet")


def publish_mart(folder: Path, *, verbatims: str = "beside") -> float:
    """Publish the lake in `folder`; return the seconds it took."""
    began = time.monotonic()
    tables = {**lake_tables(folder / "lake"), "alert": _alerts(folder / "lake")}
    publish(tables, folder / "warehouse" / "voc.duckdb", views=DATA / "views", verbatims=verbatims)
    return time.monotonic() - began


@cache
def _queries(kind: str) -> dict[str, str]:
    """Return the queries of a kind in `dashboards_mart.sql`, by name."""
    parts = [part.partition("\n") for part in _SQL.read_text(encoding="utf-8").split("--- ")[1:]]
    return {head.split()[1]: sql.strip() for head, _, sql in parts if head.split()[0] == kind}


def _write_day(connection: duckdb.DuckDBPyConnection, lake: Path, day: dt.date) -> None:
    daily = _queries("day")
    if all((lake / name / f"day={day}").exists() for name in daily):
        return
    connection.execute(f"SET VARIABLE day = DATE '{day}'")
    connection.execute("CREATE OR REPLACE TEMP TABLE made AS " + _queries("made")["all"])
    connection.execute("CREATE OR REPLACE TEMP TABLE said AS " + _queries("said")["all"])
    for name, sql in daily.items():
        _copy(connection, sql, lake / name / f"day={day}" / "part-0.parquet")


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, file: Path) -> None:
    """Write the rows of a query that names some of a table's columns; the others are null."""
    file.parent.mkdir(parents=True, exist_ok=True)
    name = file.parent.name if file.parent.name in TABLES else file.parent.parent.name
    fields = [f for f in TABLES[name].arrow() if not (f.name == "day" and file.parent.name.startswith("day="))]
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    given = {row[0] for row in described}
    columns = ", ".join(
        (f'"{f.name}"' if f.name in given else "NULL") + f'::{sql_type(f.type)} AS "{f.name}"' for f in fields
    )
    connection.execute(
        f"COPY (SELECT {columns} FROM ({sql})) TO '{file}'"
        f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
    )


def _alerts(lake: Path) -> pa.Table:
    schema = TABLES["alert"].arrow(later=True)
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT md5(spike_id)[:16] AS alert_id, spike_id, key, channel, kind, started_at, n_contacts, observed,"
            " expected, started_at AS created_at, started_at AS last_changed_at, 'system' AS changed_by,"
            " started_at + INTERVAL 2 HOUR AS last_seen_at, 'medium' AS severity, key AS title, '' AS body,"
            " CASE WHEN day > max(day) OVER () - 3 THEN 'open' ELSE 'resolved' END AS state, NULL::VARCHAR AS owner"
            f" FROM read_parquet('{lake}/spike/*/*.parquet', hive_partitioning = true)"
        ).df()
    return pa.Table.from_pandas(found[schema.names], preserve_index=False).cast(schema)


def main(arguments: list[str] | None = None) -> int:
    """Make the mart and say how long it took."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboards_mart", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=365, help="days (365)")
    parser.add_argument("--contacts", type=int, default=20_000, help="contacts a day (20000)")
    parser.add_argument("--topics", type=int, default=120)
    parser.add_argument("--products", type=int, default=40)
    parser.add_argument("--verbatims", choices=("auto", "inside", "beside"), default="beside")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    make_lake(given.folder / "lake", Size(given.days, given.contacts, given.topics, given.products))
    print(f"lake: {time.monotonic() - began:.0f} s")
    print(f"publish: {publish_mart(given.folder, verbatims=given.verbatims):.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
