"""No table changes without saying so: its columns are those that its version had when they were noted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.schema import TABLES
from analytics.schema.versions import CHANGES, MARK, Change, steps_from, stored_version, version_of

NOTED = Path(__file__).parent / "golden" / "columns.json"


def now() -> dict[str, dict[str, object]]:
    return {
        name: {"version": version_of(name), "columns": {field.name: str(field.type) for field in table.arrow()}}
        for name, table in TABLES.items()
    }


def test_columns_change_with_the_version_only() -> None:
    """After adding a `Change`, note the columns again by running this file. A new table is not noted yet."""
    noted, found = json.loads(NOTED.read_text("utf-8")), now()
    changed = {name for name in noted if name in found and noted[name] != found[name]}
    silent = {name for name in changed if noted[name]["version"] == found[name]["version"]}
    assert not silent, f"{silent}: declare a Change in analytics/schema/versions.py"
    assert not changed, f"{changed}: note the new columns: python {__file__}"
    assert set(noted) <= set(found), "a table is gone: a lake of before still has it"


def test_changes_are_numbered_and_name_columns_that_there_are() -> None:
    for name in {change.table for change in CHANGES}:
        changes = steps_from(name, 1)
        assert [change.version for change in changes] == list(range(2, len(changes) + 2))
        for change in changes:
            assert set(change.added) <= set(TABLES[name].arrow().names)
            assert not set(change.removed) & set(TABLES[name].arrow().names)


TWO = (Change("run", 2, "one more", {"extra": 0}), Change("run", 3, "another meaning", again="conform"))


@pytest.mark.parametrize(
    ("columns", "metadata", "version"),
    [
        ([], None, 1),
        (["extra"], {}, 2),  # a change of meaning cannot be seen in the columns
        ([], {MARK.encode(): b"3"}, 3),
        (["extra"], {b"org.apache.spark.sql.parquet.row.metadata": b'{"fields": [{"name": "extra"}]}'}, 2),
        (
            ["extra"],
            {
                b"org.apache.spark.sql.parquet.row.metadata": json.dumps(
                    {"fields": [{"name": "extra", "metadata": {MARK: 3}}]}
                ).encode()
            },
            3,
        ),
    ],
)
def test_a_file_says_its_version_or_shows_it(
    columns: list[str], metadata: dict[bytes, bytes] | None, version: int
) -> None:
    assert stored_version("run", columns, metadata, TWO) == version


if __name__ == "__main__":
    NOTED.write_text(json.dumps(now(), indent=1, sort_keys=True) + "\n", "utf-8")
