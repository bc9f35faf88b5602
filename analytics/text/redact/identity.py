"""Identity papers, bank cards, number plates, and any number that is too long to be anything else."""

from __future__ import annotations

import re

from analytics.text.redact.checks import (
    is_bank_card,
    is_hong_kong_id,
    is_old_resident_id,
    is_resident_id,
    is_taiwan_id,
)
from analytics.text.redact.rules import GAP, Rule, RuleSet, rule
from analytics.text.redact.tokens import BANK_CARD, NUMBER, PASSPORT, PLATE, RESIDENT_ID

PROVINCES = "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵川青藏琼瓊宁寧使领領"
"""First character of a mainland plate."""

_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_CUE = r"(?:身份证|身份證|身分證|證件|证件|居住证|居留證|id ?card|hkid|id)"
_CARD_CUE = r"(?:银行卡|銀行卡|信用卡|储蓄卡|借记卡|提款卡|卡号|卡號|账号|帳號|账户|帳戶)"
_PAPER_CUE = "(?:护照|護照|passport|通行证|通行證|回乡证|回鄉證|台胞证|台胞證|臺胞證|入台证|入臺證|入台證)"
_PAPER_GAP = r"(?: ?(?:no\.?|number|号码|號碼|证号|證號))?[:,，。 #是为為号號码碼的我()\-]{0,6}"
_PLATE_CUE = r"(?:车牌|車牌)"

_IDENTITY_RULES: tuple[Rule, ...] = (
    rule(RESIDENT_ID, r"(?<!\d)[1-9](?:[ \-]?\d){16}[ \-]?[\dx](?![\da-z])", is_resident_id),
    rule(RESIDENT_ID, rf"{_ID_CUE}{GAP}(?P<n>(?<!\d)[1-9](?:[ \-]?\d){{16}}[ \-]?[\dx](?![\da-z]))"),
    rule(RESIDENT_ID, rf"(?<!\d)[1-9]\d{{5}}[ \-]?\d\d{_DATE}[ \-]?\d{{3}}(?!\d)", is_old_resident_id),
    rule(RESIDENT_ID, r"(?<![a-z\d])[a-z]{1,2} ?\d{6} ?\([\da]\)", is_hong_kong_id),
    rule(RESIDENT_ID, rf"{_ID_CUE}{GAP}(?P<n>(?<![a-z\d])[a-z]{{1,2}} ?\d{{6}} ?\(?[\da]\)?(?![a-z\d]))"),
    rule(RESIDENT_ID, r"(?<![a-z\d])[a-z][1289]\d{8}(?![a-z\d])", is_taiwan_id),
    rule(RESIDENT_ID, rf"{_ID_CUE}{GAP}(?P<n>(?<![a-z\d])[a-z][1289]\d{{8}}(?![a-z\d]))"),
    rule(RESIDENT_ID, r"(?<![\d/])[157]/\d{6}/\d(?![\d/])"),
    rule(RESIDENT_ID, rf"{_ID_CUE}{GAP}(?P<n>(?<!\d)[157]\d{{6}} ?\(\d\))"),
)
_CARD_RULES: tuple[Rule, ...] = (
    rule(BANK_CARD, r"(?<!\d)[34569]\d{14,18}(?!\d)", is_bank_card),
    rule(BANK_CARD, r"(?<!\d)[34569]\d{3}(?:[ \-]\d{4}){2,3}(?:[ \-]?\d{1,4})?(?!\d)", is_bank_card),
    rule(BANK_CARD, r"(?<!\d)3[47]\d\d[ \-]\d{6}[ \-]\d{5}(?!\d)|(?<!\d)6\d{5}[ \-]\d{13}(?!\d)", is_bank_card),
    rule(BANK_CARD, rf"{_CARD_CUE}{GAP}(?P<n>(?<!\d)\d(?:[ \-]?\d){{14,18}}(?!\d))"),
)
_PAPER_RULES: tuple[Rule, ...] = (
    rule(PASSPORT, rf"{_PAPER_CUE}{_PAPER_GAP}(?P<n>[a-z]{{0,2}} ?\d{{7,10}}(?!\d))"),
    rule(PASSPORT, r"(?<![a-z\d])(?:[eg]\d{8}|e[a-hj-np-z]\d{7}|[hm]\d{10})(?![a-z\d])"),
)
LONG_NUMBER_RULES: tuple[Rule, ...] = (
    # 2100 2200 2300 are prices
    rule(NUMBER, r"(?<!\d)(?!(?:\d\d(?:00|50|99)[ \-]){2})\d{4}(?:[ \-]\d{4}){2,}(?:[ \-]?\d{1,4})?(?!\d)"),
    rule(NUMBER, r"\d{11,}"),
)

_LATIN = r"[a-hj-np-z]"


def is_plate(value: str) -> bool:
    """Return whether at least three characters are digits: 新p30pr is a new model and no plate of Xinjiang.

    Examples
    --------
    >>> is_plate("京a12345"), is_plate("新p30pr")
    (True, False)
    """
    return sum(char.isdecimal() for char in value) >= 3


_PLATE_RULES: tuple[Rule, ...] = (
    rule(
        PLATE,
        rf"(?<![最全更崭换換重出刚买])[{PROVINCES}] ?{_LATIN}[·•. \-]?"
        rf"(?:\d{{5}}[df]|[df][a-hj-np-z\d]\d{{4}}|[a-hj-np-z\d]{{5}}|[a-hj-np-z\d]{{4}}[挂掛学學警港澳試试])"
        rf"(?![a-z\d])",
        is_plate,
    ),
    rule(
        PLATE,
        rf"{_PLATE_CUE}{GAP}(?P<n>(?<![a-z\d])[a-z]{{2,3}}[ \-]?\d{{3,4}}(?![a-z\d])|\d{{4}}-[a-z\d]{{2}}(?![a-z\d]))",
    ),
)
IDENTITY_RULES = (*_IDENTITY_RULES, *_CARD_RULES, *_PAPER_RULES)
_PLATE_ANCHOR = rf"[{PROVINCES}] ?{_LATIN}[·•. \-]?[a-z\d]|[车車]牌"
RULE_SETS = (RuleSet(re.compile(_PLATE_ANCHOR), _PLATE_RULES, before=4),)
