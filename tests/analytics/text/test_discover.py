import datetime as dt
import math
from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.discover import COLUMNS, InMemory, WithSample, discover_words
from analytics.text.lexicons import load_stop_words
from analytics.text.segment import Segmenter, make_segmenter
from analytics.text.units import unit_cutter
from analytics.text.word_rule import WordRule

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
    "申请退款一直没到账",
    "订单什么时候发货",
    "请问什么时候发货",
    "发货速度很快,物流给力",
    "小辣椒零食有点咸",
    "电饭煲煮饭不错",
    "快递到哪里了",
    "客服态度不好",
    "口罩什么价",
)
NEVER = ("物流很快", "客服态度", "什么时候发货", "申请退款")
LAST = dt.date(2026, 3, 29)


@cache
def _segmenter() -> Segmenter:
    return make_segmenter("rjieba", load_words([DEFAULT_WORDS]))


def turns(texts: list[str], day: dt.date = LAST, contacts: list[str] | None = None) -> pd.DataFrame:
    cuts = [_segmenter().cut_clauses(text) for text in texts]
    return pd.DataFrame(
        {
            "day": [day] * len(texts),
            "contact_id": contacts or [f"{day}-{i}" for i in range(len(texts))],
            "tokens": [tokens for tokens, _ in cuts],
            "breaks": [breaks for _, breaks in cuts],
        }
    )


def named(n: int, name: str = NAME) -> list[str]:
    return [FRAMES[i % len(FRAMES)].format(name) for i in range(n)]


@cache
def past(n_days: int, n_texts: int = 120) -> pd.DataFrame:
    """Ordinary days before the last one."""
    rng = np.random.default_rng(20260101)
    days = [
        turns([ORDINARY[i] for i in rng.integers(len(ORDINARY), size=n_texts)], LAST - dt.timedelta(days=before))
        for before in range(1, n_days + 1)
    ]
    return pd.concat(days) if days else turns([])


def found(today: pd.DataFrame, n_days: int = 28, **given: object) -> pd.DataFrame:
    source = InMemory.of([past(n_days), today] if n_days else [today], unit_cutter(load_words([DEFAULT_WORDS])))
    return discover_words(
        source,
        [LAST],
        history_days=28,
        stop_words=load_stop_words(),
        **{"rule": WordRule(), **given},  # type: ignore[arg-type]
    )


@pytest.mark.slow
@pytest.mark.parametrize("n_named", [15, 40, 300])
@pytest.mark.parametrize("n_days", [28, 7, 1])
def test_the_new_name_is_found_whole_and_nothing_else(n_named: int, n_days: int) -> None:
    words = found(turns(named(n_named) + list(ORDINARY) * 8), n_days)
    assert words.columns.tolist() == list(COLUMNS)
    assert words["word"].tolist() == [NAME]
    assert words["parts"].tolist() == [["呛", "口", "小辣椒", "面膜"]]
    assert words["n_contacts"].tolist() == [n_named]
    assert words["cohesion"].item() > 3 and words["freedom"].item() > 1
    assert words["usual"].item() == 0 and words["p_value"].item() < 1e-4


def test_without_a_past_it_is_found_by_its_form_and_its_usual_count_is_unknown() -> None:
    words = found(turns(named(20) + list(ORDINARY) * 8), 0)
    assert words["word"].tolist() == [NAME]
    assert math.isnan(words["usual"].item()) and math.isnan(words["p_value"].item())
    assert found(turns(named(14) + list(ORDINARY) * 8), 0).empty


@pytest.mark.parametrize("n_days", [28, 1, 0])
@pytest.mark.parametrize("phrase", NEVER)
def test_a_surge_of_an_ordinary_phrase_is_no_word(phrase: str, n_days: int) -> None:
    surge = [f"{before}{phrase}{after}" for before in ("", "你们", "这次") for after in ("", "啊", ",谢谢", ",唉")] * 6
    loose = [
        "物流到了吗",
        "这态度",
        "发货吧",
        "退款呢",
        "很快的",
        "怎么申请",
        "要发货",
        "什么态度",
        "物流呢",
        "退款了吗",
    ] * 8
    assert not set(NEVER) & set(found(turns(surge + loose + list(ORDINARY) * 8), n_days)["word"])


def test_of_two_pairs_that_rise_the_one_whose_parts_rise_elsewhere_too_is_no_word() -> None:
    texts = [f"{start}云端管家{end}" for start in ("", "这个", "请问") for end in ("", "呢", "怎么开", "没用")] * 2
    alone = [f"{start}{part}{end}" for part in ("云端", "管家") for start in ("", "这") for end in ("", "呢")] * 10
    assert found(turns(texts + list(ORDINARY) * 8))["word"].tolist() == ["云端管家"]
    assert found(turns(texts + alone + list(ORDINARY) * 8)).empty


