"""A job whose database goes away in the middle is done again; where it stays away, the job says so in one sentence."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from analytics.errors import InboxAwayError
from analytics.settings import Settings
from jobs.inbox import ATTEMPTS, again_if_cut, patiently


def _cut() -> OperationalError:
    error = psycopg.errors.AdminShutdown("terminating connection due to administrator command")
    return OperationalError("SELECT 1", {}, error)


def test_what_was_cut_is_done_again(tmp_path: Path) -> None:
    tried: list[int] = []

    @patiently
    def job(settings: Settings, number: int) -> int:
        tried.append(number)
        if len(tried) < ATTEMPTS:
            raise _cut()
        return number

    assert job(Settings(home=tmp_path), 7) == 7 and tried == [7] * ATTEMPTS


def test_where_it_stays_away_the_job_ends_with_a_sentence(tmp_path: Path) -> None:
    @patiently
    def job(settings: Settings) -> None:
        raise _cut()

    with pytest.raises(InboxAwayError, match=r"back within 900 s .* nothing is lost"):
        job(Settings(home=tmp_path))


def test_other_errors_are_not_tried_again() -> None:
    tried: list[int] = []

    def work() -> None:
        tried.append(1)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        again_if_cut(work)
    assert tried == [1]
