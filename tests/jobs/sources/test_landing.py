import datetime as dt
import stat
from pathlib import Path

import pytest

from analytics.errors import InputFileError
from analytics.schema import UNDATED_DAY
from analytics.settings import SourceSettings
from jobs.sources.landing import LandedFile, Watch, collect_files, files_touching, manifest

ZONE = "Asia/Shanghai"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "1.csv").write_text("时间,内容\n2026-01-01 23:59,好\n2026-01-02 00:01,差\n坏,差\n", encoding="utf-8")
    (folder / "2.csv").write_text("时间,内容\n2026-01-05T17:00:00Z,好\n", encoding="utf-8")
    return folder


def collect(exports: Path, landing: Path) -> list[LandedFile]:
    return collect_files("reviews", SourceSettings(path=str(exports), kind="review", settle_seconds=0), landing, ZONE)


def test_files_land_once_and_unchanged_readable_by_their_owner_only(exports: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    first, second = collect(exports, landing)
    assert (landing / first.file).read_bytes() == (exports / "1.csv").read_bytes()
    assert first.file == f"reviews/{first.sha256[:12]}-1.csv"
    assert (first.original, first.n_records, first.n_bytes) == ("1.csv", 3, (exports / "1.csv").stat().st_size)
    assert first.days == (dt.date(2026, 1, 1), dt.date(2026, 1, 2))
    assert second.days == (dt.date(2026, 1, 6),)
    assert stat.S_IMODE((landing / first.file).stat().st_mode) == 0o600
    assert stat.S_IMODE((landing / "reviews").stat().st_mode) == 0o700
    assert collect(exports, landing) == []
    assert manifest(landing) == [first, second]


def test_the_same_content_under_another_name_is_nothing_new_and_new_content_under_the_same_name_is(
    exports: Path, tmp_path: Path
) -> None:
    landing = tmp_path / "landing"
    collect(exports, landing)
    (exports / "copy.csv").write_bytes((exports / "1.csv").read_bytes())
    assert collect(exports, landing) == []
    (exports / "1.csv").write_text("时间,内容\n2026-02-01,好\n", encoding="utf-8")
    assert [file.original for file in collect(exports, landing)] == ["1.csv"]
    assert len(manifest(landing)) == 3


def test_files_are_found_by_the_days_they_touch(exports: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    (exports / "3.csv").write_text("内容\n没有时间\n", encoding="utf-8")
    collect(exports, landing)

    def touching(first: dt.date, last: dt.date) -> list[str]:
        return [file.original for file in files_touching(landing, first, last)]

    assert touching(dt.date(2026, 1, 2), dt.date(2026, 1, 3)) == ["1.csv"]
    assert touching(dt.date(2026, 1, 1), dt.date(2026, 1, 6)) == ["1.csv", "2.csv"]
    assert touching(dt.date(2026, 1, 3), dt.date(2026, 1, 5)) == []
    assert touching(UNDATED_DAY, UNDATED_DAY) == ["3.csv"]


def test_a_file_that_cannot_be_read_keeps_no_other_from_landing_and_is_reported(exports: Path, tmp_path: Path) -> None:
    (exports / "0.csv").write_bytes(b"")
    with pytest.raises(InputFileError, match=r"0\.csv is empty"):
        collect(exports, tmp_path / "landing")
    assert [file.original for file in manifest(tmp_path / "landing")] == ["1.csv", "2.csv"]


def test_what_a_crash_left_is_swept_and_half_a_line_is_no_file(exports: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    collect(exports, landing)
    path = landing / "reviews" / "manifest.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])
    (landing / "reviews" / ".incoming-1.csv").write_bytes(b"half")
    assert [file.original for file in manifest(landing)] == ["1.csv"]
    assert [file.original for file in collect(exports, landing)] == ["2.csv"]
    assert [file.original for file in manifest(landing)] == ["1.csv", "2.csv"]
    assert not list(landing.glob("reviews/.incoming-*"))


@pytest.mark.parametrize("pattern", ["exports", "exports/*.csv", "exports/1.csv", "**/1.csv"])
def test_a_source_is_a_folder_a_glob_or_a_file(exports: Path, tmp_path: Path, pattern: str) -> None:
    (exports / ".hidden.csv").write_text("内容\n好\n", encoding="utf-8")
    (exports / "README").write_text("no record", encoding="utf-8")
    source = SourceSettings(path=str(tmp_path / pattern), kind="review", settle_seconds=0)
    seen: list[tuple[int, int, str]] = []
    watch = Watch(progress=lambda done, total, file: seen.append((done, total, file.name)))
    found = collect_files("r", source, tmp_path / "l", ZONE, watch=watch)
    assert [Path(file.original).name for file in found] == (["1.csv"] if "1" in pattern else ["1.csv", "2.csv"])
    assert [now[0] for now in seen] == list(range(1, len(found) + 1))


def test_a_source_without_files_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"source r: no file at .*nowhere.*sources\.r\.path"):
        collect_files("r", SourceSettings(path=str(tmp_path / "nowhere"), kind="chat"), tmp_path / "l", ZONE)
