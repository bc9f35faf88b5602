"""What the demo published: every table, every record, nothing unmasked, and the same again when it is run again."""

from __future__ import annotations

import csv

import pytest

from analytics.schema import TABLES
from analytics.warehouse import table_hash
from jobs.stage import DAILY

pytestmark = [pytest.mark.demo, pytest.mark.spark, pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(3000)]

MASKED = (("utterance", "text"), ("utterance", "text_simplified"), ("contact", "title"), ("alert", "body"))
NOT_REPEATED = ("run", "quality")
"""Tables that hold the run itself, or when it was looked at."""


def test_every_declared_table_is_there_with_its_columns(centre):
    for table in TABLES.values():
        if table.published:
            found = centre.reader.query(f"SELECT * FROM {table.name} LIMIT 0")
            assert list(found.columns) == table.arrow(later=True).names


def test_every_record_of_the_exports_is_a_contact_or_rejected(centre):
    exports = centre.home / "demo"
    n_calls = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in (exports / "calls").glob("*.jsonl"))
    n_sessions, n_orders = 0, 0
    for file in (exports / "chats").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            n_sessions += len({row["session_id"] for row in csv.DictReader(rows)})
    for file in (exports / "orders").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            n_orders += sum(1 for _ in csv.DictReader(rows))
    found = centre.reader.query("SELECT source, count(*) AS n FROM contact GROUP BY 1").set_index("source")["n"]
    assert found.to_dict() == {"calls": n_calls, "chats": n_sessions, "orders": n_orders}
    assert centre.reader.query("SELECT count(*) AS n FROM rejected")["n"].iloc[0] == 0


def test_no_personal_number_is_published(centre):
    digits = r"(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)"
    for table, column in MASKED:
        said = centre.reader.query(
            f"SELECT count(*) FILTER (regexp_matches({column}, ?)) AS phones,"
            f" count(*) FILTER (regexp_matches({column}, '[0-9]{{11,}}')) AS runs FROM {table}",
            [digits],
        ).iloc[0]
        assert (said["phones"], said["runs"]) == (0, 0), (table, column)
    assert centre.reader.query("SELECT count(*) AS n FROM utterance WHERE text LIKE '%[手机]%'")["n"].iloc[0] > 0


def test_every_job_left_a_row_of_its_run(centre):
    runs = centre.reader.query("SELECT job, status FROM run")
    assert set(DAILY) <= set(runs.loc[runs["status"] == "done", "job"])


def test_days_run_again_in_a_window_of_their_own_give_the_same_tables(centre):
    names = [table.name for table in TABLES.values() if table.published and table.name not in NOT_REPEATED]
    warehouse = centre.home / "warehouse" / "voc.duckdb"
    before = {name: table_hash(warehouse, name) for name in names}
    done = centre.run_again()
    assert done.returncode == 0, done.stderr[-3000:]
    assert {name: table_hash(warehouse, name) for name in names} == before


def test_two_processes_train_the_same_bytes(centre, mood_models):
    """The demo trained its own mood model; the tests trained another in this process."""
    of_tests = next(mood_models.glob("sentiment/*/weights.safetensors"))
    of_demo = centre.home / "models" / "sentiment" / of_tests.parent.name / of_tests.name
    assert of_demo.read_bytes() == of_tests.read_bytes()
