"""Swapping: the old file is replaced and not written over, on disk before it is seen, and nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from analytics.warehouse.swap import swapped


def test_who_has_the_old_file_open_keeps_it(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file"
    for text in ("old", "new, and longer than old"):
        with swapped(target) as private:
            private.write_text(text)
        if text == "old":
            handle = target.open()
    assert handle.read() == "old"
    handle.close()
    assert target.read_text() == "new, and longer than old"
    assert sorted(path.name for path in target.parent.iterdir()) == [".file.lock", "file"]


def test_a_failed_build_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), swapped(target) as private:
        private.write_text("half")
        private.with_name(private.name + ".wal").write_text("log")
        _ = 1 // 0
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".file.lock", "file"]


def test_what_a_killed_writer_left_is_swept_and_other_files_are_not(tmp_path: Path) -> None:
    target = tmp_path / "file"
    for name in (".file.99.private", ".file.99.private.wal", ".other.99.private", "file.private"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".file.99.private.tmp").mkdir()
    (tmp_path / ".file.99.private.tmp" / "spilt").write_text("x")
    with swapped(target) as private:
        private.write_text("new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".file.lock",
        ".other.99.private",
        "file",
        "file.private",
    ]


def test_the_file_is_on_disk_before_it_is_seen_and_the_folder_after(tmp_path: Path, monkeypatch: Any) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        steps.append("folder" if os.path.isdir(f"/dev/fd/{descriptor}") else "file")
        fsync(descriptor)

    def replaced(one: Path, other: Path) -> None:
        steps.append("replace")
        replace(one, other)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    with swapped(tmp_path / "file") as private:
        private.write_text("new")
    assert steps == ["file", "replace", "folder"]
