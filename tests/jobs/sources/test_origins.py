"""Files of a source wherever they are: archives, addresses, files still being written."""

from __future__ import annotations

import gzip
import threading
import time
import zipfile
from pathlib import Path

import fsspec
import pytest

from analytics.errors import ConfigError, InputFileError
from analytics.settings import SourceSettings
from jobs.sources.landing import Watch, collect_files, manifest

ZONE = "Asia/Shanghai"
ROWS = "编号,时间,内容\n{0}1,2026-01-01 10:00,好\n{0}2,2026-01-02 10:00,差\n"


def source(path: str, settle_seconds: float = 0) -> SourceSettings:
    return SourceSettings(path=path, kind="review", settle_seconds=settle_seconds)


def collected(path: str, landing: Path) -> list[str]:
    return [file.original for file in collect_files("s", source(path), landing, ZONE)]


def test_files_in_archives_land_each_by_itself_and_once(tmp_path: Path) -> None:
    exports, landing = tmp_path / "exports", tmp_path / "landing"
    exports.mkdir()
    (exports / "1.csv.gz").write_bytes(gzip.compress(ROWS.format("a").encode("gb18030")))
    with zipfile.ZipFile(exports / "2.zip", "w") as archive:
        archive.writestr("八月/评论.csv", ROWS.format("b"))
        archive.writestr("同样.csv", ROWS.format("a").encode("gb18030"))
        archive.writestr("说明.pdf", "no record")
        archive.writestr("__MACOSX/._评论.csv", "x")
    assert collected(str(exports), landing) == ["1.csv", "2.zip/八月/评论.csv"]
    assert [file.n_records for file in manifest(landing)] == [2, 2]
    assert collected(str(exports), landing) == []
    (exports / "copy.zip").write_bytes((exports / "2.zip").read_bytes())
    assert collected(str(exports), landing) == []


def test_names_in_archives_of_chinese_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xx.csv", ROWS.format("a"))
    # The name in GB18030 and no flag that says UTF-8; zipfile itself does not write that.
    path.write_bytes(path.read_bytes().replace(b"xx.csv", "八.csv".encode("gb18030")))
    assert collected(str(path), tmp_path / "landing") == ["1.zip/八.csv"]


@pytest.mark.parametrize("spoil", ["cut", "empty"])
def test_a_broken_archive_is_told_and_keeps_no_other_from_landing(tmp_path: Path, spoil: str) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "2.csv").write_text(ROWS.format("a"), encoding="utf-8")
    whole = gzip.compress(ROWS.format("b").encode() * 50)
    (exports / "1.csv.gz").write_bytes(whole[: len(whole) // 2] if spoil == "cut" else b"")
    with pytest.raises(InputFileError, match=r"1\.csv"):
        collected(str(exports), tmp_path / "landing")
    assert [file.original for file in manifest(tmp_path / "landing")] == ["2.csv"]


def test_any_address_that_fsspec_knows(tmp_path: Path) -> None:
    fs = fsspec.filesystem("memory")
    with fs.open("/exports/a/1.csv", "wb") as file:
        file.write(ROWS.format("a").encode())
    with fs.open("/exports/2.zip", "wb") as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr("3.csv", ROWS.format("b"))
    landing = tmp_path / "landing"
    assert collected("memory://exports", landing) == ["2.zip/3.csv", "a/1.csv"]
    assert collected("memory://exports/*.zip", landing) == []
    with fs.open("/exports/a/1.csv", "wb") as file:
        file.write(ROWS.format("c").encode())
    assert collected("memory://exports/a/*.csv", landing) == ["1.csv"]
    with pytest.raises(InputFileError, match="no file at memory://nowhere"):
        collected("memory://nowhere", landing)
    with pytest.raises(ConfigError, match="nothing here reads addresses like s9://"):
        collected("s9://bucket/x.csv", landing)


@pytest.mark.slow
def test_a_file_still_being_written_is_left_for_later_and_then_taken_whole(tmp_path: Path) -> None:
    exports, landing = tmp_path / "exports", tmp_path / "landing"
    exports.mkdir()
    (exports / "done.csv").write_text(ROWS.format("a"), encoding="utf-8")
    (exports / "browser.csv.crdownload").write_text(ROWS.format("c"), encoding="utf-8")
    growing = exports / "growing.csv"
    growing.write_text(ROWS.format("b"), encoding="utf-8")
    stop = threading.Event()

    def grow() -> None:
        with growing.open("a", encoding="utf-8") as file:
            while not stop.is_set():
                file.write("b3,2026-01-03 10:00,慢\n")
                file.flush()
                time.sleep(0.01)

    writer = threading.Thread(target=grow)
    writer.start()
    left: list[str] = []
    try:
        first = collect_files("s", source(str(exports), 0.3), landing, ZONE, watch=Watch(left=left.append))
    finally:
        stop.set()
        writer.join()
    assert [file.original for file in first] == ["done.csv"]
    assert [Path(name).name for name in left] == ["growing.csv"]
    (later,) = collect_files("s", source(str(exports), 0.3), landing, ZONE)
    assert later.n_bytes == growing.stat().st_size


def test_names_of_files_in_landing_tell_no_numbers(tmp_path: Path) -> None:
    exports, landing = tmp_path / "exports", tmp_path / "landing"
    exports.mkdir()
    (exports / "13800138000_20260101.csv").write_text(ROWS.format("a"), encoding="utf-8")
    (landed,) = collect_files("s", source(str(exports)), landing, ZONE)
    assert landed.file.endswith("-x_20260101.csv")
    (exports / "bad-13800138001.csv").write_bytes(b"")
    with pytest.raises(InputFileError) as error:
        collected(str(exports), landing)
    assert "13800138001" not in str(error.value)
