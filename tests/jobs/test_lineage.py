"""Where tables and columns come from: read from plans, kept as events, printed as a tree."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from analytics.errors import ConfigError
from analytics.lineage import note_read, note_write
from jobs.column_lineage import columns_of_plan
from jobs.lineage import traced
from jobs.lineage_command import column_lines, read_lineage, tree_of
from jobs.window import Window

DAY = Window(dt.date(2026, 3, 1), dt.date(2026, 3, 1))


def _attribute(number: int, name: str) -> dict[str, Any]:
    return {"class": "x.AttributeReference", "name": name, "exprId": {"id": number}}


def _alias(number: int, name: str, *inner: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"class": "x.Alias", "name": name, "exprId": {"id": number}}, *inner]


def _table(table: str, *columns: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"class": "x.SubqueryAlias", "num-children": 1, "identifier": {"name": f"lake_{table}"}},
        {"class": "x.LogicalRelation", "num-children": 0, "output": [[column] for column in columns]},
    ]


def test_a_column_is_followed_through_names_joins_and_groups() -> None:
    day, text, other_day, mood = (
        _attribute(1, "day"),
        _attribute(2, "text"),
        _attribute(3, "day"),
        _attribute(4, "mood"),
    )
    plan = [
        {"class": "x.Aggregate", "num-children": 1,
         "aggregateExpressions": [[day], _alias(9, "n", {"class": "x.Max", "child": [_attribute(8, "long")]}, mood)]},
        {"class": "x.Project", "num-children": 1, "projectList": [[day], _alias(8, "long", text), [mood]]},
        {"class": "x.Join", "num-children": 2, "joinType": {"object": "x.Inner$"}},
        *_table("utterance", day, text),
        *_table("contact_mood", other_day, mood),
    ]  # fmt: skip
    assert columns_of_plan(plan) == {
        "day": {("utterance", "day")},
        "n": {("utterance", "text"), ("contact_mood", "mood")},
    }


def test_what_python_made_of_a_batch_comes_from_all_of_it() -> None:
    day, text, made = _attribute(1, "day"), _attribute(2, "text"), _attribute(7, "score")
    plan = [
        {"class": "x.MapInArrow", "num-children": 1, "output": [[made]]},
        *_table("utterance", day, text),
    ]
    assert columns_of_plan(plan) == {"score": {("utterance", "day"), ("utterance", "text")}}


def test_rows_added_from_another_table_add_its_column() -> None:
    plan = [
        {"class": "x.Union", "num-children": 2},
        *_table("spike", _attribute(1, "key")),
        *_table("dip", _attribute(2, "dip_id")),
    ]
    assert columns_of_plan(plan) == {"key": {("spike", "key"), ("dip", "dip_id")}}


def test_a_semi_join_gives_the_columns_of_its_left_side() -> None:
    plan = [
        {"class": "x.Join", "num-children": 2, "joinType": {"object": "x.LeftSemi$"}},
        *_table("contact", _attribute(1, "day")),
        *_table("spike", _attribute(2, "key")),
    ]
    assert columns_of_plan(plan) == {"day": {("contact", "day")}}


def _ran(folder: Path, job: str, reads: list[str], writes: str, **columns: tuple[str, str]) -> None:
    with traced(job, str(uuid.uuid4()), DAY, folder):
        for name in reads:
            note_read(name)
        note_write(writes, {column: frozenset({source}) for column, source in columns.items()})


def _printed(tree: Any) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(tree)
    return console.export_text()


def test_the_tree_goes_down_to_the_sources(tmp_path: Path) -> None:
    _ran(tmp_path, "conform", ["landing/chats"], "contact")
    _ran(tmp_path, "kpi", ["contact"], "kpi_day", value=("contact", "sentiment_score"))
    lineage = read_lineage(tmp_path)
    up = _printed(tree_of(lineage, "kpi_day"))
    assert [line.split()[-1] for line in up.splitlines() if "UTC" not in line] == [
        "kpi_day",
        "contact",
        "landing/chats",
    ]
    assert "kpi_day" in _printed(tree_of(lineage, "landing/chats", down=True))
    assert column_lines(lineage, "kpi_day", "value") == ["contact.sentiment_score  (kpi)"]


def test_the_newest_run_that_went_well_counts(tmp_path: Path) -> None:
    _ran(tmp_path, "kpi", ["contact"], "kpi_day")
    _ran(tmp_path, "kpi", ["contact", "contact_mood"], "kpi_day")
    with pytest.raises(RuntimeError), traced("kpi", str(uuid.uuid4()), DAY, tmp_path):
        note_read("nothing")
        note_write("kpi_day")
        raise RuntimeError
    (made,) = read_lineage(tmp_path)["kpi_day"]
    assert made.inputs == ("contact", "contact_mood")


def test_a_line_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    _ran(tmp_path, "kpi", ["contact"], "kpi_day")
    (file,) = tmp_path.glob("*.ndjson")
    with file.open("a") as end:
        end.write('{"eventType": "COMP')
    assert "kpi_day" in read_lineage(tmp_path)


def test_events_are_those_of_openlineage(tmp_path: Path) -> None:
    _ran(tmp_path, "kpi", ["contact"], "kpi_day", value=("contact", "sentiment_score"))
    (file,) = tmp_path.glob("*.ndjson")
    start, complete = (json.loads(line) for line in file.read_text().splitlines())
    assert [start["eventType"], complete["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == complete["run"]["runId"]
    (output,) = complete["outputs"]
    assert output["facets"]["columnLineage"]["fields"]["value"]["inputFields"][0]["field"] == "sentiment_score"
    assert {field["name"] for field in output["facets"]["schema"]["fields"]} >= {"indicator", "value"}


@pytest.mark.parametrize("table", ["nothing", ""])
def test_a_table_nobody_made_is_named_with_those_there_are(tmp_path: Path, table: str) -> None:
    with pytest.raises(ConfigError, match="kesheng run"):
        read_lineage(tmp_path)
    _ran(tmp_path, "kpi", ["contact"], "kpi_day")
    with pytest.raises(ConfigError, match="contact, kpi_day"):
        tree_of(read_lineage(tmp_path), table)
