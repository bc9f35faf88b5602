"""discover: the same words whoever counts, and from then on counted whole."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.text.discover import discover_words
from analytics.text.lexicons import load_lexicons
from analytics.text.review import REJECTED, Decision, decide
from analytics.text.segment import make_segmenter
from analytics.text.units import SEPARATOR
from jobs import discover, keyword_hour
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.window import Window

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1200)]

NAME = "呛口小辣椒面膜"
FRAMES = ("刚买的{}用了脸红", "这个{}怎么退", "请问{}有货吗", "{}", "我想问下{}什么成分", "用完{}脸好疼")
ORDINARY = ("物流很快,质量也不错", "客服态度很好", "面膜收到了,还没用", "申请退款没到账", "订单什么时候发货")
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 4)
WINDOW = Window(FIRST, LAST)


@pytest.fixture(scope="module")
def lake(spark, tmp_path_factory) -> Lake:
    """Four days of ordinary talk; on the last one 24 contacts say a new name, one of them twice."""
    segmenter = make_segmenter("rjieba", load_lexicons().words)
    tokens, contacts = [], []
    for day in WINDOW.days:
        texts = [text for text in ORDINARY for _ in range(30)]
        texts += [FRAMES[i % len(FRAMES)].format(NAME) for i in range(24)] if day == LAST else []
        texts += [f"呛口,{NAME[2:]}不错"] * 9 if day == LAST else []
        for i, text in enumerate(texts):
            cut, breaks = segmenter.cut_clauses(text)
            key = {"day": day, "contact_id": f"{day}-{i}"}
            tokens += [{**key, "turn": turn, "tokens": cut, "breaks": breaks} for turn in range(1 + (i == 150))]
            began = dt.datetime(day.year, day.month, day.day, 2, tzinfo=dt.UTC)
            contacts.append({**key, "source": "made up", "kind": "chat", "channel": "app", "started_at": began})
    lake = Lake(tmp_path_factory.mktemp("discover") / "lake")
    for name, rows in (("token", tokens), ("contact", contacts)):
        lake.replace_arrow(spark, pa.Table.from_pylist(rows, schema=TABLES[name].arrow()), name, WINDOW)
    return lake


def test_the_driver_and_any_number_of_workers_find_the_same(spark, lake):
    lists = [F.array_join(F.col(name), SEPARATOR).alias(name) for name in ("tokens", "breaks")]
    turns = lake.read(spark, "token", WINDOW).select("day", "contact_id", *lists)
    lexicons = load_lexicons()
    found = []
    for few_turns, n_parts in ((10**6, 1), (0, 3)):
        held = turns.repartition(n_parts, "contact_id")
        with discover.source_of(held, turns.count(), lexicons.words, few_turns=few_turns) as source:
            words = discover_words(source, WINDOW.days, history_days=28, stop_words=lexicons.stop_words)
        found.append(words.to_dict("records"))
    assert found[0] == found[1]
    assert [(row["day"], row["word"], row["n_contacts"]) for row in found[0]] == [(LAST, NAME, 24)]


def test_a_found_name_is_counted_whole_but_not_over_a_comma_and_a_rejected_one_is_not(spark, lake, tmp_path):
    settings = Settings(home=tmp_path)
    discover.run(spark, lake, settings, WINDOW, Counts())
    (word,) = lake.read(spark, "word").collect()
    assert (word.word, word.n_contacts, word.usual) == (NAME, 24, 0.0) and word.p_value < 1e-6
    keyword_hour.run(spark, lake, settings, WINDOW, Counts())
    (row,) = lake.read(spark, "keyword_hour").where(F.col("keyword") == NAME).collect()
    assert (row.day, row.n_contacts) == (LAST, 24)
    decide(settings.lexicons, [NAME], Decision(REJECTED, LAST, "mei"))
    discover.run(spark, lake, settings, Window(LAST, LAST), Counts())
    assert lake.read(spark, "word").count() == 0


def test_the_usual_of_a_large_day_is_learnt_from_a_share_of_its_contacts(spark, lake, monkeypatch):
    contacts, tokens = (lake.read(spark, name, WINDOW) for name in ("contact", "token"))
    assert discover.history_shares(contacts) == {}
    monkeypatch.setattr(discover, "HISTORY_CONTACTS_A_DAY", 60)
    shares = discover.history_shares(contacts)
    n_contacts = F.countDistinct("contact_id").alias("n")
    rows = discover.sampled(tokens, shares).groupBy("day").agg(n_contacts).collect()
    assert sorted(row.day for row in rows) == sorted(shares) == WINDOW.days
    assert all(30 <= row.n <= 100 for row in rows)
