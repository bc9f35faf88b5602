from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.topics.taxonomy import Taxonomy, Touchpoint, load_taxonomy

SHIPPED = load_taxonomy()


def test_five_stages_and_28_touchpoints():
    assert SHIPPED.stages == ("选购", "商品", "物流", "售后", "其他")
    assert len(SHIPPED.touchpoints) == 28
    assert {touchpoint.stage for touchpoint in SHIPPED.touchpoints} == set(SHIPPED.stages)
    assert all(len(touchpoint.seeds) >= 8 for touchpoint in SHIPPED.touchpoints)


@pytest.mark.parametrize(
    ("text", "touchpoint"),
    [
        ("我的包裹到哪了，物流信息三天没更新", "物流查询"),
        ("申请退款一周了还没到账", "退款进度"),
        ("面膜用了脸上起红疹，又痒又刺痛", "过敏不适"),
        ("摄像头连不上wifi，一直显示离线", "连接配网"),
        ("要开增值税发票，抬头怎么改", "发票开具"),
        ("更新后APP一打开就闪退", "软件体验"),
        ("还差多少积分能兑换", "会员积分"),
        ("登不上账号，验证码也收不到", "账号登录"),
        ("身高一米七穿多大码", "尺码咨询"),
        ("快递显示签收但是我没收到货", "丢件未收"),
        ("空调什么时候上门安装，安装费多少", "安装服务"),
        ("今天天气不错", None),
        ("", None),
    ],
)
def test_touchpoint_of_plain_sentences(text, touchpoint):
    assert SHIPPED.touchpoints_of([text]) == [touchpoint]


def test_every_seed_alone_leads_to_its_own_touchpoint_or_to_none():
    for touchpoint in SHIPPED.touchpoints:
        for seed in touchpoint.seeds:
            (found,) = SHIPPED.touchpoints_of([seed])
            owners = {other.name for other in SHIPPED.touchpoints if seed in (*other.seeds, *other.hints)}
            assert found is None or found in owners, f"{seed} → {found}"


def test_a_tie_and_a_lone_hint_are_no_answer():
    taxonomy = Taxonomy(("甲",), (Touchpoint("一", "甲", ("退款",), ("快递",)), Touchpoint("二", "甲", ("发票",))))
    assert taxonomy.touchpoints_of(["退款发票", "快递", "快递退款发票"]) == [None, None, "一"]


def test_latin_terms_are_whole_words_in_any_case():
    taxonomy = Taxonomy(("甲",), (Touchpoint("一", "甲", ("app", "bug多")),))
    assert taxonomy.touchpoints_of(["这个APP", "apple", "我用app的", "Bug多"]) == ["一", None, "一", "一"]


@given(st.lists(st.text(alphabet="退款物流到哪了发票app 12闪退", max_size=12), max_size=6))
def test_the_answer_for_a_text_does_not_depend_on_the_others(texts):
    together = SHIPPED.touchpoints_of(texts)
    assert together == [SHIPPED.touchpoints_of([text])[0] for text in texts]


@given(st.sets(st.text(alphabet="ab退款货", min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_trie_finds_the_longest_term_as_a_plain_alternation_does(terms):
    taxonomy = Taxonomy(("甲",), (Touchpoint("一", "甲", tuple(terms)),))
    chinese = [term for term in terms if not re.search("[ab]", term)]
    for term in chinese:
        assert taxonomy._pattern.fullmatch(term)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("stages = [", "not valid TOML"),
        ('stages = ["甲"]', r"no \[\[touchpoint\]\]"),
        ('stages = ["甲"]\n[[touchpoint]]\nname = "一"\nstage = "乙"\nseeds = ["x"]', "is none of"),
        ('stages = ["甲"]\n[[touchpoint]]\nname = "一"\nstage = "甲"', "missing seeds"),
        ('stages = ["甲"]\n' + '[[touchpoint]]\nname = "一"\nstage = "甲"\nseeds = ["x"]\n' * 2, "given twice: 一"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path, content, message):
    path = tmp_path / "taxonomy.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_taxonomy(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        load_taxonomy(tmp_path / "none.toml")


def test_stage_of_a_touchpoint():
    assert SHIPPED.stage_of("退款进度") == "售后"
    with pytest.raises(ConfigError, match="not in the taxonomy"):
        SHIPPED.stage_of("没有这个")
