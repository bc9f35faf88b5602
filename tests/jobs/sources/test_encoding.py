from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import InputFileError
from jobs.sources.encoding import decode, has_broken_bytes
from jobs.sources.files import read_rows

SIMPLIFIED = "编号,内容\n1,面膜的味道有点呛，客服说可以退货\n2,热水器打不着火，师傅周三上门\n"
TRADITIONAL = "編號,內容\n1,漢堡很好吃，份量很夠，停車也方便\n2,熱水器壞了，師傅說週三來修\n"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_of_chinese_exports_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.csv").text.lstrip("\ufeff") == text


def test_big5_is_told_from_gb18030_both_ways() -> None:
    assert decode(TRADITIONAL.encode("big5"), "a.csv").encoding == "big5"
    assert decode(SIMPLIFIED.encode("gb18030"), "a.csv").encoding == "gb18030"
    assert decode(TRADITIONAL.encode("gb18030"), "a.csv").encoding == "gb18030"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_do_not_change_the_encoding_and_stay_visible(encoding: str) -> None:
    lines = (SIMPLIFIED * 5).encode(encoding).split(b"\n")
    lines[3] += b"\xff\xff"
    found = decode(b"\n".join(lines), "a.csv")
    assert found.encoding == encoding
    assert [has_broken_bytes(line) for line in found.text.split("\n")].index(True) == 3
    assert sum(has_broken_bytes(line) for line in found.text.split("\n")) == 1


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 500, b"\x80\x81\xfe\xff" * 500])
def test_bytes_that_are_no_text_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(InputFileError, match=r"^x\.csv is not a text file .* save it as"):
        decode(data, "x.csv")


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("sentiment/waimai_10k.csv", "gb18030"),
        ("sentiment/waimai_10k.csv", "utf-16-le"),
        ("traditional/google_reviews.csv", "big5"),
        ("traditional/google_reviews.csv", "gb18030"),
    ],
)
def test_real_reviews_of_a_few_lines_are_read_in_every_encoding(corpora: Path, name: str, encoding: str) -> None:
    texts = read_rows(corpora / name).frame.iloc[:, 1].tolist()[:600]
    right: list[bool] = []
    for n_lines in (1, 3, 10):
        for start in range(0, len(texts) - n_lines, 2 * n_lines):
            data = ("id,內容\n" + "\n".join(texts[start : start + n_lines])).encode(encoding, errors="ignore")
            right.append(_text_of(data) == data.decode(encoding))
    # One review in a hundred is written in ornaments of other scripts.
    assert sum(right) >= 0.99 * len(right)


def _text_of(data: bytes) -> str | None:
    try:
        return decode(data, "a.csv").text
    except InputFileError:
        return None


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200))
def test_any_utf8_text_comes_back(text: str) -> None:
    assert decode(("内容\n" + text).encode(), "a.csv").text == "内容\n" + text
