"""How much each character of a text says about its mood, and whether it says it or its opposite.

A sum over n-grams knows no grammar: 没有异味 holds 异味, and "虽然贵,但好用" holds 贵. Here the grammar comes first and
gives each character a weight: what a negation reaches counts as its opposite, what stands after 但是 counts more than
what stands before it, what was hoped or said of others counts little, and what is asked hardly counts. The n-grams
then take the weight of the character they begin with, in training and in scoring alike, so that the model learns what
a fault is worth from all its affirmed and all its denied mentions together.

The marks are written for Kesheng. Negation scope after B. Pang, L. Lee and S. Vaithyanathan, "Thumbs up?", EMNLP 2002,
and the polarity shifters of L. Polanyi and A. Zaenen, "Contextual valence shifters", 2006.
"""

from __future__ import annotations

import re
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

UNIT = 4
"""The weight of a character that nothing makes more or less of; weights are whole quarters."""
STRESSED = 6
"""After 但是, 结果 and the like, to the end."""
CONCEDED = 3
"""Before them."""
ASIDE = 2
"""A clause of what was before, hoped, promised or said of others; and a negation itself, whose scope tells more."""
ASKED = 1
"""A clause that asks."""
SCOPE = 9
"""Characters that a negation reaches at most, within its clause."""

_CLAUSE = re.compile(r"[^,。!?;:~、…\s]+[,。!?;:~、…\s]*")
_ASK_TWICE = r"(.)[不没]\1|有没有|是不是|能不能|会不会|可不可以|要不要|好不好|行不行|对不对|用不用"
_QUESTION = re.compile(
    rf"{_ASK_TWICE}|吗|么(?![样些])|请问"
    r"|怎么(?=用|弄|办|退|换|申请|查|操作|设置|安装|连|联系|开|改|取消|绑|登|注销|算|收费|寄|付|买|修|清|选|区分|充)"
    r"|多少|(?<!没)(?<!过)[几多](?:天|点|号|个|久|长|大|远|钱|块|年|次)|什么时候|啥时候|哪里|哪个|哪家|哪款|哪种|在哪|是什么"
    r"|什么(?=区别|意思|颜色|快递|材质|尺|型号|牌子|时间|流程|材料|手续|地方|原因|不一样)|能否|是否|如何"
    r"|谁(?=付|出|负责|承担|补|来)|还是.{1,8}(?=\?)|呢(?=\?|$)|(?:找|问|联系)谁"
)
_DENYING_QUESTION = (
    r"谁(?:说|会|能|敢|还|还会|还敢|愿意|受得了)|哪(?:能|会|敢|里会|里能|有)|何必|何苦|怎么(?:能|会|可能|舍得|敢)"
    r"|难道|岂|凭(?:什么|啥)|干嘛要|有什么理由|还用得着|还要什么|还要啥|有什么好(?!处|的|办法)"
)
# What looks like a question and is none: reproach and rhetoric.
_REPROACH = re.compile(
    rf"{_DENYING_QUESTION}|好意思|就这|到底|居然|竟然|为什么不|怎么还|怎么这么|怎么又|还让不让|!"
    r"|能不能(?:用心|负责|认真|专业|有点|快|好好)|有没有(?:搞错|良心|素质|责任|人管)|是不是(?:傻|有病|欺负|骗)|能不(?!能)|又有什么用"
)
_TURN = re.compile(
    "但是|但|不过(?![瘾关硬期敏时])|可是|可惜|然而|结果|没想到|谁知|谁料|最后|后来|现在|如今|这次|这回|好在|幸好|还好|幸亏|总体|总之|总的来说"
    "|整体|终于|居然|竟然|却|就是(?!说|这|那|要|想|我|你|不)|只是"
)
_BESIDE = re.compile(
    "虽然|虽说|尽管|本来|原本|原来|以前|之前|起初|刚开始|一开始|开始(?:还|觉得|以为|挺|用)|当初|以为|担心|还怕|差点|要是|如果"
    "|假如|万一|期待|希望|说好的?|承诺|宣传(?:说|里|页)|广告(?:说|里)|号称|图片(?:上|里)|别人|人家|网上|别家|别的|上次|上一家"
    "|除了"
)
# A small reservation is no verdict, wherever it stands.
_SOFT = re.compile("有点|稍微|一点|稍|略|些许|一些|小[毛问瑕]")
# Two negations in one: what follows is meant as it stands.
_TWICE = (
    "能不(?=[^能]{1,6}吗)|没法不|无法不|不能不|不得不|不可不|不会不|没有不|没理由不|没有理由不|不由得你?不|无不|莫不"
    "|不要太|不是不|不无"
)
# Words that begin like a negation and deny nothing behind them, or are a judgement as a whole.
_FIXED = (
    "有没有|是不是|能不能|会不会|可不可以|要不要|好不好|行不行|对不对|用不用|怕不怕|扣不扣|(?<![个样件])不少|不错|不赖|不知道|不知|不明白|不清楚为|不理解|不懂|不晓得|不记得|不止|不仅|不但|不光|不管|不论|不过(?![瘾关硬期敏时])|不然|不如|不好意思"
    "|不值一提|差不多|了不起|对不起|忍不住|禁不住|巴不得|不一会|不久|不一样|不同|不断(?![电线网流])|不停|不约而同|不可思议|不愧|不小心"
    "|没完没了|没想到|没多久|没几天|没过多久|没过几天|不到|不出|不等|无语|无奈|无聊|无良|无耻|无赖|无线|无论|无所谓|无理|未来"
    "|未必|没准|没收|说不定|不行|不满|不爽|不便(?!宜)|不足|不良|不法|不妥|不公|不当|不堪|不幸|不耐烦|不负责|不靠谱|不三不四|不伦不类"
    "|没劲|没品|没素质|没良心|没用|没谱|不要脸|别提|不提|不料|不对|不能用|不好|不佳|不给|不理|没人|不敢恭维|不咋|不怎么样"
    "|没什么用|不见了|不是一般|不得了|不说了|不说|不解决|不处理|不了|没了|不上(?![火瘾])|没货|不动|不掉(?![毛色皮漆渣线])|不开(?![线裂胶])|不住|不到位|不出来|不回"
    "|没法|无法|没办法"
)
_NEGATION = (
    "(?:并|也|都|还|从来|从|绝对?|完全|根本|丝毫|一点[儿都也]?|再也|毫)?"
    "(?:没有|没|不会|不是|不能|不再|不用|不必|不需要|不可能|不曾|不至于|不容易|不算|不觉得|不怕|不带|不含|毫无|绝无|并无|并非|绝非|从未"
    "|未曾|并未|尚未|(?<!从)未|无需|无须|(?<!有)无|不|(?<![特级区分辨告类识])别|甭|闻不到|看不到|看不出|听不到|听不见|感觉不到|吃不出|尝不出|找不到|挑不出|见不着"
    "|见不到|免去|省去|告别|杜绝|避免|远离|消除|难以|很难|难得|拒绝|[零0](?=投诉|差评|故障|添加|甲醛|异味|噪音))"
)
_MARK = re.compile(
    rf"(?P<twice>{_TWICE})|(?P<fixed>[也还都并又]?(?:{_FIXED}))|(?P<question>{_DENYING_QUESTION})|(?P<negation>{_NEGATION})"
)
# The denied thing stands first: 一点腥味都没有.
_DENIED_BEFORE = re.compile(r"(?:一点儿?|丝毫|半点|一丝|一滴|任何)(.{1,6}?)[都也](?:没有?|不|[闻吃看听尝感摸]觉?不)")


