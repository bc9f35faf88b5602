"""notify: many channels in one run, some down, slow or refusing; nothing is lost, sent twice or tried for ever."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analytics.inbox import Inbox, NewAlert
from analytics.inbox.database import writing
from analytics.inbox.outbox import new_delivery
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.settings import Settings
from jobs import notify
from jobs.senders.outcome import MAY_HAVE_ARRIVED
from jobs.whole import run_whole

NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)


def _alert(number: int) -> NewAlert:
    return NewAlert(
        alert_id=f"a{number}",
        spike_id=f"s{number}",
        kind="keyword",
        key=f"退款{number}",
        severity="high",
        channel="*",
        title=f"「退款{number}」1 小时内 24 次，平时约 2 次",
        body="数量：1 小时内 24 次\n原声：\n· 退款还没到\n查看：http://127.0.0.1:8050/operations?alert=a",
        started_at=NOON,
        n_contacts=24,
    )


def _settings(tmp_path: Path, urls: dict[str, str], **more: Any) -> Settings:
    kinds = {"slow": "wecom", "busy": "dingtalk", "bad": "feishu", "down": "webhook", "good": "webhook"}
    channels = {
        name: ChannelSettings(kind=kinds.get(name, "webhook"), url=url, **more.pop(name, {}))
        for name, url in urls.items()
    }
    fast = {"connect_seconds": 0.5, "read_seconds": 0.15, "retry_seconds": 0.001}
    return Settings(home=tmp_path, notify=NotifySettings(channels=channels, **fast | more))


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(Settings(home=tmp_path).inbox_url)
    yield found
    found.close()


def _raise(inbox: Inbox, n: int, *ways: str) -> None:
    inbox.raise_alerts([_alert(number) for number in range(n)], now=NOON, send=True, ways=ways)


def _serve(server: HTTPServer, path: str, *answers: dict[str, Any] | Response) -> list[dict[str, Any]]:
    """Answer in this order, the last one for ever; return what came in."""
    waiting, came = list(answers), []

    def answer(request: Request) -> Response:
        came.append(request.get_json() | {"id": request.headers["Idempotency-Key"]})
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return said if isinstance(said, Response) else Response(str(said).replace("'", '"'), status=200)

    server.expect_request(path).respond_with_handler(answer)
    return came


def test_one_run_over_channels_that_hang_throttle_refuse_and_work(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    released = threading.Event()

    def hang(request: Request) -> Response:
        released.wait(5)
        return Response(status=200)

    httpserver.expect_request("/slow").respond_with_handler(hang)
    busy = _serve(httpserver, "/busy", {"errcode": 130101})
    bad = _serve(httpserver, "/bad", {"code": 19024})
    good = _serve(httpserver, "/good", {})
    urls = {name: httpserver.url_for(f"/{name}?key=s3cret") for name in ("busy", "bad", "good", "slow")}
    urls = {"down": "http://127.0.0.1:9/?key=s3cret"} | urls  # slow is last: the test server does one thing at a time
    _raise(inbox, 2, *urls)
    with caplog.at_level(logging.INFO, logger="jobs"):
        try:
            assert notify.run(_settings(tmp_path, urls), now=NOON) == {"sent": 2, "unsent": 8}
        finally:
            released.set()
    assert (len(busy), len(bad), len(good)) == (1, 2, 2)
    left = {(row.way, row.alert.alert_id): row for row in inbox.pending(NOON)}
    assert ("busy", "a0") not in left  # its time has not come
    assert ("busy", "a1") in left
    assert {row.way: row.last_error for row in left.values() if row.n_attempts} == {
        "slow": "slow: expected an answer within 0.15 s, got ReadTimeout; the message may have arrived",
        "bad": "bad: expected code 0, got 19024; the message has none of the robot's key words; add 客声 to them",
        "down": "down: expected an answer, got ConnectError",
    }
    later = NOON + dt.timedelta(minutes=10)
    assert ("busy", "a0") in {(row.way, row.alert.alert_id) for row in inbox.pending(later)}
    assert not any("s3cret" in record.getMessage() for record in caplog.records if record.name != "werkzeug")


def test_what_was_sent_is_not_sent_again_and_a_repeat_has_the_same_id(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer
) -> None:
    came = _serve(httpserver, "/good", Response(status=500), Response(status=500), Response(status=500), {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")})
    _raise(inbox, 1, "good")
    assert notify.run(settings, now=NOON) == {"sent": 0, "unsent": 1}
    assert notify.run(settings, now=NOON) == {"sent": 1, "unsent": 0}
    assert notify.run(settings, now=NOON) == {"sent": 0, "unsent": 0}
    assert len({request["id"] for request in came}) == 1


def test_after_silence_the_next_attempt_says_that_it_may_be_a_repeat(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer
) -> None:
    _raise(inbox, 1, "good")
    assert inbox.claim("a0", "good", NOON)
    inbox.mark_failed("a0", "good", f"good: got ReadTimeout; {MAY_HAVE_ARRIVED}")
    came = _serve(httpserver, "/good", {})
    notify.run(_settings(tmp_path, {"good": httpserver.url_for("/good")}), now=NOON)
    assert "可能重复" in came[0]["text"]["content"]


def test_a_refusal_is_not_repeated_for_ever(tmp_path: Path, inbox: Inbox, httpserver: HTTPServer) -> None:
    came = _serve(httpserver, "/bad", {"code": 19001})
    settings = _settings(tmp_path, {"bad": httpserver.url_for("/bad")}, attempts=3)
    _raise(inbox, 1, "bad")
    assert [notify.run(settings, now=NOON)["unsent"] for _ in range(5)] == [1, 1, 1, 0, 0]
    assert len(came) == 3
    assert any("19001" in event.detail for event in inbox.history("a0") if event.what == "failed")


@pytest.mark.parametrize("killed", [True, False])
def test_an_update_never_overtakes_the_message_it_follows(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer, *, killed: bool
) -> None:
    came = _serve(httpserver, "/good", *([] if killed else [{"code": 19001}]), {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")})
    _raise(inbox, 1, "good")
    if killed:
        assert inbox.claim("a0", "good", NOON)
    with writing(inbox._engine) as session:
        session.add(new_delivery("a0", "good", 2, "resolved"))
    later = NOON + dt.timedelta(hours=1)
    counts = [notify.run(settings, now=later) for _ in range(2)]
    assert sum(count["sent"] for count in counts) == 2
    assert [request["alert"]["reason"] for request in came][-2:] == ["new", "resolved"]
    assert len(came) == 2 + (not killed)


def test_patience_that_one_message_was_asked_for_holds_for_all_of_the_channel(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer
) -> None:
    came = _serve(httpserver, "/good", Response(status=429, headers={"Retry-After": "300"}), {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")})
    _raise(inbox, 2, "good")
    sent = [notify.run(settings, now=NOON + dt.timedelta(minutes=minutes))["sent"] for minutes in (0, 1, 4, 5)]
    assert (sent, len(came)) == ([0, 0, 0, 2], 3)


def test_two_runs_at_once_send_each_message_once(tmp_path: Path, inbox: Inbox, httpserver: HTTPServer) -> None:
    came = _serve(httpserver, "/good", {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")})
    _raise(inbox, 8, "good")
    with ThreadPoolExecutor(2) as pool:
        sent = [run.result()["sent"] for run in [pool.submit(notify.run, settings, now=NOON) for _ in range(2)]]
    assert sum(sent) == len(came) == len({request["id"] for request in came}) == 8


def test_old_news_is_given_up(tmp_path: Path, inbox: Inbox, httpserver: HTTPServer) -> None:
    came = _serve(httpserver, "/good", {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")}, keep_hours=48)
    _raise(inbox, 1, "good", "gone")
    assert notify.run(settings, now=NOON + dt.timedelta(hours=49)) == {"sent": 0, "unsent": 0}
    assert came == []
    assert inbox.pending(NOON) == []
    said = [event.detail for event in inbox.history("a0") if event.what == "failed"]
    assert len(said) == 2
    assert "could not go out for 48 h" in said[0]


def test_the_rate_is_kept_and_the_rest_waits_for_the_next_run(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer
) -> None:
    came = _serve(httpserver, "/good", {})
    urls = {"good": httpserver.url_for("/good")}
    settings = _settings(tmp_path, urls, good={"per_minute": 2}, patience_seconds=0)
    _raise(inbox, 3, "good")
    assert notify.run(settings, now=NOON) == {"sent": 2, "unsent": 1}
    assert notify.run(settings, now=NOON) == {"sent": 1, "unsent": 0}
    assert len(came) == 3


def test_a_killed_run_leaves_a_message_that_goes_out_as_a_possible_repeat(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer
) -> None:
    came = _serve(httpserver, "/good", {})
    settings = _settings(tmp_path, {"good": httpserver.url_for("/good")})
    _raise(inbox, 1, "good")
    assert inbox.claim("a0", "good", NOON)
    assert notify.run(settings, now=NOON) == {"sent": 0, "unsent": 0}  # somebody may be at it
    assert notify.run(settings, now=NOON + dt.timedelta(hours=1)) == {"sent": 1, "unsent": 0}
    assert "可能重复" in came[0]["text"]["content"]


def test_channels_without_a_secret_or_gone_from_the_settings_cost_the_others_nothing(
    tmp_path: Path, inbox: Inbox, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    _serve(httpserver, "/good", {})
    settings = _settings(tmp_path, {"bare": "${NOT_SET}", "good": httpserver.url_for("/good")})
    _raise(inbox, 1, "bare", "good", "gone")
    assert notify.run(settings, now=NOON, environ={}) == {"sent": 1, "unsent": 2}
    assert "notify.channels.bare.url needs the environment variable NOT_SET" in caplog.text
    assert "notify.channels has no 'gone' any more" in caplog.text


def test_the_command_needs_no_days(
    tmp_path: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    inbox.raise_alerts([_alert(0)], now=dt.datetime.now(dt.UTC), send=True)
    run_whole("notify", None, None, send=False)
    assert "【客声·高】「退款0」1 小时内 24 次，平时约 2 次" in capsys.readouterr().err
    assert inbox.pending() == []
