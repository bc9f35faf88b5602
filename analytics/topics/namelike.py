"""Tell a name of a matter (物流停滞, 退货运费) from a piece of a sentence (修了个寂寞, 差多少积分)."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence

import rjieba

# Parts of speech of jieba's dictionary that make a sentence and no name: pronouns, numerals, measure words, particles,
# adverbs, conjunctions, prepositions, positions, times, exclamations, sounds, suffixes.
_GRAMMAR = frozenset("rmquydcpfteok")
_NOUN = re.compile(r"n(?!r[a-z]*$)|v[in]|[lij]")
# Adverbs and auxiliaries that turn a thing into a trouble; a trouble may be called by them.
_TROUBLE = frozenset(
    ("不", "没", "没有", "未", "无", "无法", "不能", "不了", "不上", "不到", "太", "难", "慢", "错", "差")
)
# Words the dictionary takes for adverbs, times, places and the like, and that are matters in service talk.
_MATTER_ALL_THE_SAME = frozenset(
    ("更新", "自动", "保修期", "到期", "售后", "定时", "实时", "会员日", "周期", "积分", "正品", "蓝牙", "上门")
)
# Verbs of feeling, wish, talk and course of events, and nouns of talk: any matter can stand beside them.
_NO_MATTER = frozenset(
    (
        *("折腾", "失望", "满意", "高兴", "开心", "喜欢", "讨厌", "生气", "后悔", "担心", "寂寞"),
        *("恶心", "着急", "无语", "道歉", "直说", "告诉", "知道", "觉得", "认为", "以为", "希望"),
        *("想要", "需要", "打算", "准备", "麻烦", "帮忙", "显示", "收到", "看到", "发现", "出现"),
        *("开始", "继续", "进行", "导致", "成为", "属于", "作为", "变成", "拿到", "好意思", "看不懂"),
        *("没人", "有人", "消费者", "顾客", "用户", "朋友", "家人", "老板", "客户", "本人", "个人"),
        *("东西", "时候", "时间", "情况", "事情", "地方", "原因", "结果", "方面", "感觉", "心情"),
        *("样子", "意思", "办法", "垃圾", "差评", "好评", "真的", "确实", "实在", "说好", "直接"),
        *("一直", "还是", "就是", "不是", "可以", "不错", "问题", "产品", "商品", "宝贝", "买家"),
        *("卖家", "店家", "商家", "厂家", "公司", "尚未", "解决", "处理", "有效"),
    )
)
_NOT_LAST = frozenset(("太", "不", "没", "没有", "未", "无", "无法", "不能"))
# A question of the taxonomy tells a touchpoint, and is no name.
_QUESTION = re.compile(
    r"怎么|怎样|如何|什么|哪|几|多久|多大|多少|啥|何时|能不能|能否|是否|有没有|吗$|^[能想要]|[了的吗]$"
)
# Where a customer lives is no matter: names of places by jieba's tag, and what streets and estates end with.
_PLACE_TAG = "ns"
_PLACE = re.compile(r"大道|小区|街道|广场|花园|公寓|号楼|单元|[路街苑湾巷弄]$")
_HAN_WORD = re.compile(r"[\u3400-\u9fff]+")


@functools.lru_cache(maxsize=50_000)
def parts_of_speech(word: str) -> tuple[str, ...]:
    """Return jieba's tag of a word by itself, or those of its parts if the dictionary does not have the word.

    Examples
    --------
    >>> parts_of_speech("发票"), parts_of_speech("怎么")
    (('n',), ('r',))
    """
    return tuple(str(tag) for _, tag in rjieba.tag(word))


def is_namelike(run: Sequence[str], terms: Collection[str]) -> bool:
    """Tell whether words in a row name a matter.

    They do if every word is a noun, a verb, a quality or a trouble (不, 无法), none is of feeling or talk, and there is
    a term of the taxonomy or a noun among them; or if together they are a term.

    Parameters
    ----------
    run : sequence of str
        Words as they follow each other.
    terms : collection of str
        Words and phrases that people have written down as names of matters: seeds and hints of the taxonomy.

    Examples
    --------
    >>> is_namelike(["物流", "停滞"], ()), is_namelike(["连接", "不上"], ("连接",)), is_namelike(["蓝牙", "耳机"], ())
    (True, True, True)
    >>> is_namelike(["修", "了", "个", "寂寞"], ("修了",)), is_namelike(["差", "多少", "积分"], ("积分",))
    (False, False)
    """
    words = list(run)
    if _QUESTION.search("".join(words)):
        return False
    if not any(_HAN_WORD.fullmatch(word) and len(word) > 1 for word in words):
        return "".join(words) in terms and len("".join(words)) > 1 and all(map(_may_stand, words))
    if not all(word in terms or _may_stand(word) for word in words):
        return False
    if any(word in _NO_MATTER for word in words) or words[-1] in _NOT_LAST:
        return False
    return any(word in terms or is_noun(word) for word in words)


def is_noun(word: str) -> bool:
    """Tell whether a word of two Chinese characters or more is a thing, and not one that goes with any matter."""
    return bool(
        len(word) > 1
        and word not in _NO_MATTER
        and word not in _TROUBLE
        and _HAN_WORD.fullmatch(word)
        and _may_stand(word)
        and _NOUN.match(parts_of_speech(word)[-1])
    )


def is_idiom(word: str) -> bool:
    """Tell whether the dictionary has the word as a saying (推来推去); a few matters are sayings too (以旧换新)."""
    tags = parts_of_speech(word)
    return len(tags) == 1 and tags[0][0] in "il"


def _may_stand(word: str) -> bool:
    if word in _TROUBLE or word in _MATTER_ALL_THE_SAME:
        return True
    if not _HAN_WORD.fullmatch(word) or len(word) < 2:
        return False
    tags = parts_of_speech(word)
    return not _PLACE.search(word) and tags != (_PLACE_TAG,) and all(tag[0] not in _GRAMMAR for tag in tags)
