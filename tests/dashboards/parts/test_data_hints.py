from __future__ import annotations

import datetime as dt
import shlex

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dashboards.parts.data_hints import MOST, State, command, hints, spans

DAY = dt.date(2026, 9, 7)
NONE = pd.DataFrame(columns=["job", "window_start", "window_end"])


def _days(n: int, step: int = 1) -> list[dt.date]:
    return [DAY + dt.timedelta(days=step * i) for i in range(n)]


def test_nothing_wrong_asks_for_nothing() -> None:
    assert hints(State(NONE, [], [], 0, [])) == []


def test_each_trouble_has_its_command_the_most_pressing_first() -> None:
    failures = pd.DataFrame({"job": ["kpi", "publish"], "window_start": [DAY] * 2, "window_end": [DAY] * 2})
    found = hints(State(failures, _days(2), _days(2), 12, ["calls"]))
    assert [hint.command for hint in found] == [
        "kesheng run kpi --day 2026-09-07", "kesheng run publish", "kesheng collect calls", "kesheng run",
        "kesheng run --day 2026-09-07 --to 2026-09-08", "kesheng run --stale",
    ]  # fmt: skip


def test_many_of_a_kind_are_counted() -> None:
    found = hints(State(NONE, [], _days(9, step=2), 0, []))
    assert len(found) == MOST + 1 and found[-1].command == "" and "6" in found[-1].why


@given(st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 1))))
def test_spans_hold_the_days_and_no_others(days: set[dt.date]) -> None:
    held = [first + dt.timedelta(days=i) for first, last in spans(days) for i in range((last - first).days + 1)]
    assert held == sorted(days)


def test_commands_are_ones_that_kesheng_knows() -> None:
    from jobs.cli import app

    for text in (command(DAY, DAY), command(DAY, DAY + dt.timedelta(days=1), "segment"), command(DAY, DAY, "publish"),
                 "kesheng run --stale", "kesheng collect calls"):  # fmt: skip
        result = CliRunner().invoke(app, [*shlex.split(text)[1:], "--help"])
        assert result.exit_code == 0, text
