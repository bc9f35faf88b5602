"""The watch over days of a lake: what emerges becomes a topic by a refit, is noted, and alarms on its first day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.settings import Settings, TopicSettings
from analytics.topics.embed import CharLsa
from analytics.topics.emerging import EmergingMatter
from analytics.topics.model import TopicModel, topic_frame
from jobs.contacts import understood_contacts
from jobs.lake import Lake
from jobs.spike_births import born_contacts
from jobs.topic_emerging import births_of, with_emerging
from jobs.window import Window

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1200)]

FIRST, TODAY = dt.date(2026, 5, 20), dt.date(2026, 5, 29)
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
ORDINARY = ("{}到哪了一直没动静", "{}坏了想换一个", "{}的退款还没到账", "{}什么时候有优惠", "想给{}改收货地址")
NEW = ("门店刷脸支付扣了两次{}", "刷脸支付失败了{}没买成", "刷脸以后没有小票{}怎么退", "门店买{}一定要刷脸吗")


def made_lake(spark, root):
    """Ten days of sixty ordinary contacts, and twenty of something new on the last."""
    contacts, utterances = [], []
    rng = np.random.default_rng(0)

    def add(day, number, text):
        began = dt.datetime(day.year, day.month, day.day, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=4 * number)
        one = {"day": day, "contact_id": f"{day:%m%d}-{number:02d}"}
        contacts.append({**one, "source": "demo", "kind": "chat", "channel": "app", "started_at": began})
        said = {"turn": 0, "speaker": "customer", "said_at": began, "text": text, "text_simplified": text}
        utterances.append({**one, **said})

    for back in range((TODAY - FIRST).days + 1):
        for number in range(60):
            add(FIRST + dt.timedelta(back), number, ORDINARY[rng.integers(5)].format(rng.choice(THINGS)))
    for number in range(20):
        add(TODAY, 60 + number, NEW[number % 4].format(THINGS[number % len(THINGS)]))
    lake = Lake(root / "lake")
    for name, rows in (("contact", contacts), ("utterance", utterances)):
        table = pa.Table.from_pylist(rows, schema=TABLES[name].arrow())
        lake.replace_arrow(spark, table, name, Window(FIRST, TODAY))
    return lake


def model_of(groups):
    """A model with a topic for each group of texts."""
    embedder = CharLsa.fit([text for texts in groups for text in texts], 0)
    centroids = np.stack([embedder.transform(texts).mean(axis=0) for texts in groups])
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    rows = [(f"t{place:03d}", f"主题{place}", [], None) for place in range(1, len(groups) + 1)]
    return TopicModel(embedder, centroids.astype(np.float32), 0.3, topic_frame(rows))


@pytest.fixture(scope="module")
def watched(spark, tmp_path_factory):
    """The lake after the watch, the models and what the refit was asked."""
    root = tmp_path_factory.mktemp("emerging")
    lake, settings = made_lake(spark, root), Settings(home=root)
    ordinary = [[frame.format(thing) for thing in THINGS] for frame in ORDINARY]
    first, asked = root / "first", []
    model_of(ordinary).save(first)

    def fit(documents, settings, model, seeds):
        asked.append((documents.count(), seeds))
        model_of([*ordinary, *seeds]).save(root / "second")
        return root / "second"

    model = with_emerging(spark, lake, settings, Window(TODAY, TODAY), first, fit)
    return lake, settings, (first, model), asked, fit


def test_what_emerges_becomes_a_topic_and_is_noted(spark, watched):
    lake, _, (first, model), asked, _ = watched
    assert model != first
    ((n_documents, (seed,)),) = asked
    assert n_documents == 620
    assert all("刷脸" in text for text in seed)
    (birth,) = lake.read(spark, "topic_birth").collect()
    assert (birth.day, birth.topic_id) == (TODAY, "t006")
    assert birth.expected < 2 < 15 < birth.n_texts <= len(birth.contact_ids) == 20


def test_watched_again_the_day_gives_no_second_birth_and_keeps_the_first(spark, watched):
    lake, settings, (_, model), _, fit = watched
    assert with_emerging(spark, lake, settings, Window(TODAY, TODAY), model, fit) == model
    assert lake.read(spark, "topic_birth").count() == 1


def test_it_can_be_switched_off(spark, watched):
    lake, settings, (first, _), _, fit = watched
    off = settings.model_copy(update={"topics": TopicSettings(emerging=False)})
    assert with_emerging(spark, lake, off, Window(TODAY, TODAY), first, fit) == first


def test_the_contacts_of_a_birth_come_with_their_hours(spark, watched):
    lake, settings, *_ = watched
    contacts = understood_contacts(spark, lake, settings, Window(FIRST, TODAY))
    born = born_contacts(spark, lake, contacts, Window(FIRST, TODAY))
    assert len(born) == 20
    assert set(born["topic_id"]) == {"t006"}
    assert born["hour"].min() == pd.Timestamp(TODAY, tz="UTC") + pd.Timedelta(hours=6)


def test_a_matter_that_the_refit_put_into_an_old_topic_is_no_birth():
    model = model_of([[frame.format(thing) for thing in THINGS] for frame in ORDINARY])
    texts = tuple(ORDINARY[0].format(thing) for thing in THINGS)
    ids = tuple(f"c{n}" for n in range(len(texts)))
    matter = EmergingMatter(
        contact_ids=ids, texts=texts, n_texts=len(texts), expected=0.1, p_value=1e-6, phrases=("到哪",)
    )
    assert births_of([matter], model, model, TODAY).empty
    before = TopicModel(model.embedder, model.centroids[1:], 0.3, model.topics.iloc[1:])
    births = births_of([matter, matter], before, model, TODAY)
    pd.testing.assert_series_equal(births["topic_id"], pd.Series(["t001"], name="topic_id"))
