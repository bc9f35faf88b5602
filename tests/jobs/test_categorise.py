"""categorise on lakes of made-up rows: what is read, what is found, and that a run twice is a run once."""

import datetime as dt
import importlib.util
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analytics.rules import load_rules
from analytics.settings import Settings
from analytics.warehouse import lake_files, open_reader
from jobs import categorise, publish
from jobs.forget import forget_contacts
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.window import Window

_spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
small_lake = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small_lake)

DAY = dt.date(2026, 3, 1)
WINDOW = Window(DAY, DAY + dt.timedelta(days=1))
ANGRY = "你們這幫騙子！！！！！！退我的錢"
SITE_RULE = """
[[category]]
name = "promise"
label = "客服承诺"
description = "客服答应了时间"
speaker = "agent"
turns = { last = 1 }
when = { near = [["保证", "一定"], ["小时", "天"]], within = 1, unit = "tokens" }
"""


def made_lake(root):
    """Return a lake of an angry contact, one flagged, one whose threat is ready-made, and a promise of an agent's."""
    threat = ("customer", "我要打12315", "我要打12315")
    said = {
        "angry": [("customer", ANGRY, "你们这帮骗子!!!退我的钱"), ("agent", "保证两小时", "保证两小时")],
        "flagged": [threat],
        "card": [threat],
        "later": [
            ("customer", "不解决就起诉", "不解决就起诉"),
            ("agent", "一定两天", "一定两天"),
            ("agent", "再见", "再见"),
        ],
    }
    contacts, utterances = [], []
    for contact_id, turns in said.items():
        known = {"day": DAY + dt.timedelta(days=contact_id == "later"), "contact_id": contact_id}
        contacts.append({**known, "kind": "chat", "channel": "app"})
        utterances += [
            {**known, "turn": turn, "speaker": speaker, "text": text, "text_simplified": simple}
            for turn, (speaker, text, simple) in enumerate(turns)
        ]
    rows = {
        "contact": contacts,
        "utterance": utterances,
        "turn_mood": [{"day": DAY, "contact_id": "angry", "turn": 0, "sentiment_score": -0.9}],
        "contact_flag": [{"day": DAY, "contact_id": "flagged", "flag": "spam", "flag_reason": "filler"}],
        "turn_template": [{"day": DAY, "contact_id": "card", "turn": 0, "is_template": True}],
    }
    for name, found in rows.items():
        small_lake.write(root / "lake", name, found)
    return Lake(root / "lake")


def rows_in(lake, table):
    return [row for file in lake_files(lake.root, table) for row in pq.ParquetFile(file).read().to_pylist()]


def hits_in(lake):
    names = ("contact_id", "category", "turn", "start", "stop")
    return sorted(tuple(row[name] for name in names) for row in rows_in(lake, "category_hit"))


@pytest.mark.spark
def test_what_contacts_meet_is_found_by_day_and_a_rerun_changes_nothing(spark, tmp_path):
    lake, settings = made_lake(tmp_path), Settings(home=tmp_path)
    settings.rules_folder.mkdir()
    (settings.rules_folder / "site.toml").write_text(SITE_RULE, encoding="utf-8")
    counts = Counts()
    categorise.run(spark, lake, settings, WINDOW, counts)
    found = [hit for hit in hits_in(lake) if hit[1] in ("anger", "escalate", "promise")]
    assert found == [
        ("angry", "anger", 0, 2, 6),  # 這幫騙子, in the text as written
        ("angry", "promise", 1, 0, 5),
        ("later", "escalate", 0, 3, 6),
    ]
    digest = load_rules(settings.rules_folder, settings.lexicons).digest
    assert counts.inputs == categorise.inputs(settings) == {"rules": digest}
    assert counts.rows_in == 7
    named = {row["category"]: row["label"] for row in rows_in(lake, "category")}
    assert named["anger"] == "愤怒" and named["promise"] == "客服承诺"
    before = hits_in(lake)
    categorise.run(spark, lake, settings, Window(DAY, DAY), Counts())
    assert hits_in(lake) == before
    assert forget_contacts(lake.root, ["angry"])["category_hit"] == len([hit for hit in before if hit[0] == "angry"])
    assert {hit[0] for hit in hits_in(lake)} == {"later"}


def test_a_contact_is_whole_wherever_batches_end():
    rows = pd.DataFrame({"contact_id": list("aabbbc"), "turn": [0, 1, 0, 1, 2, 0]})
    for size in range(1, 7):
        batches = [rows.iloc[at : at + size] for at in range(0, len(rows), size)]
        parts = list(categorise._whole_contacts(iter(batches)))
        assert pd.concat(parts, ignore_index=True).equals(rows)
        seen = [set(part["contact_id"]) for part in parts]
        assert sum(map(len, seen)) == 3
    assert list(categorise._whole_contacts(iter([]))) == []


def test_the_views_name_the_first_evidence_and_count_contacts_by_day(tmp_path):
    settings = Settings(home=tmp_path)
    made_lake(tmp_path)
    hit = {"day": DAY, "contact_id": "angry", "category": "anger", "turn": 0, "start": 2, "stop": 6, "confidence": 0.9}
    hits = [{**hit, "turn": 1, "start": 0, "stop": 2, "confidence": 0.6}, hit]
    small_lake.write(settings.lake, "category_hit", hits)
    label = {"category": "anger", "label": "愤怒", "kind": "strong", "severity": "medium", "description": "骂人"}
    small_lake.write(settings.lake, "category", [label])
    publish.run(settings, is_gated=False)
    with open_reader(settings.warehouse) as reader:
        by_contact = reader.query(
            "SELECT contact_id, label, n_hits, confidence, first_evidence FROM v_category_contact"
        )
        by_day = reader.query("SELECT label, n_contacts, n_contacts_of_day FROM v_category_day")
    assert by_contact.to_numpy().tolist() == [["angry", "愤怒", 2, 0.9, "這幫騙子"]]
    assert by_day.to_numpy().tolist() == [["愤怒", 1, 2]]
