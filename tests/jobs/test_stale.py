"""Days made with other inputs than now, found from table `run` alone; no Spark."""

import datetime as dt
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.settings import Settings
from jobs import keyword_hour, segment, whole
from jobs.run_log import recorded
from jobs.stale import NEVER_RAN, current_inputs, first_job, stale_days
from jobs.window import Window

NOW = {"segment": {"dictionary": "d2", "segmenter": "s"}, "sentiment": {"model": "m2"}, "categorise": {"rules": "r"}}
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 3)


def _ran(settings: Settings, job: str, inputs: dict[str, str], first: dt.date = FIRST, last: dt.date = LAST) -> None:
    with recorded(job, Window(first, last), settings.lake) as counts:
        counts.inputs = inputs


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path)
    _ran(made, "conform", {})
    for job, inputs in NOW.items():
        _ran(made, job, inputs)
    return made


def test_nothing_is_stale_where_all_is_as_now_or_nothing_ran(settings: Settings, tmp_path: Path) -> None:
    assert stale_days(settings, NOW) == []
    assert stale_days(Settings(home=tmp_path / "empty"), NOW) == []


def test_the_last_run_of_a_day_counts_and_says_what_changed(settings: Settings) -> None:
    _ran(settings, "segment", {"dictionary": "d1", "segmenter": "s"}, LAST, LAST)
    _ran(settings, "sentiment", {"model": "m1"}, FIRST + dt.timedelta(days=1), LAST)
    found = stale_days(settings, NOW)
    assert [(day.day.day, day.reason) for day in found] == [
        (2, "sentiment: model"),
        (3, "segment: dictionary; sentiment: model"),
    ]
    assert first_job(found) == "segment" and found[0].first_job == "sentiment"
    _ran(settings, "segment", NOW["segment"])
    _ran(settings, "sentiment", NOW["sentiment"])
    assert stale_days(settings, NOW) == []


def test_a_failed_run_changes_nothing(settings: Settings) -> None:
    with pytest.raises(ConfigError), recorded("segment", Window(FIRST, LAST), settings.lake) as counts:
        counts.inputs = {"dictionary": "d1"}
        raise ConfigError("no")
    assert stale_days(settings, NOW) == []


def test_a_job_that_came_later_makes_days_stale_but_new_days_do_not(settings: Settings) -> None:
    new = LAST + dt.timedelta(days=1)
    _ran(settings, "conform", {}, new, new)
    found = stale_days(settings, {**NOW, "topics": {"model": "t"}})
    assert [day.changes for day in found] == [{"topics": (NEVER_RAN,)}] * 3


def test_deleted_days_are_left_alone(settings: Settings) -> None:
    settings.landing.mkdir(parents=True)
    (settings.landing / "forgotten.json").write_text('{"chats": "2026-03-03"}', encoding="ascii")
    _ran(settings, "segment", {"dictionary": "d1"})
    assert [day.day for day in stale_days(settings, NOW)] == [LAST]


def test_jobs_say_what_they_would_use_and_a_site_list_changes_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    words, keywords = segment.inputs(settings), keyword_hour.inputs(settings)
    folder = tmp_path / "lexicons"
    folder.mkdir()
    (folder / "stopwords.txt").write_text("闪闪达\n", encoding="utf-8")
    assert segment.inputs(settings) == words and keyword_hour.inputs(settings) != keywords
    (folder / "domain.txt").write_text("闪闪达\n", encoding="utf-8")
    assert segment.inputs(settings)["dictionary"] != words["dictionary"]


def test_jobs_are_asked_by_name(settings: Settings) -> None:
    found = current_inputs(settings, ("conform", "segment", "keyword_hour"))  # sentiment would make its model
    assert found == {"segment": segment.inputs(settings), "keyword_hour": keyword_hour.inputs(settings)}


def test_stale_takes_no_job_and_no_days() -> None:
    with pytest.raises(ConfigError, match="--stale"):
        whole.run_whole("", "2026-03-01", None, send=False, stale=True)


def test_the_first_stale_job_and_all_after_it_run_over_the_stale_days(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(whole, "load_settings", lambda: settings)
    monkeypatch.setattr(whole, "run_windows", lambda *given, **named: asked.append((given[1], named["begin"])))
    monkeypatch.setattr("jobs.stale.current_inputs", lambda *given: {**NOW, "segment": {"dictionary": "d3"}})
    whole.run_whole("", None, None, send=False, stale=True)
    assert asked == [([Window(FIRST, LAST)], "segment")]
