"""Read what a robot says of a message: they answer HTTP 200 also when they refuse, with a code in the JSON.

Codes: 企业微信 developer.work.weixin.qq.com/document/path/90313, 钉钉 open.dingtalk.com (custom robots, error codes),
飞书 open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re

import httpx

from jobs.senders.outcome import ChannelDownError, RefusedError, ThrottledError

_LONGEST_WAIT_SECONDS = 86_400.0
_MINUTE, _TEN_MINUTES = 60.0, 600.0

_PATIENCE = {
    45009: _MINUTE,  # 企业微信: more than 20 a minute
    45033: _MINUTE,  # 企业微信: too many at once
    130101: _TEN_MINUTES,  # 钉钉: more than 20 a minute shuts the robot for ten
    410100: _TEN_MINUTES,  # 钉钉: too fast
    660026: _TEN_MINUTES,  # 钉钉: too many messages
    11232: _MINUTE,  # 飞书: more than 100 a minute or 5 a second
    11233: _MINUTE,  # 飞书: the group's own limit
    99991400: _MINUTE,  # 飞书: the platform's
}
"""Code of "too many messages" → seconds to wait."""
_DOWN = (-1,)
"""企业微信, 钉钉: the system is busy."""
_REASONS = {
    93000: "the robot's address is not valid or the robot was removed; check url",
    40058: "the message does not have the form or length that the robot takes",
    45002: "the message is too long",
    310000: "the robot's security settings do not fit: check secret, the key words (客声) and the list of addresses",
    300001: "the robot's token is unknown; check url",
    300005: "the robot's token is unknown; check url",
    400013: "the group was disbanded",
    400101: "the robot's token is unknown; check url",
    400102: "the robot was stopped",
    460101: "the message is too long",
    19001: "the robot's address is not valid; check url",
    19002: "the message does not have the form that the robot takes",
    19021: "the signature does not fit; check secret and this machine's clock",
    19022: "this machine's address is not among those the robot allows",
    19024: "the message has none of the robot's key words; add 客声 to them",
    9499: "the message does not have the form that the robot takes",
}
_PLAIN_REASON = re.compile(r"[a-z_]{1,40}")


def check_answer(name: str, answer: httpx.Response, now: dt.datetime) -> None:
    """Return if the message was taken.

    Parameters
    ----------
    name : str
        The channel's, for the error.
    answer : httpx.Response
        Of a robot or a webhook.
    now : datetime
        For a Retry-After that is a date.

    Raises
    ------
    ThrottledError
        429, or a robot's own code for it.
    ChannelDownError
        5xx.
    RefusedError
        Anything else that is not a plain yes.
    """
    status, code = answer.status_code, code_of(answer)
    if status == 429:
        wait = retry_after(answer, now)
        raise ThrottledError(f"{name}: expected HTTP 200, got 429 (too many messages); again in {wait:.0f} s", wait)
    if code in _PATIENCE:
        wait = max(_PATIENCE[code], retry_after(answer, now, least=0.0))
        raise ThrottledError(f"{name}: expected code 0, got {code} (too many messages a minute)", wait)
    if status >= 500:
        raise ChannelDownError(f"{name}: expected HTTP 200, got {status}")
    if code in _DOWN:
        raise ChannelDownError(f"{name}: expected code 0, got {code} (busy)")
    if status >= 300:
        reason = answer.text.strip() if _PLAIN_REASON.fullmatch(answer.text.strip()) else "check its url"
        raise RefusedError(f"{name}: expected HTTP 200, got {status}; {_REASONS.get(code, reason)}")
    if code != 0:
        raise RefusedError(f"{name}: expected code 0, got {code}; {_REASONS.get(code, 'see the robot documentation')}")


def code_of(answer: httpx.Response) -> int:
    """Return a robot's own verdict: errcode of 企业微信 and 钉钉, code of 飞书; 0 where an answer has none.

    Examples
    --------
    >>> code_of(httpx.Response(200, json={"errcode": 45009, "errmsg": "…"})), code_of(httpx.Response(200, text="ok"))
    (45009, 0)
    """
    try:
        said = answer.json()
    except ValueError:
        return 0  # a plain webhook need not answer in JSON
    if not isinstance(said, dict):
        return 0
    for name in ("errcode", "code", "StatusCode"):
        if isinstance(said.get(name), int) and said[name] != 0:
            return int(said[name])
    return 0


def retry_after(answer: httpx.Response, now: dt.datetime, *, least: float = _MINUTE) -> float:
    """Return the seconds that an answer asks to wait: Retry-After in seconds or as a date, or 飞书's own header.

    Examples
    --------
    >>> noon = dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC)
    >>> [retry_after(httpx.Response(429, headers={"Retry-After": said}), noon)
    ...  for said in ("7", "Sun, 20 Sep 2026 12:01:30 GMT", "soon", "9999999")]
    [7.0, 90.0, 60.0, 86400.0]
    """
    said = answer.headers.get("Retry-After") or answer.headers.get("x-ogw-ratelimit-reset") or ""
    if said.isdecimal():
        return min(float(said), _LONGEST_WAIT_SECONDS)
    try:
        at = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return least
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return min(max(0.0, (at - now).total_seconds()), _LONGEST_WAIT_SECONDS)
