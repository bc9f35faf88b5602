from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from dashboards.data.source import Source
from dashboards.report import main, render


def _without_scripts(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_the_page_says_what_was_read_and_found(source: Source) -> None:
    text = _without_scripts(render(source, "九月的声音"))
    n = int(source.rows("SELECT count(*) AS n FROM contact")["n"].iloc[0])
    for said in (
        "九月的声音",
        f"{n:,} 条",
        "物流迟迟不更新",
        "其他（没有主题贴合）",
        "「呛口小辣椒面膜」",
        "没有内容",
        "主要与回复变慢有关",
    ):
        assert said in text, said
    assert text.count('<article class="topic') == 11
    assert len(re.findall(r"<li>", text.split('id="spikes"')[0])) == 33


def test_plotly_is_inside_once_and_nothing_is_asked_of_another_host(source: Source) -> None:
    page = render(source)
    assert page.count("plotly.js v") == 1
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert not re.findall(r"url\(|@import", _without_scripts(page))
    assert '"showSendToCloud": false' in page


@pytest.mark.slow
def test_customer_text_is_escaped(made_up: object, tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    made_up.build(path)  # type: ignore[attr-defined]
    evil = "<script>alert('客户')</script><img src=x onerror=alert(1)>"
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE utterance SET text = ? || turn, text_simplified = text", [evil])
        connection.execute("UPDATE topic SET label = ?", [evil])
    out = tmp_path / "out.html"
    assert main([str(path), str(out), "--title", evil]) == 0
    page = out.read_text(encoding="utf-8")
    assert evil not in page
    assert "<img" not in _without_scripts(page)
    assert "&lt;script&gt;alert" in page


def test_undated_data_leaves_time_out_and_says_so(undated_source: Source) -> None:
    page = render(undated_source)
    assert page.count("--time") >= 3
    assert "plotly" not in page
    assert len(page) < 60_000


@pytest.mark.slow
def test_the_same_warehouse_gives_the_same_page(source: Source) -> None:
    assert render(source) == render(source)


@pytest.mark.parametrize("kind", ["missing", "binary", "folder"])
def test_bad_input_is_one_sentence_and_exit_two(
    kind: str, warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = warehouse, tmp_path / "out.html"
    if kind == "missing":
        given = tmp_path / "none.duckdb"
    elif kind == "binary":
        given = tmp_path / "voc.duckdb"
        given.write_bytes(bytes(range(256)) * 40)
    else:
        out = tmp_path / "no such folder" / "out.html"
    assert main([str(given), str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "report:" in said
