"""The job alert over several runs: one incident, one alert, as more data comes; hours of contacts end it."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from analytics.alert_settings import AlertSettings
from analytics.inbox import Alert, Inbox
from analytics.settings import Settings
from jobs import alert
from jobs.contact_hours import contact_hours, last_contacts


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rows = _load("small_lake")
DAY: dt.date = rows.DAY
NEXT = DAY + dt.timedelta(days=1)


def _spike(name: str, hour: int, ids: list[str], **more: Any) -> dict[str, Any]:
    return {
        "day": DAY, "spike_id": name, "kind": "keyword", "key": "面膜", "channel": "*", "started_at": rows.at(hour),
        "bucket_seconds": 3600, "observed": float(len(ids)), "expected": 0.2, "p_value": 1e-9, "q_value": 1e-6,
        "n_contacts": len(ids), "contact_ids": ids, "related": [], **more,
    }  # fmt: skip


def _contacts(lake: Path, first: int, last: int, day: dt.date = DAY) -> list[str]:
    """Write two contacts an hour; return their ids."""
    found = [
        row | {"contact_id": f"{day:%d}h{hour}-{row['contact_id']}"}
        for hour in range(first, last)
        for row in rows.contacts(2, day, hour=hour)
    ]
    rows.write(lake, "contact", found)
    return [row["contact_id"] for row in found]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, alerts={"updates": ("grown", "reopened", "resolved")})


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    found = Inbox(settings.inbox_url)
    yield found
    found.close()


def _send_all(inbox: Inbox) -> list[str]:
    reasons = []
    for delivery in inbox.pending():
        inbox.mark_sent(delivery.alert.alert_id, delivery.way, rows.at(12))
        reasons.append(delivery.reason)
    return reasons


def _the_one(inbox: Inbox) -> Alert:
    (found,) = inbox.alerts()
    return found


@pytest.mark.slow
def test_one_incident_over_four_runs(settings: Settings, inbox: Inbox) -> None:
    ids = _contacts(settings.lake, 8, 12)
    rows.write(settings.lake, "spike", [_spike("s1", 10, ids[4:])])
    assert alert.run(settings, DAY, DAY, send=True, now=rows.at(12)) == {"alerts": 1, "new": 1, "withdrawn": 0}
    assert _the_one(inbox).last_seen_at == rows.at(11, 1)
    assert _send_all(inbox) == ["new"]

    ids = _contacts(settings.lake, 8, 15)
    rows.write(settings.lake, "spike", [_spike("s2", 9, ids[2:])])  # it began earlier than it seemed, and went on
    assert alert.run(settings, DAY, DAY, send=True, now=rows.at(15)) == {"alerts": 1, "new": 0, "withdrawn": 0}
    grown = _the_one(inbox)
    assert (grown.spike_id, grown.n_contacts, grown.started_at) == ("s2", 12, rows.at(9))
    assert (grown.last_seen_at, grown.n_windows) == (rows.at(14, 1), 6)
    assert f"alert={grown.alert_id}" in grown.body
    assert _send_all(inbox) == ["grown"]

    _contacts(settings.lake, 8, 19)
    assert alert.run(settings, DAY, DAY, send=True, now=rows.at(19))["calmed"] == 1
    _contacts(settings.lake, 0, 20, NEXT)
    assert alert.run(settings, NEXT, NEXT, send=True, now=rows.at(20, day=NEXT))["resolved"] == 1
    assert _send_all(inbox) == ["resolved"]
    assert _the_one(inbox).state == "resolved"


@pytest.mark.slow
def test_the_same_over_backfills_sends_nothing(settings: Settings, inbox: Inbox) -> None:
    for last, n in ((12, 4), (15, 12)):
        ids = _contacts(settings.lake, 8, last)
        rows.write(settings.lake, "spike", [_spike("s1", 9, ids[-n:])])
        alert.run(settings, DAY, DAY, send=False, now=rows.at(last))
        alert.run(settings, DAY, DAY, send=True, not_before=rows.at(0, day=NEXT), now=rows.at(0, day=NEXT))
    _contacts(settings.lake, 0, 20, NEXT)
    alert.run(settings, DAY, NEXT, send=False, now=rows.at(20, day=NEXT))
    assert _the_one(inbox).state == "resolved"
    assert inbox.pending() == []


def test_a_rule_says_how_severe_a_key_is(settings: Settings, inbox: Inbox) -> None:
    ids = _contacts(settings.lake, 8, 12)
    rows.write(settings.lake, "spike", [_spike("s1", 10, ids[4:])])
    rules = AlertSettings(rules=({"key": "面膜", "severity": "high"},))
    alert.run(settings.model_copy(update={"alerts": rules}), DAY, DAY, send=True, now=rows.at(12))
    assert _the_one(inbox).severity == "high"


def test_hours_of_contacts(settings: Settings) -> None:
    ids = _contacts(settings.lake, 8, 11)
    _contacts(settings.lake, 0, 1, NEXT)
    hours = contact_hours(settings.lake, (DAY, DAY))
    assert hours == {"wechat": [rows.at(8), rows.at(9)], "*": [rows.at(8), rows.at(9)]}  # the last may still go on
    assert contact_hours(settings.lake, (DAY, NEXT))["*"][-1] == rows.at(10)
    last = last_contacts(settings.lake, (DAY, NEXT), {"a": ids[:3], "b": ids, "none": ["unknown"]})
    assert last == {"a": rows.at(9), "b": rows.at(10, 1)}
    assert last_contacts(settings.lake, (DAY, NEXT), {}) == {}
