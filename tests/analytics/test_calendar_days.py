"""Kinds of days, and events of a file."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.calendar_days import calendar_day, calendar_days, load_events
from analytics.errors import ConfigError
from analytics.settings import DATA


def test_national_day_week_and_its_make_up_days():
    days = {found.day: found for found in calendar_days(dt.date(2026, 9, 25), dt.date(2026, 10, 11))}
    assert days[dt.date(2026, 9, 25)].name == "中秋节"
    assert [days[dt.date(2026, 10, n)].kind for n in range(1, 8)] == ["holiday"] * 7
    assert days[dt.date(2026, 10, 10)].kind == "makeup"
    assert days[dt.date(2026, 10, 10)].weekday_like == 4
    assert days[dt.date(2026, 10, 8)].is_usual
    assert days[dt.date(2026, 10, 11)].kind == "weekend"


def test_a_year_that_nobody_announced_goes_by_the_weekday_and_says_so():
    found = calendar_day(dt.date(2090, 10, 1))
    assert (found.kind, found.known) == ("weekend", False)


def test_events_come_each_year_or_once(tmp_path):
    own = tmp_path / "calendar.toml"
    own.write_text(
        '[[event]]\nname = "年货节"\nfrom = "12-30"\nto = "01-02"\n'
        '[[event]]\nname = "店庆"\nfrom = "2026-05-20"\nto = "2026-05-21"\n',
        encoding="utf-8",
    )
    events = load_events(DATA / "calendar" / "events.toml", own, tmp_path / "absent.toml")
    assert (calendar_day(dt.date(2027, 11, 11), events).event, calendar_day(dt.date(2026, 6, 18), events).event) == (
        "双11",
        "618",
    )
    over_new_year = calendar_day(dt.date(2027, 1, 1), events)
    assert (over_new_year.event, over_new_year.event_day) == ("年货节", 3)
    assert calendar_day(dt.date(2026, 5, 21), events).event_day == 2
    assert not calendar_day(dt.date(2027, 5, 21), events).event


def test_a_bad_event_is_named(tmp_path):
    own = tmp_path / "calendar.toml"
    own.write_text('[[event]]\nname = "店庆"\nfrom = "05-40"\nto = "05-41"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"calendar\.toml, event 1: .*11-11"):
        load_events(own)
