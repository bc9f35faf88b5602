"""Verbatims: of different contacts, saying different things, the same for any order of reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.inbox.evidence import N_VERBATIMS, Evidence, Verbatim, choose_verbatims

TURNS = st.lists(
    st.builds(
        lambda contact, text, score: Verbatim(contact, text, text, score),
        st.sampled_from("abcdef"),
        st.text("退款面膜物流慢好，。 a", max_size=90),
        st.none() | st.floats(-1, 1),
    ),
    max_size=12,
)


@given(TURNS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_few_lines(turns: list[Verbatim], random) -> None:
    chosen = choose_verbatims(Evidence(turns=turns, key="面膜", terms=["物流"]))
    shuffled = list(turns)
    random.shuffle(shuffled)
    assert choose_verbatims(Evidence(turns=shuffled, key="面膜", terms=["物流"])) == chosen
    assert len(chosen) <= N_VERBATIMS
    assert len(set(chosen)) == len(chosen)
    assert all(line.strip() and len(line) <= 60 and "\n" not in line for line in chosen)


def test_the_key_comes_first_then_length_then_mood() -> None:
    turns = [
        Verbatim("a", "太差了", "太差了", -1.0),
        Verbatim("b", "物流到现在都没有更新过", "物流到现在都没有更新过", -0.5),
        Verbatim("c", "麻烦帮我开一张发票吧", "麻烦帮我开一张发票吧", 0.0),
        Verbatim("d", "極速 退怎麼申請呢", "极速 退怎么申请呢", 0.9),
    ]
    assert choose_verbatims(Evidence(turns=turns, key="极速退")) == [
        "極速 退怎麼申請呢",
        "物流到现在都没有更新过",
        "麻烦帮我开一张发票吧",
    ]


def test_what_tells_of_the_incident_comes_before_what_is_merely_unhappy() -> None:
    texts = {"a": "你们太让人失望了吧", "b": "物流还停在分拨中心", "c": "物流好几天没动了呢"}
    turns = [Verbatim(name, text, text, -1.0 if name == "a" else 0.0) for name, text in texts.items()]
    chosen = choose_verbatims(Evidence(turns=turns, terms=["物流", "分拨"]))
    assert chosen == [texts["b"], texts["c"], texts["a"]]


def test_one_contact_speaks_once_and_a_long_turn_is_cut() -> None:
    turns = [
        Verbatim("a", "一二三四五六七八九十" * 9, "一二三四五六七八九十" * 9),
        Verbatim("a", "完全不同的话语内容", "完全不同的话语内容"),
    ]
    assert choose_verbatims(Evidence(turns=turns)) == ["完全不同的话语内容"]
    (line,) = choose_verbatims(Evidence(turns=turns[:1]))
    assert (len(line), line[-1]) == (60, "…")
    assert choose_verbatims(Evidence()) == []


def test_a_shared_clause_is_enough_to_be_left_out_unless_there_is_nothing_else() -> None:
    said = ["十天了没有更新，包裹是不是丢了，急死我了", "10天没动，包裹是不是丢了，太不负责", "客服电话一直占线"]
    turns = [Verbatim(f"c{number}", text, text, -0.9 + number / 10) for number, text in enumerate(said)]
    assert choose_verbatims(Evidence(turns=turns), 2) == [said[0], said[2]]
    assert choose_verbatims(Evidence(turns=turns[:2]), 2) == said[:2]


def test_a_long_turn_is_cut_around_its_key() -> None:
    long = "前面说了很多别的事情，" * 8 + "然后面膜过敏了" + "，后面又说了很多" * 8
    (quoted,) = choose_verbatims(Evidence(turns=[Verbatim("c1", long, long)], key="面膜"))
    assert "面膜" in quoted
    assert len(quoted) <= 60
    assert quoted[0] == quoted[-1] == "…"
