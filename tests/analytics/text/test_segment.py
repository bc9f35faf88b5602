import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.lexicons import load_lexicons
from analytics.text.normalise import normalise
from analytics.text.redact import MASKS
from analytics.text.segment import HAN, Segmenter, UserWord, make_segmenter

WORDS = load_lexicons().words
SEGMENTERS = {name: make_segmenter(name, WORDS) for name in ("rjieba", "jieba")}  # type: ignore[arg-type]
PIECES = (
    "我要", "退款", "不好用", "极速退", "没", "iP", "17", ".", "-", "😀", "[手机]", "[订单#a1]", ",", "。", "T恤",
    "小米", "14", "iPhone", "Pro", "https://a.cn/b?c=1", "5G", "的", "1,299", "10:30", "[",
    "㐂", "𠀀", "々", " ", "\n", " 17 ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@pytest.fixture(params=sorted(SEGMENTERS))
def segmenter(request: pytest.FixtureRequest) -> Segmenter:
    return SEGMENTERS[request.param]


# text | words, parted by a slash; / in a text is written ／
GOLDEN = """
我要极速退,不要仅退款 | 我要/极速退/不要/仅退款
一次性解决率多少 | 一次性解决率/多少
七天无理由退货怎么弄 | 七天无理由退货/怎么弄
支持7天无理由吗 | 支持/7天无理由/吗
快递没收到,打不开门 | 快递/没收到/打不开/门
用不了也连不上,还退不了 | 用不了/也/连不上/还/退不了
收不到验证码 | 收不到验证码
真的不好用 | 真的/不好用
开不了机充不进电 | 开不了机/充不进电
没人接也没人管 | 没人接/也/没人管
iPhone17和M3-Pro还有1.6L的10000mAh | iPhone17/和/M3-Pro/还有/1.6L/的/10000mAh
iPhone 17 Pro什么时候到 | iPhone17Pro/什么/时候/到
iPhone17Pro Max 256G白色 | iPhone17ProMax/256G/白色
iphone 17坏了 | iphone17/坏/了
我买的小米14坏了 | 我/买/的/小米14/坏/了
小米14 Ultra换成华为Mate 60 Pro+ | 小米14Ultra/换成/华为Mate60Pro+
米家3C和Redmi K70哪个好 | 米家3C/和/RedmiK70/哪个/好
Redmi Note 13 Pro+ 5G | RedmiNote13Pro+5G
OPPO Find X7 Ultra | OPPOFindX7Ultra
vivo X100s拍照 | vivoX100s/拍照
荣耀Magic6至臻版 | 荣耀Magic6/至臻版
海尔BCD-470冰箱 | 海尔BCD-470/冰箱
AirPods Pro 2左耳没声音 | AirPodsPro2/左耳/没声音
iPad mini 6屏幕 | iPadmini6/屏幕
ThinkPad X1 | ThinkPadX1
特斯拉Model 3 | 特斯拉Model3
Windows 11蓝屏 | Windows11/蓝屏
iOS 17.3.1更新 | iOS17.3.1/更新
WiFi 6路由器 | WiFi6/路由器
升级到V2.3.1就闪退 | 升级/到/V2.3.1/就/闪退
小米10号发货吗 | 小米/10/号/发货/吗
小米2000多买的 | 小米/2000/多/买/的
华为20天没发货 | 华为/20/天/没发货
苹果15块一斤 | 苹果/15/块/一斤
iPad 2台都没到 | iPad/2/台/都/没到
美的1.5匹空调不制冷 | 美的/1.5/匹/空调/不制冷
我的iPhone 12个月 | 我/的/iPhone/12/个/月
5G信号差4G也差 | 5G/信号/差/4G/也/差
Type-C接口松了 | Type-C接口/松/了
USB-C转HDMI | USB-C/转/HDMI
这件T恤不好用😀👍🏻!!! | 这件/T恤/不好用
这件T恤XL码不对 | 这件/T恤/XL/码/不/对
ABC接口 | ABC/接口
4S店在哪 | 4S店/在/哪
C++写的APP | C++/写/的/APP
i7-12700 | i7-12700
看https://item.example.com/1.html?x=1怎么样 | 看/怎么样
www.example.com打不开 | 打不开
10:30到12:00之间 | 10:30/到/12:00/之间
原价1,299元现在999.00元 | 原价/1,299/元/现在/999.00/元
一共3,5,7件 | 一共/3/5/7/件
50%的人 | 50%/的/人
2026-03-01下单 | 2026-03-01/下单
24小时客服 | 24/小时/客服
打[手机]或[数字x]。#E-s[数字x] | 打/或
订单[订单#a1]的快递[运单#a12]呢 | 订单/的/快递/呢
[姓名]你好[姓名x] | 你好
又坏了😠还不退款 | 又坏了/还/不退款
好好好!!! | 好好/好
你们的VIP会员和PLUS会员 | 你们/的/VIP会员/和/PLUS会员
U盘读不出来 | U盘/读不出来
换了3次滤芯,2.5kg | 换/了/3/次/滤芯/2.5kg
AC米兰 | AC/米兰
\u3000 |
... |
"""
EXAMPLES = [
    (text.strip(), [word for word in words.strip().split("/") if word])
    for text, words in (line.split("|") for line in GOLDEN.strip().splitlines())
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_golden(segmenter: Segmenter, text: str, expected: list[str]) -> None:
    assert segmenter.cut(text) == expected


def test_the_golden_examples_are_many_and_normal() -> None:
    assert len(EXAMPLES) >= 60
    assert [text for text, _ in EXAMPLES if normalise(text) != text] == []


@pytest.mark.parametrize("text", ["", " \n ", "😀👍🏻"])
def test_nothing_to_cut(segmenter: Segmenter, text: str) -> None:
    assert segmenter.cut_clauses(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "words", "breaks"),
    [
        ("物流慢,客服好", ["物流慢", "客服", "好"], [1]),
        ("物流慢 客服好", ["物流慢", "客服", "好"], [1]),
        ("买iPhone 手机", ["买", "iPhone", "手机"], []),
        ("慢😠差", ["慢", "差"], [1]),
        ("打[手机]找我", ["打", "找", "我"], [1]),
        ("慢\n差", ["慢", "差"], [1]),
        ("。慢!?差。", ["慢", "差"], [1]),
    ],
)
def test_clauses(segmenter: Segmenter, text: str, words: list[str], breaks: list[int]) -> None:
    assert segmenter.cut_clauses(text) == (words, breaks)


def test_a_mixed_word_does_not_begin_inside_a_longer_name() -> None:
    segmenter = make_segmenter("rjieba", [UserWord("C接口"), UserWord("无线AP")])
    assert segmenter.cut("ABC接口")[0] == "ABC"
    assert segmenter.cut("C接口坏了")[0] == "C接口"
    assert segmenter.cut("家里无线AP坏了,无线APP没坏")[:2] == ["家里", "无线AP"]
    assert "无线AP" not in segmenter.cut("无线APP")


@given(st.text(alphabet="我要退款好不用极速iP17.+- 😀[手机],。T恤", max_size=30))
def test_words_are_pieces_of_the_text_in_order(text: str) -> None:
    position = 0
    for word in SEGMENTERS["rjieba"].cut(text):
        position = text.index(word, position) + len(word)


@given(TEXTS)
@example("iPhone 17 Pro小米14")
def test_words_hold_no_space_and_breaks_lie_between_them(text: str) -> None:
    words, breaks = SEGMENTERS["rjieba"].cut_clauses(text)
    assert words == SEGMENTERS["rjieba"].cut(text)
    assert all(word and not re.search(r"\s", word) for word in words)
    assert breaks == sorted(set(breaks)) and all(0 < place < len(words) for place in breaks)
    joined = "".join(text.split())
    assert all(word in joined for word in words)


@given(st.one_of(TEXTS, st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=12)))
def test_both_libraries_cut_anything_alike(text: str) -> None:
    assert SEGMENTERS["jieba"].cut_clauses(text) == SEGMENTERS["rjieba"].cut_clauses(text)


def test_every_domain_word_comes_out_whole_of_a_plain_sentence() -> None:
    cut = SEGMENTERS["rjieba"].cut
    frames = ("我说{}的事", "这个{}怎么办", "请问{}吗", "{}")
    lists = load_words([DEFAULT_WORDS])
    assert [(word.word, f) for word in lists for f in frames if word.word not in cut(f.format(word.word))] == []


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(ConfigError, match="rjieba"):
        make_segmenter("hanlp", [])  # type: ignore[arg-type]


@pytest.mark.parametrize("mask", [*MASKS, "[手机#a2]", "[订单#a1]", "[QQ#a12]"])
def test_a_token_of_masking_is_no_word(mask: str) -> None:
    assert make_segmenter("rjieba", []).cut(f"退款{mask}好{mask}{mask}") == ["退款", "好"]


def test_the_dictionary_is_named_by_its_hash() -> None:
    assert SEGMENTERS["rjieba"].dictionary == SEGMENTERS["jieba"].dictionary == load_lexicons().words_hash
    assert re.fullmatch(f"[{HAN}]+", "退款") and not re.search(f"[{HAN}]", "ab1,。😀")
