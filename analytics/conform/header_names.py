"""Names that exports give their columns, Chinese and English, by role; best first."""

from __future__ import annotations

import re
from functools import cache

from analytics.text.normalise import normalise

_NAMES: dict[str, str] = {
    "time": """
        started_at sent_at said_at created_at datetime timestamp time date 发表时间 评论时间 评价时间
        创建时间 发送时间 提交时间 开始时间 受理时间 来电时间 通话时间 通话开始时间 消息时间 发布时间
        投诉时间 反馈时间 时间 提交日期 评论日期 创建日期 日期 create_time created created_time start_time
        publish_time post_time comment_time review_date review_time
    """,
    "ended": """
        ended_at closed_at end_time finished_at 结束时间 关闭时间 完结时间 办结时间 通话结束时间
    """,
    "rating": """
        rating stars star review_rating score csat 评级 评分 星级 打分 分数 满意度 评价星级 用户评分
    """,
    "contact": """
        contact_id session_id session conversation_id conversation dialog_id dialogue_id chat_id 会话id
        会话编号 会话号 会话 对话id 对话编号 对话
    """,
    "id": """
        review_id ticket_id call_id comment_id case_id message_id msg_id id 编号 工单号 工单编号 工单id
        单号 投诉编号 评论id 评价id 评论编号 答卷编号 记录id 序列号 流水号 通话id 消息id order_id 订单号
        订单编号
    """,
    "speaker": """
        speaker role sender_type sender from 说话人 发言人 角色 发送人类型 发送者类型 发送方 发送人 发送者
        消息来源
    """,
    "customer": """
        customer_id customer user_id userid user member_id visitor_id caller 客户id 客户编号 客户号 客户
        用户id 用户编号 会员id 会员号 访客id 访客编号
    """,
    "phone": """
        phone phone_number mobile mobile_phone mobile_number 手机号 手机号码 手机 联系电话 联系方式 电话
        电话号码 来电号码 主叫号码 客户电话 客户手机
    """,
    "email": """
        email email_address e_mail customer_email 邮箱 电子邮箱 邮箱地址 客户邮箱
    """,
    "unionid": "unionid union_id wx_unionid 微信unionid",
    "openid": "openid open_id wx_openid 微信openid",
    "device": "device_id deviceid oaid idfa imei 设备号 设备id 设备编号 设备标识",
    "order": "order_id order_no order_number order_sn 订单号 订单编号 订单id 关联订单 关联订单号",
    "login": "login login_name login_id account_name 登录名 登录账号 账号 帐号 用户账号 会员账号",
    "agent": """
        agent_id agent staff_id staff 客服id 客服工号 客服 坐席 座席 坐席工号 座席工号 工号 处理人 受理人
    """,
    "team": """
        team group department 班组 团队 技能组 小组 部门 客服组
    """,
    "channel": """
        channel platform 渠道 来源渠道 平台 接入渠道
    """,
    "product": """
        product product_name sku item 产品 产品名称 商品 商品名称 产品型号 商品名 品名 型号 car_model
        model 车型 车系 category cat 品类 产品类别 商品类别 类别 brand 品牌
    """,
    "category": """
        工单分类 工单类型 工单类别 问题分类 问题类型 投诉类型 投诉分类 诉求类型 诉求分类 反馈类型 业务类型
        分类 ticket_type issue_type case_type category 类别
    """,
    "status": """
        status ticket_status case_status state 状态 工单状态 处理状态 办理状态 当前状态
    """,
    "due": """
        due_at due due_date due_time deadline sla_due_at 截止时间 截止日期 处理时限 办理时限 完成时限
        要求完成时间 应办结时间 到期时间
    """,
    "tier": """
        tier vip vip_level is_vip member_level customer_level customer_tier 会员等级 会员级别 客户等级 客户级别
        vip等级 是否vip 贵宾等级
    """,
    "transfers": "transfers n_transfers transfer_count num_transfers 转接次数 转接数 转派次数 转人次数",
    "history": """
        status_history history 状态历史 状态变更 状态变更记录 状态流转 流转记录 工单轨迹 工单历史
    """,
    "version": "updated_at update_time last_updated modified_at 更新时间 最后更新时间 修改时间 最后修改时间",
    "deleted": "is_deleted deleted del_flag 是否删除 是否已删除 删除标记",
    "reply": """
        reply answer agent_reply developer_reply 回复 回复内容 客服回复 商家回复 开发者回复 处理结果
        处理意见 答复 答复内容
    """,
    "title": """
        title subject headline 标题 评论标题 主题 工单标题
    """,
    "text": """
        review_text review_content review_body text content review comment comments desc description body
        message msg sentence utterance feedback 评论内容 评价内容 内容 正文 评论 评价 文本 用户评论
        用户反馈 反馈内容 投诉内容 问题描述 诉求内容 诉求 留言 留言内容 消息内容 消息 对话内容 描述
        工单内容 详情 聊天内容 通话内容 转写文本 反馈 意见
    """,
}

_INNER = (
    ("time", r"时间|日期|_at$|datetime|timestamp|_time$|_date$"),
    ("rating", r"评级|评分|星级|rating|stars"),
    ("reply", r"回复|答复|reply"),
    ("title", r"标题|title|subject"),
    ("text", r"内容|评论|评价|描述|文本|正文|反馈|留言|content|review|comment|text|desc|message"),
    ("id", r"(?:编号|单号|id)$"),
)
"""What a longer name contains, in the order tried: 评论时间 is a time, 标题内容 a title, Review Rating a rating."""


def plain_name(name: str) -> str:
    """Return a header's name in one spelling.

    Examples
    --------
    >>> plain_name(" 評論內容 "), plain_name("createdAt"), plain_name("id_"), plain_name("Review Rating")
    ('评论内容', 'created_at', 'id', 'review_rating')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", normalise(name))
    return re.sub(r"[\s\-.:：/]+", "_", spaced.lower()).strip("_*＊()（）")


@cache
def _ranks() -> dict[str, dict[str, int]]:
    return {role: {name: rank for rank, name in enumerate(names.split())} for role, names in _NAMES.items()}


def name_rank(name: str, role: str) -> int | None:
    """Return how well a header's name fits a role, 0 the best; None if it is none of the names known for it."""
    return _ranks().get(role, {}).get(plain_name(name))


def role_inside(name: str) -> str | None:
    """Return the role that a part of a header's name tells, if any.

    Examples
    --------
    >>> role_inside("用户评论时间"), role_inside("brand")
    ('time', None)
    """
    plain = plain_name(name)
    return next((role for role, pattern in _INNER if re.search(pattern, plain)), None)


def is_known_name(name: str) -> bool:
    """Return whether a cell reads like a column's name.

    Examples
    --------
    >>> is_known_name("内容"), is_known_name("内容太少了，不好玩")
    (True, False)
    """
    return any(name_rank(name, role) is not None for role in _NAMES) or (
        len(name) <= 12 and re.search(r"[，。！？,.!?]", name) is None and role_inside(name) is not None
    )
