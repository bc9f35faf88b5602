from __future__ import annotations

import datetime as dt

from dashboards.data import runs
from dashboards.data.source import Source
from dashboards.data.worked import Worked

ALL = Worked(None, None)
LAST = dt.date(2026, 10, 4)


def test_a_failure_nobody_mended_stands_first_and_a_slow_run_is_told(source: Source) -> None:
    found = runs.runs(source, ALL)
    assert found.loc[0, ["job", "status", "is_open"]].tolist() == ["kpi", "failed", True]
    slow = found[found["is_slow"]]
    assert slow[["job", "seconds", "usual_seconds"]].to_numpy().tolist() == [["conform", 90.0, 4.0]]
    assert found["finished_at"].iloc[1:].is_monotonic_decreasing
    assert found["usual_seconds"].isna().sum() == 3 * runs.ENOUGH_RUNS


def test_counts_are_of_the_days_alone(source: Source) -> None:
    assert runs.run_counts(source, ALL) == {"n": 84, "n_failed": 1, "n_open": 1}
    assert runs.run_counts(source, Worked(LAST - dt.timedelta(days=7), LAST - dt.timedelta(days=1)))["n"] == 21
    (failure,) = runs.open_failures(source).to_dict("records")
    assert (failure["job"], failure["window_start"].date()) == ("kpi", LAST)
    assert set(runs.runs(source, ALL, job="segment")["job"]) == {"segment"}


def test_days_of_an_older_dictionary_are_stale(source: Source) -> None:
    made = runs.made_with(source)
    old = made[~made["is_newest"]].to_dict("records")
    assert [(row["job"], row["input"], row["value"], row["n_days"]) for row in old] == [
        ("segment", "dictionary", "old", 7)
    ]
    assert made["n_days"].tolist() == [27, 21, 7]
    assert [day.date() for day in runs.stale_days(made)] == old[0]["days"]


def test_without_runs_there_is_nothing_stale(undated_source: Source) -> None:
    made = runs.made_with(undated_source)
    assert made.empty and runs.stale_days(made) == [] and runs.runs(undated_source, ALL).empty
    assert runs.run_counts(undated_source, ALL)["n"] == 0
