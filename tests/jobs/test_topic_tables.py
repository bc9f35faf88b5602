"""The tables of topics in Spark: merges hold in what is counted, and the lake keeps the ids that the model gave."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest

from analytics.inbox.people import Signature
from analytics.inbox.topics import TopicDecisions
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.topics.decisions import TopicDecision
from analytics.topics.model import TopicModel, topic_frame
from jobs import topics
from jobs.contacts import understood_contacts
from jobs.frames import to_pandas
from jobs.lake import Lake
from jobs.topic_tables import describe
from jobs.window import Window

pytestmark = [pytest.mark.spark, pytest.mark.slow]

FIRST = dt.date(2026, 5, 4)
N_DAYS = 18
WINDOW = Window(FIRST, FIRST + dt.timedelta(days=N_DAYS - 1))
MODEL = TopicModel.empty("a test")
ROWS = [
    ("t001", "催发货", ["发货"], "催促发货"),
    ("t002", "退款进度", ["退款"], None),
    ("t003", "发货时间", ["发货"], None),
]


def model() -> TopicModel:
    return TopicModel(MODEL.embedder, MODEL.centroids, 1.0, topic_frame(ROWS))


@pytest.fixture
def settings(spark, tmp_path) -> Settings:
    made = Settings(home=tmp_path)
    rows = [
        {"day": FIRST + dt.timedelta(days=day), "contact_id": f"{topic}-{day:02d}-{number}", "topic_id": topic}
        | {"topic_similarity": 0.5 + number / 10}
        for topic, n, since in (("t001", 2, 0), ("t002", 3, 0), ("t003", 7, 9))
        for day in range(since, N_DAYS)
        for number in range(n)
    ]
    lake = Lake(made.lake, by_day=False)
    known = {"source": "demo", "kind": "chat", "channel": "app"}
    for table, of_table in (("contact_topic", rows), ("contact", [row | known for row in rows])):
        schema = TABLES[table].arrow()
        lake.replace_arrow(spark, pa.Table.from_pylist(of_table, schema=schema), table, WINDOW)
    return made


def decide(settings: Settings, kind: str, topic_id: str, **more: str) -> TopicDecisions:
    decisions = TopicDecisions(settings.inbox_url)
    signed = Signature(by="mei", at=dt.datetime(2026, 5, 10, tzinfo=dt.UTC), why="")
    decisions.make(TopicDecision(kind=kind, topic_id=topic_id, **more), signed)
    return decisions


def counted(spark, lake, settings, table):
    describe(spark, lake, settings, WINDOW, model())
    return to_pandas(lake.read(spark, table))


def topics_of(spark, lake, settings):
    counts = understood_contacts(spark, lake, settings, WINDOW).groupBy("topic_id").count().collect()
    return {row["topic_id"]: row["count"] for row in counts}


def test_a_merge_holds_in_what_is_counted_and_taking_it_back_restores_the_ids(spark, settings):
    lake = Lake(settings.lake, by_day=False)
    events = counted(spark, lake, settings, "topic_event")
    born = events[events["topic_id"] == "t003"].set_index("event")
    assert born.loc["born", "day"] == FIRST + dt.timedelta(days=9)
    assert list(born.loc["born", "contact_ids"]) == [f"t003-09-{number}" for number in (6, 5, 4, 3, 2)]
    assert born.loc["promoted", "day"] == FIRST + dt.timedelta(days=15)
    decisions = decide(settings, "merge", "t003", other_topic_id="t001")
    decide(settings, "touchpoint", "t001", value="库存到货").close()
    assert topics.inputs(settings) != {"merges": "", "touchpoints": ""}
    after = counted(spark, lake, settings, "topic_day")
    assert after.groupby("topic_id")["n_contacts"].sum().to_dict() == {"t001": 36 + 63, "t002": 54}
    pd.testing.assert_frame_equal(to_pandas(lake.read(spark, "topic_event")), events)
    assert topics_of(spark, lake, settings) == {"t001": 99, "t002": 54}
    raw = to_pandas(lake.read(spark, "topic")).set_index("topic_id")
    assert raw["n_contacts"].to_dict() == {"t001": 36, "t002": 54, "t003": 63} and set(raw["state"]) == {"active"}
    decisions.withdraw(1, dt.datetime(2026, 5, 11, tzinfo=dt.UTC))
    decisions.close()
    assert topics_of(spark, lake, settings) == {"t001": 36, "t002": 54, "t003": 63}
