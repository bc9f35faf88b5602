from functools import cache

import pytest

from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.discover import DiscoveryRule, candidate_words, discover_words, keep_new
from analytics.text.lexicons import load_stop_words
from analytics.text.phrases import count_phrase_contacts, index_phrases
from analytics.text.segment import Segmenter, make_segmenter

NAME = "呛口小辣椒面膜"
FRAMES = (
    "刚买的{}用了脸红",
    "这个{}怎么退",
    "请问{}有货吗",
    "{}",
    "我想问下{}什么成分",
    "你们卖的{}是假的吧",
    "用完{}脸好疼",
    "为什么{}还没发货",
)
ORDINARY = (
    "物流很快,质量也不错",
    "物流很快",
    "客服态度很好,物流很快",
    "面膜收到了,还没用",
    "想买面膜,有活动吗",
    "这个面膜保湿效果可以",
    "我要退款,怎么申请",
    "订单什么时候发货",
    "发货速度很快,物流给力",
    "小辣椒零食有点咸",
    "电饭煲煮饭不错",
    "快递到哪里了",
)


@cache
def _segmenter() -> Segmenter:
    return make_segmenter("rjieba", load_words([DEFAULT_WORDS]))


def _day(n_named: int, n_ordinary: int, name: str = NAME) -> tuple[list[list[str]], list[str]]:
    texts = [FRAMES[i % len(FRAMES)].format(name) for i in range(n_named)]
    texts += [ORDINARY[i % len(ORDINARY)] for i in range(n_ordinary)]
    return [_segmenter().cut(text) for text in texts], [f"c{i}" for i in range(len(texts))]


def test_the_segmenter_does_not_know_the_name() -> None:
    assert len(_segmenter().cut(NAME)) == 4


@pytest.mark.parametrize("n_named", [15, 40, 300])
def test_the_planted_name_is_found_whole_and_nothing_else(n_named: int) -> None:
    found = discover_words(*_day(n_named, 600), stop_words=load_stop_words(), known=_usual(600))
    assert found["word"].tolist() == [NAME]
    assert found["parts"].tolist() == [["呛", "口", "小辣椒", "面膜"]]
    assert found["n_contacts"].tolist() == [n_named]
    assert found["cohesion"].item() > 3 and found["freedom"].item() > 1


def _usual(n_ordinary: int) -> dict[str, float]:
    """Contacts a day of everything that could be a word on an ordinary day."""
    turns, contacts = _day(0, n_ordinary)
    candidates = candidate_words(turns, contacts, stop_words=load_stop_words())
    return dict(count_phrase_contacts(turns, contacts, index_phrases(candidates["parts"])))


@pytest.mark.parametrize("n_ordinary", [0, 60, 600, 3000])
def test_an_ordinary_statement_is_never_a_name(n_ordinary: int) -> None:
    candidates = candidate_words(*_day(15, n_ordinary), stop_words=load_stop_words())
    assert not candidates["word"].str.contains("物流很快").any()


def test_a_name_that_history_has_is_not_new() -> None:
    day = _day(40, 300)
    stop_words = load_stop_words()
    assert NAME in set(discover_words(*day, stop_words=stop_words, known={NAME: 1.0})["word"])
    assert NAME not in set(discover_words(*day, stop_words=stop_words, known={NAME: 35.0})["word"])


def test_a_day_of_twice_as_much_makes_nothing_new() -> None:
    found = discover_words(*_day(0, 1200), stop_words=load_stop_words(), known=_usual(600))
    assert found.empty


def test_too_few_contacts_or_one_frame_only_is_no_word() -> None:
    stop_words = load_stop_words()
    assert NAME not in set(candidate_words(*_day(7, 300), stop_words=stop_words)["word"])
    tokens = [_segmenter().cut(f"回复{NAME}领取")] * 50
    assert NAME not in set(candidate_words(tokens, [str(i) for i in range(50)], stop_words=stop_words)["word"])


def test_many_turns_of_one_contact_are_one_contact() -> None:
    turns, _ = _day(40, 300)
    found = candidate_words(turns, ["same"] * 40 + [f"o{i}" for i in range(300)], stop_words=load_stop_words())
    assert NAME not in set(found["word"])


def test_of_nested_candidates_the_one_that_explains_the_count_stays() -> None:
    turns, contacts = _day(40, 300)
    turns += [_segmenter().cut(f"{NAME}辣得脸疼")] * 12
    contacts += [f"x{i}" for i in range(12)]
    candidates = candidate_words(turns, contacts, stop_words=load_stop_words())
    assert "小辣椒面膜" not in set(candidates["word"])
    assert keep_new(candidates, {}, rule=DiscoveryRule())["word"].str.contains(NAME).sum() == 1


def test_no_turns_no_words() -> None:
    assert discover_words([], [], stop_words=frozenset()).empty
