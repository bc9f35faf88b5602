"""The webhook: patience with a side that is down, none with one that refuses, and no secret in any message."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analytics.inbox import Alert
from jobs.webhook import MAX_BYTES, N_ATTEMPTS, HookDownError, HookRefusedError, Webhook, payload, text_of

NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
ALERT = Alert(
    alert_id="a1",
    spike_id="s1",
    key="极速退",
    severity="high",
    channel="*",
    title="「极速退」 1 小时 34 次，预期 0.2 次",
    body="开始：9月20日\n· 一句原声\n查看：http://127.0.0.1:8050/operations?alert=a1",
    started_at=NOON,
    state="open",
    owner=None,
    created_at=NOON,
    changed_at=None,
)


def _answers(server: HTTPServer, *codes: int | dict[str, int]) -> list[dict[str, object]]:
    """Answer in this order, the last one for ever; return what came in."""
    waiting, came = list(codes), []

    def answer(request: Request) -> Response:
        came.append(json.loads(request.data))
        code = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return Response(status=code) if isinstance(code, int) else Response(json.dumps(code), status=200)

    server.expect_request("/robot", method="POST").respond_with_handler(answer)
    return came


def test_the_robot_gets_the_text_they_all_take(httpserver: HTTPServer) -> None:
    came = _answers(httpserver, {"errcode": 0})
    with Webhook(httpserver.url_for("/robot?key=secret"), wait_seconds=0.001) as webhook:
        webhook.send(ALERT)
    text = "【高】「极速退」 1 小时 34 次，预期 0.2 次\n开始：9月20日\n· 一句原声\n查看：http://127.0.0.1:8050/operations?alert=a1"
    assert came == [{"msgtype": "text", "text": {"content": text}}]


def test_it_tries_again_and_succeeds(httpserver: HTTPServer) -> None:
    came = _answers(httpserver, 502, 429, 200)
    with Webhook(httpserver.url_for("/robot"), wait_seconds=0.001) as webhook:
        webhook.send(ALERT)
    assert len(came) == 3


@pytest.mark.parametrize(
    ("answer", "error", "message", "n_tried"),
    [
        (503, HookDownError, "got 503", N_ATTEMPTS),
        ({"errcode": 45009}, HookDownError, "too many messages a minute", N_ATTEMPTS),
        (404, HookRefusedError, "got 404", 1),
        ({"errcode": 93000}, HookRefusedError, "got 93000", 1),
        ({"code": 19001}, HookRefusedError, "got 19001", 1),
    ],
)
def test_refusals(
    httpserver: HTTPServer, answer: int | dict[str, int], error: type[Exception], message: str, n_tried: int
) -> None:
    came = _answers(httpserver, answer)
    with (
        Webhook(httpserver.url_for("/robot?key=secret"), wait_seconds=0.001) as webhook,
        pytest.raises(error, match=message),
    ):
        webhook.send(ALERT)
    assert len(came) == n_tried


def test_nobody_there_and_no_address() -> None:
    with Webhook("http://127.0.0.1:9/robot?key=secret", wait_seconds=0.001) as webhook:
        with pytest.raises(HookDownError, match="got ConnectError") as caught:
            webhook.send(ALERT)
        assert "secret" not in str(caught.value)
    with Webhook(None) as webhook, pytest.raises(HookDownError, match=r"address in notify\.webhook_url"):
        webhook.send(ALERT)


def test_the_secret_is_not_logged(httpserver: HTTPServer, caplog: pytest.LogCaptureFixture) -> None:
    _answers(httpserver, 200)
    with caplog.at_level(logging.INFO), Webhook(httpserver.url_for("/robot?key=secret")) as webhook:
        webhook.send(ALERT)
    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]  # the server's own log
    assert not any("secret" in line for line in ours)


def test_a_long_text_keeps_title_and_link() -> None:
    long = Alert(**{**vars(ALERT), "body": "\n".join([*(["原声" * 40] * 30), "查看：http://x/operations"])})
    text = text_of(long)
    assert len(text.encode()) <= MAX_BYTES
    assert text.startswith("【高】「极速退」")
    assert text.endswith("\n查看：http://x/operations")
    assert text.count("\n") > 5


def test_feishu_has_its_own_form() -> None:
    assert payload("https://open.feishu.cn/open-apis/bot/v2/hook/x", "好") == {
        "msg_type": "text",
        "content": {"text": "好"},
    }
