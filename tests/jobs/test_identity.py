"""The job in Spark equals the reference on one machine, whatever the data, the limits and what people decided."""

import datetime as dt
import random

import pyarrow as pa
import pytest

from analytics.identity import Decision, Decisions, Limits
from analytics.identity.reference import Link, assign
from analytics.schema import ID_KINDS, TABLES, UNDATED_DAY
from analytics.settings import Settings
from jobs import identity as job
from jobs.identity import assigned_in_one_task, assigned_in_steps
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.window import Window

pytestmark = pytest.mark.spark

DAYS = [dt.date(2026, 3, 1), dt.date(2026, 3, 2), UNDATED_DAY]
SCHEMA = "day date, contact_id string, id_kind string, id_hash string"


def graph(seed: int, n_contacts: int, n_names: int) -> list[tuple[dt.date, str, str, str]]:
    """Return contacts with at most one identifier of a kind; phones are customers' numbers as well."""
    rng = random.Random(seed)
    rows = []
    for number in range(n_contacts):
        day = rng.choice(DAYS)
        for kind in rng.sample(ID_KINDS, rng.randint(1, 3)):
            family = "phone" if kind == "customer" and rng.random() < 0.6 else kind
            n_values = max(2, n_names // (4 if kind == "device" else 1))
            rows.append((day, f"c{number}", kind, f"{family[:2]}{rng.randrange(n_values):03d}"))
    return rows


def links(rows) -> dict[str, Link]:
    return {row.contact_id: Link(row.person_id, row.person_confidence, row.person_reason) for row in rows}


CASES = [
    (1, Limits(), []),
    (2, Limits(max_accounts=2, max_persons=2), []),
    (3, Limits(max_accounts=1, max_persons=30, max_contacts=6), []),
    (4, Limits(max_accounts=100, max_persons=100), [Decision("merge", "id:lo001", "contact:c3")]),
    (
        5,
        Limits(),
        [
            Decision("split", "id:lo001", "contact:c1"),
            Decision("split", "id:lo001", "contact:c2"),
            Decision("split", "id:lo001", "id:ph005"),
            Decision("split", "id:lo001", "id:lo002"),
            Decision("merge", "contact:c1", "contact:c2"),
            Decision("merge", "contact:c3", "contact:c9"),
            Decision("merge", "id:em001", "id:em002"),
            Decision("merge", "id:em001", "id:gone"),
        ],
    ),
]


@pytest.mark.parametrize(("seed", "limits", "made"), CASES)
def test_spark_equals_the_reference(spark, seed, limits, made):
    """A dense graph and a sparse one side by side; every other case is joined in many rounds, not in one task."""
    sparse = graph(seed * 100 + 60, 90, 60)
    apart = [(day, f"s{contact}", kind, f"s{name}") for day, contact, kind, name in sparse]
    decisions, rows = Decisions.of(made), graph(seed * 100 + 12, 90, 12) + apart
    small_edges = 0 if seed % 2 else 1_000_000
    frame = assigned_in_steps(spark.createDataFrame(rows, SCHEMA), limits, decisions, small_edges=small_edges)
    found = frame.collect()
    assert len(found) == len({row[1] for row in rows})
    assert links(found) == assign(rows, limits, decisions)


def test_one_task_says_the_same(spark):
    """A lake small enough for one task gets the reference itself, days included."""
    rows = graph(7, 60, 20)
    frame = assigned_in_one_task(spark.createDataFrame(rows, SCHEMA).repartition(3), Limits(), Decisions())
    assert links(frame.collect()) == assign(rows, Limits(), Decisions())
    assert {(row.contact_id, row.day) for row in frame.collect()} == {(row[1], row[0]) for row in rows}
    assert frame.schema == spark_schema("contact_person")


def identifiers(*rows: tuple[int, str, str, str]) -> pa.Table:
    named = [dict(zip(("day", "contact_id", "id_kind", "id_hash"), row, strict=True)) for row in rows]
    days = [{**row, "day": dt.date(2026, 3, row["day"])} for row in named]
    return pa.Table.from_pylist(days, schema=TABLES["contact_identifier"].arrow())


def run(spark, lake: Lake, home, day: str) -> dict[str, str]:
    """Run the job for one day; return contact → person over all days."""
    counts = Counts()
    job.run(spark, lake, Settings(home=home), Window.parse(day), counts)
    return {row.contact_id: row.person_id for row in lake.read(spark, "contact_person").collect()}


def test_without_identifiers_the_table_is_empty(spark, tmp_path):
    assert run(spark, Lake(tmp_path / "lake"), tmp_path, "2026-03-01") == {}


def test_days_on_which_a_person_changed_are_written_whatever_the_window(spark, tmp_path):
    lake = Lake(tmp_path / "lake")
    days = Window.parse("2026-03-01", "2026-03-03")
    early = [(1, "a", "login", "l"), (2, "b", "phone", "p"), (3, "z", "email", "e")]
    lake.replace_arrow(spark, identifiers(*early), "contact_identifier", days)
    for day in ("2026-03-01", "2026-03-03"):
        assert run(spark, lake, tmp_path, day) == {"a": "l", "b": "p", "z": "e"}
    untouched = next((tmp_path / "lake" / "contact_person" / "day=2026-03-01").glob("*.parquet")).stat().st_mtime_ns
    late = [*early, (3, "c", "login", "l"), (3, "c", "phone", "p")]
    lake.replace_arrow(spark, identifiers(*late), "contact_identifier", days)
    assert run(spark, lake, tmp_path, "2026-03-03") == {"a": "l", "b": "l", "c": "l", "z": "e"}
    gone = [row for row in late if row[1] != "b"]
    lake.replace_arrow(spark, identifiers(*gone), "contact_identifier", days)
    assert run(spark, lake, tmp_path, "2026-03-03") == {"a": "l", "c": "l", "z": "e"}
    now = next((tmp_path / "lake" / "contact_person" / "day=2026-03-01").glob("*.parquet")).stat().st_mtime_ns
    assert now == untouched, "a day on which nothing changed was written again"


def test_a_lake_of_one_piece_is_replaced_whole(spark, tmp_path):
    lake = Lake(tmp_path / "lake", by_day=False)
    rows = identifiers((1, "a", "login", "l"), (2, "b", "login", "l"))
    lake.replace_arrow(spark, rows, "contact_identifier", None)
    for day in ("2026-03-01", "2026-03-02"):
        assert run(spark, lake, tmp_path, day) == {"a": "l", "b": "l"}
