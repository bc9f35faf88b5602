from random import Random

from analytics.simulate.grammar import load_grammar
from analytics.simulate.handwriting import Hand, mistype
from analytics.simulate.persons import Person

NOISE = load_grammar().noise


def _person(*, traditional=False, typo_share=0.0, emoji_share=0.0):
    return Person(1, "13800000000", True, traditional, emoji_share, 0.0, typo_share)


def test_a_traditional_customer_writes_traditional():
    hand = Hand(_person(traditional=True), "app", NOISE, Random(1))
    assert hand.write("为什么还没发货", "neutral").startswith("為什麼還沒發貨")


def test_a_plain_customer_changes_no_character():
    written = Hand(_person(), "app", NOISE, Random(2)).write("怎么还没发货呢", "neutral")
    assert written.rstrip("。") == "怎么还没发货呢"


def test_bracketed_emoji_are_only_where_they_exist():
    texts = [Hand(_person(emoji_share=1.0), "app", NOISE, Random(n)).write("好的", "neutral") for n in range(80)]
    assert not any("[" in text for text in texts)
    assert any(
        "[" in Hand(_person(emoji_share=1.0), "wechat", NOISE, Random(n)).write("好", "neutral") for n in range(80)
    )


def test_the_planted_keyword_is_never_mistyped_here():
    assert mistype("退款呛口小辣椒面膜", NOISE.typos, Random(1)) == "退款呛口小辣椒面膜"