def test_days_and_past_counted_apart_give_the_same_and_half_the_past_the_same_words() -> None:
    today, cut = turns(named(40) + list(ORDINARY) * 8), unit_cutter(load_words([DEFAULT_WORDS]))
    half = past(28)[past(28)["contact_id"].str[-1].isin(list("02468"))]
    given = {"history_days": 28, "stop_words": load_stop_words()}
    whole = discover_words(InMemory.of([past(28), today], cut), [LAST], **given)
    apart = [
        discover_words(WithSample(InMemory.of([today], cut), InMemory.of([before], cut)), [LAST], **given)
        for before in (past(28), half)
    ]
    pd.testing.assert_frame_equal(apart[0], whole)
    assert apart[1]["word"].tolist() == [NAME] and apart[1]["p_value"].item() > whole["p_value"].item()


def test_twice_the_volume_makes_nothing_new() -> None:
    assert found(turns(list(ORDINARY) * 16)).empty


def test_a_name_of_every_day_is_not_new_and_a_rejected_one_is_not_proposed() -> None:
    today = turns(named(40) + list(ORDINARY) * 8)
    usual = pd.concat([turns(named(12), LAST - dt.timedelta(days=n)) for n in range(1, 29)])
    usual["contact_id"] = "u" + usual["contact_id"]
    source = InMemory.of([past(28), today, usual], unit_cutter(load_words([DEFAULT_WORDS])))
    assert discover_words(source, [LAST], history_days=28, stop_words=load_stop_words()).empty
    assert found(today, rejected={NAME}).empty


def test_one_sentence_only_or_one_contact_only_is_no_word() -> None:
    assert found(turns([f"回复{NAME}领取"] * 50 + list(ORDINARY) * 8)).empty
    assert found(turns([f"亲,回复{NAME}领取,谢谢"] * 50 + list(ORDINARY) * 8)).empty
    same = turns(named(40), contacts=["same"] * 40)
    assert found(pd.concat([same, turns(list(ORDINARY) * 8)])).empty


def test_a_short_form_does_not_hide_the_name_nor_a_common_sentence_the_word() -> None:
    short = [text.replace(NAME, NAME[2:]) for text in named(10)]
    assert found(turns(named(24) + short + list(ORDINARY) * 8))["word"].tolist() == [NAME]
    longer = [f"{text}收到了" for text in (f"这个{NAME}", f"{NAME}", f"买的{NAME}", f"你们的{NAME}")] * 4
    assert found(turns(named(24) + longer + list(ORDINARY) * 8))["word"].tolist() == [NAME]


def test_nothing_crosses_a_clause() -> None:
    texts = [f"{start}呛口,小辣椒面膜{end}" for start in ("", "这个", "请问", "买的") for end in ("", "呢", "好吗")]
    words = found(turns(texts * 3 + list(ORDINARY) * 8))["word"]
    assert NAME not in set(words) and not words.str.startswith("呛口小").any()


def test_a_name_with_a_stop_word_in_it_is_whole_if_the_rest_is_never_said_without() -> None:
    assert found(turns(named(20, "显眼包客服") + list(ORDINARY) * 8))["word"].tolist() == ["显眼包客服"]


def test_no_turns_no_words() -> None:
    assert found(turns([]), 0).empty


@settings(max_examples=3)
@given(st.lists(st.integers(0, 4), min_size=30, max_size=30))
def test_the_number_of_parts_and_the_order_of_turns_make_no_difference(part_of: list[int]) -> None:
    today = turns(named(20) + named(12, "云朵S9洗地机") + list(ORDINARY) * 4)
    rows = pd.concat([past(3), today], ignore_index=True)
    part = rows["contact_id"].map(lambda contact: part_of[crc32(contact.encode()) % len(part_of)])
    parts = [rows[part == n].sample(frac=1.0, random_state=7) for n in sorted(set(part))]
    cut = unit_cutter(load_words([DEFAULT_WORDS]))
    one, many = (
        discover_words(InMemory.of(given, cut), [LAST], history_days=28, stop_words=load_stop_words())
        for given in ([rows], parts)
    )
    assert len(one) == 2
    pd.testing.assert_frame_equal(one, many, check_exact=True)


def test_a_day_gives_the_same_whatever_days_are_asked_with_it() -> None:
    days = [LAST - dt.timedelta(days=before) for before in range(28, -1, -1)]
    source = InMemory.of([past(28), turns(named(20) + list(ORDINARY) * 8)], unit_cutter(load_words([DEFAULT_WORDS])))
    stop_words = load_stop_words()
    all_days = discover_words(source, days, history_days=28, stop_words=stop_words)
    alone = discover_words(source, [LAST], history_days=28, stop_words=stop_words)
    pd.testing.assert_frame_equal(
        all_days[all_days["day"] == LAST].reset_index(drop=True), alone, check_exact=True, check_dtype=False
    )
