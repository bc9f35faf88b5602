"""Order numbers and the numbers of parcels."""

from __future__ import annotations

import re

from analytics.text.redact.checks import compact
from analytics.text.redact.rules import Rule, RuleSet, rule
from analytics.text.redact.tokens import ORDER, TRACKING

_GAP = r"[:,，。 #是为為号號码碼我的叫在了()「『\"“]{0,6}"
_CARRIER = (
    "(?:顺丰|順豐|圆通|圓通|中通|申通|韵达|韻達|极兔|極兔|京东快递|京東快遞|邮政|郵政|ems|"
    "德邦|百世|天天快递|黑貓|黑猫|新竹物流"
    "|宅急便|宅配|丰网|菜鸟)"
)
TRACKING_CUE = (
    r"(?:运单|運單|快递单|快遞單|快递|快遞|物流单|物流單|物流|货运单|貨運單|託運單|托运单|"
    r"配送單|包裹|寄件|退货单|退貨單|追踪|追蹤)"
    r"(?:编号|編號|单号|單號|号码|號碼|号|號)"
)
ORDER_CUE = (
    r"(?:(?:订单|訂單|定单|定單|订購|訂購|单子|交易|流水|购买)(?:编号|編號|单号|單號|号码|號碼|号|號)|"
    r"单号|單號|order ?(?:id|no\.?|number|#))"
)
_WEAK_ORDER_CUE = r"(?:订单|訂單|定单|定單|(?<![a-z])order)"
_CODE = r"(?<![a-z\d])[a-z\d](?:[\-]?[a-z\d]){5,31}(?![a-z\d])"
_SPACED = r"(?<![a-z\d])\d(?:[ \-]?\d){5,31}(?![a-z\d])"
_NO_AMOUNT = r"(?!\.\d|[元块塊件个個人份万萬年月日天箱套])"
_SHAPES = "|".join(
    (
        r"sf[ \-]?\d(?:[ \-]?\d){11,14}",
        r"(?:yt|jt|yd|bt)[ \-]?\d(?:[ \-]?\d){12,14}",
        r"jd[a-z]{0,3}[ \-]?\d(?:[ \-]?\d){10,14}(?:-\d{1,2}){0,2}-?",
        r"(?:zto|sto|ttk|dpk|dpl|db|lp|uc|jtsd)[ \-]?\d(?:[ \-]?\d){9,15}",
        r"[a-z]{2} ?\d{3} ?\d{3} ?\d{3} ?(?:cn|hk|tw|mo|us|gb|jp|sg|de|kr|my|au)",
    )
)
_A_DATE = re.compile(r"(?:19|20)\d\d-?(?:0?[1-9]|1[0-2])-?(?:[0-2]?\d|3[01])")


def is_code(value: str) -> bool:
    """Return whether what follows 订单号 is a number: at least four digits.

    Examples
    --------
    >>> is_code("ab2024-1187"), is_code("iphone")
    (True, False)
    """
    return sum(char.isdecimal() for char in value) >= 4


def is_plain_number(value: str) -> bool:
    """Return whether what follows a bare 订单 is its number: digits after at most four letters, and no date.

    Examples
    --------
    >>> is_plain_number("dd88123456"), is_plain_number("20240501"), is_plain_number("rtx3060ti")
    (True, False, False)
    """
    return re.fullmatch(r"[a-z]{0,4}\d{6,}", compact(value)) is not None and _A_DATE.fullmatch(value) is None


RULES: tuple[Rule, ...] = (
    rule(TRACKING, rf"(?<![a-z\d])(?:{_SHAPES})(?![a-z\d])"),
    rule(TRACKING, rf"{TRACKING_CUE}{_GAP}(?P<n>{_CODE}|{_SPACED})", is_code),
    rule(
        TRACKING,
        rf"{_CARRIER}(?:快递|快遞|速运|速運|物流)?(?:单号|單號|号|號)?{_GAP}(?P<n>(?<![a-z\d])\d{{10,15}}(?!\d))",
        is_code,
    ),
    rule(ORDER, rf"{ORDER_CUE}{_GAP}(?P<n>{_CODE}{_NO_AMOUNT}|{_SPACED}{_NO_AMOUNT})", is_code),
    rule(ORDER, rf"{_WEAK_ORDER_CUE}{_GAP}(?P<n>(?!1[3-9]\d{{9}}(?!\d)){_CODE}{_NO_AMOUNT})", is_plain_number),
)
# Five letters or digits of which one is a digit, the least that any of them has.
RULE_SETS = (RuleSet(re.compile(r"\d(?:[ \-]?[\da-z]){3}"), RULES, before=32),)
