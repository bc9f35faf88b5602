"""Which words tell a topic: BERTopic's c-TF-IDF, without stop words, without words that repeat each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from analytics.topics.embed import QUANTITY
from analytics.topics.embedders.protocol import Embedder

N_WORDS = 8
MIN_WORD_SHARE, MIN_WORDS = 0.02, 3
DIVERSITY = 0.5
"""Weight of difference from the words already taken, against telling the topic (maximal marginal relevance)."""
_CHINESE_WORD = re.compile(r"[\u3400-\u9fff]{2,}")
# Words of degree, time and talk that no general list of stop words holds, and that name no matter. Chosen by hand
# after reading topic words on the test corpora and the simulated centre.
_SAYS_LITTLE = frozenset(
    (
        *(
            "结果",
            "不到",
            "不了",
            "下次",
            "第一次",
            "第二次",
            "上次",
            "每次",
            "真心",
            "完全",
            "越做越",
            "平时",
            "那就是说",
        ),
        *("也好", "着实", "超级", "再也", "再也不会", "不能不", "动不动", "总之", "一把", "特别感谢", "弱弱", "千万别"),
        *(
            "好意思",
            "不怎么",
            "不怎么样",
            "一般般",
            "要死",
            "点后",
            "一如既往",
            "不得",
            "放在",
            "就要",
            "恭喜",
            "看起来",
        ),
        *(
            "咋办",
            "不买",
            "拜托",
            "急急",
            "根本",
            "再说",
            "再来",
            "弄完",
            "收是",
            "单能",
            "有人",
            "十几遍",
            "nan",
            "very",
            "the",
        ),
    )
)
_POINTING = re.compile(r"[这那我你您他她咱]")
_LATIN_WORD = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9.+\-]+")


def telling(tokens: Iterable[str], stop_words: frozenset[str]) -> list[str]:
    """Return the tokens that can name a thing: two Chinese characters or more, or a Latin word, no stop word.

    Examples
    --------
    >>> telling(["我", "的", "APP", "闪退", "3", "了"], frozenset({"我", "的", "了"}))
    ['app', '闪退']
    """
    small = (token.lower() for token in tokens)
    return [
        token
        for token in small
        if token not in stop_words
        and token not in _SAYS_LITTLE
        and not QUANTITY.fullmatch(token)
        and not _POINTING.match(token)
        and (_CHINESE_WORD.fullmatch(token) or _LATIN_WORD.fullmatch(token))
    ]


def said_often(
    scored: Sequence[tuple[str, float]], bags: Sequence[Sequence[str]], share: float = MIN_WORD_SHARE
) -> list[tuple[str, float]]:
    """Return the words that at least this share of a topic's texts have; all of them, if that leaves fewer than three.

    c-TF-IDF likes a word that stands nowhere else, however seldom it is said: a slip of the pen, a name.

    Examples
    --------
    >>> said_often([("错字", 2.0), ("快递", 1.0)], [["快递"]] * 3 + [["错字", "快递"]] + [["慢", "快"]] * 60, 0.02)
    [('错字', 2.0), ('快递', 1.0)]
    """
    n_texts = Counter(word for bag in bags for word in set(bag))
    often = [(word, score) for word, score in scored if n_texts[word] >= max(2, share * len(bags))]
    return often if len(often) >= MIN_WORDS else list(scored)


def diverse_words(scored: Sequence[tuple[str, float]], embedder: Embedder, n_words: int = N_WORDS) -> list[str]:
    """Choose words by maximal marginal relevance [1]_: each next one tells the topic and differs from those before.

    Parameters
    ----------
    scored : sequence of (word, score)
        Candidates with their c-TF-IDF, best first.
    embedder : Embedder
        Likeness of two words is the cosine of their vectors, and 1 where one contains the other.

    References
    ----------
    .. [1] J. Carbonell and J. Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998.
    """
    words = [word for word, score in scored if score > 0]
    if not words:
        return []
    top = max(score for _, score in scored)
    relevance = {word: score / top for word, score in scored}
    vectors = embedder.transform(words)
    likeness = vectors @ vectors.T
    chosen: list[int] = []
    while len(chosen) < min(n_words, len(words)):
        rest = [place for place in range(len(words)) if place not in chosen]
        gains = {}
        for place in rest:
            repeat = max(
                (_repeats(words, place, other, float(likeness[place, other])) for other in chosen), default=0.0
            )
            gains[place] = (1 - DIVERSITY) * relevance[words[place]] - DIVERSITY * repeat
        best = max(rest, key=lambda place: (gains[place], -place))
        chosen.append(best)
    return [words[place] for place in chosen]


def _repeats(words: Sequence[str], place: int, other: int, likeness: float) -> float:
    return 1.0 if _contains(words[place], words[other]) else max(likeness, 0.0)


def _contains(one: str, other: str) -> bool:
    return one in other or other in one
