"""Which units can be part of a name, by their form alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_NEVER = frozenset("的了着吗呢吧啊呀哦嘛啦么呗")
"""Characters that as a unit of their own are grammar, wherever they stand."""
_GRAMMAR = frozenset(
    "地得过是给就也还都我你您他她它咱俺这那哪谁啥有没无不别未和跟与及或但而又再才刚已曾将很太最更挺越把被让叫对向从在到于"
    "为因所以若如像比请帮想要说看问听去来做弄搞买卖用拿找等几多每"
)
"""Characters that as a unit of their own are seldom part of a name. Other single characters may be (早八人, 云上)."""
_DEGREE = frozenset("很太不没最更挺别未")
_NOUNS = frozenset({"太空", "太阳", "太极", "太子", "太太", "别墅", "未来", "更衣", "没药", "不倒翁", "不锈钢", "别针"})
"""Words that begin like 很快 and 不好 and yet name a thing."""


def may_be_inside(parts: Sequence[str]) -> bool:
    """Tell whether these units can stand in a name at all.

    A unit that begins with 很 or 不 says how, not what: 物流/很快 is a statement, never a name.

    Examples
    --------
    >>> may_be_inside(["物流", "很快"]), may_be_inside(["太空舱", "面膜"]), may_be_inside(["到", "了"])
    (False, True, False)
    """
    return not any(part in _NEVER or _says_how(part) for part in parts)


def plain_stretch(parts: Sequence[str], stop_words: Collection[str]) -> tuple[int, int]:
    """Return where the longest stretch without stop words and grammar begins and ends.

    All of it for an ordinary name. A name may hold a stop word (客服小飞侠, 已读乱回), but then the rest of it is never
    said without.

    Parameters
    ----------
    parts : sequence of str
        Units.
    stop_words : collection of str
        Of two or more characters; of single ones the module's own are meant.

    Examples
    --------
    >>> plain_stretch(["早", "八", "人"], {"人"}), plain_stretch(["请问", "云朵", "S9"], {"请问"})
    ((0, 3), (1, 3))
    """
    best = begin = 0, 0
    for place, part in enumerate(parts, start=1):
        is_stop = part in _GRAMMAR or (len(part) > 1 and part in stop_words)
        begin = (place, place) if is_stop else (begin[0], place)
        best = max(best, begin, key=lambda stretch: stretch[1] - stretch[0])
    return best


def may_be_name(parts: Sequence[str]) -> bool:
    """Tell whether these units together can be a name; a number alone, or before all else, is none.

    Examples
    --------
    >>> may_be_name(["早", "八", "人"]), may_be_name(["3", "12"]), may_be_name(["云朵", "的", "床"])
    (True, False, False)
    """
    return may_be_inside(parts) and not parts[0].isdecimal()


def is_piece(part: str) -> bool:
    """Tell whether a unit is no word of the dictionary by itself: a single character, or Latin and digits.

    Examples
    --------
    >>> is_piece("呛"), is_piece("S9"), is_piece("面膜")
    (True, True, False)
    """
    return len(part) == 1 or part.isascii()


def _says_how(part: str) -> bool:
    return part[:1] in _DEGREE and part not in _NOUNS and (len(part) < 3 or part[0] in "很不没")