def emphasis(text: str) -> tuple[NDArray[np.int64], int]:
    """Return the weight of each character and how many clauses ask something.

    Parameters
    ----------
    text : str
        Of `features.prepare`.

    Returns
    -------
    weights : ndarray of int64, shape (len(text),)
        Quarters: `UNIT` is plain, less than 0 means the opposite, 0 nothing.
    n_questions : int
        Clauses that ask.

    Examples
    --------
    >>> emphasis("没有异味")[0].tolist(), emphasis("会掉色吗")[1]
    ([2, 2, -4, -4], 1)
    >>> emphasis("外观好,但卡")[0].tolist()
    [3, 3, 3, 3, 6, 6]
    """
    weights = np.full(len(text), UNIT, dtype=np.int64)
    has_turned, n_questions = False, 0
    for clause in _CLAUSE.finditer(text):
        start, said = clause.start(), clause.group()
        turn = _TURN.search(said)
        if turn and not has_turned:
            weights[:start] = np.sign(weights[:start]) * np.minimum(np.abs(weights[:start]), CONCEDED)
            has_turned = True
        weight = STRESSED if has_turned else UNIT
        if turn and _SOFT.search(said):
            weight = UNIT
        if not turn and _BESIDE.search(said):
            weight = ASIDE
        if _QUESTION.search(said) and not _REPROACH.search(said):
            weight, n_questions = ASKED, n_questions + 1
        weights[start : clause.end()] = weight
        if turn and turn.start() > 3:
            weights[start : start + turn.start()] = CONCEDED
        _deny(weights[start : clause.end()], said)
    return weights, n_questions


def _deny(weights: NDArray[np.int64], clause: str) -> None:
    """Turn round what negations of the clause reach; `weights` is the clause's own part of the array."""
    if not _MAYBE.search(clause):
        return
    marks = list(_MARK.finditer(clause))
    denials = [mark for mark in marks if mark.lastgroup in ("question", "negation")]
    for mark in marks:
        if mark.lastgroup == "twice":
            weights[mark.start() : mark.end()] = 0
    for mark, after in zip_longest(denials, denials[1:]):
        reach = mark.end() + SCOPE
        if after and _is_beside(mark, after):
            reach = min(reach, after.start())
        weights[mark.start() : mark.end()] = weights[mark.start() : mark.end()] * ASIDE // UNIT
        weights[mark.end() : reach] *= -1
    before = _DENIED_BEFORE.search(clause)
    if before:
        weights[before.start(1) : before.end(1)] *= -1


def _is_beside(mark: re.Match[str], after: re.Match[str]) -> bool:
    """Whether two negations deny one thing each (没红没痒, 没缩水也没起球) and not one the other (没有一个人说不好)."""
    return after.group()[0] in "也还并" or (after.group() == mark.group() and after.start() - mark.end() <= _ONE_WORD)


_ONE_WORD = 3
_MAYBE = re.compile("[不没无未非别甭谁哪何怎难岂凭干有还免省告杜避远消拒零0]")
