"""Robots and webhooks: a real server that works, fails, hangs and throttles; signatures; no secret in any message."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import threading
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analytics.notify_settings import NotifySettings
from jobs.senders.outcome import ChannelDownError, Message, RefusedError, ThrottledError
from jobs.senders.posting import N_ATTEMPTS, Post

NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
FAST = NotifySettings(connect_seconds=0.5, read_seconds=0.15, retry_seconds=0.001)
Answer = int | dict[str, Any] | Response


def _post(server: HTTPServer, kind: str = "webhook", secret: str | None = None) -> Post:
    return Post("duty", kind, server.url_for("/robot?key=s3cret"), FAST, secret=secret, clock=lambda: NOON)


def _answers(server: HTTPServer, *answers: Answer) -> list[Request]:
    """Answer in this order, the last one for ever; return what came in."""
    waiting, came = list(answers), []

    def answer(request: Request) -> Response:
        request.get_data()
        came.append(request)
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(said, Response):
            return said
        return Response(status=said) if isinstance(said, int) else Response(json.dumps(said), status=200)

    server.expect_request("/robot", method="POST").respond_with_handler(answer)
    return came


@pytest.mark.parametrize(
    ("kind", "answer", "form"),
    [
        ("wecom", {"errcode": 0, "errmsg": "ok"}, {"msgtype", "markdown"}),
        ("dingtalk", {"errcode": 0, "errmsg": "ok"}, {"msgtype", "markdown"}),
        ("feishu", {"code": 0, "msg": "success", "StatusCode": 0}, {"msg_type", "card"}),
        ("slack", Response("ok"), {"text", "blocks"}),
        ("webhook", 204, {"msgtype", "text", "alert"}),
    ],
)
def test_each_kind_gets_its_form(
    httpserver: HTTPServer, message: Message, kind: str, answer: Answer, form: set[str]
) -> None:
    came = _answers(httpserver, answer)
    _post(httpserver, kind).send(message)
    (request,) = came
    assert set(request.get_json()) == form
    assert request.headers["Idempotency-Key"] == "delivery1"
    assert request.args["key"] == "s3cret"
    if kind == "webhook":
        assert request.get_json()["alert"]["delivery_id"] == "delivery1"


def test_signatures_fit_what_the_robots_compute(httpserver: HTTPServer, message: Message) -> None:
    came = _answers(httpserver, {"errcode": 0})
    _post(httpserver, "dingtalk", "SECabc").send(message)
    _post(httpserver, "feishu", "abc").send(message)
    ding, fei = came
    stamp = ding.args["timestamp"]
    assert stamp == str(int(NOON.timestamp() * 1000))
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert base64.b64decode(ding.args["sign"]) == expected
    assert ding.args["key"] == "s3cret"
    said = fei.get_json()
    assert said["timestamp"] == str(int(NOON.timestamp()))
    assert (
        base64.b64decode(said["sign"]) == hmac.new(f"{said['timestamp']}\nabc".encode(), b"", hashlib.sha256).digest()
    )


def test_it_tries_again_and_succeeds(httpserver: HTTPServer, message: Message) -> None:
    came = _answers(httpserver, 502, {"errcode": -1}, 200)
    _post(httpserver).send(message)
    assert len(came) == 3


@pytest.mark.parametrize(
    ("answer", "error", "said", "n_tried"),
    [
        (503, ChannelDownError, "got 503", N_ATTEMPTS),
        (404, RefusedError, "got 404; check its url", 1),
        (301, RefusedError, "got 301", 1),
        (Response("channel_is_archived", status=410), RefusedError, "got 410; channel_is_archived", 1),
        (Response("<b>a page with s3cret</b>", status=403), RefusedError, "got 403; check its url", 1),
        ({"errcode": 93000}, RefusedError, "got 93000; the robot's address is not valid", 1),
        ({"errcode": 40058}, RefusedError, "got 40058; .* length", 1),
        ({"errcode": 310000, "errmsg": "sign not match"}, RefusedError, "security settings", 1),
        ({"code": 19021}, RefusedError, "check secret and this machine's clock", 1),
        ({"code": 19024}, RefusedError, "key words", 1),
        ({"errcode": 123456789}, RefusedError, "got 123456789; see", 1),
    ],
)
def test_refusals_say_why(
    httpserver: HTTPServer, message: Message, answer: Answer, error: type[Exception], said: str, n_tried: int
) -> None:
    came = _answers(httpserver, answer)
    with pytest.raises(error, match=said) as caught:
        _post(httpserver).send(message)
    assert len(came) == n_tried
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Response(status=429, headers={"Retry-After": "7"}), 7),
        (Response(status=429), 60),
        ({"errcode": 45009}, 60),
        ({"errcode": 130101}, 600),
        ({"code": 11232}, 60),
    ],
)
def test_patience_is_asked_for_once_and_for_how_long(
    httpserver: HTTPServer, message: Message, answer: Answer, seconds: float
) -> None:
    came = _answers(httpserver, answer)
    with pytest.raises(ThrottledError, match="too many messages") as caught:
        _post(httpserver).send(message)
    assert (caught.value.retry_seconds, len(came)) == (seconds, 1)


def test_a_side_that_hangs_is_asked_once_and_not_waited_for(httpserver: HTTPServer, message: Message) -> None:
    released, came = threading.Event(), []

    def hang(request: Request) -> Response:
        came.append(request)
        released.wait(5)
        return Response(status=200)

    httpserver.expect_request("/robot").respond_with_handler(hang)
    try:
        with pytest.raises(ChannelDownError, match=r"within 0\.15 s, got ReadTimeout; the message may have arrived"):
            _post(httpserver).send(message)
    finally:
        released.set()
    assert len(came) == 1


def test_nobody_there_and_no_address(message: Message) -> None:
    with pytest.raises(ChannelDownError, match="got ConnectError") as caught:
        Post("duty", "slack", "http://127.0.0.1:9/robot?key=s3cret", FAST).send(message)
    assert "s3cret" not in str(caught.value)
    for address in ("s3cret", "http://x:s3cret", "ftp://127.0.0.1/s3cret"):
        with pytest.raises(RefusedError, match="no valid address") as refused:
            Post("duty", "slack", address, FAST).send(message)
        assert "s3cret" not in str(refused.value)


def test_the_secret_is_not_logged(httpserver: HTTPServer, message: Message, caplog: pytest.LogCaptureFixture) -> None:
    _answers(httpserver, 200)
    with caplog.at_level(logging.DEBUG):
        _post(httpserver).send(message)
    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]  # the server's own log
    assert not any("s3cret" in line for line in ours)
