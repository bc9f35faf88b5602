"""A made-up warehouse for the tests of the dashboards: every published table, seeded, with known events in it.

Loaded by path from the tests; `python tests/warehouse_fixture.py OUT` writes one to look at.
"""

from __future__ import annotations

import datetime as dt
import runpy
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.schema import CHANNELS, LABELS, NEUTRAL_BAND, TABLES, UNDATED_DAY
from analytics.signals.kpis import kpi_day, needed_columns
from analytics.text.normalise import normalise

INTAKE, HOURS = (runpy.run_path(str(Path(__file__).with_name(f"warehouse_{part}.py"))) for part in ("intake", "hours"))
FIRST_DAY = dt.date(2026, 9, 7)
N_DAYS = 28
PRODUCTS = ("轻薄笔记本", "无线耳机", "扫地机器人", "呛口小辣椒面膜", "儿童手表")
TEAMS = {"phone": "热线一组", "app": "在线一组", "web": "在线一组", "wechat": "微信组", "weibo": "社媒组"}
TOPICS = {
    "t01": ("物流迟迟不更新", "物流 快递 延误 不动 催", -0.55),
    "t02": ("退款未到账", "退款 到账 几天 银行卡 原路", -0.5),
    "t03": ("订单到哪里了", "订单 查询 到哪 发货 单号", 0.0),
    "t04": ("优惠券用不了", "优惠券 满减 使用 过期 门槛", -0.25),
    "t05": ("耳机连不上手机", "耳机 蓝牙 连接 配对 断", -0.35),
    "t06": ("发票怎么开", "发票 抬头 税号 电子 专票", 0.05),
    "t07": ("夸客服态度好", "谢谢 态度 耐心 解决 满意", 0.7),
    "t08": ("扫地机充不上电", "充电 充电座 指示灯 电池 回充", -0.4),
    "t09": ("面膜用后泛红", "面膜 泛红 刺痛 过敏 敏感肌", -0.6),
    "t10": ("尺码与换货", "换货 尺码 换 大小 退换", -0.05),
}
PROVISIONAL, SECOND = "t08", "t06"
"""A topic not lasted yet, and one that customers who came for something else speak of too."""
SIBLINGS = {"t01": "t03", "t03": "t01", "t02": "t10", "t10": "t02"}
CATEGORIES = {
    "anger": ("愤怒", "strong", "medium"), "escalate": ("投诉升级", "strong", "high"),
    "safety": ("安全", "strong", "high"), "delivery_stuck": ("物流停滞", "category", "medium"),
}  # fmt: skip
EVIDENCE = {"太失望了": ("anger", 0.62), "又红又痛": ("safety", 0.94), "物流还是没有动": ("delivery_stuck", 1.0)}
TOUCHPOINTS = ("物流查询", "退款进度", "物流查询", "优惠价格", "连接配网",
               "发票开具", "表扬建议", "功能故障", "过敏不适", "退货换货")  # fmt: skip
SAYINGS = {
    -1: ("都三天了物流还是没有动，到底什么时候能到？", "退款说好两天到账，现在都一个礼拜了。",
         "用了一次就坏了，太失望了", "脸上又红又痛，你们这个怎么处理"),
    0: ("请问我的订单到哪里了", "发票抬头写错了可以改吗", "這個可以換大一碼嗎？", "优惠券什么时候可以用呢"),
    1: ("谢谢，问题已经解决了，客服很耐心", "收到了，东西不错，下次还来", "处理得很快，满意👍", "包装很好，孩子很喜欢"),
}  # fmt: skip


