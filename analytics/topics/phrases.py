"""Phrases of a topic's texts that could be its name: runs of words as customers said them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from analytics.topics.embed import QUANTITY

MAX_WORDS = 4
MIN_LENGTH, MAX_LENGTH = 2.0, 8.0
"""Length of a name in Chinese characters; a Latin letter or digit takes half of one."""

_CLAUSE = re.compile(r"[^\w+\-%]+|_+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Stop words that carry the point of a complaint or a question, and so may begin or end a name.
_MAY_BEGIN = frozenset(
    (
        *("不", "没", "没有", "未", "无", "不能", "不会", "无法", "怎么", "如何", "什么时候", "多久", "怎么样"),
        *("要", "想", "能不能", "可以", "有没有", "查询", "反馈"),
    )
)
_MAY_END = frozenset(("问题", "查询", "反馈", "不了", "不上", "不到", "不行", "不能", "不会", "不好", "好", "起来"))
# Stop words in a greeting or an answer, but matter in a complaint: 没收到, 不支持.
_MATTER = frozenset(("收到", "支持", "查询", "联系"))
# Single characters that are whole words of service talk.
_SINGLE = frozenset(
    "退换修催寄送发买卖查改开关连卡慢快贵差坏脏少错漏缺烫响痒疼痛臭酸咸辣硬软薄厚假旧新难易吃喝穿付货单票钱"
)
_NEVER = re.compile(
    r"^[0-9的地得了着过们个款只件次些种点么儿里上下那这就再也还您可我你他她]|[我你您他她哪]|平时|谢谢|是不是"
    r"|[的地得个很太也都就还又在把被给和与是这那我你他最更]$"
    r"|^(.{1,4})\1+$"
    r"|^第?[一二两三四五六七八九十几半多]+[个次天块元点年月号分份]"
    r"|^(?:怎么处理|不小心|打电话|转人工|我要转人工|垃圾)$"
)

Clauses = list[list[str]]


def clauses_of(text: str, tokenize: Callable[[str], list[str]]) -> Clauses:
    """Return the words of each stretch between punctuation marks."""
    return [words for part in _CLAUSE.split(text) if part and (words := tokenize(part))]


def phrases_in(clauses: Clauses, stop_words: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the runs of one to four words that would do as a name, each once, with its words.

    Examples
    --------
    >>> sorted(phrases_in([["我", "的", "快递", "没", "收到"]], frozenset({"我", "的", "没"})))
    ['快递', '快递没收到', '收到', '没收到']
    """
    found: dict[str, tuple[str, ...]] = {}
    stop_words = stop_words - _MATTER
    for words in clauses:
        for start, first in enumerate(words):
            if not _may_begin(first, stop_words):
                continue
            for end in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
                run = words[start:end]
                if _may_end(run[-1], stop_words) and _has_matter(run, stop_words):
                    phrase = _joined(run)
                    is_counted = len(run) > 1 and QUANTITY.search(phrase)
                    if MIN_LENGTH <= _length(phrase) <= MAX_LENGTH and not _NEVER.search(phrase) and not is_counted:
                        found[phrase] = tuple(run)
    return found


def _may_begin(word: str, stop_words: frozenset[str]) -> bool:
    if word in _MAY_BEGIN:
        return True
    return word not in stop_words and (len(word) > 1 or word in _SINGLE)


def _may_end(word: str, stop_words: frozenset[str]) -> bool:
    if word in _MAY_END:
        return True
    return word not in stop_words and (len(word) > 1 or word in _SINGLE) and not word.isdigit()


def _has_matter(run: Sequence[str], stop_words: frozenset[str]) -> bool:
    return any(word not in stop_words and _CHINESE.search(word) and (len(word) > 1 or word in _SINGLE) for word in run)


def _joined(run: Sequence[str]) -> str:
    """Join words, with a space only between two Latin ones."""
    phrase = run[0]
    for word in run[1:]:
        phrase += (" " if phrase[-1].isascii() and word[0].isascii() else "") + word
    return phrase


def _length(phrase: str) -> float:
    return sum(1.0 if _CHINESE.match(character) else 0.5 for character in phrase)
