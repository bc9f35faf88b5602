"""Who speaks, from the words that exports use for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import pandas as pd

from analytics.conform.missing import none_unless

_WORDS = {
    "customer": """
        customer user client visitor caller consumer buyer guest 客户 用户 顾客 访客 买家 来电人 会员 顧客 客戶 買家
    """,
    "agent": """
        agent staff service seller operator human 客服 坐席 座席 人工 人工客服 商家 卖家 在线客服 店小二 客服人员 賣家
    """,
    "bot": "bot robot ai assistant ivr 机器人 智能客服 机器客服 小助手 機器人",
    "system": "system sys 系统 系统消息 系統",
}
_SPEAKERS = {word: speaker for speaker, words in _WORDS.items() for word in words.split()}
_CHANNEL_WORDS = {
    "phone": "phone 电话 热线 呼入 call tel hotline voice",
    "app": "app 应用 客户端 手机端",
    "web": "web 网页 官网 网站 pc website",
    "wechat": "wechat 微信 公众号 小程序 企业微信 weixin",
    "weibo": "weibo 微博",
    "chat": "chat 在线 在线会话 在线客服",
}
_CHANNELS = {word: channel for channel, words in _CHANNEL_WORDS.items() for word in words.split()}


def read_speakers(
    cells: pd.Series[str], agent_value: str | None = None, named: Mapping[str, str] | None = None
) -> pd.Series[str]:
    """Return customer, agent, bot or system for each cell; None where it cannot be told.

    Parameters
    ----------
    cells : Series of str or None
        The speaker column.
    agent_value : str or None
        The value that means the agent. If given, every other value that is no word for a bot or a system means the
        customer; if not, only words known for a speaker are understood.
    named : mapping of str to str, optional
        Value → customer, agent, bot or system, before all else; width and case of a value make no difference.

    Examples
    --------
    >>> read_speakers(pd.Series(["客服", "用户", "机器人", "x", None])).tolist()
    ['agent', 'customer', 'bot', None, None]
    >>> read_speakers(pd.Series(["1", "0", None]), agent_value="1").tolist()
    ['agent', 'customer', None]
    >>> read_speakers(pd.Series(["ch_0", "客服"]), named={"CH_0": "customer"}).tolist()
    ['customer', 'agent']
    """
    plain = cells.fillna("").astype(str).map(_plain).astype(object)
    own = plain.map({_plain(value): speaker for value, speaker in (named or {}).items()}).astype(object)
    speakers = plain.map(_SPEAKERS).astype(object)
    if agent_value is not None:
        machine = speakers.where(speakers.isin(["bot", "system"]))
        speakers = machine.fillna("customer").where(plain != _plain(agent_value), "agent").where(plain != "")
    speakers = own.where(own.notna(), speakers)
    return none_unless(speakers.notna(), speakers)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().lower()


def read_channels(cells: pd.Series[str], default: str) -> pd.Series[str]:
    """Return channels: known words as phone, app, web, wechat or weibo, others as they are, `default` for none.

    Examples
    --------
    >>> read_channels(pd.Series(["微信", "门店", None]), "web").tolist()
    ['wechat', '门店', 'web']
    """
    return cells.str.lower().map(_CHANNELS).fillna(cells).fillna(default).astype(object)
