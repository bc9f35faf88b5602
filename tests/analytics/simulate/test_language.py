"""What is said is varied, and the words show the mood."""

import re
from collections import Counter
from statistics import mean

import pytest

from analytics.simulate.grammar import MOODS, load_grammar

pytestmark = pytest.mark.slow


NEGATIVE = re.compile(
    "差|失望|气|烦|坑|恶心|垃圾|无语|投诉|骗|敷衍|太慢|没人|凭什么|糊弄|过分|离谱|浪费|烂|后悔|难受|疼|红|"
    "骂|服了|拉黑|崩溃|不负责|没诚信|套路|寒心|不接受|就这|冷血|无耻|无赖|忽悠|耍|没劲|没意思|不满意|太|到底|"
    "不守信|不见|赔|坏|怎么|搞|受够|不行|没用|说法|报警|强盗|催"
)
POSITIVE = re.compile("好|谢|满意|赞|棒|喜欢|开心|感谢|快|放心|五星|贴心|专业|爱了|辛苦|太值|良心|给力|不错|真|惊喜")


@pytest.fixture(scope="module")
def grammar():
    return load_grammar()


@pytest.mark.parametrize("index", range(21))
def test_every_topic_has_many_frames(grammar, index):
    topic = grammar.topics[index]
    frames = sum(len(topic.ask[mood]) + len(topic.follow[mood]) for mood in MOODS)
    assert frames >= 25
    assert sum(len(frame) for mood in MOODS for frame in topic.ask[mood]) >= 60


def test_there_are_enough_topics_and_products(grammar):
    assert sum(topic.share > 0 for topic in grammar.topics) == 19
    assert len(grammar.words.products) == 10
    assert len({product.category for product in grammar.words.products}) == 5


def test_the_keyword_has_forty_frames(grammar):
    topic = grammar.topics[grammar.topic_index("呛口小辣椒面膜")]
    assert sum(len(topic.ask[mood]) for mood in MOODS) >= 40


def test_customers_rarely_say_the_same(days):
    texts = [text for seen in days.values() for contact in seen for text in contact.customer_texts if len(text) >= 8]
    counts = Counter(texts)
    assert len(counts) / len(texts) > 0.7
    assert counts.most_common(1)[0][1] / len(texts) < 0.01


def test_negative_words_are_negative_and_positive_ones_positive(days):
    seen = [contact for index in (14, 15, 21) for contact in days[index]]
    bad = ["".join(c.customer_texts) for c in seen if c.mood == "negative"]
    good = ["".join(c.customer_texts) for c in seen if c.mood == "positive"]
    assert mean(bool(NEGATIVE.search(text)) for text in bad) > 0.97
    assert mean(bool(POSITIVE.search(text)) for text in good) > 0.97


def test_moods_and_channels_have_sane_shares(days):
    seen = [contact for index in (14, 15, 21, 28, 32) for contact in days[index]]
    moods = Counter(contact.mood for contact in seen)
    assert 0.22 < moods["negative"] / len(seen) < 0.36
    assert 0.45 < moods["neutral"] / len(seen) < 0.65
    assert 0.09 < moods["positive"] / len(seen) < 0.22
    channels = Counter(contact.channel for contact in seen)
    wanted = {"phone": 0.30, "app": 0.25, "web": 0.15, "wechat": 0.22, "weibo": 0.08}
    assert {name: channels[name] / len(seen) for name in wanted} == pytest.approx(wanted, abs=0.035)


def test_the_day_has_its_peaks(days):
    hours = Counter(contact.started_at.hour for index in (14, 15, 21, 28, 32) for contact in days[index])
    assert min(hours[10], hours[11], hours[14], hours[15]) > 1.15 * hours[18]
    assert hours[20] > hours[18] > 5 * hours[3]


def test_there_is_something_to_mask_and_to_convert(days):
    texts = [text for seen in days.values() for contact in seen for text in contact.customer_texts]
    assert sum(bool(re.search(r"1[3-9]\d{9}", text)) for text in texts) > 200
    assert sum(bool(re.search(r"[a-z]+\d+@\w+\.com", text)) for text in texts) > 15
    assert sum(bool(re.search(r"\d{19}", text)) for text in texts) > 200
    written = [text for seen in days.values() for c in seen if c.kind == "chat" for text in c.customer_texts]
    assert 0.01 < mean(bool(re.search("[嗎麼還這沒貨單幫請謝]", text)) for text in written) < 0.05
    assert any("M3-Pro" in text for text in written)
    assert any("iPhone 17" in text for text in written)
