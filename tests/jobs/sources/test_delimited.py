from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.sources.delimited import read_delimited
from jobs.sources.encoding import Decoded
from jobs.sources.table import RawTable


def read(text: str, *, header: bool | None = None, suffix: str = ".csv") -> RawTable:
    return read_delimited(Decoded(text, "utf-8"), header=header, suffix=suffix)


def faults(table: RawTable) -> list[tuple[int, str]]:
    return [(row.position, row.reason) for row in table.refused]


def test_each_delimiter_is_found_though_the_text_holds_the_others() -> None:
    rows = [("编号", "内容", "时间"), ("1", "慢，太慢；真的 | 慢", "2020/6/8"), ("2", "好", "2020/6/9")]
    for delimiter in ",\t;|":
        text = "".join(delimiter.join(f'"{cell}"' if "慢" in cell else cell for cell in row) + "\n" for row in rows)
        table = read(text)
        assert table.delimiter == delimiter
        assert [tuple(row) for row in table.frame.to_numpy()] == rows[1:]


def test_a_quote_never_closed_costs_its_own_row_only() -> None:
    table = read('编号,内容\n1,很好\n2,"坏了\n3,"三,四"\n4,"五"\n5,六\n')
    assert faults(table) == [(3, "bad_row")]
    assert table.frame["编号"].tolist() == ["1", "3", "4", "5"]
    assert table.positions == (2, 4, 5, 6)


def test_line_breaks_inside_quotes_are_one_row() -> None:
    table = read('编号,内容\n1,"第一行\n第二行\n\n第四行"\n2,好\n')
    assert table.frame["内容"].tolist() == ["第一行\n第二行\n\n第四行", "好"]
    assert table.positions == (2, 3)


def test_too_few_and_too_many_fields_are_refused_but_empty_ones_at_the_end_are_not() -> None:
    table = read("编号,内容,时间\n1,好,2020\n2,好\n3,好,2021,\n4,好,坏,2022\n5,好,2023\n6,差,2024\n")
    assert faults(table) == [(3, "bad_row"), (5, "bad_row")]
    assert table.frame["编号"].tolist() == ["1", "3", "5", "6"]


def test_blank_rows_are_no_records_but_count_as_rows() -> None:
    table = read("编号,内容\n\n1,好\n,\n  \n2,差\n")
    assert table.positions == (3, 6)
    assert table.refused == ()


def test_title_and_notice_above_the_header_are_passed_over() -> None:
    table = read("八月评论导出\n如有疑问，请联系客服\n编号,内容,时间\n1,好,2020/1/1\n2,差,2020/1/2\n")
    assert table.header_position == 3
    assert table.positions == (4, 5)


def test_lone_quotes_in_a_tab_file_are_text() -> None:
    table = read('s1\tu1\t0\t"太慢\ns1\tu1\t1\t请问"什么"慢\ns2\tu2\t0\t好"\n', suffix=".tsv")
    assert table.frame["4"].tolist() == ['"太慢', '请问"什么"慢', '好"']
    assert table.header_position is None
    assert list(table.frame.columns) == ["1", "2", "3", "4"]


def test_one_text_a_line_needs_no_delimiter() -> None:
    table = read("内容\n很好, 喜欢\n太慢了\n一般吧; 还行\n", suffix=".txt")
    assert table.delimiter is None
    assert table.frame["内容"].tolist() == ["很好, 喜欢", "太慢了", "一般吧; 还行"]


def test_no_header_means_every_row_is_a_record() -> None:
    assert len(read("编号,内容\n1,好\n", header=False).frame) == 2


def test_a_header_with_empty_names_at_its_end_does_not_widen_the_rows() -> None:
    table = read("编号,内容,,\n1,好\n2,差\n")
    assert table.refused == ()
    assert list(table.frame.columns) == ["编号", "内容"]


def test_broken_bytes_are_refused_by_row() -> None:
    table = read("编号,内容\n1,好\n2,坏\udcff\n3,差\n")
    assert faults(table) == [(3, "broken_bytes")]


cells = st.lists(st.text('ab,"\n\t好;', max_size=6), min_size=2, max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, max_size=12), st.integers(0, 30), st.sampled_from(['"', "\n", ",", ""]))
def test_no_row_is_lost_or_invented_by_a_broken_file(rows: list[list[str]], at: int, break_with: str) -> None:
    text = "编号,内容\n" + "".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in rows
    )
    broken = text[: 6 + at] + break_with + text[6 + at :]
    table = read(broken, header=True)
    positions = [*table.positions, *(row.position for row in table.refused)]
    assert len(set(positions)) == len(positions)
    if not break_with:
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        assert len(table.frame) == len(filled)
