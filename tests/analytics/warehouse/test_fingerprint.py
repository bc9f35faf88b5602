"""The hash: equal for equal rows, whatever their order."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analytics.errors import ConfigError
from analytics.warehouse import table_hash


def test_the_hash_sees_a_doubled_and_a_changed_row_but_no_order() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE a AS SELECT range AS n, [range::VARCHAR] AS l FROM range(100)")
        connection.execute("CREATE TABLE b AS SELECT * FROM a ORDER BY n DESC")
        connection.execute("CREATE TABLE c AS SELECT * FROM a UNION ALL SELECT * FROM a WHERE n = 3")
        connection.execute("CREATE TABLE d AS SELECT if(n = 3, 4, n) AS n, l FROM a")
        hashes = [table_hash(connection, name) for name in "abcd"]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_the_hash_does_not_depend_on_the_zone_and_a_missing_file_is_named(tmp_path: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE a AS SELECT TIMESTAMPTZ '2026-01-01 00:00:00+08' AS t, 0.1::DOUBLE AS x, NULL::DATE AS d"
        )
        hashes = set()
        for zone in ("Asia/Shanghai", "UTC"):
            connection.execute(f"SET TimeZone = '{zone}'")
            hashes.add(table_hash(connection, "a"))
    assert len(hashes) == 1
    with pytest.raises(ConfigError, match="found none"):
        table_hash(tmp_path / "no.duckdb", "contact")
