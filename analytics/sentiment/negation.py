"""Negated judgements as one sign each: 没有异味, 物流不慢 and 不会后悔 are praise, whatever stands behind the negation.

Reviews hold too few of any one of them for a model to learn each. Pooled, they are common, and the model learns what
"a fault denied" is worth from all of them together. The lists of faults and merits are written for Kesheng.
"""

from __future__ import annotations

import re

FAULT_DENIED = "\u2295"
"""⊕ stands for a negated fault (没有异味)."""
MERIT_DENIED = "\u2296"
"""⊖ stands for a negated merit (不好用)."""

_FAULTS = """
异味 怪味 臭味 味道刺鼻 刺鼻 刺激 难闻 噪音 杂音 异响 声音大 色差 瑕疵 划痕 磨损 破损 损坏 损伤 毛病 问题 缺点 缺陷
不足 差错 失误 错误 后悔 失望 遗憾 担心 吃亏 上当 受骗 被坑 被骗 骗 坑 踩雷 翻车 浪费 心疼 生气 介意 嫌弃 讨厌 反感
犹豫 怀疑 慢 卡顿 卡 死机 闪退 发烫 发热 烫手 烫 费电 耗电 掉电 掉色 褪色 起球 变形 缩水 开线 脱线 掉毛 掉漆 漏水
漏液 漏 松动 晃动 生锈 发霉 贵 亏 差 错 坏 破 脏 烂 丑 旧 假 臭 吵 闷 挤 累 痛 疼 痒 油腻 腻 咸 干燥 刺痛 刺眼 紧绷
拔干 假滑 过敏 脱发 掉头发 闷痘 麻烦 费劲 费事 复杂 困难 难 耽误 拖延 拖沓 拖 延误 推脱 推诿 敷衍 含糊 欺骗 虚假
套路 水分 压力 负担 副作用 夸张 卡粉 压坏 摔坏 磕碰 挤压 丢件 少件 漏发 错发 发错 过期 变质 坏果 烂果 虫子 失真 模糊
粗糙 扎人 掉价 逊色 多余 投诉 差评 后顾之忧
"""
_MERITS = """
好用 好吃 好看 好闻 好听 好喝 好玩 好 满意 喜欢 舒服 舒适 合适 合身 方便 清楚 清晰 流畅 稳定 灵敏 准确 准时 及时
及格 认真 热情 专业 负责 靠谱 靠得住 值得 值 划算 便宜 实惠 推荐 建议购买 建议买 新鲜 干净 正宗 地道 细心 用心 耐心
周到 到位 理想 明显 精致 精细 结实 耐用 牢固 保暖 保湿 滋润 透气 柔软 爱用 爱吃 满足 合格 正规 人性化 开心 高兴 愉快
给力 放心 省心 安心 顺畅 顺利 完美 匹配 符合 真实 一致 行
"""
# 不 and its company; 有没有异味, 会不会掉色 and 卡不卡 are questions; 差不多 and 忍不住 deny nothing behind them.
_NEGATION = (
    r"(?<![有差忍禁巴免])(?:一点[儿都也]{0,2}|完全|根本|丝毫|从来?|绝对?|并|毫|再也)?"
    r"(?:没有?|无|未|不(?:会|再|怎么|太|是很|是太|是特别|算|觉得|容易|至于|用|够|能|很|那么|大|(?![过仅但管论])))"
)
_BETWEEN = (
    r"(?:任何|什么|啥|一点儿?|一丝|半点|出现过?|发现过?|遇到|让我|令我|让人|令人|感到|觉得|过|这么|那么|太大?的?|明显的?"
    r"|丝毫|其他)"
)


def _alternatives(words: str) -> str:
    return "|".join(sorted(words.split(), key=lambda word: (-len(word), word)))


_PATTERN = re.compile(
    rf"{_NEGATION}{_BETWEEN}{{0,2}}(?:(?P<fault>{_alternatives(_FAULTS)})|(?P<merit>{_alternatives(_MERITS)}))"
)
# Fixed expressions in which the words negate nothing: 不好意思 is a greeting, 不得不 an obligation.
_FIXED = re.compile(
    r"不好意思|不好说|不值一提|没完没了|不得不|没错吧|不行吗|好不好|行不行|对不对|是不是|无理由|没好气|不一致"
)


def pool_negations(text: str) -> str:
    """Return the text with ⊕ in place of each negated fault and ⊖ before each negated merit.

    A denied merit keeps its words: reviews are full of 不好 and 不喜欢, which the model knows better than their pool.

    Parameters
    ----------
    text : str
        Normalised.

    Returns
    -------
    str
        The text itself if it denies nothing.

    Examples
    --------
    >>> pool_negations("没有任何异味,物流不慢,不会后悔")
    '⊕,物流⊕,⊕'
    >>> pool_negations("不好用,一点都不方便")
    '⊖不好用,⊖一点都不方便'
    >>> pool_negations("有没有异味,会不会掉色,卡不卡,不好意思")
    '有没有异味,会不会掉色,卡不卡,不好意思'
    """
    if not _has_negation(text):
        return text
    kept = [found.span() for found in _FIXED.finditer(text)]

    def sign(found: re.Match[str]) -> str:
        start = found.start()
        word = found.group("fault") or found.group("merit")
        is_question = start > 0 and text[start - 1] in (word[0], found.group()[1:2])
        if is_question or any(begin <= start < end for begin, end in kept):
            return found.group()
        return FAULT_DENIED if found.group("fault") else MERIT_DENIED + found.group()

    return _PATTERN.sub(sign, text)


def _has_negation(text: str) -> bool:
    return "不" in text or "没" in text or "无" in text or "未" in text
