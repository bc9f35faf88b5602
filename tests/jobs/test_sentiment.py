"""sentiment on a lake of made-up turns: each turn's score is that of its text, and a contact's course follows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.sentiment.mood import score_of
from analytics.sentiment.snownlp_scorer import SnowScorer
from analytics.settings import SentimentSettings, Settings
from analytics.warehouse import open_reader
from jobs import publish, sentiment
from jobs.run_log import Counts
from jobs.window import Window

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAYS = (dt.date(2026, 3, 1), dt.date(2026, 3, 2))
ANGRY = "等了一个礼拜还没人管，太差劲了，垃圾服务！"
HAPPY = "很好很满意"
SAID: dict[str, list[str | None]] = {
    "came-angry": [ANGRY, "好的", HAPPY, "谢谢"],
    "left-angry": [HAPPY, ANGRY, "谢谢"],
    "thanked": [ANGRY, "好的谢谢"],
    "once": [ANGRY],
    "silent": [None],
}


@pytest.mark.spark
def test_turns_and_courses_reach_the_warehouse(spark: SparkSession, tmp_path: Path) -> None:
    from jobs.lake import Lake

    # SnowNLP: its model comes with the package, ours would be trained first.
    settings = Settings(home=tmp_path, sentiment=SentimentSettings(scorer="snownlp"))
    lake, window, counts = Lake(settings.lake), Window(*DAYS), Counts()
    for table, rows in _rows().items():
        lake.replace_arrow(spark, pa.Table.from_pylist(rows, schema=TABLES[table].arrow()), table, window)
    sentiment.run(spark, lake, settings, window, counts)
    assert counts.rows_out == sum(map(len, SAID.values()))
    assert counts.inputs == sentiment.inputs(settings) == {"scorer": "snownlp", "model": ""}
    publish.run(settings, is_gated=False)
    with open_reader(settings.warehouse) as reader:
        turns = reader.query("SELECT text, sentiment_score FROM utterance WHERE text IS NOT NULL")
        found = reader.query("SELECT * FROM contact").set_index("contact_id")
    expected = score_of(SnowScorer().probabilities(turns["text"].tolist()))
    assert turns["sentiment_score"].to_numpy() == pytest.approx(expected)
    assert found["mood_course"].to_dict() == {
        "came-angry": "recovered",
        "left-angry": "soured",
        "thanked": "steady",
        "once": None,
        "silent": None,
    }
    came = found.loc["came-angry"]
    assert came["sentiment_first"] == came["sentiment_lowest"] < -0.3 < came["sentiment_last"]
    assert came["sentiment_change"] == came["sentiment_last"] - came["sentiment_first"]


def _rows() -> dict[str, list[dict[str, object]]]:
    heads = [(DAYS[place % 2], name) for place, name in enumerate(SAID)]
    turns: list[dict[str, object]] = [
        {"day": day, "contact_id": name, "turn": 2 * turn, "speaker": "customer", "text": text, "text_simplified": text}
        for day, name in heads
        for turn, text in enumerate(SAID[name])
    ]
    return {"contact": [{"day": day, "contact_id": name, "kind": "chat"} for day, name in heads], "utterance": turns}
