"""Trouble of the system is one alert while it lasts, and nothing the data say ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.inbox import Inbox, Policy, Rule, Trouble, trouble_alert

AT = dt.datetime(2026, 3, 1, 19, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}", Policy(min_contacts=50, in_a_row=3))
    yield opened
    opened.close()


def fail(inbox: Inbox, at: dt.datetime, *tasks: str, dag_id: str = "analyze") -> str:
    trouble = Trouble(dag_id=dag_id, tasks=tasks, run_url=f"http://airflow/{at:%H}")
    return inbox.report_trouble(trouble_alert(trouble, at, "http://kesheng"), now=at, ways=("console",))


def test_a_dag_that_keeps_failing_is_one_alert_told_once(inbox: Inbox) -> None:
    first = fail(inbox, AT, "conform")
    assert fail(inbox, AT + HOUR, "measure") == first
    (alert,) = inbox.alerts()
    assert (alert.kind, alert.key, alert.state, alert.severity) == ("system", "analyze", "open", "high")
    assert "measure" in alert.body and "http://airflow/20" in alert.body and f"alert={first}" in alert.body
    assert alert.started_at == AT and alert.last_seen_at == AT + HOUR
    assert [delivery.alert.alert_id for delivery in inbox.pending(AT + HOUR)] == [first]  # in spite of min_contacts


def test_success_ends_it_and_the_next_failure_is_another(inbox: Inbox) -> None:
    first = fail(inbox, AT, "conform")
    inbox.acknowledge(first, "王", AT)
    other = fail(inbox, AT, "source", dag_id="collect")
    assert inbox.settle_trouble("analyze", now=AT + HOUR) == 1
    assert inbox.settle_trouble("analyze", now=AT + HOUR) == 0
    second = fail(inbox, AT + 2 * HOUR, "conform")
    states = {alert.alert_id: (alert.state, alert.changed_by) for alert in inbox.alerts()}
    assert states == {first: ("resolved", "system"), second: ("open", None), other: ("open", None)}


def test_what_the_data_say_neither_ends_it_nor_takes_it_back(inbox: Inbox) -> None:
    alert_id = fail(inbox, AT, "conform")
    calm_hours = {"*": [AT + n * HOUR for n in range(40)]}
    assert inbox.settle(calm_hours, now=AT + 50 * HOUR, send=True) == {"calmed": 0, "resolved": 0}
    assert inbox.withdraw((), since=AT - 24 * HOUR, until=AT + 24 * HOUR, now=AT, send=True) == 0
    assert [alert.alert_id for alert in inbox.alerts(("open",))] == [alert_id]


def test_a_mute_silences_it_and_a_rule_gives_it_another_severity(tmp_path: Path) -> None:
    inbox = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}", Policy(rules=[Rule(kind="system", severity="low")]))
    first = fail(inbox, AT, "conform")
    inbox.mute(first, "王", AT)
    assert inbox.pending(AT) == []
    inbox.settle_trouble("analyze", now=AT + HOUR)
    second = fail(inbox, AT + 2 * HOUR, "conform")
    assert {alert.alert_id: (alert.state, alert.severity) for alert in inbox.alerts()} == {
        first: ("resolved", "low"),
        second: ("muted", "low"),
    }
    assert inbox.pending(AT + 2 * HOUR) == []
    inbox.close()


def test_a_late_run_says_its_limit_and_a_dag_of_ones_own_keeps_its_name() -> None:
    alert = trouble_alert(Trouble(dag_id="export", late_hours=1.5), AT, "http://kesheng/")
    assert alert.title == "系统：export超时未完成" and alert.severity == "medium"
    assert "时限：1.5 小时内应当完成" in alert.body and "dags.pools" in alert.body
    assert alert.body.endswith(f"http://kesheng/operations?alert={alert.alert_id}")
