import json
from datetime import date

import pytest

from analytics.errors import ConfigError, InputFileError
from analytics.simulate import Plan, simulate


def test_truth_names_contacts_that_exist(tmp_path, read):
    seen = []
    plan = Plan(date(2026, 3, 2), days=20, contacts_per_day=25, seed=5)
    simulate(plan, tmp_path, progress=lambda *step: seen.append(step))
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    ids = {contact.contact_id for index in range(plan.days) for contact in read(tmp_path, plan.day(index))}
    (outage,) = truth["events"]
    assert (outage["kind"], outage["day"], outage["last_day"]) == ("outage", "2026-03-19", "2026-03-20")
    assert outage["contact_ids"]
    assert set(outage["contact_ids"]) <= ids
    assert seen[0] == ("2026-03-02", 1, 20)
    assert seen[-1] == ("2026-03-21", 20, 20)


def test_without_planting_there_is_no_event(tmp_path):
    simulate(Plan(date(2026, 3, 2), days=1, contacts_per_day=5, plant=False), tmp_path)
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["events"] == []


@pytest.mark.slow
def test_every_planted_event_is_told_once(tmp_path):
    simulate(Plan(date(2026, 3, 2), contacts_per_day=60), tmp_path)
    events = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["events"]
    kinds = {event["kind"]: event for event in events}
    assert set(kinds) == {"keyword", "slow_team", "topic_born", "outage", "volume"}
    assert len(events) == 5
    assert kinds["keyword"]["hours"][0] == 10
    assert kinds["slow_team"]["hours"] == [12]
    assert kinds["topic_born"]["last_day"] == "2026-04-05"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("here first", encoding="utf-8")
    with pytest.raises(InputFileError, match="choose another folder"):
        simulate(Plan(date(2026, 3, 2), days=1, contacts_per_day=5), blocked)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"contacts_per_day": 0}, {"days": 100_000}])
def test_a_plan_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError, match="expected 1 to"):
        Plan(date(2026, 3, 2), **wrong)
