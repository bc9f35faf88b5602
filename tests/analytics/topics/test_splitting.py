from __future__ import annotations

import numpy as np
import pytest

from analytics.errors import ConfigError
from analytics.topics.splitting import parts_of

BILLS = ["发票抬头写错了能重开吗", "电子发票什么时候发我邮箱", "发票税号填错想换开", "发票没有寄到公司"]
BOILS = ["水壶烧水一直跳闸", "水壶用了两天不加热了", "水壶底座没反应烧不开", "水壶漏电跳闸吓人", "水壶盖子合不上"]
TEXTS = [f"{text}第{number}次问" for number in range(6) for text in (*BILLS, *BOILS)]
WORDS = ("发票", "水壶", "跳闸", "抬头", "税号", "次问")


def split(texts, n_parts):
    """Texts of one topic share most of their vector; what differs is small and points one of two ways."""
    draw = np.random.default_rng(7)
    vectors = np.array([[3.0, "发票" in text, "水壶" in text] for text in texts], np.float32)
    vectors += draw.normal(0, 0.1, vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return parts_of(texts, vectors, n_parts, seed=7, tokenize=lambda text: [word for word in WORDS if word in text])


def test_two_matters_of_one_topic_come_apart_with_words_that_tell_them():
    boils, bills = split(TEXTS, 2)  # the larger part first
    assert (boils.words[0], bills.words[0]) == ("水壶", "发票")
    assert all("发票" in TEXTS[place] for place in bills.members)
    assert sorted([*bills.members, *boils.members]) == list(range(len(TEXTS)))
    assert split(TEXTS, 2) == [boils, bills]


def test_too_few_texts_say_how_many_are_needed():
    with pytest.raises(ConfigError, match="needs 40 different texts, this topic has 9"):
        split([*BILLS, *BOILS], 2)
