"""The tokens that stand where personal data stood, and which value of a contact has which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

MOBILE = "手机"
PHONE = "电话"
EMAIL = "邮箱"
RESIDENT_ID = "身份证"
BANK_CARD = "银行卡"
PASSPORT = "护照"
WECHAT = "微信"
QQ = "QQ"
PLATE = "车牌"
ORDER = "订单"
TRACKING = "运单"
ADDRESS = "地址"
NAME = "姓名"
NUMBER = "号码"
KINDS = (
    *(MOBILE, PHONE, EMAIL, RESIDENT_ID, BANK_CARD, PASSPORT, WECHAT, QQ, PLATE, ORDER, TRACKING, ADDRESS),
    *(NAME, NUMBER),
)
MASKS = tuple(f"[{kind}]" for kind in KINDS)
"""The tokens without a number."""

ALWAYS_NUMBERED = frozenset({ORDER, TRACKING})
"""A contact often has several of these, so that a reader expects a number on the first too."""

# Lower case as well: what reads a lowered text must know [qq] for a token.
MASK_PATTERN = re.compile(rf"\[(?:{'|'.join(KINDS)}|qq)(?:#a[1-9][0-9]{{0,5}})?\]")
"""Matches any token, numbered or not; no groups, so that it may be set into another pattern."""

_PARTS = re.compile(rf"\[(?P<kind>{'|'.join(KINDS)})(?:#a(?P<number>[1-9][0-9]{{0,5}}))?\]")


class Ledger:
    """Which token each value of one contact has; tokens that already stand in its texts keep their numbers.

    Parameters
    ----------
    texts : iterable of str
        All texts of the contact, masked or not.

    Examples
    --------
    >>> ledger = Ledger(["打[手机]"])
    >>> ledger.token("手机", "13800138000"), ledger.token("订单", "A1"), ledger.token("手机", "13800138000")
    ('[手机#a2]', '[订单#a1]', '[手机#a2]')
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._taken: defaultdict[str, set[int]] = defaultdict(set)
        self._tokens: dict[tuple[str, str], str] = {}
        for text in texts:
            if "[" in text:
                for found in _PARTS.finditer(text):
                    self._taken[found["kind"]].add(int(found["number"] or 1))

    def token(self, kind: str, value: str) -> str:
        """Return the token of this value, the next free one when it is new."""
        known = self._tokens.get((kind, value))
        if known is not None:
            return known
        taken = self._taken[kind]
        number = 1
        while number in taken:
            number += 1
        taken.add(number)
        plain = number == 1 and kind not in ALWAYS_NUMBERED
        token = f"[{kind}]" if plain else f"[{kind}#a{number}]"
        self._tokens[kind, value] = token
        return token
