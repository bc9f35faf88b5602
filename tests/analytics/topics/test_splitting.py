from __future__ import annotations

import pytest

from analytics.errors import ConfigError
from analytics.topics.embed import CharLsa
from analytics.topics.splitting import parts_of

BILLS = ["发票抬头写错了能重开吗", "电子发票什么时候发我邮箱", "发票税号填错想换开", "公司报销需要纸质发票"]
BOILS = ["水壶烧水一直跳闸", "水壶用了两天不加热了", "水壶底座没反应烧不开", "水壶漏电跳闸吓人"]
WORDS = ("发票", "水壶", "跳闸", "抬头", "税号")


def split(texts, n_parts):
    vectors = CharLsa.fit(texts, 7).transform(texts)
    return parts_of(texts, vectors, n_parts, seed=7, tokenize=lambda text: [word for word in WORDS if word in text])


def test_two_matters_of_one_topic_come_apart_with_words_that_tell_them():
    texts = [f"{text}第{number}次问" for number in range(9) for text in (*BILLS, *BOILS)]
    bills, boils = sorted(split(texts, 2), key=lambda part: part.words[0], reverse=False)
    assert bills.words[0] == "发票" and set(boils.words[:2]) == {"水壶", "跳闸"}
    assert all("发票" in texts[place] or "报销" in texts[place] for place in bills.members)
    assert sorted([*bills.members, *boils.members]) == list(range(len(texts)))
    assert split(texts, 2) == split(texts, 2)


def test_too_few_texts_say_how_many_are_needed():
    with pytest.raises(ConfigError, match="needs 40 different texts, this topic has 8"):
        split([*BILLS, *BOILS], 2)
