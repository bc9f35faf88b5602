"""Post messages: 企业微信, 钉钉, 飞书, Slack, or a webhook of one's own. The address is a secret and never shows."""

from __future__ import annotations

import datetime as dt
import logging
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from analytics.inbox.formats import ROBOTS, hook_text
from analytics.notify_settings import NotifySettings, kind_of
from jobs.senders.outcome import MAY_HAVE_ARRIVED, ChannelDownError, Message, RefusedError, ThrottledError
from jobs.senders.signing import dingtalk_signature, feishu_signature
from jobs.senders.verdicts import check_answer

N_ATTEMPTS = 3
"""Of one request in one run; the outbox does the rest."""
_LONGEST_PAUSE_SECONDS = 8.0


class _NoAnswerError(ChannelDownError):
    """The request may have arrived: to repeat it at once could send the message twice."""


class Post:
    """A robot or webhook, open for one run.

    Parameters
    ----------
    name, kind, url : str
        Of the channel; a webhook at a known robot's host is that robot.
    secret : str or None
        For signed robots.
    notify : NotifySettings
        Timeouts and pauses.
    clock : callable
        The time in UTC, for signatures.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        url: str,
        notify: NotifySettings,
        *,
        secret: str | None = None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._name, self._secret, self._clock = name, secret, clock
        self.kind = kind_of(url) if kind == "webhook" else kind
        for logger in ("httpx", "httpcore"):  # they log whole addresses
            logging.getLogger(logger).setLevel(logging.WARNING)
        self._url = _address(name, url)
        self._read_seconds = notify.read_seconds
        timeout = httpx.Timeout(notify.read_seconds, connect=notify.connect_seconds)
        self._client = httpx.Client(timeout=timeout, verify=_certificates())
        self._attempts = Retrying(
            retry=retry_if_exception(_is_worth_repeating),
            stop=stop_after_attempt(N_ATTEMPTS),
            wait=wait_exponential(multiplier=notify.retry_seconds, max=_LONGEST_PAUSE_SECONDS),
            reraise=True,
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def send(self, message: Message) -> None:
        """Post a message, up to `N_ATTEMPTS` times where the other side is down.

        Raises
        ------
        ThrottledError, ChannelDownError, RefusedError
            As the module `outcome` says.
        """
        self._attempts(self._post, message)

    def _post(self, message: Message) -> None:
        url, body = self._signed(self._payload(message))
        try:
            answer = self._client.post(url, json=body, headers={"Idempotency-Key": message.delivery_id})
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise _NoAnswerError(
                f"{self._name}: expected an answer within {self._read_seconds:g} s, got {type(error).__name__};"
                f" {MAY_HAVE_ARRIVED}"
            ) from None
        except httpx.HTTPError as error:
            raise ChannelDownError(f"{self._name}: expected an answer, got {type(error).__name__}") from None
        check_answer(self._name, answer, self._clock())

    def _payload(self, message: Message) -> dict[str, Any]:
        if robot := ROBOTS.get(self.kind):
            return robot(message.letter)
        return {"msgtype": "text", "text": {"content": hook_text(message.letter)}, "alert": facts_of(message)}

    def _signed(self, body: dict[str, Any]) -> tuple[httpx.URL, dict[str, Any]]:
        now = self._clock().timestamp()
        if self._secret is None:
            return self._url, body
        if self.kind == "dingtalk":
            return self._url.copy_merge_params(dingtalk_signature(self._secret, round(now * 1000))), body
        return self._url, feishu_signature(self._secret, round(now)) | body


def facts_of(message: Message) -> dict[str, Any]:
    """Return a message as a program reads it; `delivery_id` is the same for every attempt at one message."""
    letter, alert = message.letter, message.alert
    said: dict[str, Any] = {
        "delivery_id": message.delivery_id,
        "reason": letter.reason,
        "severity": letter.severity,
        "title": letter.title,
        "link": letter.link,
        "facts": [{"label": label, "value": value} for label, value in letter.facts],
        "quotes": list(letter.quotes),
    }
    if alert is not None:
        names = ("alert_id", "kind", "key", "channel", "state", "n_contacts", "observed", "expected")
        said |= {name: getattr(alert, name) for name in names} | {"started_at": alert.started_at.isoformat()}
    return said


@cache
def _certificates() -> ssl.SSLContext:
    """Read the list of authorities once for all channels: it takes longer than most requests."""
    return httpx.create_ssl_context()


def _address(name: str, url: str) -> httpx.URL:
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        found = httpx.URL()
    if found.scheme not in ("http", "https") or not found.host:
        raise RefusedError(f"{name}: its url is no valid address; expected https://…")
    return found


def _is_worth_repeating(error: BaseException) -> bool:
    return isinstance(error, ChannelDownError) and not isinstance(error, ThrottledError | _NoAnswerError)
