"""New matters among made-up contacts: ordinary ones are drawn from a few sentences with words put in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.topics.emerging import emerging_matters

TODAY = dt.date(2026, 5, 29)
THINGS = (
    "快递",
    "包裹",
    "耳机",
    "面膜",
    "外套",
    "破壁机",
    "手机壳",
    "台灯",
    "键盘",
    "雨伞",
    "水杯",
    "书包",
    "床单",
    "拖鞋",
    "相机",
)
WHEN = ("昨天", "前天", "上周", "周一", "周三", "早上", "下午", "半个月前", "刚刚", "月初")
ORDINARY = (
    "{when}买的{thing}到哪了 一直没动静",
    "我的{thing}怎么还不发货 {when}就付款了",
    "{thing}坏了想换一个 {when}收到的",
    "{when}申请的退款还没到账 {thing}都寄回去了",
    "{thing}少了一件配件 {when}才拆开看",
    "发票什么时候开 {when}买的{thing}",
    "{thing}有优惠券吗 {when}还看到有活动",
    "想改{thing}的收货地址 {when}填错了",
)
NEW = (
    "门店刷脸支付扣了两次 {thing}只买了一个",
    "刷脸支付失败了 {when}在门店买{thing}",
    "为什么刷脸以后没有小票 {thing}怎么退",
    "{when}门店刷脸支付认成别人了",
    "刷脸支付怎么关掉 不想用",
    "门店买{thing}一定要刷脸吗",
    "刷脸支付的钱退到哪里 {when}退了{thing}",
    "老人不会刷脸 门店不给付现金",
)


def said(rng, frames):
    return frames[rng.integers(len(frames))].format(when=rng.choice(WHEN), thing=rng.choice(THINGS))


def weeks(seed=0, *, n_days=21, n_texts=120, frames=ORDINARY):
    rng = np.random.default_rng(seed)
    rows = [
        (TODAY - dt.timedelta(days=back), f"c{back}-{n}", said(rng, frames), None)
        for back in range(n_days + 1)
        for n in range(rng.poisson(n_texts))
    ]
    return pd.DataFrame(rows, columns=["day", "contact_id", "text", "topic_id"])


def with_texts(documents, texts, *, day=TODAY, topics=(None,)):
    rows = [(day, f"new{day.day}-{n}", text, topics[n % len(topics)]) for n, text in enumerate(texts)]
    return pd.concat([documents, pd.DataFrame(rows, columns=documents.columns)], ignore_index=True)


def new_texts(n, seed=1):
    rng = np.random.default_rng(seed)
    return [said(rng, NEW) for _ in range(n)]


@pytest.mark.parametrize("topics", [(None,), ("t001", None, "t002", "t003")])
def test_a_planted_matter_is_found_on_its_first_day(topics):
    (matter,) = emerging_matters(with_texts(weeks(), new_texts(26), topics=topics), TODAY)
    own = [contact.startswith("new") for contact in matter.contact_ids]
    assert sum(own) >= 0.8 * 26
    assert np.mean(own) >= 0.9
    assert matter.p_value < 1e-3
    assert matter.expected < 2
    assert any("刷脸" in phrase for phrase in matter.phrases)


def test_nothing_is_found_before_it_begins_nor_while_the_days_behind_are_few():
    documents = with_texts(weeks(), new_texts(26))
    assert emerging_matters(documents, TODAY - dt.timedelta(days=1)) == []
    week = documents[documents["day"] >= TODAY - dt.timedelta(days=6)]
    assert emerging_matters(week, TODAY) == []


def test_a_steady_centre_gives_no_false_alarm():
    """24 days at a rate of one in fifty: two alarms have a chance of 8 %. The seeds are fixed."""
    found = [
        matter
        for seed in range(4)
        for documents in [weeks(seed, n_days=20, n_texts=60, frames=ORDINARY + NEW)]
        for back in range(6)
        for matter in emerging_matters(documents, TODAY - dt.timedelta(days=back))
    ]
    assert len(found) <= 1


def test_twice_as_many_contacts_of_everything_are_no_matter():
    rng = np.random.default_rng(5)
    assert emerging_matters(with_texts(weeks(), [said(rng, ORDINARY) for _ in range(120)]), TODAY) == []


@pytest.mark.parametrize(
    "texts",
    [
        ["清仓特卖加我微信领红包手慢无"] * 60,
        [f"清仓特卖加我微信领红包 只剩{n}件手慢无哦" for n in range(60)],
        [f"清仓特卖加我微信领红包手慢无{thing}" for thing in THINGS] * 4,
    ],
)
def test_one_text_sent_by_many_is_no_matter(texts):
    assert emerging_matters(with_texts(weeks(), texts), TODAY) == []


def test_one_person_is_not_many():
    documents = with_texts(weeks(), new_texts(26))
    is_new = documents["contact_id"].str.startswith("new")
    one = documents.assign(person_id=np.where(is_new, "p1", documents["contact_id"]))
    assert emerging_matters(one, TODAY) == []
    assert len(emerging_matters(one.assign(person_id=documents["contact_id"]), TODAY)) == 1


def test_an_old_matter_without_a_topic_counts_against_its_own_days():
    documents = weeks()
    for back in range(1, 22):
        documents = with_texts(documents, new_texts(12, seed=back), day=TODAY - dt.timedelta(days=back))
    assert emerging_matters(with_texts(documents, new_texts(16)), TODAY) == []
    (matter,) = emerging_matters(with_texts(documents, new_texts(110)), TODAY)
    assert 5 < matter.expected < 25


def test_what_one_topic_holds_is_that_topics_own_rise():
    assert emerging_matters(with_texts(weeks(), new_texts(26), topics=("t001", "t001", None)), TODAY) == []


def test_a_young_topic_that_holds_a_part_of_it_is_the_same_matter_in_other_words():
    documents = with_texts(weeks(), new_texts(26), topics=("t009", None, None, "t001"))
    assert emerging_matters(documents, TODAY, young=["t009"]) == []
    assert len(emerging_matters(documents, TODAY, young=["t008"])) == 1


def test_the_order_of_rows_does_not_matter():
    documents = with_texts(weeks(), new_texts(26))
    assert emerging_matters(documents.sample(frac=1, random_state=0), TODAY) == emerging_matters(documents, TODAY)


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="topic_id"):
        emerging_matters(weeks().drop(columns="topic_id"), TODAY)
