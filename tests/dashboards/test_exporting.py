from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError
from dashboards import exporting, exports
from dashboards.access.viewer import Viewer
from dashboards.export_files import About, plain, written_csv, written_xlsx
from dashboards.exports import TABLES, offer
from dashboards.filters import read_pairs
from dashboards.language import say
from dashboards.pages import PAGES
from dashboards.preferences import Preferences, preferred
from dashboards.site import Site

ZONE = "Asia/Shanghai"
NOTHING = About({}, {})
MARKED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def site(warehouse: Path) -> Site:
    return Site(warehouse, "sqlite:///no/such/inbox.db", ZONE, PAGES)


@pytest.fixture
def made_up_table() -> Iterator[str]:
    offer(
        "made_up",
        "示例表",
        lambda context: pd.DataFrame({"示例数": range(7), "示例词": ["催"] * 7}),
        meanings={"示例数": "示例含义", "没有的列": "不写"},
        page="/data",
    )
    yield "made_up"
    del TABLES["made_up"]


def _read_csv(content: bytes) -> tuple[list[str], list[str], list[list[str]]]:
    """Return the lines above, the head, and the rows of a CSV file."""
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    above = [row[0] for row in rows if row and row[0].startswith("# ")]
    head, *rest = rows[len(above) :] or [[]]
    return above, head, rest


def _read_xlsx(content: bytes) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    about, data = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return list(about.iter_rows(values_only=True)), list(data.iter_rows(values_only=True))


def _as_read(value: Any) -> Any:
    """Return what a workbook gives back for a cell: a formula's mark is kept harmless, a day is a midnight."""
    if isinstance(value, str):
        marked = value.startswith(("\t", "\r", "\n")) or value.lstrip().startswith(MARKED)
        return (f"'{value}" if marked else value).replace("\r\n", "\n").replace("\r", "\n") or None
    return dt.datetime.combine(value, dt.time()) if type(value) is dt.date else value


def _same(cell: Any, read: Any) -> bool:
    """Whether a workbook gave a cell back; it keeps moments to the millisecond and numbers to 15 digits."""
    if isinstance(cell, dt.datetime):
        return abs(cell - read) < dt.timedelta(milliseconds=2)
    return math.isclose(cell, read, rel_tol=1e-12) if isinstance(cell, float) else bool(cell == read)


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("search", ["?from=2026-10-02&to=2026-10-04", "?channel=nowhere"])
def test_every_table_reads_back_as_its_page_shows_it(
    site: Site, table: str, search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = TABLES[table]
    frame = export.read(site.context(read_pairs(search)))
    # Read once: ages are told by the clock.
    monkeypatch.setitem(TABLES, table, dataclasses.replace(export, read=lambda context: frame))
    expected = plain(frame, ZONE)
    name, content, said = exporting.saved(site, table, "csv", search)
    above, head, rows = _read_csv(content)
    assert name.isascii() and name.startswith(f"kesheng-{table}-") and not said
    assert above[0] == f"# 内容: {export.title}" and head == list(expected.columns)
    assert f"# 行数: {len(frame):,}" in above and len(rows) == len(frame)
    if "nowhere" in search:  # of nothing one kind of file is enough
        return
    _, sheet = _read_xlsx(exporting.saved(site, table, "xlsx", search)[1])
    assert [str(cell) for cell in (sheet[0] if head else ())] == head
    for row, found, line in zip(expected.itertuples(index=False), sheet[1:], rows, strict=True):
        assert all(_same(_as_read(cell), read) for cell, read in zip(row, found, strict=True))
        for cell, text in zip(row, line, strict=True):
            if isinstance(cell, int | float):
                assert float(text) == cell


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12))
def test_no_text_can_be_run_by_a_spreadsheet(text: str) -> None:
    frame = pd.DataFrame({text or "x": [text]})
    _, head, rows = _read_csv(written_csv(frame, About({"内容": text}, {}), "UTC"))
    for cell in (head[0], rows[0][0]):
        assert not cell.startswith(MARKED) and not cell.lstrip(" ").startswith(MARKED)
    book = openpyxl.load_workbook(io.BytesIO(written_xlsx(frame, About({text: text}, {"列": text}), "UTC")))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and not str(cell.value or "").lstrip(" ").startswith(MARKED[:4]) for cell in cells)


def test_numbers_stay_numbers_and_times_are_the_zones() -> None:
    moment = pd.Timestamp("2026-09-07T20:30:00Z")
    frame = pd.DataFrame(
        {"n": [-3], "share": [0.25], "none": [np.nan], "at": [moment], "day": [dt.date(2026, 9, 7)], "yes": [True]}
    )
    _, _, rows = _read_csv(written_csv(frame, NOTHING, ZONE))
    assert rows == [["-3", "0.25", "", "2026-09-08 04:30:00", "2026-09-07", "是"]]
    _, sheet = _read_xlsx(written_xlsx(frame, NOTHING, ZONE))
    assert sheet[1] == (-3, 0.25, None, dt.datetime(2026, 9, 8, 4, 30), dt.datetime(2026, 9, 7), "是")


def test_a_file_says_what_it_is_in_the_readers_language(site: Site, made_up_table: str) -> None:
    with preferred(Preferences(language="en")):
        _, content, _ = exporting.saved(site, made_up_table, "xlsx", "?channel=app&topic=t01")
        about = dict(row[:2] for row in _read_xlsx(content)[0] if row and row[0])
    assert about["Channel"] == "App" and about["Other conditions"] == "topic=t01" and about["Rows"] == "7"
    assert about["Exported by"] == "dashboard" and about["Time zone"] == ZONE
    assert about["示例数"] == "示例含义" and "没有的列" not in about
    assert about["Data published at"].endswith("+08:00")


def test_a_cut_file_says_so(site: Site, made_up_table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MAX_ROWS", 5)
    _, content, said = exporting.saved(site, made_up_table, "csv", "")
    above, _, rows = _read_csv(content)
    assert len(rows) == 5 and said == say("文件只含前 {n:,} 行，请缩小范围后再导出", n=5)
    assert "# 行数: 5（只含前 5 行，还有更多）" in above


def test_a_table_of_a_page_one_does_not_have_is_refused(site: Site, made_up_table: str) -> None:
    with flask.Flask("test").test_request_context():
        flask.g.viewer = Viewer("lin", pages=("/", "/topics"))
        with pytest.raises(ConfigError):
            exporting.saved(site, made_up_table, "csv", "")
        flask.g.viewer = Viewer("lin", pages=("/data",))
        assert exporting.saved(site, made_up_table, "csv", "")[0].endswith(".csv")


def test_who_saves_what_customers_said_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(exporting, "looked", lambda *said: kept.append(said))
    said = pd.DataFrame({"编号": ["c1", "c1", "c2"], "原声": ["一", "二", "三"]})
    monkeypatch.setitem(TABLES, "words", exports.Export("words", "原声", lambda context: said, verbatims_by="编号"))
    exporting.saved(site, "words", "csv", "?channel=app")
    ((kind, asked, ids),) = kept
    assert kind == "export" and asked.startswith("words?") and "channel=app" in asked and list(ids) == ["c1", "c2"]


def test_unknown_tables_and_kinds_are_refused(site: Site, made_up_table: str) -> None:
    for table, kind in (("no_such_table", "csv"), (made_up_table, "exe")):
        with pytest.raises(ConfigError, match="expected a table"):
            exporting.saved(site, table, kind, "")


def test_the_bound_of_a_file_is_what_a_workbook_holds() -> None:
    assert exports.MAX_ROWS < 1_048_576
