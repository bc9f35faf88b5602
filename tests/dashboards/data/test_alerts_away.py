"""While the inbox's database is away alerts are those of the publication, and nobody waits for it on every page."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from dashboards.data import alerts as looking
from dashboards.data.alerts import Alerts
from dashboards.data.source import Source


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"postgresql://kesheng:geheim@127.0.0.1:{probe.getsockname()[1]}/inbox"


def test_alerts_are_shown_as_published(
    source: Source, nobody: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    really = looking.Inbox
    monkeypatch.setattr(looking, "Inbox", lambda url: asked.append(url) or really(url))
    alerts = Alerts(nobody)
    assert len(alerts.table(source, start=None, end=None)) == 4
    assert alerts.is_away and alerts.inbox is None and alerts.version() == 0
    assert asked == [nobody]
    assert "cannot be reached" in caplog.text and "geheim" not in caplog.text
    monkeypatch.setattr(looking.time, "monotonic", lambda: looking.AWAY_SECONDS * 1e9)
    assert not alerts.is_away
