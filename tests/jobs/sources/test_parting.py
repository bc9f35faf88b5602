"""A big file lands in parts: every record once, contacts whole, the same tables as from the whole file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.settings import SourceSettings
from jobs.sources.conform_file import conform_landed
from jobs.sources.landing import collect_files, manifest
from jobs.sources.parting import parts_of

ZONE = "Asia/Shanghai"
COLUMNS = {"contact": "会话", "text": "内容", "time": "时间", "speaker": "角色"}
HEAD = "会话,时间,角色,内容\n"
_bytes = 1 / (1 << 20)


def _source(path: Path, n_bytes: int, **more: object) -> SourceSettings:
    given = {
        "path": str(path),
        "kind": "chat",
        "columns": COLUMNS,
        "settle_seconds": 0,
        "part_megabytes": n_bytes * _bytes,
    }
    return SourceSettings.model_validate({**given, **more})


def _rows(contacts: list[int]) -> list[str]:
    return [f'c{c},2026-03-02 10:{n // 60:02}:{n % 60:02},客户,"第{n}句,\n还没到"' for n, c in enumerate(contacts)]


def _tables(landing: Path, source: SourceSettings) -> dict[str, pd.DataFrame]:
    from analytics.settings import Settings

    site = Settings(home=landing.parent, sources={"chats": source})
    done = [conform_landed(file, site) for file in manifest(landing)]
    dropped = ["position", "file", "position_end", "raw_hash"]
    turns = pd.concat([one.utterances for one in done]).drop(columns=dropped, errors="ignore")
    return {"turns": turns.sort_values(["contact_id", "turn"], ignore_index=True)}


@settings(max_examples=25)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=40), st.integers(60, 900), st.booleans())
def test_every_row_is_in_one_part_and_a_contact_in_no_two(
    tmp_path_factory: pytest.TempPathFactory, contacts: list[int], n_bytes: int, ends: bool
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    rows = _rows(contacts)
    file = folder / "file"
    file.write_text(HEAD + "\n".join(rows) + "\n" * ends, encoding="utf-8")
    parts = parts_of(file, "a.csv", _source(folder, n_bytes))
    if not parts:
        assert file.stat().st_size <= n_bytes
        return
    texts = [path.read_text(encoding="utf-8") for _, path in parts]
    assert all(text.startswith(HEAD) for text in texts)
    found = [pd.read_csv(path) for _, path in parts]
    assert sum(len(part) for part in found) == len(rows)
    assert sum(part["会话"].nunique() for part in found) == len(set(contacts))
    assert sorted("".join(text.removeprefix(HEAD) for text in texts)) == sorted("\n".join(rows) + "\n")


def test_a_file_in_parts_gives_the_tables_of_the_whole(tmp_path: Path) -> None:
    export = tmp_path / "export" / "day.csv"
    export.parent.mkdir()
    export.write_text(HEAD + "\n".join(_rows([n // 10 + n % 4 for n in range(300)])), encoding="gb18030")
    found = {}
    for name, n_bytes in (("whole", 1 << 20), ("parts", 1500)):
        source = _source(export, n_bytes)
        landed = collect_files("chats", source, tmp_path / name / "landing", ZONE)
        assert (len(landed) > 5) is (name == "parts")
        assert sum(file.n_records for file in landed) == 300
        assert collect_files("chats", source, tmp_path / name / "landing", ZONE) == []
        found[name] = _tables(tmp_path / name / "landing", source)["turns"]
    pd.testing.assert_frame_equal(found["whole"], found["parts"])


def test_one_open_quote_costs_one_row(tmp_path: Path) -> None:
    rows = _rows(list(range(60)))
    rows[20] = 'c20,2026-03-02 10:00:20,客户,"没有结束'
    file = tmp_path / "day.csv"
    file.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    source = _source(file, 1000)
    landed = collect_files("chats", source, tmp_path / "home" / "landing", ZONE)
    assert len(landed) > 2
    assert len(_tables(tmp_path / "home" / "landing", source)["turns"]) == 59


def test_lines_of_json_are_parted_by_contact(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = [json.dumps({"会话": f"c{(n + n % 3) // 10}", "内容": "好" * 20}, ensure_ascii=False) for n in range(50)]
    file.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    parts = parts_of(file, "a.jsonl", _source(tmp_path, 900))
    assert [name for name, _ in parts][:2] == ["a.part-0001.jsonl", "a.part-0002.jsonl"]
    assert sorted("".join(path.read_text() for _, path in parts).split()) == sorted(
        "\n".join([*lines, "{broken"]).split()
    )


@pytest.mark.parametrize("more", [{"gap_minutes": 30}, {"columns": {}}])
def test_what_cannot_be_cut_rightly_stays_whole(tmp_path: Path, more: dict[str, object]) -> None:
    file = tmp_path / "file"
    file.write_text(HEAD + "\n".join(_rows([1, 2, 3] * 30)), encoding="utf-8")
    assert parts_of(file, "a.csv", _source(tmp_path, 100, **more)) == []
