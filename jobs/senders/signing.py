"""How 钉钉 and 飞书 want a request signed: the same parts, HMAC-SHA256 both, the other way round.

钉钉: the secret is the key, "stamp of time, line break, secret" what is signed, milliseconds
(open.dingtalk.com/document/robots/customize-robot-security-settings). 飞书: that text is the key and nothing is signed,
seconds (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Both take a stamp of time within the hour.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


def dingtalk_signature(secret: str, milliseconds: int) -> dict[str, str]:
    """Return what a signed 钉钉 robot wants in its address.

    Examples
    --------
    >>> dingtalk_signature("SECx", 1_600_000_000_000)["timestamp"]
    '1600000000000'
    """
    text = f"{milliseconds}\n{secret}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return {"timestamp": str(milliseconds), "sign": base64.b64encode(digest).decode()}


def feishu_signature(secret: str, seconds: int) -> dict[str, str]:
    """Return what a signed 飞书 robot wants in its JSON.

    Examples
    --------
    >>> sorted(feishu_signature("x", 1_600_000_000))
    ['sign', 'timestamp']
    """
    digest = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(digest).decode()}
