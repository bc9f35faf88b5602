from __future__ import annotations

import pandas as pd
import pytest

from analytics.topics.documents import contact_matters
from analytics.topics.model import TopicModel
from analytics.topics.openings import MIN_CONTACTS, Openings
from analytics.topics.segments import SEGMENT_COLUMNS, assign_matters

pytestmark = pytest.mark.slow


LATER = ("好的我等着", "那你们尽快处理吧", "已经说过一遍了", "能不能快点", "我看看再说", "你说的我没听懂")


@pytest.fixture(scope="module")
def openings(planted):
    texts, _ = planted(MIN_CONTACTS)
    return Openings.learn([[text, LATER[place % 6]] for place, text in enumerate(texts)], seed=1)


def contacts(*said):
    rows = [(f"c{row}", turn, text) for row, texts in enumerate(said) for turn, text in enumerate(texts)]
    return contact_matters(pd.DataFrame(rows, columns=["contact_id", "turn", "text_simplified"]))


def topic_of(model, text):
    return model.assign([text])["topic_id"].iloc[0]


PARCEL, MONEY, BILL = (
    "我的快递卡在中转站好几天，查一下物流进度",
    "申请的退款还没到账，银行卡没收到",
    "电子发票抬头写错了要重开",
)


def test_two_matters_are_found_in_their_order(fitted, openings):
    model, _, _ = fitted
    given = contacts([PARCEL, "好的", MONEY], [MONEY], [BILL])
    assigned, segments = assign_matters(model, openings, given, max_segments=2)
    assert segments["contact_id"].tolist() == ["c0", "c0"] and segments["segment"].tolist() == [0, 1]
    assert segments["topic_id"].tolist() == [topic_of(model, PARCEL), topic_of(model, MONEY)]
    assert segments["first_turn"].tolist() == [0, 2] == segments["last_turn"].tolist()
    assert assigned["topic_id"].tolist() == [topic_of(model, text) for text in (PARCEL, MONEY, BILL)]
    assert assigned["text"].tolist() == [PARCEL, MONEY, BILL]
    assert segments["topic_similarity"].iloc[0] == pytest.approx(assigned["topic_similarity"].iloc[0])


@pytest.mark.parametrize("most", [1, 2, 3])
def test_there_are_no_more_matters_than_allowed(fitted, openings, most):
    _, segments = assign_matters(fitted[0], openings, contacts([PARCEL, MONEY, BILL]), max_segments=most)
    assert len(segments) in {1: (0,), 2: (0, 2), 3: (3,)}[most]  # two of three in one part may be no topic
    assert list(segments.columns) == list(SEGMENT_COLUMNS)


def test_a_matter_said_twice_is_one(fitted, openings):
    again = contacts([PARCEL, "这个包裹怎么还没到，帮我催一下"], [PARCEL, MONEY, PARCEL])
    _, segments = assign_matters(fitted[0], openings, again, max_segments=3)
    assert segments["contact_id"].tolist() == ["c1", "c1"]


def test_talk_of_the_handling_is_no_second_matter(fitted, openings):
    _, segments = assign_matters(fitted[0], openings, contacts([PARCEL, *LATER]), max_segments=2)
    assert segments.empty


def test_without_topics_openings_or_contacts_there_is_one_matter(fitted, openings):
    two = contacts([PARCEL, MONEY])
    for model, learnt in ((TopicModel.empty("none"), openings), (fitted[0], Openings())):
        assigned, segments = assign_matters(model, learnt, two, max_segments=2)
        assert len(assigned) == 1 and segments.empty
    assigned, segments = assign_matters(fitted[0], openings, two.iloc[:0], max_segments=2)
    assert assigned.empty and segments.empty
