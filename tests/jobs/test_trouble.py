"""The command that the DAGs call when a run goes wrong, and when the next one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.inbox import Inbox, NewAlert
from jobs.trouble import main
from tests.analytics.inbox.test_trouble import AT


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    return f"sqlite:///{tmp_path / 'inbox.db'}"


def test_a_failure_is_told_once_and_success_ends_it(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    inbox = Inbox(url)
    spike = NewAlert(
        alert_id="a", spike_id="s", key="退款", severity="high", channel="*", title="「退款」", body="", started_at=AT
    )
    inbox.raise_alerts([spike], now=AT, send=True)
    failed = ["--dag", "analyze", "--failed", "conform", "--run", "http://airflow/run"]
    assert main(failed) == 0
    assert "系统：分析（analyze）运行失败" in capfd.readouterr().err
    assert main(failed) == 0
    assert "系统" not in capfd.readouterr().err
    assert main(["--dag", "analyze", "--succeeded"]) == 0
    states = {alert.kind: alert.state for alert in inbox.alerts()}
    assert states == {"": "open", "system": "resolved"}
    assert [each.alert.alert_id for each in inbox.pending()] == ["a"]  # what the failed run found waits for the next
    inbox.close()


def test_success_without_trouble_does_nothing(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--dag", "collect", "--succeeded"]) == 0
    assert capfd.readouterr().err == "trouble: nothing to do\n"


def test_a_command_without_what_happened_ends_with_2(url: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--dag", "analyze"])
    assert caught.value.code == 2
