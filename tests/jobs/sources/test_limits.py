"""Files that are broken or meant ill: refused with a word, whole or row by row, and every other file lands."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import ConfigError, InputFileError, StageError
from analytics.settings import SourceSettings, load_settings
from analytics.source_limits import LimitSettings
from jobs.sources import bounded
from jobs.sources.conform_file import conform_landed
from jobs.sources.landing import LandedFile, collect_files, manifest
from jobs.sources.workbook_size import check_workbook

ZONE = "Asia/Shanghai"
GOOD = "编号,时间,内容\na1,2026-01-01 10:00,好\n"
SMALL = LimitSettings(
    file_mb=1, whole_mb=1, archive_mb=2, archive_files=3, rows=1000, columns=20, cells=5000, sheet_cells=500,
    row_chars=5000, cell_chars=1000,
)  # fmt: skip
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
Make = Callable[[Path], None]


@pytest.fixture(autouse=True)
def any_growth_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_RATIO_FROM_BYTES", 1 << 16)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "z.csv").write_text(GOOD, encoding="utf-8")
    return folder


def collect(exports: Path, **values: Any) -> list[LandedFile]:
    source = SourceSettings(**{"path": str(exports), "kind": "review", "settle_seconds": 0, "limits": SMALL, **values})
    return collect_files("s", source, exports.parent / "landing", ZONE)


def zipped(path: Path, **members: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)


def workbook(path: Path, cells: str, *, before: str = "") -> None:
    """Write a workbook of one sheet by hand, as no program would."""
    one = "http://schemas.openxmlformats.org"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        link = (
            '<Relationships xmlns="{0}/package/2006/relationships"><Relationship Id="r1" '
            'Type="{0}/officeDocument/2006/relationships/{1}" Target="{2}"/></Relationships>'
        )
        book.writestr("[Content_Types].xml", f'<Types xmlns="{one}/package/2006/content-types"/>')
        book.writestr("_rels/.rels", link.format(one, "officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", link.format(one, "worksheet", "odd/name.xml"))
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{one}/spreadsheetml/2006/main" xmlns:r="{one}/officeDocument/2006/relationships">'
            '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr("xl/odd/name.xml", before + SHEET.format(cells))


def cell(place: str, text: str) -> str:
    return f"<row r='{place.lstrip('ABCDXFZ')}'><c r = '{place}' t=\"inlineStr\"><is><t>{text}</t></is></c></row>"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED: dict[str, tuple[Make, str]] = {
    "a.csv.gz": (lambda path: path.write_bytes(gzip.compress(b"1," * (1 << 18))) and None, "more than 200 times"),
    "b.zip": (lambda path: zipped(path, x__csv="1," * (1 << 18)), "more than 200 times its size"),
    "c.zip": (lambda path: zipped(path, x__csv=os.urandom(1 << 20) + b"x"), "is larger than 1 MB"),
    "d.zip": (lambda path: zipped(path, **{f"{i}__csv": os.urandom(400_000).hex() for i in "abc"}), "more than 2 MB"),
    "e.zip": (lambda path: zipped(path, **{f"{i}__csv": GOOD for i in range(4)}), "holds 4 files, more than 3"),
    "f.zip": (lambda path: zipped(path, x__csv=GOOD.replace("a1", "f1"), y__zip=b"PK"), "holds another archive"),
    "g.csv.gz.gz": (lambda path: path.write_bytes(gzip.compress(gzip.compress(b"x"))) and None, "another archive"),
    "h.csv": (lambda path: path.write_text("编号,内容\n" + "1,好\n" * 1000) and None, "lines, more than 1,000"),
    "i.csv": (lambda path: path.write_text(",".join(map(str, range(30))) + "\n" + "好," * 29) and None, "30 columns"),
    "j.csv": (lambda path: path.write_text("好," * 9 + "\n" + ("1," * 9 + "\n") * 600) and None, "cells, more than"),
    "k.json": (lambda path: path.write_text("[" + "[]," * 6000 + "[]]") and None, "more than 5,000 values"),
    "l.jsonl": (lambda path: path.write_text(json.dumps({str(n): "好" for n in range(30)})) and None, "30 columns"),
    "m.xlsx": (lambda path: workbook(path, cell("A1", "内容") + cell("XFD1048576", "x")), "17,179,869,184 cells"),
    "n.xlsx": (lambda path: workbook(path, cell("A1", "&b;"), before=ENTITIES), "cannot be read as a spreadsheet"),
    "o.xlsx": (lambda path: workbook(path, cell("A1", "内容" * (1 << 18))), "times its size"),
    "p.parquet": (lambda path: pq.write_table(pa.table({"内容": ["好"] * 6000}), path), "6,000 cells"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused_whole_and_told_and_keeps_no_other_from_landing(exports: Path, name: str) -> None:
    make, told = REFUSED[name]
    make(exports / name)
    with pytest.raises(InputFileError) as error:
        collect(exports)
    assert told in str(error.value) and name in str(error.value)
    assert [file.original for file in manifest(exports.parent / "landing")] == ["z.csv"]
    assert not list((exports.parent / "landing" / "s").glob(".incoming*"))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("a.csv", 'id,text\n1,好\n2,{long}\n3,慢\n4,"{long}\n{long}"\n5,好\n6,慢\n7,好\n'),
        ("a.csv", "id,text\n1,好\n2,{long}{long}{long}{long}{long}{long}\n3,慢\n4,{long}\n"),
        ("a.txt", "好\n{long}\n慢\n{long}{long}{long}{long}{long}{long}\n"),
        ("a.jsonl", '{{"text": "好"}}\n{{"text": "{long}"}}\n{{"text": "慢"}}\n{{"x": ["{long}"], "text": "差"}}\n'),
        ("a.json", '[{{"text": "好"}}, {{"text": "{long}"}}, {{"text": "慢"}}, {{"text": "{long}"}}]'),
    ],
)
def test_a_huge_row_costs_that_row(tmp_path: Path, name: str, rows: str) -> None:
    (tmp_path / name).write_text(rows.format(long="长" * 1001), encoding="utf-8")
    columns = {"text": 1} if name.endswith("txt") else {"text": "text"}
    source = SourceSettings(
        path=str(tmp_path / name), kind="review", settle_seconds=0, limits=SMALL, columns=columns,
        header=not name.endswith("txt"),
    )  # fmt: skip
    settings = load_settings(home=tmp_path).model_copy(update={"sources": {"s": source}})
    (landed,) = collect_files("s", source, settings.landing, ZONE)
    done = conform_landed(landed, settings)
    assert set(done.utterances["text"]) == {"好", "慢"}
    assert "too_long" in set(done.rejected["reason"]) and len(done.rejected) + len(done.contacts) == landed.n_records


def test_a_number_of_thousands_of_digits_is_one_broken_line(exports: Path) -> None:
    (exports / "z.csv").unlink()
    (exports / "a.jsonl").write_text('{"text": "好"}\n{"text": "慢", "n": ' + "9" * 4500 + "}\n", encoding="utf-8")
    (landed,) = collect(exports)
    assert landed.n_records == 2


def test_links_out_of_the_folder_are_refused_those_within_it_and_the_folder_itself_are_not(exports: Path) -> None:
    outside = exports.parent / "secret.csv"
    outside.write_text(GOOD.replace("a1", "x1"), encoding="utf-8")
    (exports / "a.csv").symlink_to(outside)
    (exports / "b.csv").symlink_to(exports / "z.csv")
    (exports / "folder").symlink_to(exports.parent)
    with pytest.raises(InputFileError, match=r"a\.csv is a link that leads out of its folder.*follow_links"):
        collect(exports)
    assert [file.n_records for file in manifest(exports.parent / "landing")] == [1]
    assert len(collect(exports, limits=SMALL.model_copy(update={"follow_links": True}))) == 1
    (exports.parent / "elsewhere").symlink_to(exports)
    (exports / "y.csv").write_text(GOOD.replace("a1", "y1"), encoding="utf-8")
    (exports / "a.csv").unlink()
    assert len(collect(exports.parent / "elsewhere")) == 1


@pytest.mark.parametrize(
    "name", ["../../up.csv", "/etc/cron.d/x.csv", "..\\..\\up.csv", "长" * 300 + ".csv", "a\nb.csv"]
)
def test_names_in_archives_lead_nowhere(exports: Path, name: str) -> None:
    (exports / "z.csv").unlink()
    with zipfile.ZipFile(exports / "1.zip", "w") as archive:
        archive.writestr(name, GOOD)
    before = set(exports.parent.parent.rglob("*"))
    (landed,) = collect(exports)
    new = set(exports.parent.parent.rglob("*")) - before
    assert all(path.is_relative_to(exports.parent / "landing") for path in new)
    assert Path(landed.file).parent == Path("s") and "\n" not in landed.file


def test_a_name_that_is_no_text_lands(exports: Path) -> None:
    (exports / "z.csv").rename(os.fsdecode(os.fsencode(exports) + b"/" + "八月.csv".encode("gb18030")))
    (landed,) = collect(exports)
    assert landed.original.endswith(".csv") and manifest(exports.parent / "landing") == [landed]


def test_one_bad_file_in_an_archive_keeps_no_other_of_it_from_landing(exports: Path) -> None:
    zipped(exports / "1.zip", a__csv=b"", b__csv=GOOD.replace("a1", "b1"))
    with pytest.raises(InputFileError, match=r"1\.zip/a\.csv is empty"):
        collect(exports)
    assert [file.original for file in manifest(exports.parent / "landing")] == ["1.zip/b.csv", "z.csv"]


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped(path, x__csv=GOOD)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(InputFileError, match="lists too many files"):
        bounded.check_directory(path, path.name)


def test_a_binary_workbook_is_tried_in_a_process_that_may_die(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"  # whatever it is called
    workbook(path, cell("A1", "内容") + cell("XFD1048576", "x"))
    with pytest.raises(InputFileError, match="more memory or time than a spreadsheet needs"):
        check_workbook(path, SMALL)


def test_a_store_that_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW", "s3cret")
    with pytest.raises(StageError, match=r"source s: .* cannot be listed \(ConnectionRefusedError\)") as error:
        collect(tmp_path, path="ftp://u:${PW}@127.0.0.1:9/x.csv")
    assert "s3cret" not in str(error.value)
    monkeypatch.delenv("PW")
    with pytest.raises(ConfigError, match=r"sources\.s\.path needs the environment variable PW"):
        collect(tmp_path, path="ftp://u:${PW}@127.0.0.1:9/x.csv")
