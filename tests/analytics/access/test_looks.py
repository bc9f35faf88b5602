from __future__ import annotations

import stat
from pathlib import Path

import pytest

from analytics.access import Look, LookLog, looks


def look(viewer: str, *ids: str, at: str = "2026-03-01T08:00:00.000+00:00") -> Look:
    return Look(at, viewer, "list", "channel=app", ids)


def test_looks_are_found_by_contact_and_by_user(tmp_path: Path) -> None:
    log = LookLog(tmp_path / "logs" / "looked.jsonl")
    log.add(look("lin", "c1", "c2"))
    log.add(look("王芳", "c2", '客"3'))
    assert [found.viewer for found in log.read()] == ["lin", "王芳"]
    assert [found.viewer for found in log.read(contact="c2")] == ["lin", "王芳"]
    assert [found.viewer for found in log.read(contact='客"3')] == ["王芳"]
    assert [found.contact_ids for found in log.read(user="lin")] == [("c1", "c2")]
    assert list(log.read(contact="c")) == []
    assert stat.S_IMODE((tmp_path / "logs" / "looked.jsonl").stat().st_mode) == 0o600


def test_a_full_file_is_closed_and_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MAX_BYTES", 200)
    log = LookLog(tmp_path / "looked.jsonl")
    old = tmp_path / "looked.jsonl.20200101T000000.000000"
    old.write_text("", encoding="utf-8")
    for number in range(6):
        log.add(look("lin", f"c{number}"))
    assert len(list(tmp_path.glob("looked.jsonl.2*"))) > 1
    assert [found.contact_ids[0] for found in log.read()] == [f"c{number}" for number in range(6)]
    assert not old.exists()  # older than a year and a month
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in tmp_path.glob("looked.jsonl*"))


def test_a_line_that_a_crash_cut_is_left_out(tmp_path: Path) -> None:
    log = LookLog(tmp_path / "looked.jsonl")
    log.add(look("lin", "c1"))
    with (tmp_path / "looked.jsonl").open("a") as handle:
        handle.write('{"at":"2026\n')
    log.add(look("lin", "c2"))
    assert [found.contact_ids for found in log.read()] == [("c1",), ("c2",)]
