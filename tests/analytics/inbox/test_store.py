"""The inbox: raised twice is raised once, people's decisions stay, nothing pending is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.inbox import PERSON_STATES, Inbox, NewAlert
from analytics.inbox.deciding import MUTE
from analytics.schema import TABLES

START = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
NOW = START + dt.timedelta(hours=2)
DECISIONS = {"acknowledged": "acknowledge", "muted": "mute", "resolved": "resolve", "false_alarm": "false_alarm"}


def _alert(name: str, *, key: str = "极速退", channel: str = "*", hours: int = 0) -> NewAlert:
    return NewAlert(
        alert_id=name,
        spike_id=f"spike-{name}",
        key=key,
        severity="high",
        channel=channel,
        title=f"「{key}」",
        body="一\n二",
        started_at=START + dt.timedelta(hours=hours),
    )


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(f"sqlite:///{tmp_path / 'folder' / 'inbox.db'}")
    yield found
    found.close()


def test_raised_twice_is_once_with_the_new_text_and_one_message_a_way(inbox: Inbox) -> None:
    assert inbox.raise_alerts([_alert("a"), _alert("b", hours=1)], now=NOW, send=True, ways=("console", "webhook")) == [
        "a",
        "b",
    ]
    inbox.mark_sent("a", "console", NOW)
    again = replace(_alert("a"), title="「极速退」 50 次", severity="medium")
    assert inbox.raise_alerts([again], now=NOW + dt.timedelta(days=1), send=True) == []
    found = {alert.alert_id: alert for alert in inbox.alerts()}
    assert (found["a"].title, found["a"].severity, found["a"].created_at) == ("「极速退」 50 次", "medium", NOW)
    assert [(row.alert.alert_id, row.way) for row in inbox.pending()] == [
        ("a", "webhook"),
        ("b", "console"),
        ("b", "webhook"),
    ]


def test_a_backfilled_alert_is_kept_and_never_sent(inbox: Inbox) -> None:
    inbox.raise_alerts([_alert("a")], now=NOW, send=False)
    inbox.raise_alerts([_alert("a")], now=NOW, send=True)
    assert len(inbox.alerts()) == 1
    assert inbox.pending() == []


@pytest.mark.parametrize("state", PERSON_STATES)
def test_a_persons_decision_outlives_reprocessing_and_silences_the_message(inbox: Inbox, state: str) -> None:
    inbox.raise_alerts([_alert("a")], now=NOW, send=True)
    getattr(inbox, DECISIONS[state])("a", "小王", NOW)
    inbox.raise_alerts([_alert("a")], now=NOW, send=True)
    assert inbox.withdraw([], since=START, until=NOW) == 0
    (found,) = inbox.alerts()
    assert (found.state, found.owner, found.changed_at) == (state, "小王", NOW)
    assert inbox.pending() == []


def test_a_muted_key_is_silent_for_a_week_on_its_channel_only(inbox: Inbox) -> None:
    inbox.raise_alerts([_alert("a", channel="app")], now=NOW, send=True)
    inbox.mute("a", "小王", START)
    week = int(MUTE.total_seconds() // 3600)
    later = {"soon": ("app", 1), "after": ("app", week), "elsewhere": ("web", 1), "before": ("app", -1)}
    inbox.raise_alerts(
        [_alert(name, channel=channel, hours=hours) for name, (channel, hours) in later.items()], now=NOW, send=True
    )
    assert {alert.alert_id for alert in inbox.alerts(states=["muted"])} == {"a", "soon"}
    assert {row.alert.alert_id for row in inbox.pending()} == {"after", "elsewhere", "before"}


def test_a_failed_message_stays_pending_with_its_attempts_until_sent(inbox: Inbox) -> None:
    inbox.raise_alerts([_alert("a")], now=NOW, send=True, ways=("webhook",))
    inbox.mark_failed("a", "webhook", "webhook: expected HTTP 200, got 502")
    inbox.mark_failed("a", "webhook", "x" * 2000)
    (row,) = inbox.pending()
    assert (row.n_attempts, len(row.last_error or "")) == (2, 500)
    inbox.mark_sent("a", "webhook", NOW)
    assert inbox.pending() == []
    with pytest.raises(ConfigError, match="nothing to send over 'mail'"):
        inbox.mark_sent("a", "mail", NOW)


def test_withdraw_takes_back_only_open_alerts_of_the_window_that_are_gone(inbox: Inbox) -> None:
    inbox.raise_alerts([_alert("gone"), _alert("kept"), _alert("later", hours=24)], now=NOW, send=True)
    assert inbox.withdraw(["kept"], since=START, until=START + dt.timedelta(hours=1)) == 1
    assert {alert.alert_id for alert in inbox.alerts()} == {"kept", "later"}
    assert {row.alert.alert_id for row in inbox.pending()} == {"kept", "later"}


def test_alerts_are_filtered_and_newest_first(inbox: Inbox) -> None:
    inbox.raise_alerts([_alert(str(hour), hours=hour) for hour in range(5)], now=NOW, send=False)
    inbox.acknowledge("4", "小王", NOW)
    assert [alert.alert_id for alert in inbox.alerts(states=["open"], limit=2)] == ["3", "2"]
    window = inbox.alerts(since=START + dt.timedelta(hours=1), until=START + dt.timedelta(hours=3))
    assert [alert.alert_id for alert in window] == ["2", "1"]
    assert inbox.alerts(states=[]) == []


def test_the_table_is_the_declared_one(inbox: Inbox) -> None:
    assert inbox.table().schema == TABLES["alert"].arrow(later=True)
    inbox.raise_alerts([_alert("b", hours=1), _alert("a")], now=NOW, send=False)
    table = inbox.table()
    assert table.schema == TABLES["alert"].arrow(later=True)
    assert table["alert_id"].to_pylist() == ["a", "b"]
    assert table["started_at"].to_pylist()[0] == START


def test_what_cannot_be_is_refused(inbox: Inbox, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected the id of an alert, got 'nobody'"):
        inbox.acknowledge("nobody", "小王", NOW)
    with pytest.raises(Exception, match="expected a time with a zone"):
        inbox.raise_alerts([replace(_alert("a"), started_at=dt.datetime(2026, 1, 1))], now=NOW, send=True)
    assert inbox.alerts() == []
    (tmp_path / "no.db").mkdir()
    with pytest.raises(ConfigError, match=r"cannot open sqlite:.*no\.db"):
        Inbox(f"sqlite:///{tmp_path / 'no.db'}")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from([None, *PERSON_STATES])), max_size=8))
def test_whatever_order_an_alert_is_there_once_and_sent_at_most_once(steps: list[tuple[str, bool, str | None]]) -> None:
    inbox = Inbox("sqlite://")
    sent: list[str] = []
    decided: dict[str, str] = {}
    for name, send, decision in steps:
        inbox.raise_alerts([_alert(name, key=name)], now=NOW, send=send)
        for row in inbox.pending():
            sent.append(row.alert.alert_id)
            inbox.mark_sent(row.alert.alert_id, row.way, NOW)
        if decision:
            getattr(inbox, DECISIONS[decision])(name, "小王", NOW)
            decided[name] = decision
    assert sorted(alert.alert_id for alert in inbox.alerts()) == sorted({name for name, _, _ in steps})
    assert {alert.alert_id: alert.state for alert in inbox.alerts() if alert.state != "open"} == decided
    assert len(sent) == len(set(sent))
    inbox.close()
