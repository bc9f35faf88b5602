import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform.times import parse_times

SHANGHAI = "Asia/Shanghai"
NOON = "2020-06-08 05:05:00+00:00"


def parse(*cells: str | None, zone: str = SHANGHAI) -> list[str]:
    return parse_times(pd.Series(cells, dtype=object), zone).astype(str).tolist()


@pytest.mark.parametrize(
    "cell",
    [
        "2020-06-08 13:05",
        "2020-06-08T13:05:00",
        "2020-06-08 13:05:00.000",
        "2020/6/8 13:05",
        "2020.6.8 13:05:00",
        " 2020/06/08  13:05 ",
        "2020年6月8日 13:05",
        "2020年6月8日13时05分",
        "2020年06月08日 下午1点05分",
        "2020年6月8日 下午1:05:00",
        "2020年6月8日（星期一）13:05",
        "2020/6/8 下午 1:05",
        "2020/6/8 1:05 PM",
        "２０２０／６／８　１３：０５",
        "2020-06-08T05:05:00Z",
        "2020-06-08T13:05:00+08:00",
        "2020-06-08 13:05:00 +0800",
        "2020/6/8 05:05 UTC",
        "202006081305",
        "20200608130500",
        "20200608 130500",
        "1591592700",
        "1591592700000",
        "1591592700000000",
        "43990.5451388889",
        "Mon Jun 08 13:05:00 +0800 2020",
        "Mon, 8 Jun 2020 13:05:00 +0800",
        "Mon, 08 Jun 2020 05:05:00 GMT",
        "Mon Jun 08 13:05:00 CST 2020",
        "Jun 8, 2020 1:05 PM",
        "Monday, June 8, 2020 at 1:05 PM",
        "8 Jun 2020 13:05",
        "2020/6/8 13:5",
        "2020/6/8 1:05PM",
        "2020/6/8 01:05 下午",
        "2020/6/8 午后1:05",
        "2020-06-08, 13:05",
        "2020-06-08_13:05:00",
        "2020-06-08 13:05:00,000",
        "2020-06-08T13:05:00+08",
        "2020/6/8 13:05 GMT+8",
        "2020/6/8 13:05 UTC+08:00",
        "2020-06-08 13:05:00 CST",
        "'2020-06-08 13:05",
        '"2020-06-08 13:05:00"',
        "20200608T050500Z",
        "20200608130500000",
        "1591592700.0",
        "/Date(1591592700000+0800)/",
    ],
)
def test_one_instant_in_every_form(cell: str) -> None:
    assert parse(cell) == [NOON]


@pytest.mark.parametrize("cell", ["2020-06-08", "2020/6/8", "2020.6.8", "2020年6月8日", "20200608", "43990"])
def test_a_day_is_its_local_midnight(cell: str) -> None:
    assert parse(cell) == ["2020-06-07 16:00:00+00:00"]


@pytest.mark.parametrize(
    "cell",
    [
        None, "", "昨天", "3分钟前", "6月8日", "6/8/2020", "2020", "2020-06", "2020-02-30", "2020-13-01",
        "2020-06-08 25:00",
        "20/6/8", "06月08日 13:05", "3:05 PM", "2020-06-08 24:05", "2020-06-08 13:05 +99:00", "may the 8",
        "2020-06-08" + " " * 5000 + "x",
        "0000-00-00 00:00:00", "12345678", "5", "13800138000", "nan", "好评", "2020-06-08 13:05 太慢了", "1899-01-01",
    ],
)  # fmt: skip
def test_what_is_no_time_is_nat(cell: str | None) -> None:
    assert parse(cell) == ["NaT"]


def test_many_forms_in_one_column_keep_their_rows() -> None:
    cells = pd.Series(["2020-06-08 13:05", "x", None, "2020/6/8 13:05", "2020-06-08 13:05"], index=[9, 7, 5, 3, 1])
    found = parse_times(cells, SHANGHAI)
    assert found.index.tolist() == [9, 7, 5, 3, 1]
    assert found.isna().tolist() == [False, True, True, False, False]
    assert str(found.dtype) == "datetime64[us, UTC]"


