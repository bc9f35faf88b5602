"""Mask personal numbers and addresses before anything is stored: phones, e-mail, identity and bank card numbers.

A rule is a pattern over a folded copy of the text (every digit ASCII, full width narrowed, one character for one), so
that １３８－００００－００００ is seen, while the masks are set in the text as written.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOBILE = "[手机]"
PHONE = "[电话]"
EMAIL = "[邮箱]"
RESIDENT_ID = "[身份证]"
BANK_CARD = "[银行卡]"
NUMBER = "[号码]"
MASKS = (MOBILE, PHONE, EMAIL, RESIDENT_ID, BANK_CARD, NUMBER)

_SUSPECT = re.compile(r"[@＠]|\d(?:[\s\-－–—‐()（）]{0,2}\d){6}")
_BLANK = "\ue000"
# GB/T 2260: first two digits of a resident id, by region; 81 to 83: Hong Kong, Macau, Taiwan.
_PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in enumerate(("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), start=1)
    for place in places
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

_SEP = r"[ \-]{0,2}"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_MOBILE_SHAPES = "|".join(
    (
        rf"1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}",
        rf"1[3-9]\d{_SEP}\d{{3}}{_SEP}\d{{5}}",
        rf"1[3-9]\d\d{_SEP}\d{{3}}{_SEP}\d{{4}}",
        rf"1[3-9]\d\d{_SEP}\d{{4}}{_SEP}\d{{3}}",
        rf"1[3-9]\d{{3}}{_SEP}\d{{6}}",
        r"1(?:[ \-][3-9])(?:[ \-]\d){9}",
    )
)
# A cue may not be our own mask, or masking twice would see more than masking once.
_CUE = r"(?<!\[)(?:电话|電話|座机|座機|热线|固话|手机|手機|号码|號碼|联系|聯絡|致电|拨打|拨|打给|回电|tel|phone)"
_GAP = r"[:,，。 是为為号號码碼我了個个\-]{0,6}"


def _is_resident_id(digits: str) -> bool:
    """Check digit of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    if digits[:2] not in _PROVINCES:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == digits[17].upper()


def _is_old_resident_id(digits: str) -> bool:
    return digits[:2] in _PROVINCES


def _is_bank_card(digits: str) -> bool:
    """Check digit of ISO/IEC 7812-1 (Luhn), first digit that of a payment card."""
    if not 15 <= len(digits) <= 19:
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _always(_digits: str) -> bool:
    return True


@dataclass(frozen=True)
class _Rule:
    """What is masked by `mask`: group `n` of the pattern, or all of it, where `check` accepts its digits."""

    mask: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = _always


def _rule(mask: str, pattern: str, check: Callable[[str], bool] = _always) -> _Rule:
    return _Rule(mask, re.compile(pattern, re.IGNORECASE), check)


_RULES = (
    _rule(EMAIL, r"[a-z0-9._%+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,24}"),
    _rule(
        RESIDENT_ID,
        rf"(?<!\d)[1-9]\d{{5}}[ \-]?(?:18|19|20)\d\d[ \-]?{_DATE}[ \-]?\d{{3}}[\dx](?![\da-z])",
        _is_resident_id,
    ),
    _rule(RESIDENT_ID, rf"(?<!\d)[1-9]\d{{5}}\d\d{_DATE}\d{{3}}(?!\d)", _is_old_resident_id),
    _rule(BANK_CARD, r"(?<!\d)[34569]\d{14,18}(?!\d)", _is_bank_card),
    _rule(BANK_CARD, r"(?<!\d)[34569]\d{3}(?:[ \-]\d{4}){2,3}(?:[ \-]?\d{1,4})?(?!\d)", _is_bank_card),
    _rule(MOBILE, rf"(?<!\d)(?:(?:\+|00)?86{_SEP})?(?:{_MOBILE_SHAPES})(?!\d)"),
    _rule(MOBILE, rf"(?<!\d)(?:(?:\+|00)?886{_SEP}0?9|09)\d\d{_SEP}\d{{3}}{_SEP}\d{{3}}(?!\d)"),
    _rule(PHONE, rf"(?<!\d)(?:\+|00)?85[23]{_SEP}[2-9]\d{{3}}{_SEP}\d{{4}}(?!\d)"),
    _rule(PHONE, r"\+\d{1,3}(?:[ \-]{0,2}\(?\d{2,4}\)?){2,4}(?!\d)"),
    _rule(PHONE, rf"(?<!\d)\(?0(?:10|2\d|[3-9]\d\d)\)?{_SEP}[2-9]\d{{6,7}}(?:(?:-|转|轉)\d{{1,6}})?(?!\d)"),
    _rule(PHONE, rf"(?<!\d)\(?0(?:10|2\d|[3-9]\d\d)\)?{_SEP}[2-9]\d{{2,3}}[ \-]\d{{4}}(?!\d)"),
    _rule(PHONE, r"(?<!\d)\(?0[2-8]\d?\)?[ \-]?\d{3,4}-\d{4}(?!\d)"),
    _rule(PHONE, rf"{_CUE}{_GAP}(?P<n>(?<!\d)\(?0[2-8]\d?\)?[ \-]?\d{{3,4}}[ \-]?\d{{4}}(?!\d))"),
    _rule(PHONE, rf"{_CUE}{_GAP}(?P<n>(?<!\d)[2-9]\d{{2,3}}[ \-]?\d{{4}}(?![\d元块]))"),
    _rule(NUMBER, r"(?<!\d)\d{4}(?:[ \-]\d{4}){2,}(?:[ \-]?\d{1,4})?(?!\d)"),
    _rule(NUMBER, r"\d{11,}"),
)


