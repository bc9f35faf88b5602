import datetime as dt

import pytest

from analytics.errors import ConfigError
from jobs.window import Window


def test_parses_one_day_and_a_range():
    assert Window.parse("2026-03-01").days == [dt.date(2026, 3, 1)]
    assert Window.parse("2026-02-27", "2026-03-01").n_days == 3


@pytest.mark.parametrize(("first", "last"), [("yesterday", None), ("2026-02-30", None), ("2026-03-02", "2026-03-01")])
def test_refuses_what_is_no_window(first, last):
    with pytest.raises(ConfigError, match="--"):
        Window.parse(first, last)


def test_history_reaches_back():
    window = Window.parse("2026-03-10").before(28)
    assert (window.first, window.last) == (dt.date(2026, 2, 10), dt.date(2026, 3, 10))
