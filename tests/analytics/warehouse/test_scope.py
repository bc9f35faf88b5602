"""Somebody with limits tries to see more than their contacts, in every way a statement can be written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analytics.access import Limits
from analytics.schema import TABLES
from analytics.warehouse import WarehouseReader, open_reader
from analytics.warehouse.scope import ScopeError, named_tables
from analytics.warehouse.scope_rules import RULES

APP = Limits(channels=("app",))
MASK = Limits(products=("呛口小辣椒面膜",))
TEAM = Limits(teams=("微信组",))
LIMITS = [APP, MASK, TEAM, Limits(channels=("app", "wechat"), products=("",), teams=("在线一组",))]
EMPTY_FOR_ALL = {"word", "driver", "rejected", "landed_file", "quality", "run"}


@pytest.fixture(scope="module")
def reader(warehouse: Path) -> Iterator[WarehouseReader]:
    with open_reader(warehouse) as found:
        yield found


def ids(reader: WarehouseReader, sql: str, limits: Limits) -> set[str]:
    return set(reader.query(sql, limits=limits).iloc[:, 0])


@pytest.fixture(scope="module")
def visible(reader: WarehouseReader) -> dict[Limits, set[str]]:
    """What each of `LIMITS` may see, said without the code under test."""
    rows = reader.query("SELECT contact_id, channel, product, team FROM contact").to_dict("records")
    return {
        limits: {
            str(row["contact_id"])
            for row in rows
            if (not limits.channels or row["channel"] in limits.channels)
            and (not limits.products or (row["product"] if isinstance(row["product"], str) else "") in limits.products)
            and (not limits.teams or row["team"] in limits.teams)
        }
        for limits in LIMITS
    }


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_every_table_with_contacts_shows_theirs_alone(
    reader: WarehouseReader, visible: dict[Limits, set[str]], limits: Limits
) -> None:
    assert visible[limits] == ids(reader, "SELECT contact_id FROM contact", limits)
    for table in TABLES.values():
        names = {column.name for column in table.columns}
        if not table.published:
            continue
        if "contact_id" in names:
            assert ids(reader, f"SELECT contact_id FROM {table.name}", limits) <= visible[limits], table.name
        if "contact_ids" in names:
            listed = ids(reader, f"SELECT unnest(contact_ids) FROM {table.name}", limits)
            assert listed <= visible[limits], table.name
    assert ids(reader, "SELECT DISTINCT contact_id FROM utterance", limits) == visible[limits]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_what_is_counted_over_all_or_cannot_be_cut_is_empty(reader: WarehouseReader, limits: Limits) -> None:
    for table in TABLES.values():
        if not table.published:
            continue
        columns = {column.name for column in table.columns}
        for column, values in limits.by_column.items():
            if column in columns:
                found = set(reader.query(f"SELECT coalesce({column}, '') FROM {table.name}", limits=limits).iloc[:, 0])
                assert found <= set(values), (table.name, column)
        n = int(reader.query(f"SELECT count(*) AS n FROM {table.name}", limits=limits)["n"].iloc[0])
        if table.name in EMPTY_FOR_ALL:
            assert n == 0, table.name
    by_product = reader.query("SELECT count(*) AS n FROM kpi_day", limits=MASK)["n"].iloc[0]
    assert by_product == 0  # it has no product to cut by


def test_a_table_has_a_rule_or_is_known_to_be_empty() -> None:
    """A new published table is empty for limited viewers until somebody says how it is cut: say it, or add it here."""
    published = {table.name for table in TABLES.values() if table.published}
    assert published - set(RULES) == EMPTY_FOR_ALL & published


def test_a_table_without_a_rule_is_empty(reader: WarehouseReader, warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    path.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE fresh AS SELECT * FROM contact")
        connection.execute("CREATE VIEW over_fresh AS SELECT * FROM fresh")
        connection.execute("CREATE VIEW beside AS SELECT * FROM main.contact")
    with open_reader(path) as other:
        for name in ("fresh", "over_fresh", "beside"):
            assert other.query(f"SELECT count(*) AS n FROM {name}", limits=APP)["n"].iloc[0] == 0, name
            assert other.query(f"SELECT count(*) AS n FROM {name}")["n"].iloc[0] > 0, name


def test_a_table_that_is_published_as_a_view_over_files_is_cut_like_a_table(
    reader: WarehouseReader, warehouse: Path, tmp_path: Path
) -> None:
    path = tmp_path / "voc.duckdb"
    path.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("ALTER TABLE utterance RENAME TO beside")
        connection.execute("CREATE VIEW utterance AS SELECT * FROM main.beside")
    with open_reader(path) as other:
        sql = "SELECT DISTINCT contact_id FROM utterance"
        assert ids(other, sql, APP) == ids(reader, sql, APP) != set()
        assert ids(other, "SELECT contact_id FROM beside", APP) == set()


def test_an_alarm_over_all_channels_is_not_shown_to_one(reader: WarehouseReader) -> None:
    assert ids(reader, "SELECT spike_id FROM spike", APP) == {"s3"}
    assert ids(reader, "SELECT dip_id FROM dip", APP) == set()
    assert ids(reader, "SELECT dip_id FROM dip", TEAM) == {"d1"}
    assert ids(reader, "SELECT spike_id FROM alert", APP) == {"s3"}
    assert ids(reader, "SELECT spike_id FROM spike", MASK) == set()  # its contacts bought other things, too


def test_a_topic_counts_what_is_seen_and_one_of_hidden_contacts_is_not_named(reader: WarehouseReader) -> None:
    for limits in LIMITS:
        counts = reader.query(
            "SELECT topic_id, count(*) AS n FROM contact WHERE topic_id <> '' GROUP BY 1", limits=limits
        )
        told = reader.query("SELECT topic_id, n_contacts FROM topic WHERE n_contacts > 0", limits=limits)
        assert dict(zip(counts["topic_id"], counts["n"], strict=True)) == dict(
            zip(told["topic_id"], told["n_contacts"], strict=True)
        )
    assert reader.query("SELECT detail FROM topic_event", limits=APP)["detail"].isna().all()
    nothing = Limits(channels=("no such channel",))
    assert len(reader.query("SELECT * FROM topic", limits=nothing)) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM voc.main.contact",
        "SELECT count(*) FROM main.contact",
        "SELECT count(*) FROM voc.contact",
        'SELECT count(*) FROM "main"."contact"',
        "SELECT * FROM memory.main.contact",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM main.contact)",
        "WITH a AS (SELECT * FROM main.contact) SELECT * FROM a",
        "SELECT * FROM contact UNION ALL SELECT * FROM main.contact",
        "SELECT (SELECT max(contact_id) FROM /* x */ main . contact)",
        "SELECT * FROM duckdb_databases()",
        "SELECT * FROM duckdb_views()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('main.contact')",
        "SELECT * FROM read_parquet('/tmp/x.parquet')",
        "SELECT * FROM '/tmp/x.parquet'",
        'SELECT * FROM "../voc.duckdb"',
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "DESCRIBE contact",
        "FROM (DESCRIBE contact)",
        "PRAGMA database_list",
        "USE main",
        "ATTACH ':memory:' AS x",
        "SET search_path = 'main'",
        "SELECT 1; SELECT * FROM contact",
        "CREATE TEMP VIEW contact AS SELECT 1",
        "EXPLAIN SELECT * FROM contact",
        "not sql at all",
    ],
)
def test_no_statement_gets_round(reader: WarehouseReader, sql: str) -> None:
    with pytest.raises((ScopeError, duckdb.Error)) as refused:
        reader.query(sql, limits=APP)
    assert "小辣椒" not in str(refused.value)


def test_a_query_leaves_nothing_behind_for_the_next(reader: WarehouseReader) -> None:
    whole = reader.query("SELECT count(*) AS n FROM contact")["n"].iloc[0]
    some = [reader.query("SELECT count(*) AS n FROM contact", limits=limits)["n"].iloc[0] for limits in LIMITS]
    assert all(n < whole for n in some)
    assert reader.query("SELECT count(*) AS n FROM contact")["n"].iloc[0] == whole
    assert sum(some[:1]) == reader.query("SELECT count(*) AS n FROM contact WHERE channel = 'app'")["n"].iloc[0]


def test_a_value_with_a_quote_is_a_value() -> None:
    sql = RULES["contact"].cut("t", Limits(channels=("a') OR ('1' = '1",)))
    assert "IN ('a'') OR (''1'' = ''1')" in sql


def test_names_are_found_wherever_they_stand() -> None:
    sql = "WITH x AS (SELECT 1 FROM topic) SELECT * FROM x, LATERAL (SELECT unnest([1])) WHERE EXISTS (FROM alert)"
    assert named_tables(sql) == ("alert", "topic", "x")
