from __future__ import annotations

import datetime as dt
from pathlib import Path

from analytics.inbox import Inbox, NewAlert, Trouble, trouble_alert
from dashboards.data.alerts import Alerts, of_customers
from dashboards.data.source import Source

AT = dt.datetime(2026, 10, 4, 2, tzinfo=dt.UTC)


def test_looking_makes_no_inbox(source: Source, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'inbox.db'}"
    assert len(Alerts(address).table(source, start=None, end=None)) == 4
    assert not (tmp_path / "inbox.db").exists()


def test_the_inbox_is_newer_than_the_publication(source: Source, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(address)
    new = NewAlert(
        alert_id="a1", spike_id="s1", key="k", severity="high", channel="*", title="标题", body="", started_at=AT
    )
    inbox.raise_alerts([new], now=AT, send=False)
    alerts = Alerts(address)
    assert list(alerts.table(source, start=None, end=None)["state"]) == ["open"]
    inbox.acknowledge("a1", "小王", AT)
    found = alerts.table(source, start=AT.date(), end=AT.date())
    assert list(found["state"]) == ["acknowledged"]
    assert str(found["started"].iloc[0]) == "2026-10-04 10:00:00"
    assert found["n_listed"].iloc[0] > 0
    inbox.close()


def test_an_alert_whose_event_is_gone_is_still_shown(source: Source, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(address)
    new = NewAlert(
        alert_id="a1", spike_id="gone", key="k", severity="low", channel="app", title="标题", body="", started_at=AT
    )
    inbox.raise_alerts([new], now=AT, send=False)
    found = Alerts(address).table(source, start=None, end=None)
    assert found["n_listed"].isna().all()
    inbox.close()


def test_trouble_of_the_system_is_shown_whatever_days_are_chosen_until_it_ends(source: Source, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(address)
    later = AT + dt.timedelta(days=30)
    alert = trouble_alert(Trouble(dag_id="analyze", tasks=["conform"]), later, "http://kesheng")
    inbox.report_trouble(alert, now=later, ways=())
    alerts = Alerts(address)
    found = alerts.table(source, start=AT.date(), end=AT.date())
    assert list(found["alert_id"]) == [alert.alert_id] and of_customers(found).empty
    assert len(alerts.table(source, start=None, end=None)) == 1
    inbox.settle_trouble("analyze", now=later)
    assert alerts.table(source, start=AT.date(), end=AT.date()).empty
    inbox.close()
