"""Ready-made turns: cards and automatic messages by their form, agents' formulas by their repetition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.flags.letters import MASK, NO_LETTER

MIN_PIECE_LETTERS = 4
"""Shorter parts of a sentence are anybody's words, however often they come."""
TEMPLATE_SHARE = 0.7
"""Share of a turn's letters in pieces said in many contacts from which it is ready-made; the rest was filled in."""

MAYBE_AUTOMATIC = r"\[|://|人工|咨询|浏览|订单|商品|宝贝|评价|单号|卡片|链接|撤回|会话|拍了拍|(?i:message|id[:： ])"
"""What every automatic turn of a customer has in it: a quick test before `template_pieces` is asked."""

# Placeholders of what was sent instead of words; our own masks, as [手机], stand for what somebody typed.
_CARD = re.compile(
    r"#E-[a-z]*\[[^\[\]\s]{1,8}\]|\[(?:链接|网址|图片|照片|截图|表情|动画表情|语音|视频|文件|位置|名片|红包|卡片|小程序|系统消息"
    r"|(?:商品|订单(?!#a\d)|物流|优惠券|评价|服务|店铺|活动)(?:卡片|链接|信息)?)[^\[\]]{0,12}\]|https?://\S+",
    re.IGNORECASE,
)
_FORM_FIELD = re.compile(
    r"(?:咨询)?(?:订单编?号|商品id|商品编号|商品名称|订单金额|订单状态|下单时间|运单号|快递单号)\s*[::：]\s*"
    r"(?:\[[^\[\]\s]{1,8}\]|[\d\-:./¥￥元 ]+|[a-z0-9\-]{5,})?",
    re.IGNORECASE,
)
_CUSTOMER_FORMULA = re.compile(
    r"(?:我正在|我想|我要)?(?:咨询|浏览)(?:这个|该|此|以下)?(?:商品|宝贝|订单)(?:信息)?|(?:用户|客户|我|顾客)?(?:已|申请|发起|请求)+(?:了)?转?(?:接)?人工(?:客服|服务)?"
    r"|(?:我|用户|客户)(?:已|发送了?|提交了?)(?:一个|一条)?(?:商品|订单|评价|卡片)(?:链接|卡片|信息)?"
    r"|(?:我|用户|客户|对方)?(?:已)?(?:撤回了?一条消息|结束了?会话|拍了拍.{0,6})|this message was (?:deleted|recalled)"
)
_AGENT_FORMULA = re.compile(
    r"(?:很高兴|非常高兴|荣幸)(?:能)?为[您你]服务|有什么(?:可以|能够?|需要)(?:帮助?|为)[您你]?|竭诚为[您你]服务|工号.{0,6}为[您你]服务"
    r"|感谢[您你]?的?(?:来电|咨询|耐心等待|支持与?|惠顾|光临|理解与?)|(?:祝|愿)[您你](?:生活|购物|工作|天天|每天)|对(?:我|本次)的?服务.{0,6}(?:评价|打分)"
    r"|还有(?:什么|其他|别的).{0,6}(?:可以|能|需要).{0,2}帮|当前(?:排队|咨询)(?:人数|量)|(?:会话|对话)(?:已|即将)(?:自动)?(?:结束|关闭)|请稍[等候]片刻"
)
_FORMULA_SHARE = 0.5


@dataclass(frozen=True)
class TurnForm:
    """What a turn says of itself: whether it is ready-made by its form, and the pieces to count over contacts."""

    is_ready_made: bool
    pieces: tuple[str, ...]
    n_letters: int


READY_MADE = TurnForm(True, (), 0)


def template_pieces(text: str, speaker: str) -> TurnForm:
    """Return the form of a normalised, masked turn.

    A customer's turn is ready-made if nothing but cards, links, form fields or automatic messages is in it. An
    agent's is if formulas of opening and closing make half of its letters; else it is cut at numbers, marks, masks and
    Latin words into pieces, so that what was filled in stands apart from the text that it was filled into.

    Examples
    --------
    >>> template_pieces("[商品卡片]", "customer").is_ready_made, template_pieces("[手机]", "customer").is_ready_made
    (True, False)
    >>> template_pieces("很高兴为您服务", "agent").is_ready_made
    True
    >>> template_pieces("您的包裹 [号码] 将于3月5日送达,请保持电话畅通", "agent").pieces
    ('您的包裹', '将于', '日送达', '请保持电话畅通')
    """
    if speaker == "customer":
        return READY_MADE if _is_automatic(text) else TurnForm(False, (), 0)
    pieces = tuple(piece for piece in _CUT.split(MASK.sub(" ", text)) if len(piece) > 1)
    n_letters = sum(map(len, pieces))
    n_formula = sum(len(NO_LETTER.sub("", found.group())) for found in _AGENT_FORMULA.finditer(text))
    return TurnForm(n_letters > 0 and n_formula >= _FORMULA_SHARE * n_letters, pieces, n_letters)


_CUT = re.compile(r"[\W\d_a-zA-Z]+")


def _is_automatic(text: str) -> bool:
    rest = _FORM_FIELD.sub("", _CARD.sub("", text))
    if rest == text:
        return _CUSTOMER_FORMULA.fullmatch(NO_LETTER.sub("", text)) is not None
    left = NO_LETTER.sub("", rest)
    return (not left and not MASK.search(rest)) or _CUSTOMER_FORMULA.fullmatch(left) is not None
