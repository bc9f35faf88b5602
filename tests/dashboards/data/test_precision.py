from __future__ import annotations

import datetime as dt
from pathlib import Path

from analytics.inbox import Inbox, NewAlert
from dashboards.data.alerts import Alerts
from dashboards.data.precision import alarm_precision

START = dt.datetime(2026, 9, 20, 2, tzinfo=dt.UTC)


def _alert(name: str, kind: str) -> NewAlert:
    return NewAlert(
        alert_id=name, spike_id=name, kind=kind, key=name, channel="app", severity="low", title="", body="",
        started_at=START, ended_at=START + dt.timedelta(hours=2),
    )  # fmt: skip


def test_each_kind_says_what_was_told_judged_and_false(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(url)
    inbox.raise_alerts([_alert("a", "volume"), _alert("b", "keyword"), _alert("c", "keyword")], now=START, send=False)
    inbox.acknowledge("b", "小王", START)
    inbox.false_alarm("c", "小王", START)
    inbox.close()
    found = alarm_precision(Alerts(url)).set_index("kind")
    assert found.loc["keyword", ["n_told", "n_judged", "n_false", "precision"]].tolist() == [2, 2, 1, 0.5]
    assert 0 < found.loc["keyword", "low"] < 0.5 < found.loc["keyword", "high"] < 1
    assert found.loc["volume", ["n_told", "n_judged"]].tolist() == [1, 0] and found["precision"].isna().sum() == 1


def test_without_an_inbox_there_is_none_and_none_is_made(tmp_path: Path) -> None:
    assert alarm_precision(Alerts(f"sqlite:///{tmp_path / 'none.db'}")).empty
    assert not list(tmp_path.iterdir())
