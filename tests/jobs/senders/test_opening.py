"""From settings to senders: secrets come from outside, a trial says how it went, apprise is optional."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer

from analytics.errors import ConfigError
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.settings import Settings
from jobs.senders import trial
from jobs.senders.opening import open_sender
from jobs.senders.outcome import Message, RefusedError
from jobs.senders.outside import resolved
from jobs.senders.pace import Pace, Rate

NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)


def _settings(tmp_path: Path, **channels: ChannelSettings) -> Settings:
    return Settings(home=tmp_path, notify=NotifySettings(channels=channels, retry_seconds=0.001))


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("https://x/?key=s3cret\n", encoding="utf-8")
    assert resolved(SecretStr(f"file:{file}"), {}, where="url") == "https://x/?key=s3cret"
    assert resolved(None, {}, where="url") is None
    file.write_text("\n", encoding="utf-8")
    for secret, said in (("${DUTY}", "variable DUTY"), (f"file:{file}", "empty"), ("file:/nowhere", "cannot read")):
        with pytest.raises(ConfigError, match=f"^notify.channels.duty.url.*{said}"):
            resolved(SecretStr(secret), {"DUTY": " "}, where="notify.channels.duty.url")


def test_a_trial_arrives_and_says_it_is_one(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robot").respond_with_json({"errcode": 0})
    way = ChannelSettings(kind="wecom", url="${DUTY}")
    environ = {"DUTY": httpserver.url_for("/robot")}
    assert trial.test_channel(_settings(tmp_path, duty=way), "duty", now=NOON, environ=environ).sent
    (request, _), *_ = httpserver.log
    assert "这是一条测试消息，请忽略" in request.get_json()["markdown"]["content"]


def test_a_trial_that_fails_says_why(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robot").respond_with_json({"errcode": 93000})
    settings = _settings(
        tmp_path,
        duty=ChannelSettings(kind="wecom", url=httpserver.url_for("/robot?key=s3cret")),
        bare=ChannelSettings(kind="wecom", url="${NOT_SET}"),
    )
    found = [trial.test_channel(settings, name, now=NOON, environ={}) for name in ("duty", "bare", "nobody")]
    assert [(one.sent, one.exit_code) for one in found] == [(False, 1), (False, 2), (False, 2)]
    assert "got 93000" in found[0].detail
    assert "NOT_SET" in found[1].detail
    assert "there are console, duty, bare" in found[2].detail
    assert not any("s3cret" in one.detail for one in found)


def test_the_short_form_is_the_robot_at_its_host(tmp_path: Path, httpserver: HTTPServer, message: Message) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    sender = open_sender("webhook", NotifySettings(webhook_url=httpserver.url_for("/hook")), {})
    sender.send(message)
    sender.close()
    (request, _), *_ = httpserver.log
    assert request.get_json()["text"]["content"].startswith("【客声·高】")


def test_apprise_sends_or_says_what_is_missing(
    httpserver: HTTPServer, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("apprise")
    httpserver.expect_request("/hook").respond_with_data("")
    url = httpserver.url_for("/hook").replace("http://", "json://")
    notify = NotifySettings(channels={"more": ChannelSettings(kind="apprise", url=url)})
    open_sender("more", notify, {}).send(message)
    (request, _), *_ = httpserver.log
    assert request.get_json()["title"] == "【客声·高】「物流停滞」1 小时内 24 次，平时约 2 次"
    gone = NotifySettings(channels={"more": ChannelSettings(kind="apprise", url="json://127.0.0.1:9/?cto=0.2")})
    with pytest.raises(RefusedError, match="apprise could not send"):
        open_sender("more", gone, {}).send(message)
    unknown = NotifySettings(channels={"more": ChannelSettings(kind="apprise", url="s3cret://x")})
    with pytest.raises(ConfigError, match="does not know") as caught:
        open_sender("more", unknown, {})
    assert "s3cret" not in str(caught.value)


def test_without_apprise_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    notify = NotifySettings(channels={"more": ChannelSettings(kind="apprise", url="json://x")})
    with pytest.raises(ConfigError, match=r"pip install 'kesheng\[apprise\]'"):
        open_sender("more", notify, {})


def test_the_pace_waits_a_little_and_leaves_the_rest() -> None:
    now, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(Rate(per_minute=2, gap_seconds=1.0), patience_seconds=60.5, clock=lambda: now[0], sleep=sleep)
    assert [pace.take_turn() for _ in range(4)] == [True, True, True, False]
    assert waits == [1.0, 59.0]
    now[0] += 60.0
    assert pace.take_turn()
