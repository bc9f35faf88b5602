import re

import pytest

from analytics.flags import template_pieces
from analytics.flags.templates import MAYBE_AUTOMATIC


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[图片]",
            "[商品卡片]",
            "[链接]",
            "https://a.cn/item/1",
            "[图片][图片]",
            "咨询订单号:[号码]",
            "我要咨询这个商品",
        ),
        *(
            "订单编号:[号码] 订单金额:99.00元 下单时间:2026-03-01 10:00:00",
            "我已转人工",
            "用户申请转人工客服",
            "#E-s[微笑]",
        ),
    ],
)
def test_cards_and_automatic_messages_of_customers_are_ready_made(text):
    assert template_pieces(text, "customer").is_ready_made
    assert re.search(MAYBE_AUTOMATIC, text)


@pytest.mark.parametrize(
    "text",
    [
        "[手机]",
        "你好",
        "在吗",
        "转人工",
        "[图片] 屏幕碎了",
        "咨询订单号:[号码] 怎么还没发货",
        "",
        "。。。",
        "我要退货",
        "13800",
    ],
)
def test_what_customers_type_is_not(text):
    assert not template_pieces(text, "customer").is_ready_made


@pytest.mark.parametrize("text", ["您好,很高兴为您服务", "请问有什么可以帮您", "感谢您的来电,祝您生活愉快"])
def test_formulas_of_agents_are_ready_made_even_when_rare(text):
    assert template_pieces(text, "agent").is_ready_made


def test_what_was_filled_in_stands_apart():
    first, second = (
        template_pieces(f"您的订单{number}已由{courier}揽收,请注意查收", "agent")
        for number, courier in (("[号码]", "YTO"), ("A1002", "SF"))
    )
    assert first.pieces == second.pieces == ("您的订单", "已由", "揽收", "请注意查收")
    assert first.n_letters == 13
