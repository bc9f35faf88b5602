"""A publication onto the one that stands has the rows of one built anew; where it could keep too much all is built."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.warehouse import lake_files, lake_tables, publish, standing, table_hash

VIEWS = Path(__file__).parents[3] / "data" / "views"
N_DAYS = 6


@pytest.fixture
def lake(tmp_path: Path, small_lake: ModuleType) -> Path:
    lake = tmp_path / "lake"
    days = [small_lake.DAY + dt.timedelta(days=number) for number in range(N_DAYS)]
    contacts = [contact for day in days for contact in small_lake.contacts(4, day)]
    small_lake.write(lake, "contact", contacts)
    small_lake.write(lake, "utterance", small_lake.turns(contacts, ["物流没动"]))
    small_lake.write(lake, "contact_mood", small_lake.moods(contacts, ["negative"]))
    return lake


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "voc.duckdb"


def _published(lake: Path, target: Path, **given: object) -> dict[str, int]:
    return publish(lake_tables(lake), target, views=VIEWS, verbatims="beside", **given)  # type: ignore[arg-type]


def _is_as_new(lake: Path, target: Path, **given: object) -> bool:
    """Whether all tables and places are those of a warehouse built anew."""
    anew = target.with_name("anew.duckdb")
    anew.unlink(missing_ok=True)
    assert _published(lake, target, **given) == _published(lake, anew, **given)
    told = "SELECT count(*), sum(hash(id_hash, day)) FROM contact_place"
    places = []
    for file in (target, anew):
        with duckdb.connect(str(file), read_only=True) as connection:
            places.append(connection.execute(told).fetchall())
            assert connection.execute("SELECT count(*) FROM v_contact").fetchone()
    names = [name for name, table in TABLES.items() if table.published]
    return places[0] == places[1] and all(table_hash(target, name) == table_hash(anew, name) for name in names)


def _n_since_whole(target: Path) -> int:
    (note,) = target.with_suffix(".parts").glob("*/made_of.json")
    return int(json.loads(note.read_text("utf-8"))["n_since_whole"])


def _with_one_more(file: Path) -> None:
    rows = pq.ParquetFile(file).read()
    last = rows.slice(len(rows) - 1)
    again = last.set_column(last.schema.get_field_index("contact_id"), "contact_id", pa.array(["one more"]))
    pq.write_table(pa.concat_tables([rows, again]), file)


def test_new_contacts_other_moods_and_a_new_day_give_the_same_as_all_built_anew(
    lake: Path, target: Path, small_lake: ModuleType
) -> None:
    _published(lake, target)
    _with_one_more(lake_files(lake, "contact")[2])
    moods = lake_files(lake, "contact_mood")[4]
    rows = pq.ParquetFile(moods).read()
    pq.write_table(rows.set_column(rows.schema.get_field_index("sentiment_score"), "sentiment_score",
                                   pa.array([0.25] * len(rows))), moods)  # fmt: skip
    assert _is_as_new(lake, target) and _n_since_whole(target) == 1
    small_lake.write(lake, "contact", small_lake.contacts(3, small_lake.DAY + dt.timedelta(days=N_DAYS)))
    assert _is_as_new(lake, target) and _n_since_whole(target) == 2
    assert _is_as_new(lake, target) and _n_since_whole(target) == 3  # nothing has changed


def test_all_is_built_anew_where_a_contact_is_gone_topics_were_merged_or_it_is_time(
    lake: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _published(lake, target)
    file = lake_files(lake, "contact")[3]
    pq.write_table(pq.ParquetFile(file).read().slice(1), file)
    assert _is_as_new(lake, target) and _n_since_whole(target) == 0
    lake_files(lake, "contact")[0].unlink()
    assert _is_as_new(lake, target) and _n_since_whole(target) == 0
    assert _is_as_new(lake, target) and _n_since_whole(target) == 1
    assert _is_as_new(lake, target, merged={"t-1": "t-2"}) and _n_since_whole(target) == 0
    monkeypatch.setattr(standing, "WHOLE_EVERY", 2)
    assert [(_published(lake, target, merged={}), _n_since_whole(target))[1] for _ in range(3)] == [0, 1, 0]


def test_what_is_damaged_is_not_built_upon(lake: Path, target: Path) -> None:
    _published(lake, target)
    standing.forget_standing(target)
    assert _is_as_new(lake, target) and _n_since_whole(target) == 0


def test_a_key_of_another_day_is_refused_and_the_old_stays(lake: Path, target: Path) -> None:
    _published(lake, target)
    first, other = (lake_files(lake, "contact")[place] for place in (0, 5))
    old = target.stat().st_ino
    taken = pq.ParquetFile(first).read(["contact_id"])["contact_id"][0].as_py()
    rows = pq.ParquetFile(other).read()
    pq.write_table(pa.concat_tables([rows, rows.slice(0, 1).set_column(
        rows.schema.get_field_index("contact_id"), "contact_id", pa.array([taken]))]), other)  # fmt: skip
    with pytest.raises(SchemaError, match="1 rows more"):
        _published(lake, target)
    assert target.stat().st_ino == old
