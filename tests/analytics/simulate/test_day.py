import csv
import hashlib
import json
from datetime import date, datetime
from itertools import pairwise

import pytest

from analytics.simulate import Plan, simulate_day
from analytics.simulate.day import CHAT_COLUMNS, ORDER_COLUMNS

SMALL = Plan(date(2026, 3, 2), days=2, contacts_per_day=80, seed=3)


def _hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("day")
    simulate_day(SMALL, 1, out)
    return out


def test_same_plan_same_bytes_and_days_need_no_other_day(made, tmp_path):
    simulate_day(SMALL, 0, tmp_path)
    simulate_day(SMALL, 1, tmp_path)
    again = _hashes(tmp_path)
    assert all(again[name] == value for name, value in _hashes(made).items())


def test_another_seed_gives_other_text(made, tmp_path):
    simulate_day(Plan(SMALL.first_day, days=2, contacts_per_day=80, seed=4), 1, tmp_path)
    assert not set(_hashes(made).values()) & set(_hashes(tmp_path).values())


def test_calls_have_the_agreed_form(made):
    lines = (made / "calls" / "2026-03-03.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        call = json.loads(line)
        start, end = datetime.fromisoformat(call["started_at"]), datetime.fromisoformat(call["ended_at"])
        assert start.utcoffset().total_seconds() == 8 * 3600
        segments = call["segments"]
        assert {segment["speaker"] for segment in segments} == {"customer", "agent"}
        assert all(segment["start"] < segment["end"] for segment in segments)
        assert all(a["end"] <= b["start"] for a, b in pairwise(segments))
        assert (end - start).total_seconds() >= segments[-1]["end"] - 1
        assert call["channel"] == "phone"
        assert not any(mark in segment["text"] for segment in segments for mark in "。！？～")


def test_chats_have_the_agreed_form(made):
    with (made / "chats" / "2026-03-03.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert tuple(rows[0]) == CHAT_COLUMNS
    sessions = {}
    for row in rows:
        sessions.setdefault(row["session_id"], []).append(row)
    for messages in sessions.values():
        assert 4 <= len(messages) <= 20
        times = [datetime.fromisoformat(message["sent_at"]) for message in messages]
        assert times == sorted(times)
        assert "customer" in {message["speaker"] for message in messages}
    assert {row["speaker"] for row in rows} == {"customer", "agent", "bot", "system"}
    assert {row["channel"] for row in rows} <= {"app", "web", "wechat", "weibo"}
    assert all(row["text"].strip() for row in rows)


def test_orders_have_the_agreed_form(made):
    with (made / "orders" / "2026-03-03.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert tuple(rows[0]) == ORDER_COLUMNS
    assert all(row["created_at"] < row["closed_at"] for row in rows)


def test_no_slot_is_left_open(made):
    for path in made.rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert "{" not in text
        assert "%s" not in text
        assert "<" not in text


def test_chats_belong_to_the_day_they_start(made, read):
    assert {contact.started_at.date() for contact in read(made, date(2026, 3, 3))} == {date(2026, 3, 3)}
