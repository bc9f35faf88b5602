"""alert, publish and notify on a small lake: from rows of spike and dip to a message, once."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from analytics.inbox import Inbox
from analytics.notify_settings import ChannelSettings, NotifySettings, RouteSettings
from analytics.settings import Settings
from analytics.warehouse import open_reader
from jobs import alert, notify, publish


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
NOW = rows.at(9, day=NEXT)
TEXTS = ["呛口小辣椒面膜敷完好红", "呛口小辣椒面膜有货吗", "我要退呛口小辣椒面膜"]


def _spike(name: str, ids: list[str], **more: Any) -> dict[str, Any]:
    return {
        "day": DAY,
        "spike_id": name,
        "kind": "keyword",
        "key": "呛口小辣椒面膜",
        "channel": "*",
        "started_at": rows.at(12),
        "bucket_seconds": 3600,
        "observed": float(len(ids)),
        "expected": 0.2,
        "p_value": 1e-9,
        "q_value": 1e-6,
        "n_contacts": len(ids),
        "contact_ids": ids,
        "related": ["面膜"],
        **more,
    }


def _dip(ids: list[str]) -> dict[str, Any]:
    parts = {"drop": 0.31, "within_topic": 0.05, "mix": 0.02, "delay": 0.22, "unexplained": 0.02}
    return {
        "day": DAY,
        "dip_id": "d1",
        "started_at": rows.at(12),
        "ended_at": rows.at(13),
        "channel": "wechat",
        "verdict": "主要与回复变慢有关。",
        "mean": -0.4,
        "expected": -0.09,
        "n": len(ids),
        "contact_ids": ids,
        **parts,
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A lake of 40 contacts, a spike of a keyword with all of them, one of a topic on the next day, a dip with 30."""
    found = Settings(home=tmp_path)
    lake = found.lake
    contacts = [*rows.contacts(30), *rows.contacts(10, NEXT, channel="app", hour=0)]
    ids = [contact["contact_id"] for contact in contacts]
    labels = ["negative", "negative", "neutral"]
    rows.write(lake, "contact", contacts)
    rows.write(lake, "utterance", rows.turns(contacts, TEXTS))
    rows.write(lake, "contact_mood", rows.moods(contacts, labels))
    rows.write(lake, "turn_mood", [row | {"turn": 0} for row in rows.moods(contacts, labels)])
    rows.write(lake, "topic", [{"topic_id": "t01", "label": "面膜过敏", "state": "active"}])
    topic = {"kind": "topic", "key": "t01", "day": NEXT, "started_at": rows.at(0, day=NEXT)}
    rows.write(lake, "spike", [_spike("s1", ids), _spike("s2", ids[30:], **topic)])
    rows.write(lake, "dip", [_dip(ids[:30])])
    return found


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    found = Inbox(settings.inbox_url)
    yield found
    found.close()


def test_incidents_become_alerts_with_what_is_behind_them(settings: Settings, inbox: Inbox) -> None:
    assert alert.run(settings, DAY, NEXT, send=True, now=NOW) == {"alerts": 3, "new": 3, "withdrawn": 0}
    found = {row.spike_id: row for row in inbox.alerts()}
    assert found["s1"].title == "「呛口小辣椒面膜」1 小时内 40 次，平时几乎没有"
    assert found["s2"].title == "主题「面膜过敏」1 小时内 10 次，平时几乎没有"
    assert found["d1"].title == "微信 12:00–13:00 情绪下降 0.31"
    body = found["s1"].body.split("\n")
    assert body[2] == "渠道：微信 30、App 10"
    assert re.fullmatch("情绪：均值 [−+][0-9.]+，负面 68%，n=40", body[3])
    assert found["d1"].body.split("\n")[3:4] == ["渠道：微信 30"]
    said = [line for line in found["s1"].body.split("\n") if line.startswith("· ")]
    assert sorted(said) == sorted(f"· {text}" for text in TEXTS)
    assert len(inbox.pending()) == 3


def test_mood_is_told_against_the_weeks_before_in_the_same_channels(settings: Settings, inbox: Inbox) -> None:
    week_before = DAY - dt.timedelta(days=7)
    phone = [row | {"channel": "phone"} for row in rows.contacts(60, week_before - dt.timedelta(days=1))]
    wechat = rows.contacts(60, week_before)
    for day in (wechat, phone):
        rows.write(settings.lake, "contact", day)
    rows.write(settings.lake, "contact_mood", rows.moods(wechat, ["positive", "positive", "negative"]))
    rows.write(settings.lake, "contact_mood", rows.moods(phone, ["negative"]))
    alert.run(settings, DAY, DAY, send=False, now=NOW)
    assert any("负面 67%（平时 33%），n=30" in row.body for row in inbox.alerts())  # the phone is not asked


def test_a_fall_that_spike_and_dip_both_have_is_told_once(settings: Settings, inbox: Inbox) -> None:
    ids = [contact["contact_id"] for contact in rows.contacts(30)]
    mood = {"kind": "sentiment", "key": "wechat", "channel": "wechat", "observed": -0.4, "expected": -0.09}
    rows.write(settings.lake, "spike", [_spike("s3", ids, **mood)])
    alert.run(settings, DAY, DAY, send=True, now=NOW)
    (found,) = inbox.alerts()
    assert (found.spike_id, found.key, found.title) == ("s3", "情绪", "微信 12:00–13:00 情绪下降 0.31")
    assert "判断：主要与回复变慢有关。" in found.body


