"""Mobile numbers and landlines of the mainland, Hong Kong, Macau and Taiwan, and numbers with a country code."""

from __future__ import annotations

import re

from analytics.text.redact.checks import compact, is_possible_phone
from analytics.text.redact.rules import GAP, Rule, rule
from analytics.text.redact.tokens import MOBILE, PHONE

CUE = (
    "(?:电话|電話|座机|座機|热线|熱線|固话|手机|手機|手提|市话|市話|分机|号码|號碼|联系|"
    "聯絡|聯繫|致电|致電|拨打|撥打|拨|撥"
    "|打给|打給|回电|回電|tel|phone|mobile|whatsapp|cell)"
)
"""Words before a number that make it a telephone number whatever its shape."""

_SEP = r"[ \-.·]{0,2}"
_LINE_SEP = r"[ \-]{0,2}"
_MAINLAND = r"(?:\(?(?:\+|00)?86\)?[ \-]{0,2})?"
_MOBILE_SHAPES = "|".join(
    (
        rf"1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}",
        rf"1[3-9]\d{_LINE_SEP}\d{{3}}{_LINE_SEP}\d{{5}}",
        rf"1[3-9]\d{_LINE_SEP}\d{{5}}{_LINE_SEP}\d{{3}}",
        rf"1[3-9]\d\d{_LINE_SEP}\d{{3}}{_LINE_SEP}\d{{4}}",
        rf"1[3-9]\d\d{_LINE_SEP}\d{{4}}{_LINE_SEP}\d{{3}}",
        rf"1[3-9]\d{{3}}{_LINE_SEP}\d{{6}}",
        r"1(?:[ \-.][3-9])(?:[ \-.]\d){9}",
        r"1[3-9]\d(?:[ \-]\d\d){4}",
    )
)
_AREA = r"\(?0(?:10|2\d|[3-9]\d\d)\)?"
_EXTENSION = r"(?:(?: ?(?:转|轉|分机|分機|ext\.?) ?|-)\d{1,6})?"
_COUNTRY = re.compile(r"^(?:00)?(?:86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)|85[23](?=\d{8}$)|886(?=0?\d{8,9}$))")


def subscriber(value: str) -> str:
    """Return the digits of a number without the country code of the four places, and without Taiwan's 0 before 9.

    Examples
    --------
    >>> [subscriber(number) for number in ("+86 138-0013-8000", "00852 9123 4567", "0912-345-678", "(021)65432100")]
    ['13800138000', '91234567', '912345678', '02165432100']
    """
    digits = _COUNTRY.sub("", compact(value))
    return digits[1:] if re.fullmatch(r"09\d{8}", digits) else digits


RULES: tuple[Rule, ...] = (
    rule(MOBILE, rf"(?<!\d){_MAINLAND}(?:{_MOBILE_SHAPES})(?!\d)", value=subscriber),
    rule(MOBILE, rf"{CUE}{GAP}(?P<n>(?<!\d)1[ \-.,/]{{0,2}}[3-9](?:[ \-.,/]{{0,2}}\d){{9}}(?!\d))", value=subscriber),
    rule(
        MOBILE,
        rf"(?<!\d)(?:\(?(?:\+|00)?886\)?{_LINE_SEP}(?:0|\(0\))?9|09)\d\d{_LINE_SEP}\d{{3}}{_LINE_SEP}\d{{3}}(?!\d)",
        value=subscriber,
    ),
    rule(
        PHONE,
        rf"(?<!\d)\(?(?:\+|00)?85[23]\)?{_LINE_SEP}[2-9]\d{{3}}{_LINE_SEP}\d{{4}}(?!\d)",
        value=subscriber,
    ),
    rule(
        PHONE,
        r"\(?(?:\+|(?<!\d)00)[1-9]\d{0,2}\)?(?:[ \-.]{0,2}\(?\d{1,4}\)?){2,6}(?!\d)",
        lambda value: is_possible_phone(value.lstrip("(")),
        subscriber,
    ),
    rule(PHONE, rf"(?<!\d){_AREA}{_LINE_SEP}[2-9]\d{{6,7}}{_EXTENSION}(?!\d)", value=subscriber),
    rule(PHONE, rf"(?<!\d){_AREA}{_LINE_SEP}[2-9]\d{{2,3}}[ \-]\d{{4}}{_EXTENSION}(?!\d)", value=subscriber),
    rule(PHONE, r"(?<!\d)\(?0[2-8]\d{0,2}\)?[ \-]?\d{3,4}-\d{4}(?!\d)", value=subscriber),
    rule(
        PHONE, rf"{CUE}{GAP}(?P<n>(?<!\d)\(?0[2-8]\d{{0,2}}\)?[ \-]?\d{{2,4}}[ \-]?\d{{3,4}}(?!\d))", value=subscriber
    ),
    rule(PHONE, rf"{CUE}{GAP}(?P<n>(?<!\d)[2-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION}(?![\d元块塊]))", value=subscriber),
)
