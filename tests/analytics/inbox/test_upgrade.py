"""An inbox of an earlier version is brought up to date when it is opened; what cannot be is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from analytics.errors import ConfigError
from analytics.inbox import Inbox, NewAlert

START = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
ALERT = """
CREATE TABLE alert (
    alert_id VARCHAR(64) NOT NULL PRIMARY KEY, spike_id VARCHAR(64) NOT NULL, key VARCHAR(200) NOT NULL,
    state VARCHAR(20) NOT NULL, severity VARCHAR(10) NOT NULL, owner VARCHAR(100), channel VARCHAR(100) NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, started_at TIMESTAMP NOT NULL, created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP)
"""
OUTBOX = """
CREATE TABLE outbox (
    alert_id VARCHAR(64) NOT NULL REFERENCES alert (alert_id), channel VARCHAR(20) NOT NULL, state VARCHAR(10) NOT NULL,
    attempts INTEGER NOT NULL, sent_at TIMESTAMP, last_error TEXT, PRIMARY KEY (alert_id, channel))
"""
ROWS = """
INSERT INTO alert VALUES ('{name}', 's-{name}', '极速退', '{state}', 'high', NULL, '*', '「极速退」', '一',
    '2026-09-20 04:00:00.000000', '2026-09-20 05:00:00.000000', {changed})
"""


def fill_as_before(url: str) -> None:
    """Make the tables of before alerts had a life, by SQL alone, with rows."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in (
            ALERT,
            OUTBOX,
            ROWS.format(name="sent", state="open", changed="NULL"),
            ROWS.format(name="mute", state="muted", changed="'2026-09-20 06:00:00.000000'"),
            "INSERT INTO outbox VALUES ('sent', 'console', 'sent', 1, '2026-09-20 05:30:00.000000', NULL)",
            "INSERT INTO outbox VALUES ('sent', 'webhook', 'pending', 2, NULL, 'webhook: 502')",
        ):
            connection.execute(text(statement))
    engine.dispose()


def check_brought_up_to_date(url: str) -> None:
    """What was sent is not sent again, what was muted stays so, and the alert goes on under its id."""
    Inbox(url).close()
    inbox = Inbox(url)  # a second time changes nothing
    (pending,) = inbox.pending()
    assert (pending.alert.alert_id, pending.way, pending.n_attempts) == ("sent", "webhook", 2)
    (mute,) = inbox.mutes(START + dt.timedelta(days=6))
    assert (mute.key, mute.until) == ("极速退", START + dt.timedelta(days=7, hours=2))
    later = NewAlert(
        alert_id="new", spike_id="s-new", kind="keyword", key="极速退", channel="*", severity="high", title="", body="",
        n_contacts=9, started_at=START - dt.timedelta(hours=1), ended_at=START + dt.timedelta(hours=1),
    )  # fmt: skip
    assert inbox.raise_alerts([later], now=START, send=True) == []
    found = {alert.alert_id: alert for alert in inbox.alerts()}
    assert set(found) == {"sent", "mute"}
    assert [alert.kind for alert in found.values() if alert.spike_id == "s-new"] == ["keyword"]
    inbox.close()


def test_an_old_file_is_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    fill_as_before(url)
    check_brought_up_to_date(url)


def test_a_file_of_something_else_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alert (number INTEGER)"))
    with pytest.raises(ConfigError, match="table alert has no column alert_id, and it cannot be added; expected"):
        Inbox(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).all() == [("alert",)]
    engine.dispose()


@pytest.mark.parametrize("url", ["no address", "oracle9://u:geheim@h/x"])
def test_an_address_that_is_none_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ConfigError, match=r"inbox\.url is no address that SQLAlchemy knows") as caught:
        Inbox(url)
    assert "geheim" not in str(caught.value)
