"""Phrases of a topic's texts that could be its name: runs of words as customers said them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

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
    r"^[0-9的地得了着过们个款只件次些种点么儿里上下]"
    r"|[的地得个很太也都就还又在把被给和与是这那我你他最更]$"
    r"|^(.{1,4})\1+$"
    r"|^第?[一二两三四五六七八九十几半多]+[个次天块元点年月号分份]"
    r"|^(?:怎么处理|不小心|打电话|转人工|我要转人工|垃圾)$"
)

Clauses = list[list[str]]


def clauses_of(text: str, tokenize: Callable[[str], list[str]]) -> Clauses:
    """Return the words of each stretch between punctuation marks."""
    return [words for part in _CLAUSE.split(text) if part and (words := tokenize(part))]


def phrases_in(clauses: Clauses, stop_words: frozenset[str]) -> set[str]:
    """Return the runs of one to four words that would do as a name, each once.

    Examples
    --------
    >>> sorted(phrases_in([["我", "的", "快递", "没", "收到"]], frozenset({"我", "的", "没"})))
    ['快递', '快递没收到', '收到', '没收到']
    """
    found: set[str] = set()
    stop_words = stop_words - _MATTER
    for words in clauses:
        for start, first in enumerate(words):
            if not _may_begin(first, stop_words):
                continue
            for end in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
                run = words[start:end]
                if _may_end(run[-1], stop_words) and _has_matter(run, stop_words):
                    phrase = _joined(run)
                    if MIN_LENGTH <= _length(phrase) <= MAX_LENGTH and not _NEVER.search(phrase):
                        found.add(phrase)
    return found


def count_phrases(documents: Iterable[Clauses], stop_words: frozenset[str]) -> Counter[str]:
    """Return in how many documents each phrase occurs."""
    counts: Counter[str] = Counter()
    for clauses in documents:
        counts.update(phrases_in(clauses, stop_words))
    return counts


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
