import datetime as dt
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analytics.errors import InputFileError
from jobs.sources.files import read_contacts, read_rows

ROWS = [("2020-06-08 13:05:00", 5, "很好用"), ("2020-06-09 09:00:00", 1, "连不上网")]


def write_xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_review_export_with_title_notice_and_an_empty_first_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [None, "某应用_评论详情", None, None],
        [None, "如果您对导出功能有意见，欢迎反馈，谢谢。", None, None],
        [None, "发表时间", "评级", "内容"],
        *[[None, *row] for row in ROWS],
        [None, None, None, None],
        [None, dt.datetime(2020, 6, 10, 8), 3.5, 666],
    ]
    table = read_rows(write_xlsx(tmp_path / "a.xlsx", rows))
    assert table.header_position == 3
    assert list(table.frame.columns) == ["1", "发表时间", "评级", "内容"]
    assert table.positions == (4, 5, 7)
    assert table.frame.iloc[2].tolist() == [None, "2020-06-10 08:00:00", "3.5", "666"]
    assert table.frame["评级"].tolist() == ["5", "1", "3.5"]


def test_the_largest_sheet_is_read_and_a_note_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("明细")
    for row in [("内容",), ("好",), ("差",)]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_rows(tmp_path / "a.xlsx")
    assert table.frame["内容"].tolist() == ["好", "差"]
    assert "明细" in table.notes[0]


def test_a_spreadsheet_called_csv_and_text_called_xls_are_read_as_what_they_are(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [["内容", "评级"], ["好", 5]]).rename(tmp_path / "a.csv")
    assert read_rows(tmp_path / "a.csv").frame["内容"].tolist() == ["好"]
    (tmp_path / "b.xls").write_text("内容\t评级\n好\t5\n差\t1\n", encoding="gb18030")
    assert read_rows(tmp_path / "b.xls").frame["评级"].tolist() == ["5", "1"]


def test_json_lines_json_list_and_parquet_give_the_same_cells(tmp_path: Path) -> None:
    records = [{"内容": "好", "评级": 5, "标签": ["a", "b"]}, {"内容": "差", "评级": 1.5, "标签": None}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"total": 2, "rows": records}, indent=1), encoding="utf-8")
    pd.DataFrame(records).to_parquet(tmp_path / "c.parquet")
    expected = [["好", "5", '["a", "b"]'], ["差", "1.5", None]]
    for name in ("a.jsonl", "b.json", "c.parquet"):
        table = read_rows(tmp_path / name)
        assert table.frame.to_numpy().tolist() == expected, name
        assert table.positions == (1, 2)


def test_times_of_parquet_keep_their_zone(tmp_path: Path) -> None:
    at = pd.to_datetime(["2020-06-08T05:05:00Z"])
    pd.DataFrame({"内容": ["好"], "时间": at}).to_parquet(tmp_path / "a.parquet")
    assert read_rows(tmp_path / "a.parquet").frame["时间"].tolist() == ["2020-06-08 05:05:00+00:00"]


def test_broken_json_lines_are_refused_by_line(tmp_path: Path) -> None:
    lines = [b'{"call_id": "1"}', b"{broken", b"", b"[1, 2]", b'{"call_id": "\xff"}', b'{"call_id": "2"}']
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    found = read_contacts(tmp_path / "a.jsonl")
    assert [position for position, _ in found.records] == [1, 6]
    assert [(row.position, row.reason) for row in found.refused] == [
        (2, "bad_json"),
        (4, "bad_json"),
        (5, "broken_bytes"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("missing.csv", None, "there is no file"),
        ("empty.csv", b"", "is empty"),
        ("empty.xlsx", b"", "is empty"),
        ("blank.csv", b" \n\n\t\n", "is empty"),
        ("bom.csv", b"\xef\xbb\xbf", "is empty"),
        ("header.csv", "编号,内容\n".encode(), "has no rows"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "is a binary file"),
        ("noise.csv", bytes(range(256)) * 20, "is not a text file"),
        ("a.docx", b"PK\x03\x04", "unknown kind '.docx'"),
        ("noname", b"x", "unknown kind ''"),
        ("torn.xlsx", b"PK\x03\x04" + bytes(100), "cannot be read as a spreadsheet"),
        ("torn.parquet", b"PAR1" + bytes(100), "cannot be read as Parquet"),
        ("empty.jsonl", b"\n", "is empty"),
        ("list.json", b"[]", "has no rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_one_sentence(
    tmp_path: Path, name: str, data: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputFileError, match=says) as caught:
        read_rows(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="is not a file"):
        read_rows(tmp_path)


def test_one_object_over_several_lines_is_one_record(tmp_path: Path) -> None:
    job = {"jobName": "a", "results": {"items": [{"type": "pronunciation"}]}, "list": [{"x": 1}]}
    (tmp_path / "a.json").write_text(json.dumps(job, indent=2), encoding="utf-8")
    for form in ("transcribe", "segments", "whisperx"):
        assert read_contacts(tmp_path / "a.json", form).records == ((1, job),)
    call = {"call_id": "1", "segments": [{"text": "喂"}]}
    (tmp_path / "b.json").write_text(json.dumps(call, indent=2), encoding="utf-8")
    assert read_contacts(tmp_path / "b.json").records == ((1, call),)
    (tmp_path / "c.json").write_text(json.dumps({"calls": [call, call]}, indent=2), encoding="utf-8")
    assert [position for position, _ in read_contacts(tmp_path / "c.json").records] == [1, 2]


def test_broken_bytes_in_a_list_are_refused_by_place(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes('[\n{"内容": "好"},\n{"内容": "'.encode() + b'\xff"},\n{"a": 1}\n]')
    table = read_rows(tmp_path / "a.json")
    assert table.positions == (1, 3)
    assert [(row.position, row.reason) for row in table.refused] == [(2, "broken_bytes")]
