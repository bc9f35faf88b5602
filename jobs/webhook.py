"""Send alerts to a group robot's webhook: 企业微信, 钉钉, 飞书, or anything that takes their JSON.

The address carries the robot's secret, so neither logs nor the outbox ever hold it.
"""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from analytics.errors import StageError
from analytics.inbox import Alert
from analytics.names import SEVERITY_NAMES

MAX_BYTES = 2048
"""UTF-8 bytes of one text: the limit of 企业微信 (developer.work.weixin.qq.com/document/path/91770), the smallest."""
N_ATTEMPTS = 3
_TIMEOUT_SECONDS = 10.0
_FEISHU_HOSTS = ("open.feishu.cn", "open.larksuite.com")
_TOO_MANY = (45009, 130101, 11232)
"""Codes of 企业微信, 钉钉 and 飞书 for more messages a minute than they take: later, the same message is welcome."""


class HookDownError(StageError):
    """The webhook does not answer, or asks for patience: other messages would fare no better now."""


class HookRefusedError(StageError):
    """The webhook answered and refused this message."""


class Webhook:
    """A webhook, open for one run; without an address every message stays pending.

    Parameters
    ----------
    url : str or None
        Where to post.
    wait_seconds : float
        First pause between attempts; it doubles.
    """

    def __init__(self, url: str | None, *, wait_seconds: float = 0.5) -> None:
        self._url = url
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses, and so the secret
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS)
        self._attempts = Retrying(
            retry=retry_if_exception_type(HookDownError),
            stop=stop_after_attempt(N_ATTEMPTS),
            wait=wait_exponential(multiplier=wait_seconds, max=8),
            reraise=True,
        )

    def __enter__(self) -> Webhook:
        """Return the webhook itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        self._client.close()

    def send(self, alert: Alert) -> None:
        """Post an alert, up to `N_ATTEMPTS` times.

        Raises
        ------
        HookDownError
            If there was no answer, or one that asks for patience (429, 5xx, the robots' own codes for it).
        HookRefusedError
            If the message was refused.
        """
        if self._url is None:
            raise HookDownError("webhook: expected an address in notify.webhook_url, got none")
        self._attempts(self._post, self._url, payload(self._url, text_of(alert)))

    def _post(self, url: str, body: dict[str, Any]) -> None:
        try:
            answer = self._client.post(url, json=body)
        except httpx.InvalidURL as error:
            raise HookRefusedError("webhook: notify.webhook_url is no valid address") from error
        except httpx.HTTPError as error:
            raise HookDownError(f"webhook: expected an answer, got {type(error).__name__}") from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise HookDownError(f"webhook: expected HTTP 200, got {answer.status_code}")
        if answer.status_code >= 300:
            raise HookRefusedError(f"webhook: expected HTTP 200, got {answer.status_code}; check notify.webhook_url")
        _check_code(answer)


def text_of(alert: Alert) -> str:
    """Return the text of one message, cut to `MAX_BYTES`; title and link are always whole."""
    head = f"【{SEVERITY_NAMES.get(alert.severity, alert.severity)}】{alert.title}"
    *lines, link = alert.body.split("\n")
    while lines and len("\n".join([head, *lines, link]).encode()) > MAX_BYTES:
        lines.pop()
    return "\n".join([head, *lines, link])


def payload(url: str, text: str) -> dict[str, Any]:
    """Return the JSON that the robot behind `url` takes for a text.

    Examples
    --------
    >>> payload("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", "你好")
    {'msgtype': 'text', 'text': {'content': '你好'}}
    >>> payload("https://open.feishu.cn/open-apis/bot/v2/hook/…", "你好")
    {'msg_type': 'text', 'content': {'text': '你好'}}
    """
    if httpx.URL(url).host in _FEISHU_HOSTS:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _check_code(answer: httpx.Response) -> None:
    """Read the robots' own verdict: they answer HTTP 200 also when they refuse."""
    try:
        said = answer.json()
    except ValueError:
        return  # a plain webhook need not answer in JSON
    code = (said.get("errcode") or said.get("code") or 0) if isinstance(said, dict) else 0
    if code in _TOO_MANY:
        raise HookDownError(f"webhook: expected code 0, got {code} (too many messages a minute)")
    if code != 0:
        raise HookRefusedError(f"webhook: expected code 0, got {code}; see the robot's documentation")
