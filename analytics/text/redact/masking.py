"""Mask one text, or the texts of one contact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analytics.text.redact import accounts, addresses, identity, names, parcels, phones
from analytics.text.redact.folding import blank_of, fold
from analytics.text.redact.rules import RuleSet
from analytics.text.redact.suspects import is_suspect
from analytics.text.redact.tokens import Ledger

# In this order: what has a cue or a check digit before what is only long, numbers before what stands beside them.
_LONG_NUMBERS = RuleSet(
    re.compile(r"\d(?:[ \-.,·()/]{0,3}\d){6}|\d{6} ?\(a"),
    (*identity.IDENTITY_RULES, *phones.RULES, *identity.LONG_NUMBER_RULES),
)
_WORDS = (*addresses.RULE_SETS, *names.RULE_SETS)
_WITHOUT_NUMBERS = (*accounts.RULE_SETS, *_WORDS)
_ALL = (*accounts.RULE_SETS, *parcels.RULE_SETS, _LONG_NUMBERS, *identity.RULE_SETS, *_WORDS)
_A_NUMBER = re.compile(r"\d(?:[ \-]?[\da-z]){3}")


class Found(NamedTuple):
    """A place in a text, the kind of data there, and the value by which two ways to write it are known as one."""

    start: int
    end: int
    kind: str
    value: str


def redact(text: str) -> str:
    """Return the text with personal data replaced by tokens; `redact_turns` for the texts of a whole contact.

    Parameters
    ----------
    text : str
        As received, before normalising.

    Returns
    -------
    str
        Idempotent; holds no run of 11 or more digits. See docs/masking.md for what is masked and what stays.

    Examples
    --------
    >>> redact("我电话138 0013 8000，订单号1234567890，付了1299.00元")
    '我电话[手机]，订单号[订单#a1]，付了1299.00元'
    >>> redact("我叫张三，住在北京市朝阳区建国路88号，座机８７６５４３２１")
    '我叫[姓名]，住在北京市[地址]，座机[电话]'
    """
    return redact_turns([text])[0] if is_suspect(text) else text


def redact_turns(texts: Sequence[str]) -> list[str]:
    """Return the texts of one contact with personal data replaced by tokens.

    The same value has the same token in all of them, however it is written: [手机] is the first mobile number of the
    contact, [手机#a2] the second; orders and parcels are numbered from the first, [订单#a1].

    Parameters
    ----------
    texts : sequence of str
        In order, as received. Tokens that already stand in them keep their numbers.

    Returns
    -------
    list of str
        As many; idempotent.

    Examples
    --------
    >>> redact_turns(["打13800138000", "还有13900139000", "第一个是138 0013 8000"])
    ['打[手机]', '还有[手机#a2]', '第一个是[手机]']
    """
    masked = list(texts)
    waiting = [turn for turn, text in enumerate(masked) if is_suspect(text)]
    if not waiting:
        return masked
    ledger = Ledger(masked)
    while waiting:  # a mask can part or join what stood around it: again until nothing is found, so that twice is once
        found = {turn: find_personal(masked[turn]) for turn in waiting}
        waiting = [turn for turn in waiting if found[turn]]
        for turn in waiting:
            masked[turn] = _with_tokens(masked[turn], found[turn], ledger)
        waiting = [turn for turn in waiting if is_suspect(masked[turn])]
    return masked


def find_personal(text: str) -> list[Found]:
    """Return what one pass of all rules finds, in the order of the text; rules are tried whatever `is_suspect` says.

    Examples
    --------
    >>> find_personal("我叫张三，打 138-0013-8000")
    [Found(start=2, end=4, kind='姓名', value='张三'), Found(start=7, end=20, kind='手机', value='13800138000')]
    """
    return sorted(_found_in(text))


def _found_in(text: str) -> Iterator[Found]:
    folded = fold(text)
    for rules in _ALL if _A_NUMBER.search(folded) else _WITHOUT_NUMBERS:
        for start, end in list(rules.windows(folded)):
            for rule in rules.rules:
                for first, last in list(rule.spans(folded, start, end)):
                    yield Found(first, last, rule.kind, rule.value(folded[first:last]))
                    folded = folded[:first] + blank_of(rule.kind) * (last - first) + folded[last:]


def _with_tokens(text: str, found: Sequence[Found], ledger: Ledger) -> str:
    parts: list[str] = []
    position = 0
    for start, end, kind, value in found:
        parts += (text[position:start], ledger.token(kind, value))
        position = end
    return "".join((*parts, text[position:]))
