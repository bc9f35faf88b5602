"""The job in Spark equals the reference on one machine, whatever the data, the limits and what people decided."""

import datetime as dt
import random

import pytest

from analytics.identity import Decision, Decisions, Limits
from analytics.identity.reference import Link, assign
from analytics.schema import ID_KINDS, UNDATED_DAY
from jobs.identity import assigned, assigned_in_steps
from jobs.lake import spark_schema

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


def links(frame) -> dict[str, Link]:
    return {row.contact_id: Link(row.person_id, row.person_confidence, row.person_reason) for row in frame.collect()}


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
@pytest.mark.parametrize("n_names", [12, 60])
def test_spark_equals_the_reference(spark, seed, limits, made, n_names):
    """Sizes of graphs alternate between one task and many rounds."""
    small_edges = 0 if (seed + n_names // 12) % 3 == 0 else 1_000_000
    decisions, rows = Decisions.of(made), graph(seed * 100 + n_names, 90, n_names)
    frame = assigned_in_steps(spark.createDataFrame(rows, SCHEMA), limits, decisions, small_edges=small_edges)
    assert frame.count() == len({row[1] for row in rows})
    assert links(frame) == assign(rows, limits, decisions)


def test_one_task_says_the_same(spark):
    """A lake small enough for one task gets the reference itself, days included."""
    rows = graph(7, 60, 20)
    frame = assigned(spark.createDataFrame(rows, SCHEMA).repartition(3), Limits(), Decisions())
    assert links(frame) == assign(rows, Limits(), Decisions())
    assert {(row.contact_id, row.day) for row in frame.collect()} == {(row[1], row[0]) for row in rows}
    assert frame.schema == spark_schema("contact_person")