def local(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of Shanghai's clock in UTC."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=dt.UTC) - dt.timedelta(hours=8)


def _contact(rng: np.random.Generator, number: int, day: dt.date, hour: int, channel: str = "") -> dict[str, Any]:
    channel = channel or str(rng.choice(CHANNELS, p=(0.3, 0.3, 0.12, 0.2, 0.08)))
    at = int(rng.integers(-1, len(TOPICS)))
    topic = None if at < 0 else list(TOPICS)[at]
    slow = channel == "wechat" and hour == 12 and day >= FIRST_DAY + dt.timedelta(days=20)
    wait = float(rng.gamma(4, 80) if slow else rng.gamma(2, 20))
    score = (TOPICS[topic][2] if topic else -0.05) + rng.normal(0, 0.35) - (0.5 if slow else 0)
    score = float(np.clip(score, -1, 1))
    started = local(day, hour, int(rng.integers(60)))
    product = None if rng.random() < 0.15 else str(rng.choice(PRODUCTS))
    return {
        "day": day, "contact_id": f"c{number:05d}", "source": "demo", "kind": "call" if channel == "phone" else "chat",
        "channel": channel, "person_id": f"p{number % 900}", "agent_id": f"a{number % 17}", "team": TEAMS[channel],
        "product": product, "started_at": started, "ended_at": started + dt.timedelta(minutes=9), "n_turns": 4,
        "n_customer_turns": 2, "first_response_seconds": wait, "mean_response_seconds": wait * 1.2,
        "rating": None, "title": None, "file": "demo.jsonl", "position": number, "sentiment_score": score,
        "sentiment_label": LABELS[0] if score < -0.25 else LABELS[2] if score > 0.25 else LABELS[1],
        **_course(score, number),
        "topic_id": topic, "touchpoint": None if at < 0 else TOUCHPOINTS[at],
    }  # fmt: skip


def _course(score: float, number: int) -> dict[str, Any]:
    """Return how the mood went: each third contact comes angry, each ninth has a single turn."""
    if number % 9 == 0:
        return {"sentiment_first": score, "sentiment_last": score, "sentiment_lowest": score}
    first, last = (-0.7 if number % 3 == 1 else 0.1), score
    moved = abs(last - first) >= NEUTRAL_BAND
    recovered = moved and first <= -NEUTRAL_BAND < last
    soured = moved and last <= -NEUTRAL_BAND < first
    return {
        "sentiment_first": first, "sentiment_last": last, "sentiment_lowest": min(first, last),
        "sentiment_change": last - first,
        "mood_course": "recovered" if recovered else "soured" if soured else "steady",
    }  # fmt: skip


def contacts(seed: int = 7, *, n_days: int = N_DAYS) -> list[dict[str, Any]]:
    """Return about 3,000 contacts over `n_days`, with a daily cycle and a crowd on the last day but two."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    weights = np.array([1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 10, 9, 9, 8, 8, 9, 9, 8, 7, 8, 9, 8, 5, 3], float)
    for offset in range(n_days):
        day = FIRST_DAY + dt.timedelta(days=offset)
        n = int(rng.poisson(100 * (0.8 if day.weekday() >= 5 else 1) + (60 if offset == n_days - 3 else 0)))
        for hour in sorted(rng.choice(24, size=n, p=weights / weights.sum())):
            rows.append(_contact(rng, len(rows), day, int(hour)))
    for _ in range(36):
        rows.append(_contact(rng, len(rows), FIRST_DAY + dt.timedelta(days=n_days - 1), 12, "wechat"))
    return rows


def utterances(rows: list[dict[str, Any]], seed: int = 8) -> list[dict[str, Any]]:
    """Return four turns a contact."""
    rng = np.random.default_rng(seed)
    turns = []
    for row in rows:
        mood = LABELS.index(row["sentiment_label"]) - 1
        said = str(rng.choice(SAYINGS[mood]))
        name = row["product"] or "商品"
        lines = (
            ("customer", f"你好，我买的{name}想咨询一下"),
            ("agent", "您好，这里是客服，请问有什么可以帮您？"),
            ("customer", said),
            ("agent", "好的，已为您登记，手机尾号[手机号]会收到通知。"),
        )
        for turn, (speaker, text) in enumerate(lines):
            mine = speaker == "customer"
            turns.append({
                "day": row["day"], "contact_id": row["contact_id"], "turn": turn, "speaker": speaker,
                "said_at": row["started_at"] and row["started_at"] + dt.timedelta(seconds=40 * turn), "text": text,
                "text_simplified": normalise(text), "sentiment_score": row["sentiment_score"] if mine else None,
                "sentiment_label": row["sentiment_label"] if mine else None,
                "file": row["file"], "position": row["position"],
            })  # fmt: skip
    return turns


def _spikes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    last = FIRST_DAY + dt.timedelta(days=N_DAYS - 1)
    mask = [r["contact_id"] for r in rows if r["topic_id"] == "t09" and r["day"] >= last - dt.timedelta(days=2)]
    crowd = [r["contact_id"] for r in rows if r["day"] == last - dt.timedelta(days=2)]
    ship = [r["contact_id"] for r in rows if r["topic_id"] == "t01" and r["day"] >= last - dt.timedelta(days=1)]
    made = (
        ("s1", "keyword", "呛口小辣椒面膜", "*", last, 10, float(len(mask)), 0.4, mask, ["泛红"]),
        ("s2", "volume", "*", "*", last - dt.timedelta(days=2), 9, float(len(crowd)), 98.0, crowd, []),
        ("s3", "topic", "t01", "app", last, 15, float(len(ship)), 1.8, ship, ["快递"]),
    )
    return [
        {
            "day": day, "spike_id": name, "kind": kind, "key": key, "channel": channel, "started_at": local(day, hour),
            "bucket_seconds": 3600, "observed": observed, "expected": expected, "p_value": 1e-9, "q_value": 1e-6,
            "n_contacts": len(ids), "contact_ids": ids, "related": related,
        }
        for name, kind, key, channel, day, hour, observed, expected, ids, related in made
    ]  # fmt: skip


def _dips(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    day = FIRST_DAY + dt.timedelta(days=N_DAYS - 1)
    ids = [
        r["contact_id"] for r in rows
        if r["day"] == day and r["channel"] == "wechat" and local(day, 12) <= r["started_at"] < local(day, 13)
    ]  # fmt: skip
    return [{
        "day": day, "dip_id": "d1", "started_at": local(day, 12), "ended_at": local(day, 13), "channel": "wechat",
        "team": "微信组", "drop": 0.42, "drop_low": 0.27, "drop_high": 0.57,
        "within_topic": 0.05, "mix": 0.03, "delay": 0.31, "delay_low": 0.2,
        "delay_high": 0.4, "unexplained": 0.03, "mean": -0.55, "expected": -0.13, "response_seconds": 332.0,
        "usual_response_seconds": 41.0, "n": len(ids), "p_value": 0.0004, "contact_ids": ids,
        "verdict": "微信 12:00–13:00 情绪下降 0.42，主要与回复变慢有关（约 0.31，5 分 32 秒对平时 41 秒）。",
    }]  # fmt: skip


def _alerts(spikes: list[dict[str, Any]], dips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    titles = ("『呛口小辣椒面膜』31 次，预期 0.4", "联络量 160 条，预期 98",
              "App『物流迟迟不更新』9 次，预期 1.8", "微信情绪在 12:00–13:00 下降 0.42")  # fmt: skip
    states, levels = ("open", "resolved", "acknowledged", "open"), ("high", "low", "medium", "high")
    found = [{"spike_id": row.get("dip_id"), **row} for row in (*spikes, *dips)]
    return [
        {
            "alert_id": f"a-{row['spike_id']}", "spike_id": row["spike_id"], "key": row.get("key", "mood"),
            "state": state, "severity": level, "owner": None, "channel": row["channel"], "title": title,
            "body": "原声：……", "started_at": row["started_at"], "created_at": row["started_at"],
        }
        for row, title, state, level in zip(found, titles, states, levels, strict=True)
    ]  # fmt: skip


def _topics(rows: list[dict[str, Any]], *, dated: bool) -> list[dict[str, Any]]:
    found = []
    for (name, (label, words, _)), touchpoint in zip(TOPICS.items(), TOUCHPOINTS, strict=True):
        days = [row["day"] for row in rows if row["topic_id"] == name]
        found.append({
            "topic_id": name, "label": label, "words": words.split(), "state": "active",
            "first_seen": min(days) if dated else None, "last_seen": max(days) if dated else None,
            "touchpoint": touchpoint, "n_contacts": len(days), "sibling": SIBLINGS.get(name),
            "pinned": False, "hidden": False,
        } | ({"state": "provisional"} if name == PROVISIONAL else {}))  # fmt: skip
    gone = {"state": "merged", "merged_into": "t02", "sibling": "t02", "touchpoint": "退款进度"}
    quiet = {"state": "dormant", "sibling": None, "touchpoint": None}
    for name, label, more in (("t11", "退款退到哪张卡", gone), ("t12", "预售什么时候发", quiet)):
        seen = {"first_seen": FIRST_DAY if dated else None, "last_seen": FIRST_DAY if dated else None}
        found.append({"topic_id": name, "label": label, "words": label.split(), "n_contacts": 0, "pinned": False,
                      "hidden": False, **seen, **more})  # fmt: skip
    return found


def _topic_events(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lives of topics: t08 was born a week before the end, t11 became part of t02."""
    born = FIRST_DAY + dt.timedelta(days=N_DAYS - 6)
    shown = [r["contact_id"] for r in rows if r["topic_id"] == PROVISIONAL and r["day"] >= born][:2]
    made = (
        (FIRST_DAY, "t02", "born", None, None, []),
        (FIRST_DAY + dt.timedelta(days=7), "t02", "promoted", None, "连续 7 天有联络", []),
        (FIRST_DAY + dt.timedelta(days=14), "t11", "merged", "t02", "lin：说的是同一件事", []),
        (FIRST_DAY, "t12", "born", None, None, []),
        (FIRST_DAY + dt.timedelta(days=14), "t12", "dormant", None, None, []),
        (born, PROVISIONAL, "born", None, "当天 12 条，预期 2.1 条", [*shown, "no such contact"]),
    )
    names = ("day", "topic_id", "event", "other_topic_id", "detail", "contact_ids")
    return [dict(zip(names, values, strict=True)) for values in made]


def _segments(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the two matters of each 40th contact: what it came for, and an invoice."""
    return [
        {"day": row["day"], "contact_id": row["contact_id"], "segment": segment, "topic_id": topic,
         "topic_similarity": 0.6, "first_turn": turn, "last_turn": turn}
        for row in rows if row["topic_id"] not in (None, SECOND) and int(row["contact_id"][1:]) % 40 == 0
        for segment, topic, turn in ((0, row["topic_id"], 0), (1, SECOND, 2))
    ]  # fmt: skip


def _categories() -> list[dict[str, Any]]:
    return [
        {"category": name, "description": "示例", "label": label, "kind": kind, "severity": severity}
        for name, (label, kind, severity) in CATEGORIES.items()
    ]


def _hits(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return where the made-up turns hold made-up evidence; 投诉升级 is a category that nobody meets."""
    return [
        {**{name: turn[name] for name in ("day", "contact_id", "turn")}, "category": category,
         "start": turn["text"].index(words), "stop": turn["text"].index(words) + len(words), "confidence": confidence}
        for turn in turns for words, (category, confidence) in EVIDENCE.items() if words in turn["text"]
    ]  # fmt: skip


def tables(*, undated: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table that has some; `undated` leaves out all times, as a file without them does."""
    rows = contacts()
    if undated:
        rows = [{**r, "day": UNDATED_DAY, "started_at": None, "ended_at": None} for r in rows]
    refused = {"day": UNDATED_DAY, "source": "demo", "file": "demo.jsonl"}
    reasons = ("no_text", "no_text", "bad_time")
    rejected = [{**refused, "position": i + 1, "reason": r, "raw_hash": f"{i:064d}"} for i, r in enumerate(reasons)]
    turns = utterances(rows)
    found = {
        "contact": rows, "utterance": turns, "category": _categories(), "category_hit": _hits(turns),
        "topic": _topics(rows, dated=not undated), "topic_segment": _segments(rows), "rejected": rejected,
    }  # fmt: skip
    found["landed_file"] = INTAKE["landed_files"](FIRST_DAY, N_DAYS, n_contacts=len(rows), n_refused=len(rejected))
    if not undated:
        found["run"] = INTAKE["runs"](FIRST_DAY, N_DAYS)
        found |= {"topic_event": _topic_events(rows)} | HOURS["hours_of"](rows, FIRST_DAY + dt.timedelta(days=N_DAYS))
        spikes, dips = _spikes(rows), _dips(rows)
        first = FIRST_DAY + dt.timedelta(days=N_DAYS - 2)
        found["kpi_day"] = kpi_day(pd.DataFrame(rows, columns=needed_columns()), first_day=first).to_dict("records")
        found |= {"spike": spikes, "dip": dips, "alert": _alerts(spikes, dips)}
        # A fall of mood stands in the table of alarms too.
        fall = {"spike_id": "s4", "kind": "sentiment", "key": "wechat", "channel": "wechat", "observed": -0.55}
        found["spike"] = [*spikes, {**spikes[0], **fall, "expected": -0.13, "contact_ids": dips[0]["contact_ids"]}]
    return found


def build(path: Path, *, undated: bool = False) -> Path:
    """Write the warehouse to `path`; tables without rows exist and are empty."""
    found = tables(undated=undated)
    with duckdb.connect(str(path)) as connection:
        for table in TABLES.values():
            if table.published:
                rows = pa.Table.from_pylist(found.get(table.name, []), table.arrow(later=True))
                connection.register("rows", rows)
                connection.execute(f"CREATE TABLE {table.name} AS SELECT * FROM rows")
                connection.unregister("rows")
        connection.execute(
            "CREATE TABLE contact_place AS SELECT md5_number_lower(contact_id) AS id_hash, day FROM contact"
        )
        view = (Path(__file__).parents[1] / "data/views/v_person_tag.sql").read_text(encoding="utf-8")
        connection.execute(f"CREATE VIEW v_person_tag AS {view}")
    return path


if __name__ == "__main__":
    build(Path(sys.argv[1]))
