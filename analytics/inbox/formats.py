"""A message in the form that each robot shows: Markdown, cards, blocks, HTML. Pure; sending is the jobs' part.

Sizes are the robots' own limits: 企业微信 4,096 bytes of Markdown (developer.work.weixin.qq.com/document/path/91770),
钉钉 20,000 bytes and 飞书 20 KB of the whole request, Slack 3,000 characters a section and 150 a header
(docs.slack.dev/reference/block-kit/blocks). A longer message is cut at a line.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

from analytics.inbox.letter import CUT, Letter, fitted, plain_text

Payload = dict[str, Any]

WECOM_BYTES = 4_096
DINGTALK_BYTES = 20_000
FEISHU_BYTES = 20_000
SLACK_CHARACTERS = 3_000
_SLACK_HEADER = 150
_ROOM = 200
"""Bytes of a request left for signature and stamp of time."""
_PLAIN = str.maketrans(
    {"*": "＊", "_": "＿", "`": "｀", "~": "～", "<": "＜", ">": "＞", "[": "［", "]": "］", "#": "＃"}
)
_WECOM_COLOURS = {"high": "warning", "medium": "warning"}
_CARD_COLOURS = {"high": "red", "medium": "orange"}
_MAIL_COLOURS = {"high": "#c92a2a", "medium": "#e67700"}


def harmless(text: str) -> str:
    """Return text that no robot takes for markup, a mention or a link: what customers write is never more than text.

    Examples
    --------
    >>> harmless("<@all> [电话] *看* http://x")
    '＜@all＞ ［电话］ ＊看＊ http：//x'
    """
    return text.translate(_PLAIN).replace("://", "：//")


def wecom(letter: Letter) -> Payload:
    """Return the Markdown message of a 企业微信 group robot."""

    def build(of: Letter) -> str:
        colour = _WECOM_COLOURS.get(of.severity, "info") if of.reason in ("new", "grown") else "info"
        lines = [f'<font color="{colour}">【客声·{of.tag}】</font>**{harmless(of.title)}**']
        lines += [f'<font color="comment">{label}：</font>{harmless(value)}' for label, value in _labelled(of)]
        lines += [f"> {harmless(quote)}" for quote in of.quotes]
        return "\n".join([*lines, *_tail(of, "[查看明细]({link})")])

    return {"msgtype": "markdown", "markdown": {"content": fitted(letter, build, _bytes, WECOM_BYTES)}}


def dingtalk(letter: Letter) -> Payload:
    """Return the Markdown message of a 钉钉 robot; lines are paragraphs, as 钉钉 joins single ones."""

    def build(of: Letter) -> Payload:
        lines = [f"#### 【客声·{of.tag}】{harmless(of.title)}"]
        lines += [f"**{label}**：{harmless(value)}" for label, value in _labelled(of)]
        lines += [f"> {harmless(quote)}" for quote in of.quotes]
        text = "\n\n".join([*lines, *_tail(of, "[查看明细]({link})")])
        return {"msgtype": "markdown", "markdown": {"title": of.heading, "text": text}}

    return fitted(letter, build, json_bytes, DINGTALK_BYTES - _ROOM)


def feishu(letter: Letter) -> Payload:
    """Return the card of a 飞书 robot."""

    def build(of: Letter) -> Payload:
        colour = _CARD_COLOURS.get(of.severity, "blue") if of.reason in ("new", "grown") else "green"
        said = [f"**{label}**：{harmless(value)}" for label, value in _labelled(of)]
        elements: list[Payload] = [_div("\n".join(said))] if said else []
        if of.quotes:
            elements += [{"tag": "hr"}, _div("\n".join(f"“{harmless(quote)}”" for quote in of.quotes))]
        if of.cut:
            elements.append(_div(CUT))
        if of.link:
            button = {"tag": "button", "type": "primary", "url": of.link, "text": _words("查看明细")}
            elements.append({"tag": "action", "actions": [button]})
        header = {"template": colour, "title": _words(of.heading)}
        return {"msg_type": "interactive", "card": {"header": header, "elements": elements}}

    return fitted(letter, build, json_bytes, FEISHU_BYTES - _ROOM)


def slack(letter: Letter) -> Payload:
    """Return blocks of a Slack webhook, with the heading as text for notifications."""

    def build(of: Letter) -> str:
        lines = [f"*{label}*：{harmless(value)}" for label, value in _labelled(of)]
        lines += [f"> {harmless(quote)}" for quote in of.quotes]
        # The one sign left that Slack wants written otherwise, in an address too.
        return "\n".join([*lines, *_tail(of, "<{link}|查看明细>")]).replace("&", "&amp;")

    body = fitted(letter, build, len, SLACK_CHARACTERS)
    heading = {"type": "plain_text", "text": letter.heading[:_SLACK_HEADER]}
    blocks: list[Payload] = [{"type": "header", "text": heading}]
    if body:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": body}})
    return {"text": harmless(letter.heading), "blocks": blocks}


def mail_html(letter: Letter) -> str:
    """Return the HTML part of a mail: no images, no style sheet, nothing fetched from elsewhere."""
    colour = _MAIL_COLOURS.get(letter.severity, "#1971c2")
    rows = "".join(
        f'<tr><td style="color:#666;padding:2px 12px 2px 0;white-space:nowrap;vertical-align:top">{_html(label)}</td>'
        f"<td>{_html(value)}</td></tr>\n"
        for label, value in letter.facts
    )
    said = "".join(f"<blockquote>{_html(quote)}</blockquote>\n" for quote in letter.quotes)
    link = f'<p><a href="{_html(letter.link)}">查看明细</a></p>\n' if letter.link else ""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif">\n<h3 style="color:{colour}">{_html(letter.heading)}</h3>\n'
        f"<table>\n{rows}</table>\n{said}{link}</body></html>\n"
    )


def json_bytes(payload: Payload) -> int:
    """Return the bytes of a request's JSON in UTF-8."""
    return _bytes(json.dumps(payload, ensure_ascii=False))


def hook_text(letter: Letter, most: int = 2_048) -> str:
    """Return plain text of at most `most` bytes, for a webhook of one's own."""
    return fitted(letter, plain_text, _bytes, most)


ROBOTS: dict[str, Callable[[Letter], Payload]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "slack": slack,
}
"""What each kind of robot is sent."""


def _labelled(letter: Letter) -> list[tuple[str, str]]:
    return [(label or "说明", value) for label, value in letter.facts]


def _tail(letter: Letter, link: str) -> list[str]:
    return [*([CUT] if letter.cut else []), *([link.format(link=letter.link)] if letter.link else [])]


def _div(text: str) -> Payload:
    return {"tag": "div", "text": {"tag": "lark_md", "content": text}}


def _words(text: str) -> Payload:
    return {"tag": "plain_text", "content": text}


def _bytes(text: str) -> int:
    return len(text.encode())


def _html(text: str) -> str:
    return html.escape(text, quote=True)