def redact(text: str) -> str:
    """Return the text with personal numbers and e-mail addresses replaced by masks.

    Masks are `MASKS`: [手机] mobile numbers of the mainland and Taiwan, spaced, dashed or full width; [电话]
    landlines, and numbers of Hong Kong, Macau and abroad with a separator, a country code or a cue such as 电话;
    [邮箱] e-mail; [身份证] resident ids of 18 digits with a right check digit or 15 with a possible date; [银行卡] 15
    to 19 digits that pass Luhn; [号码] any other run of 11 or more digits. Names and addresses are not looked for.

    Parameters
    ----------
    text : str
        As received, before normalising.

    Returns
    -------
    str
        Idempotent; holds no run of 11 or more digits. Prices, dates, model numbers, company hotlines (400-…) and short
        order numbers stay, and so does a placeholder such as ``[数字x]`` that the source has set.

    Examples
    --------
    >>> redact("我电话138 0013 8000，订单号1234567890，付了1299.00元")
    '我电话[手机]，订单号1234567890，付了1299.00元'
    >>> redact("座机８７６５４３２１，邮箱a.b@example.com")
    '座机[电话]，邮箱[邮箱]'
    """
    if _SUSPECT.search(text) is None:
        return text
    folded = text.translate(_folding())
    spans: list[tuple[int, int, str]] = []
    found = True
    while found:  # a mask can part two numbers that stood together; once more until nothing is left
        found = False
        for rule in _RULES:
            for start, end in list(_matches(rule, folded)):
                spans.append((start, end, rule.mask))
                folded = folded[:start] + _BLANK * (end - start) + folded[end:]
                found = True
    return _with_masks(text, sorted(spans))


def _matches(rule: _Rule, folded: str) -> Iterator[tuple[int, int]]:
    group: str | int = "n" if "n" in rule.pattern.groupindex else 0
    for match in rule.pattern.finditer(folded):
        digits = "".join(char for char in match.group(group) if char in "0123456789xX")
        if rule.check(digits):
            yield match.span(group)


def _with_masks(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end, mask in spans:
        parts += (text[position:start], mask)
        position = end
    return "".join((*parts, text[position:]))


_LAST_FOLDED = 0x20000
"""Beyond plane 1 Unicode has neither digits nor spaces; looking through it cost each worker a second."""


@functools.cache
def _folding() -> dict[int, int]:
    """Map every decimal digit to ASCII, full-width ASCII to narrow, and spaces and dashes to one of each."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    for code in range(128, _LAST_FOLDED):
        category = unicodedata.category(chr(code))
        if category == "Nd":
            table[code] = ord("0") + unicodedata.digit(chr(code))
        elif category == "Zs" or chr(code) in "\u200b\u2060":
            table[code] = ord(" ")
        elif category == "Pd":
            table[code] = ord("-")
    table[ord("\t")] = ord(" ")
    return table
