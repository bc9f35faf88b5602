"""A copy of a text that patterns can read: one form for each character, and as long as the text.

Digits are ASCII, full width is narrow, letters are lower case, spaces and dashes are one of each, digits written or
spoken in Chinese (一三八零…) are digits where seven or more stand together, and tokens are blanks. One character for
one: a place in the copy is the same place in the text.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from analytics.text.redact.tokens import ADDRESS, MASK_PATTERN, MOBILE, PHONE

BLANK = "\ue000"
PHONE_BLANK = "\ue001"
ADDRESS_BLANK = "\ue002"
BLANKS = f"{BLANK}{PHONE_BLANK}{ADDRESS_BLANK}"

CHINESE_DIGITS = {
    char: digit
    for digit, chars in enumerate(
        ("零〇○洞", "一壹幺", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for char in chars
}
"""Digits as written out and as said: 幺, 两, 拐, 洞 and 勾 are how numbers are read over the telephone."""

_HAN_DIGITS = "".join(CHINESE_DIGITS)
_RUN = re.compile(rf"[\d{_HAN_DIGITS}](?:[ 、,\-]{{0,2}}[\d{_HAN_DIGITS}]){{6,}}")
_TO_DIGITS = str.maketrans({**{char: str(digit) for char, digit in CHINESE_DIGITS.items()}, "、": " ", ",": " "})
_LAST_FOLDED = 0x20000
"""Beyond plane 1 Unicode has neither digits nor spaces; looking through it cost each worker a second."""


HAN = "\u3400-\u9fff"
"""Inside of a character class: Chinese characters."""


def han_without(excluded: str) -> str:
    """Return the inside of a character class: Chinese characters but these.

    A class of ranges is an order of magnitude faster than a look ahead before each character.

    Examples
    --------
    >>> import re
    >>> re.findall(f"[{han_without('的了')}]+", "我的地址写错了ab")
    ['我', '地址写错']
    """
    ranges, first = [], 0x3400
    for code in [*sorted(map(ord, set(excluded))), 0xA000]:
        if first < code:
            ranges.append(f"{chr(first)}-{chr(code - 1)}")
        first = code + 1
    return "".join(ranges)


def blank_of(kind: str) -> str:
    """Return the character that stands for every character of a value of this kind."""
    return {MOBILE: PHONE_BLANK, PHONE: PHONE_BLANK, ADDRESS: ADDRESS_BLANK}.get(kind, BLANK)


def fold(text: str) -> str:
    """Return the copy that patterns read.

    Examples
    --------
    >>> fold("Ａ１３８　一三八零零一三八")
    'a138 13800138'
    >>> fold("一三八、零零一、三八")
    '138 001 38'
    """
    folded = text.translate(_folding())
    if "[" in folded:
        folded = _blank_tokens(text, folded)
    return _RUN.sub(_as_digits, folded)


def _blank_tokens(text: str, folded: str) -> str:
    parts: list[str] = []
    position = 0
    for token in MASK_PATTERN.finditer(text):
        kind = token.group().strip("[]").split("#", 1)[0]
        parts += (folded[position : token.start()], blank_of(kind) * len(token.group()))
        position = token.end()
    return "".join((*parts, folded[position:]))


def _as_digits(found: re.Match[str]) -> str:
    run = found.group()
    digits = run.translate(_TO_DIGITS)
    # 一一一一一一一 is a line somebody drew; ASCII only has nothing to turn, and its commas mean something.
    is_number = not run.isascii() and len({char for char in digits if char != " "} - {"-"}) > 1
    return digits if is_number and any(char in CHINESE_DIGITS for char in run) else run


@functools.cache
def _folding() -> dict[int, int]:
    """Map every decimal digit to ASCII, full-width ASCII to narrow, to lower case, spaces and dashes to one of each."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    for code in range(128, _LAST_FOLDED):
        category = unicodedata.category(chr(code))
        if category == "Nd":
            table[code] = ord("0") + unicodedata.digit(chr(code))
        elif category == "Zs" or chr(code) in "\u200b\u2060":
            table[code] = ord(" ")
        elif category == "Pd" or chr(code) == "\u2212":
            table[code] = ord("-")
    table[ord("\t")] = ord(" ")
    for blank in BLANKS:
        table[ord(blank)] = ord("\ufffd")  # a private character of the text is no blank of ours
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = table[code + 0xFEE0] = code + 32
    return table
