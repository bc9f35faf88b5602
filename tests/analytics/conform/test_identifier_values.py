import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.conform.identifier_values import normal_value
from analytics.conform.people import identifier_hash, person_id
from analytics.schema import ID_KINDS

MOBILES = st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(lambda number: len(set(number[3:])) > 1)


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        (
            "phone",
            ["13912345670", "+86 139 1234 5670", "0086-139-1234-5670", "86 13912345670", "１３９１２３４５６７０"],
        ),
        ("phone", ["+852 6123 4567", "00852 61234567", "+852-6123-4567"]),
        ("phone", ["+886 912 345 678", "+886912345678", "+886-0912345678"]),
        ("phone", ["010-62345671", "(010) 62345671", "+86 10 62345671", "01062345671"]),
        ("email", ["Mei.Lin@Example.com", " mei.lin@example.COM ", "ｍei.lin@example.com"]),
        ("device", ["AA:BB:CC:11:22:33", "aabbcc112233", "aa-bb-cc-11-22-33"]),
        ("order", ["#KS20260301", "ks 2026 0301", "ks-20260301"]),
        ("login", ["MeiLin", " meilin", "ＭeiLin"]),
    ],
)
def test_spellings_of_one_thing_are_one(kind: str, spellings: list[str]) -> None:
    values = {normal_value(kind, spelling) for spelling in spellings}
    assert len(values) == 1
    assert None not in values


@pytest.mark.parametrize("kind", ID_KINDS)
@pytest.mark.parametrize(
    "cell",
    ["", " ", "-", "——", "未知", "匿名", "匿名用户", "null", "NULL", "N/A", "test", "测试", "138****0000",
     "王**", "000000", "00000000000"],
)  # fmt: skip
def test_what_names_nobody_links_nobody(kind: str, cell: str) -> None:
    assert normal_value(kind, cell) is None


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("phone", "13800000000"), ("customer", "13800000000"), ("phone", "13888888888"), ("phone", "12345678901"),
        ("phone", "110"), ("phone", "手机"), ("phone", "138xxxx0000"), ("customer", "138xxxx0000"),
        ("phone", "13912345670/13912345671"), ("email", "没有邮箱"), ("login", "111111"),
        ("device", "00000000-0000-0000-0000-000000000000"), ("device", "02:00:00:00:00:00"),
    ],
)  # fmt: skip
def test_placeholders_of_a_kind_link_nobody(kind: str, cell: str) -> None:
    assert normal_value(kind, cell) is None


def test_ids_of_wechat_are_exact_whatever_the_column() -> None:
    upper, lower = "oQ7x" + "Ab3-" * 6, "oQ7x" + "ab3-" * 6
    assert normal_value("openid", upper) != normal_value("openid", lower)
    assert normal_value("customer", upper) == normal_value("openid", upper) == normal_value("unionid", upper)
    assert normal_value("openid", "Weibo-5") != normal_value("openid", "weibo-5")


@pytest.mark.slow
@given(MOBILES, st.sampled_from(["phone", "customer", "login"]), st.sampled_from(["", "+86 ", "86-"]))
def test_a_phone_is_that_phone_in_any_column(number: str, kind: str, before: str) -> None:
    written = f"{before}{number[:3]} {number[3:7]}-{number[7:]}"
    assert identifier_hash(kind, written, "k") == identifier_hash("phone", number, "k") is not None


def test_an_email_is_that_email_in_any_column_and_an_account_that_account() -> None:
    assert normal_value("customer", "Mei@example.com") == normal_value("email", "mei@example.com")
    assert normal_value("customer", "U0093") == normal_value("login", "u0093")


def test_plain_numbers_of_different_kinds_are_different_things() -> None:
    assert len({normal_value(kind, "10086123") for kind in ("customer", "login", "order", "device", "phone")}) == 5


@given(st.sampled_from(ID_KINDS), st.text(max_size=30))
def test_any_cell_gives_a_value_of_one_spelling_or_none(kind: str, cell: str) -> None:
    value = normal_value(kind, cell)
    assert value is None or (value == normal_value(kind, f" {cell} ") and ":" in value)
    found = identifier_hash(kind, cell)
    assert found is None or (len(found) == 16 and set(found) <= set("0123456789abcdef"))


def test_the_key_decides_and_nobody_is_no_person() -> None:
    assert identifier_hash("phone", "13912345670", "a") != identifier_hash("phone", "13912345670", "b")
    assert person_id("匿名") == ""
