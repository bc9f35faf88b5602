"""Views say what they count: their numbers are those of the tables, and every query of docs/analysts.md runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from analytics.warehouse import lake_tables, publish

PROJECT = Path(__file__).parents[3]
VIEWS = PROJECT / "data" / "views"
QUERIES = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs" / "analysts.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, small_lake: ModuleType) -> Iterator[duckdb.DuckDBPyConnection]:
    """A shell on a warehouse of two weeks, its turns beside it."""
    folder = tmp_path_factory.mktemp("views")
    days = [small_lake.DAY + dt.timedelta(days=number) for number in (0, 1, 7)]
    contacts = [contact for day in days for contact in small_lake.contacts(6, day)]
    small_lake.write(folder / "lake", "contact", contacts)
    small_lake.write(folder / "lake", "utterance", small_lake.turns(contacts, ["物流没动"]))
    moods = small_lake.moods(contacts, ["negative", "positive", "neutral"])
    small_lake.write(folder / "lake", "contact_mood", moods)
    topics = [
        {"day": c["day"], "contact_id": c["contact_id"], "topic_id": "t01", "touchpoint": "物流"} for c in contacts[:9]
    ]
    small_lake.write(folder / "lake", "contact_topic", topics)
    small_lake.write(folder / "lake", "contact_flag", [{**contacts[0], "flag": "spam"}])
    small_lake.write(folder / "lake", "topic", [{"topic_id": "t01", "label": "物流停滞", "state": "active"}])
    publish(lake_tables(folder / "lake"), folder / "voc.duckdb", views=VIEWS, verbatims="beside")
    with duckdb.connect(str(folder / "voc.duckdb"), read_only=True) as connection:
        yield connection


def test_every_query_of_the_page_runs(shell: duckdb.DuckDBPyConnection) -> None:
    assert len(QUERIES) >= 8
    for query in QUERIES:
        shell.execute(query).fetchall()


def test_every_view_stands_on_the_page() -> None:
    page = (PROJECT / "docs" / "analysts.md").read_text(encoding="utf-8")
    assert [file.stem for file in VIEWS.glob("*.sql") if f"`{file.stem}`" not in page] == []


def test_views_add_up_to_what_the_dashboards_count(shell: duckdb.DuckDBPyConnection) -> None:
    told = shell.execute(
        "SELECT (SELECT sum(n_contacts) FROM v_topic_week), (SELECT sum(n_contacts) FROM v_channel_hour),"
        " (SELECT sum(n_mood) FROM v_negative_by_product_day), (SELECT sum(n_negative) FROM v_negative_by_product_day)"
    ).fetchall()
    counted = shell.execute(
        "SELECT count(*), count(*), count(sentiment_label), count(*) FILTER (sentiment_label = 'negative')"
        " FROM contact WHERE flag IS NULL"
    ).fetchall()
    assert told == counted
    assert counted[0][0] == 17
    shares = shell.execute("SELECT week, sum(share) FROM v_topic_week GROUP BY week ORDER BY week").fetchall()
    assert [round(share, 9) for _, share in shares] == [1.0, 1.0]
