"""A day is finished when all of its stages followed on its last file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.settings import Settings
from jobs import unfinished
from jobs.stage import STAGES
from jobs.unfinished import MILESTONES, unfinished_days

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
AT = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


def runs(begin_hour: int, *jobs: str, last: dt.date = FIRST) -> list[dict[str, Any]]:
    return [
        {
            "job": job, "window_start": FIRST, "window_end": last, "seconds": 60.0,
            "finished_at": AT + dt.timedelta(hours=begin_hour, minutes=2 * number + 1),
        }
        for number, job in enumerate(jobs)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ([], [FIRST, SECOND]),
        (runs(2, *MILESTONES, last=SECOND), []),
        (runs(2, *MILESTONES), [SECOND]),  # announced while the run went on
        (runs(2, *MILESTONES[:2], last=SECOND), [FIRST, SECOND]),  # killed half-way
        (runs(0, *MILESTONES, last=SECOND), [FIRST]),  # a file of the first day came at one o'clock
        (runs(0, *MILESTONES, last=SECOND) + runs(2, *MILESTONES[1:]), [FIRST]),  # conform has not read it
        (runs(2, *MILESTONES) + runs(0, *MILESTONES, last=SECOND) + runs(4, "conform"), []),
    ],
)
def test_what_has_not_gone_all_the_way_is_left(
    done: list[dict[str, Any]], left: list[dt.date], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def file(hour: float, *days: dt.date) -> SimpleNamespace:
        return SimpleNamespace(collected_at=AT + dt.timedelta(hours=hour), days=days)

    monkeypatch.setattr(unfinished, "manifest", lambda landing: [file(-1, FIRST, SECOND), file(1, FIRST)])
    monkeypatch.setattr(unfinished, "done_runs", lambda lake: done)
    assert unfinished_days(Settings(home=tmp_path)) == left


def test_milestones_are_the_last_jobs_of_their_stages() -> None:
    assert (*(STAGES[stage][-1] for stage in ("conform", "understand", "measure")), "alert") == MILESTONES