def test_midnight_and_noon_in_halves_of_the_day() -> None:
    found = parse(
        "2020/6/8 上午12:30 ", "2020/6/8 12:30 AM", "2020/6/8 中午12:30", "2020/6/8 中午1:30", "2020/6/8 凌晨12:30"
    )
    assert [time[11:16] for time in found] == ["04:30", "16:30", "04:30", "05:30", "16:30"]


def test_the_last_midnight_of_a_day_is_the_next_day() -> None:
    found = parse("2020-06-08 24:00:00", "2020/6/8 晚上12:00", "2020年6月8日晚上12点30分")
    assert [time[:16] for time in found] == ["2020-06-08 16:00", "2020-06-08 16:00", "2020-06-08 16:30"]


def test_times_without_a_zone_are_of_the_source_s_and_clock_changes_have_an_answer() -> None:
    assert parse("2024-03-10 02:30", "2024-11-03 01:30", zone="America/New_York") == [
        "2024-03-10 07:00:00+00:00",
        "2024-11-03 06:30:00+00:00",
    ]


def test_an_empty_column_has_the_same_type() -> None:
    assert str(parse_times(pd.Series(dtype=object), SHANGHAI).dtype) == "datetime64[us, UTC]"
    assert str(parse_times(pd.Series([None, None], dtype=object), SHANGHAI).dtype) == "datetime64[us, UTC]"


moments = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))


def twelve(at: dt.datetime, *, morning: str, afternoon: str) -> str:
    """Return a time of day in halves."""
    return f"{morning if at.hour < 12 else afternoon}{at.hour % 12 or 12}:{at.minute:02}:{at.second:02}"


def forms(local: dt.datetime, at: dt.datetime) -> list[str]:
    """Return one instant as exports write it: local time, with a zone, counted."""
    serial = (local - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    halves = twelve(local, morning="上午" if local.hour else "凌晨", afternoon="下午")
    return [
        *(local.strftime(form) for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S")),
        local.strftime("%Y年%m月%d日 %H时%M分%S秒"),
        f"{local.year}/{local.month}/{local.day} {local.hour}:{local.minute}:{local.second}",
        f"{local.year}.{local.month}.{local.day} {halves}",
        f"{local.year}年{local.month}月{local.day}日{halves}",
        f"{local:%Y-%m-%d} {twelve(local, morning='AM ', afternoon='PM ')}",
        f"{local:%b} {local.day}, {local.year} {local.hour}:{local.minute:02}:{local.second:02}",
        f"{at:%a, %d %b %Y %H:%M:%S} GMT",
        f"{local:%Y-%m-%dT%H:%M:%S}+08:00",
        f"{at:%Y-%m-%dT%H:%M:%S}Z",
        f"{serial:.9f}",
        str(int(at.timestamp())),
        str(int(at.timestamp()) * 1000),
        f"{local:%Y/%m/%d %H:%M:%S} GMT+8",
    ]


@settings(max_examples=40, deadline=None)
@given(st.datetimes(dt.datetime(1992, 1, 1), dt.datetime(2090, 1, 1)).map(lambda at: at.replace(microsecond=0)))
def test_every_form_of_an_instant_in_one_column_gives_that_instant(local: dt.datetime) -> None:
    at = (local - dt.timedelta(hours=8)).replace(tzinfo=dt.UTC)  # no summer time in China since 1991
    cells = forms(local, at)
    found = parse_times(pd.Series(cells, dtype=object), SHANGHAI)
    assert {cell: time for cell, time in zip(cells, found, strict=True) if time != pd.Timestamp(at)} == {}


@settings(max_examples=40, deadline=None)
@given(moments, st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S"]))
def test_what_a_form_writes_is_read_back(at: dt.datetime, form: str) -> None:
    found = parse_times(pd.Series([at.strftime(form)]), "UTC")
    assert found[0] == pd.Timestamp(at, tz="UTC")
