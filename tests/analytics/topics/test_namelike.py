from __future__ import annotations

import pytest

from analytics.topics.namelike import is_idiom, is_namelike, is_noun


@pytest.fixture(scope="module")
def terms(taxonomy):
    return taxonomy.terms


@pytest.mark.parametrize(
    "phrase",
    [
        "以旧换新",
        "物流停滞",
        "蓝牙耳机",
        "面膜过敏",
        "维修费用",
        "登录失败",
        "优惠券",
        "发票抬头",
        "连接不上",
        "生产日期",
    ],
)
def test_matters_are_names(phrase, cut, terms):
    assert is_namelike(cut(phrase), terms)


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "修了个寂寞",
            "质量还好意思",
            "没货就直说",
            "折腾这么久",
            "想穿宽松",
            "差多少积分",
            "步骤有先后",
            "退货以后发票",
        ),
        *(
            "Pro收到",
            "快递显示",
            "一句个人体质",
            "活动再买",
            "真高很满意",
            "怎么退款",
            "什么时候发货",
            "假等快递",
            "ABC",
            "",
        ),
    ],
)
def test_pieces_of_sentences_are_none(phrase, cut, terms):
    assert not is_namelike(cut(phrase), terms)


def test_a_term_of_the_taxonomy_is_a_name_though_it_is_a_verb():
    assert is_namelike(["派送"], {"派送"}) and not is_namelike(["派送"], set())


def test_sayings_and_nouns():
    assert is_idiom("推来推去") and not is_idiom("发票")
    assert is_noun("发票") and not is_noun("东西") and not is_noun("票") and not is_noun("怎么")
