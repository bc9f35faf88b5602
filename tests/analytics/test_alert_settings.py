"""Settings of alerts and the inbox: what is read, what is refused, and that an address stays secret."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.settings import Settings, load_settings
from jobs.inbox import open_inbox, policy_of


def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Settings:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(file))
    return load_settings()


def test_rules_of_the_file_become_the_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[alerts]\nquiet_from = 22:00:00\nquiet_to = "08:00"\nin_a_row = 2\n[[alerts.rules]]\nkey = "客诉"\n'
    policy = policy_of(_settings(tmp_path, monkeypatch, text + 'severity = "high"\n'))
    assert (policy.quiet_from, policy.quiet_to, policy.in_a_row) == (dt.time(22), dt.time(8), 2)
    assert (policy.rules[0].key, policy.rules[0].severity, policy.timezone) == ("客诉", "high", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts]\nquiet_from = 22:00:00", "give both quiet_from and quiet_to"),
        ("[alerts]\ncalm_hours = 20", "calm_hours must not be more than resolve_hours"),
        ('[alerts]\nupdates = ["gone"]', "alerts.updates"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        _settings(tmp_path, monkeypatch, text)


def test_the_address_of_the_inbox_takes_its_password_from_outside_and_is_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESHENG_INBOX__URL", "postgresql://u:${DUTY_PW}@127.0.0.1:1/inbox")
    settings = load_settings()
    with pytest.raises(ConfigError, match="environment variable DUTY_PW is not set"):
        open_inbox(settings)
    monkeypatch.setenv("DUTY_PW", "geheim")
    assert settings.inbox_url == "postgresql://u:geheim@127.0.0.1:1/inbox"
    assert "DUTY_PW" not in repr(settings)
    with pytest.raises(ConfigError, match="cannot open") as caught:
        open_inbox(settings)
    assert "geheim" not in str(caught.value)
    monkeypatch.delenv("KESHENG_INBOX__URL")
    assert load_settings(home=tmp_path).inbox_url == f"sqlite:///{tmp_path / 'inbox.db'}"
