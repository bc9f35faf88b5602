"""Traditional Chinese to Simplified, with the words of Taiwan where a text is written in Traditional."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from analytics.text.offsets import Offsets, aligned, composed, substituted

_SERVICE_WORDS = {
    "品质": "质量",
    "笔电": "笔记本电脑",
    "宅配": "快递",
    "保固": "保修",
    "超商": "便利店",
    "蓝芽": "蓝牙",
    "帐号": "账号",
    "当机": "死机",
    "客诉": "投诉",
    "行动电源": "充电宝",
    "贩售": "销售",
    "刷退": "退款",
    "取件": "取货",
    "冷气": "空调",
    "电锅": "电饭锅",
    "优格": "酸奶",
    "出包": "出错",
}
"""Words of Taiwan's shops and service desks that OpenCC's phrases leave, as they come out of it."""
_SERVICE = re.compile("|".join(sorted(_SERVICE_WORDS, key=lambda word: (-len(word), word))))


def to_simplified(text: str) -> str:
    """Return the text in Simplified characters; a text in Traditional also with the mainland's words.

    A text counts as Traditional if it has a character that is written otherwise in Simplified and that GB 2312, the
    mainland's own set, does not have. So 鼠标 and 程式 in a Simplified text stay, and 滑鼠壞了 becomes 鼠标坏了.

    Examples
    --------
    >>> to_simplified("軟體的品質"), to_simplified("产品品质"), to_simplified("乾隆")
    ('软件的质量', '产品品质', '乾隆')
    """
    simple = characters_only(text)
    if simple is text or simple == text or not is_traditional(text, simple):
        return simple
    return _SERVICE.sub(_service_word, _converter("tw2sp")(text))


def to_simplified_with_offsets(text: str) -> tuple[str, Offsets]:
    """Return `to_simplified` of the text, with offsets."""
    simple = characters_only(text)
    offsets = aligned(text, simple)
    if simple == text or not is_traditional(text, simple):
        return simple, offsets
    phrased = _converter("tw2sp")(text)
    final, inner = substituted(_SERVICE, _service_word, phrased)
    return final, composed(composed(offsets, aligned(simple, phrased)), inner)


def _service_word(found: re.Match[str]) -> str:
    return _SERVICE_WORDS[found.group()]


def characters_only(text: str) -> str:
    """Return the text in Simplified characters, words as they are: OpenCC's ``t2s``, which keeps the length."""
    return _converter("t2s")(text)


def is_traditional(text: str, simple: str) -> bool:
    """Return whether the text has a character that only Traditional has; `simple` is what `characters_only` gives."""
    return any(char != other and not _in_gb2312(char) for char, other in zip(text, simple, strict=False))


@functools.cache
def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@functools.cache
def _converter(name: str) -> Callable[[str], str]:
    import opencc  # 5 ms and a dictionary in memory: only where Chinese is met

    convert: Callable[[str], str] = opencc.OpenCC(name).convert
    return convert