def test_the_same_days_again_change_nothing(settings: Settings, inbox: Inbox) -> None:
    alert.run(settings, DAY, NEXT, send=True, now=NOW)
    before = inbox.table()
    assert notify.run(settings, now=NOW) == {"sent": 3, "unsent": 0}
    later = alert.run(settings, DAY, NEXT, send=True, now=NOW + dt.timedelta(days=1))
    assert later == {"alerts": 3, "new": 0, "withdrawn": 0}
    assert inbox.table().equals(before)
    assert notify.run(settings, now=NOW) == {"sent": 0, "unsent": 0}


def test_only_what_is_fresh_or_nothing_is_sent(settings: Settings, inbox: Inbox) -> None:
    alert.run(settings, DAY, NEXT, send=True, not_before=rows.at(0, day=NEXT), now=NOW)
    assert [row.alert.spike_id for row in inbox.pending()] == ["s2"]
    alert.run(settings, DAY, NEXT, send=False, now=NOW)
    assert len(inbox.pending()) == 1


def test_an_alert_whose_spike_is_gone_goes_but_not_one_of_another_day(settings: Settings, inbox: Inbox) -> None:
    alert.run(settings, DAY, NEXT, send=False, now=NOW)
    (settings.lake / "dip" / f"day={DAY}" / "part-0.parquet").unlink()
    (settings.lake / "spike" / f"day={NEXT}" / "part-0.parquet").unlink()
    assert alert.run(settings, DAY, DAY, send=False, now=NOW)["withdrawn"] == 1
    assert sorted(row.spike_id for row in inbox.alerts()) == ["s1", "s2"]


def test_alerts_are_published_as_they_stand(settings: Settings, inbox: Inbox) -> None:
    alert.run(settings, DAY, NEXT, send=False, now=NOW)
    inbox.acknowledge(inbox.alerts()[0].alert_id, "小王", NOW)
    counts = publish.run(settings)
    assert (counts["alert"], counts["contact"], counts["spike"], counts["dip"], counts["run"]) == (3, 40, 2, 1, 1)
    with open_reader(settings.warehouse) as reader:
        states = reader.query("SELECT state, count(*) AS n FROM alert GROUP BY state ORDER BY state")
        opened = reader.query(
            "SELECT spike_id, count(*) = any_value(s.n_contacts) AS complete FROM v_spike_contact"
            " JOIN contact USING (contact_id) JOIN spike AS s USING (spike_id) GROUP BY spike_id ORDER BY spike_id"
        )
    assert states.to_numpy().tolist() == [["acknowledged", 1], ["open", 2]]
    assert opened.to_numpy().tolist() == [["s1", True], ["s2", True]]


def test_an_empty_lake_raises_nothing_and_publishes_empty_tables(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert alert.run(settings, DAY, NEXT, send=True, now=NOW) == {"alerts": 0, "new": 0, "withdrawn": 0}
    assert notify.run(settings, now=NOW) == {"sent": 0, "unsent": 0}
    assert set(publish.run(settings).values()) == {0, 2}  # 2: the runs of alert and notify


def test_a_hook_that_is_down_costs_nothing(settings: Settings, httpserver: HTTPServer, capsys: Any) -> None:
    answers = [500] * 3 + [200] * 3
    httpserver.expect_request("/hook").respond_with_handler(lambda request: Response(status=answers.pop(0)))
    hooked = settings.model_copy(
        update={"notify": NotifySettings(webhook_url=httpserver.url_for("/hook?key=secret"), retry_seconds=0.001)}
    )
    alert.run(hooked, DAY, NEXT, send=True, now=NOW)
    inbox = Inbox(settings.inbox_url)
    try:
        assert notify.run(hooked, now=NOW) == {"sent": 3, "unsent": 3}  # the console has them
        pending = inbox.pending()
        assert [(row.way, row.n_attempts) for row in pending] == [("webhook", 1), ("webhook", 0), ("webhook", 0)]
        assert pending[0].last_error == "webhook: expected HTTP 200, got 500"
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.count("「呛口小辣椒面膜」") == 1
        assert notify.run(hooked, now=NOW) == {"sent": 3, "unsent": 0}
        assert inbox.pending() == []
        assert capsys.readouterr().err == ""
    finally:
        inbox.close()
    assert answers == []


def test_routes_say_who_gets_what(settings: Settings, inbox: Inbox) -> None:
    hook = ChannelSettings(kind="webhook", url="http://127.0.0.1:9/hook")
    route = RouteSettings(topic="面膜*", channels="skin", team="护肤组")
    notify_settings = NotifySettings(channels={"skin": hook, "all": hook}, routes=(route,))
    routed = settings.model_copy(update={"notify": notify_settings})
    alert.run(routed, DAY, NEXT, send=True, now=NOW)
    ways = {(row.alert.spike_id, row.way) for row in inbox.pending(NOW)}
    assert ways >= {("s2", "console"), ("s2", "skin"), ("s1", "all"), ("s1", "skin")}
    assert ("s2", "all") not in ways
    bodies = {row.spike_id: row.body for row in inbox.alerts()}
    assert "\n负责：护肤组\n" in bodies["s2"]
    assert "负责" not in bodies["s1"]


def test_the_command_lines(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(settings.home))
    assert alert.main(["--day", str(DAY), "--to", str(NEXT), "--no-send"]) == 0
    assert notify.main(["--day", str(DAY)]) == 0
    assert publish.main(["--day", str(DAY), "--to", str(NEXT)]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "alert: alerts 3, new 3"
    assert said[1] == "notify: nothing to do"
    assert said[2].startswith("publish: contact 40, utterance 80")
    assert alert.main(["--day", "yesterday"]) == 2
    assert "expected a day as 2026-03-01" in capsys.readouterr().err
