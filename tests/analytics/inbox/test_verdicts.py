"""Verdicts: what is normal for a key, and how often a kind of alert was right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics.inbox import Inbox, NewAlert
from analytics.inbox.verdicts import normal_variation, precision

START = dt.datetime(2026, 9, 20, 2, tzinfo=dt.UTC)


def _alert(name: str, *, kind: str = "keyword", start: float = 0) -> NewAlert:
    begun = START + dt.timedelta(hours=start)
    return NewAlert(
        alert_id=name, spike_id=name, kind=kind, key=f"键{name[0]}", channel="app", severity="low", title="", body="",
        started_at=begun, ended_at=begun + dt.timedelta(hours=2),
    )  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'inbox.db'}"


def test_each_incident_of_a_false_alarm_is_normal_until_the_verdict_is_taken_back(url: str) -> None:
    inbox = Inbox(url)
    inbox.raise_alerts([_alert("a"), _alert("a2", start=9), _alert("b", kind="volume")], now=START, send=False)
    assert len(inbox.alerts()) == 2
    assert normal_variation(url) == []
    inbox.false_alarm("a", "小王", START)
    rows = normal_variation(url)
    assert [(row.kind, row.key, row.channel) for row in rows] == [("keyword", "键a", "app")] * 2
    assert [(row.ended_at - row.started_at).total_seconds() for row in rows] == [7200, 7200]
    assert normal_variation(url, since=START + dt.timedelta(hours=5)) == rows[1:]
    inbox.reopen("a", "小王", START)
    assert normal_variation(url) == []
    inbox.close()


def test_precision_counts_what_people_judged_and_nothing_else(url: str) -> None:
    inbox = Inbox(url)
    decisions = ["acknowledge"] * 6 + ["resolve"] * 2 + ["false_alarm"] * 2 + ["mute", None]
    for number, decision in enumerate(decisions):
        inbox.raise_alerts([_alert(f"{chr(97 + number)}")], now=START, send=False)
        if decision:
            getattr(inbox, decision)(chr(97 + number), "小王", START)
    hours = {"app": [START + dt.timedelta(hours=n) for n in range(40)]}
    inbox.settle(hours, now=START + dt.timedelta(hours=40), send=False)  # ended by itself: says nothing more
    (row,) = precision(url)
    assert (row.kind, row.n_judged, row.n_false, row.precision) == ("keyword", 10, 2, 0.8)
    assert (round(row.low, 3), round(row.high, 3)) == (0.490, 0.943)  # Wilson, as tables have it for 8 of 10
    inbox.close()
