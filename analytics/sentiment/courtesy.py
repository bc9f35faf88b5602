"""How much a turn tells, courtesies apart: 好的，谢谢 closes a talk and says nothing about how the customer leaves."""

from __future__ import annotations

import re

from analytics.text.redact import MASK_PATTERN

# A clause made of these alone is a courtesy or an answer that keeps the talk going, whatever the mood. What praises or
# blames is none: 满意, 可以, 太好了, 行吧 and 算了 are left for the scorer.
_COURTESY = (
    "你好|您好|哈喽|哈罗|hello|hi|嗨|喂|亲爱的|亲亲|亲|早上好|上午好|中午好|下午好|晚上好|早"
    "|在吗|在么|在不在|在|有人吗|有人在吗|人呢|客服"
    "|请问一下|请问|打扰一下|打扰了|打扰|麻烦你了|麻烦您了|麻烦了|麻烦|辛苦你了|辛苦您了|辛苦了|辛苦"
    "|非常感谢|十分感谢|万分感谢|太感谢了|感谢|多谢|谢谢|谢了|谢啦|谢"
    "|thanks|thank you|thx|3q|不客气|不用客气|没关系|没事了|没事"
    "|好的|好吧|好滴|好哒|好嘞|好勒|好呀|好啊|好了|好|嗯|恩|额|呃|哦|噢|喔|啊|呀|哎|诶|ok|okay|yes|可以|行|是的|是啊|是|对的|对啊|对"
    "|我知道了|知道了|我明白了|明白了|明白|我了解了|了解了|了解|收到了|收到|清楚了|暂时|没有了|没有|没了|不用了|不需要了|别的"
    "|先这样吧|先这样|就这样吧|就这样|等一下|稍等|等等|再见|拜拜|88|886|bye|祝|你|您|那我|那|我|呢|了|吧|啦|哟|哒|哈|挂了|先"
)
# The longest first and nothing given back: trying all ways to part 好的谢谢好的谢谢… would take for ever.
_LONGEST_FIRST = "|".join(sorted(_COURTESY.split("|"), key=lambda word: (-len(word), word)))
_ONLY_COURTESY = re.compile(rf"(?:{_LONGEST_FIRST})++", re.IGNORECASE)
_MASK = re.compile(rf"#E-[a-z]*\[[^\[\]\s]{{1,8}}\]|{MASK_PATTERN.pattern}|\[[^\[\]\s]{{1,8}}\]")
_BETWEEN = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"[a-zA-Z]*\d[\da-zA-Z]*")


def n_told(text: str) -> int:
    """Return how many characters of a turn are left when courtesies, masks, numbers and punctuation are taken out.

    A clause (between punctuation or spaces) is a courtesy if it holds nothing but courtesies; a clause that goes on
    after one counts whole. 0 for a turn that tells nothing.

    Examples
    --------
    >>> [n_told(text) for text in ("好的，谢谢啦", "嗯那好的谢谢你啊", "[手机] 12345", "好的，那什么时候能到")]
    [0, 0, 0, 7]
    """
    clauses = _BETWEEN.split(_MASK.sub(" ", text))
    return sum(
        len(clause)
        for clause in clauses
        if clause and not _ONLY_COURTESY.fullmatch(clause) and not _NUMBER.fullmatch(clause)
    )
