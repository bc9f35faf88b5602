"""Service texts with known topics, written for the tests from small grammars."""

from __future__ import annotations

import random

GRAMMAR: dict[str, tuple[tuple[str, ...], ...]] = {
    "delivery": (
        ("我的快递", "这个包裹", "昨天买的东西", "我的物流"),
        ("到哪里了", "怎么还没到", "物流信息一直不更新", "什么时候能送到", "卡在中转站好几天"),
        ("很着急", "帮我催一下", "查一下物流进度", "快递单号查不到", ""),
    ),
    "refund": (
        ("申请的退款", "上周的退款", "退货的钱", "订单取消以后退款"),
        ("还没到账", "什么时候到账", "退到哪里了", "一直显示处理中"),
        ("银行卡没收到", "退款进度查不到", "钱什么时候退给我", ""),
    ),
    "invoice": (
        ("电子发票", "增值税发票", "之前的发票", "公司发票"),
        ("怎么开", "抬头写错了要重开", "在哪里下载", "可以换成专票吗"),
        ("税号填错了", "报销要用发票", "发票抬头改成公司", ""),
    ),
    "network": (
        ("摄像头", "扫地机器人", "智能插座", "空气净化器"),
        ("连不上wifi", "一直显示离线", "配网失败", "绑定不了"),
        ("重置了也连接失败", "路由器换了以后连不上", "设备离线好几次", ""),
    ),
    "allergy": (
        ("这个面膜", "新买的面膜", "面膜敷完", "小辣椒面膜"),
        ("用完脸上过敏", "脸红发痒", "脸上起红疹", "刺痛得厉害"),
        ("是不是成分有问题", "面膜过敏怎么办", "皮肤发红", ""),
    ),
}


def planted(n_texts: int, *, seed: int = 7, topics: tuple[str, ...] = tuple(GRAMMAR)) -> tuple[list[str], list[str]]:
    """Return texts and the topic each was made from, evenly over the topics."""
    draw = random.Random(seed)
    names = [topics[place % len(topics)] for place in range(n_texts)]
    fillers = ("", "", "你们", "请帮忙看看", "我想问下", "急", "麻烦处理")
    texts = [
        "，".join(part for part in (draw.choice(fillers), *(draw.choice(slot) for slot in GRAMMAR[name])) if part)
        for name in names
    ]
    return texts, names
