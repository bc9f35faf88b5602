"""Taking contacts out of the lake: evidence is shortened, but what is said of a person goes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pyarrow.parquet as pq

from analytics.warehouse import lake_files
from jobs.forget import forget_contacts

_spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
small_lake = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small_lake)


def rows_in(lake: Path, table: str) -> list[dict[str, object]]:
    return [row for file in lake_files(lake, table) for row in pq.ParquetFile(file).read().to_pylist()]


def test_tags_of_a_person_go_with_their_contacts_and_those_of_others_stay(tmp_path):
    tag = {"day": small_lake.DAY, "tag": "frequent", "value": "2", "n_contacts": 2}
    small_lake.write(
        tmp_path,
        "person_tag",
        [
            {**tag, "person_id": "mei", "contact_ids": ["m1", "m2"]},
            {**tag, "person_id": "mei", "tag": "threatened", "contact_ids": ["m2"]},
            {**tag, "person_id": "lin", "contact_ids": ["l1", "l2"]},
        ],
    )
    spike = {"day": small_lake.DAY, "spike_id": "s", "contact_ids": ["m1", "l1"]}
    small_lake.write(tmp_path, "spike", [spike])
    assert forget_contacts(tmp_path, ["m1", "m2"]) == {"person_tag": 2, "spike": 1}
    assert [row["person_id"] for row in rows_in(tmp_path, "person_tag")] == ["lin"]
    assert [row["contact_ids"] for row in rows_in(tmp_path, "spike")] == [["l1"]]
    assert forget_contacts(tmp_path, ["m1", "m2"]) == {}
