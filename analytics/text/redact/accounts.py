"""E-mail addresses, WeChat and QQ ids."""

from __future__ import annotations

import re

from analytics.text.redact.rules import Rule, RuleSet, rule
from analytics.text.redact.tokens import EMAIL, QQ, WECHAT

STRONG_WECHAT = (
    r"(?:(?:微信|薇信|威信|徽信|v信)(?:号码|号|號碼|號|id)|薇信|徽信|v信|(?<![a-z])(?:vx|wx|"
    r"wechat id|weixin)号?|(?:加|\+ ?)(?:个|個)?[v微薇](?![a-z])"
    r"|(?<![a-z])line ?id)"
)
_WEAK_WECHAT = r"(?:微信|wechat)"
_GAP = r"[:,，。 是为為叫号號码碼我的了一下吧()【「『\"“]{0,6}"
# 微信 android 版, 微信 iphone17: names of things, not of people.
_NO_THING = (
    r"(?!(?:iphone|ipad|android|windows|huawei|xiaomi|redmi|honor|oppo|vivo|samsung|mate|macbook|"
    r"wechat|https?)(?![_\-]))"
)
_WECHAT_ID = rf"{_NO_THING}[a-z][-_a-z\d]{{5,19}}(?![-_a-z\d])"
_QQ_CUE = (
    r"(?<!官方)(?<!官方q)(?:(?<![a-z])qq(?:号码|号|號碼|號|群号|群號|群)?|扣扣(?:号|號)?|企鹅号|企鵝號|"
    r"q群(?:号|號)?|加q|(?<![a-z])q联系|(?<![a-z])q(?=[: ]))"
)
_QQ_ID = r"[1-9]\d{4,10}(?![\da-z]|[元块塊个個人条條年月日万萬件台]|\.\d)"


def has_digit_or_mark(value: str) -> bool:
    """Return whether a WeChat id looks like one after a cue as weak as 微信 alone: most names of apps are letters only.

    Examples
    --------
    >>> has_digit_or_mark("wang_88"), has_digit_or_mark("gongzhonghao")
    (True, False)
    """
    return re.search(r"[\d_\-]", value) is not None


def mailbox(text: str) -> str:
    """Return an e-mail address without the spaces and the Chinese stop that some write in it."""
    return text.replace(" ", "").replace("。", ".")


_MAIL_RULES: tuple[Rule, ...] = (
    rule(EMAIL, r"[a-z0-9._%+\-]{1,64} ?@ ?(?:[a-z0-9\-]{1,63}[.。]){1,5}[a-z]{2,24}", value=mailbox),
)
_ACCOUNT_RULES: tuple[Rule, ...] = (
    rule(QQ, rf"{_QQ_CUE}{_GAP}(?P<n>(?<!\d){_QQ_ID})"),
    rule(
        WECHAT, rf"{STRONG_WECHAT}{_GAP}(?P<n>{_WECHAT_ID}|(?<!\d)(?!1[3-9]\d{{9}})[1-9]\d{{5,10}}(?![\d元块塊个個人]))"
    ),
    rule(WECHAT, rf"{_WEAK_WECHAT}{_GAP}(?P<n>{_WECHAT_ID})", has_digit_or_mark),
    rule(WECHAT, rf"加(?:我|一下|下|个|個)?{_WEAK_WECHAT}{_GAP}(?P<n>{_WECHAT_ID})"),
    rule(WECHAT, r"(?<![a-z\d_])(?P<n>wxid_[a-z\d]{6,24})"),
)
RULE_SETS = (
    RuleSet(re.compile("@"), _MAIL_RULES, before=66, after=90),
    RuleSet(
        re.compile(
            r"[qv扣企w微薇威徽l](?:(?<=q)[q:群联 ]|(?<=加q)|扣|鹅|鵝|信|(?<=v)x|(?<=w)(?:x|echat|eixin)|"
            r"(?<=[加+ 个個][vw微薇])|ine ?id)"
        ),
        _ACCOUNT_RULES,
        before=6,
    ),
)
