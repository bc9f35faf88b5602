from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from analytics.settings import DATA
from dashboards.data import intake
from dashboards.data.source import Source
from dashboards.data.worked import Worked
from dashboards.filters import Filters
from dashboards.selection import Selection

ALL = Worked(None, None)


def test_each_record_of_a_file_is_somewhere(source: Source) -> None:
    files = intake.files(source, ALL).set_index("file")
    demo, orders = files.loc["demo.jsonl"], files.loc["orders/late.csv"]
    assert demo["n_used"] + demo["n_rejected"] == demo["n_records"] and demo["n_unaccounted"] == 0
    assert (orders["n_used"], orders["n_unaccounted"]) == (0, 12)
    days = intake.by_day(intake.files(source, ALL))
    assert (days["n_records"].sum(), days["n_files"].sum()) == (files["n_records"].sum(), 2)


def test_files_are_counted_as_the_published_view_counts_them(source: Source, warehouse: Path) -> None:
    view = (DATA / "views" / "v_file_intake.sql").read_text("utf-8")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{warehouse}' AS voc (READ_ONLY)")
        connection.execute("USE voc")
        expected = connection.execute(f"SELECT * FROM ({view}) ORDER BY file").df()
    names = ["file", "n_records", "n_used", "n_superseded", "n_rejected", "n_unaccounted"]
    found = intake.files(source, ALL).sort_values("file")[names]
    assert found.to_numpy().tolist() == expected[names].to_numpy().tolist()


def test_only_what_was_collected_in_the_days_counts(source: Source) -> None:
    day = dt.date(2026, 10, 4)
    assert len(intake.files(source, Worked(day, day))) == 2
    assert intake.files(source, Worked(None, day - dt.timedelta(days=1))).empty
    assert intake.reasons(source, Worked(day + dt.timedelta(days=1), None)).empty


def test_each_reason_opens_to_as_many_positions(source: Source) -> None:
    reasons = intake.reasons(source, ALL)
    assert reasons[["reason", "n"]].to_numpy().tolist() == [["no_text", 2], ["bad_time", 1]]
    for reason, of, n in reasons[["reason", "source", "n"]].itertuples(index=False):
        found = intake.refused(source, ALL, reason=reason, of=of)
        assert len(found) == n and "text" not in found.columns
    assert len(intake.refused(source, ALL, reason="", of="")) == reasons["n"].sum()
    assert len(intake.refused(source, ALL, reason="", of="", limit=1)) == 1


def test_fields_that_are_there_and_lack_are_all_contacts(source: Source) -> None:
    found = intake.completeness(source, Selection(Filters(channels=("app",))))
    without = source.over(
        Selection(Filters(channels=("app",)), {"product_is": ""}), "SELECT count(*) AS n FROM contact WHERE {where}"
    )
    assert found["all"] - found["product"] == without["n"].iloc[0] > 0
    assert found["mood"] == found["all"] == found["channel"]


@pytest.fixture
def marked(tmp_path: Path, warehouse: Path) -> Path:
    """A warehouse in which some contacts are flagged."""
    path = tmp_path / "voc.duckdb"
    path.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE contact SET flag = 'spam' WHERE contact_id < 'c00020'")
    return path


def test_flagged_contacts_are_counted_and_listed_by_id_alone(marked: Path) -> None:
    from analytics.warehouse import open_reader

    with open_reader(marked) as reader:
        source = Source(reader, "Asia/Shanghai")
        (row,) = intake.flagged(source, Filters()).to_dict("records")
        listed = intake.flagged_contacts(source, Filters(), flag="spam", of="demo")
        assert (row["flag"], row["n"]) == ("spam", 20) and len(listed) == 20
        assert list(listed) == ["contact_id", "started_at", "channel", "flag", "source"]
        assert intake.completeness(source, Selection(Filters()))["all"] == row["n_all"] - 20
