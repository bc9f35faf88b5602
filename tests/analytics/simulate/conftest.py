"""Simulated days around the planted events, read back from the files as a stranger would."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.simulate import Plan, simulate_day

INDICES = (14, 15, 17, 21, 22, 25, 28, 29, 30, 32, 33)


@dataclass(frozen=True)
class Turn:
    speaker: str
    text: str
    said_at: datetime


@dataclass(frozen=True)
class Seen:
    contact_id: str
    kind: str
    channel: str
    customer_id: str
    agent_id: str
    team: str
    product: str
    turns: tuple[Turn, ...]
    topic: str
    mood: str
    person: str

    @property
    def started_at(self) -> datetime:
        return self.turns[0].said_at

    @property
    def customer_texts(self) -> list[str]:
        return [turn.text for turn in self.turns if turn.speaker == "customer"]

    @property
    def first_wait_seconds(self) -> float:
        asked = next(turn.said_at for turn in self.turns if turn.speaker == "customer")
        answers = [turn.said_at for turn in self.turns if turn.speaker == "agent" and turn.said_at >= asked]
        return (answers[0] - asked).total_seconds()


def _seen(contact_id: str, kind: str, row: dict[str, str], turns: list[Turn], truth: dict[str, str]) -> Seen:
    known = {name: row[name] for name in ("channel", "customer_id", "agent_id", "team", "product")}
    told = {name: truth[name] for name in ("topic", "mood", "person")}
    return Seen(contact_id=contact_id, kind=kind, turns=tuple(turns), **known, **told)


def read_day(out: Path, day: date) -> list[Seen]:
    with (out / "truth" / f"contacts-{day}.csv").open(encoding="utf-8", newline="") as handle:
        truth = {row["contact_id"]: row for row in csv.DictReader(handle)}
    seen = []
    for line in (out / "calls" / f"{day}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        start = datetime.fromisoformat(row["started_at"]).replace(tzinfo=None)
        turns = [Turn(s["speaker"], s["text"], start + timedelta(seconds=s["start"])) for s in row["segments"]]
        contact_id = f"calls-{row['call_id']}"
        seen.append(_seen(contact_id, "call", row, [Turn("system", "", start), *turns], truth[contact_id]))
    sessions: dict[str, list[dict[str, str]]] = {}
    with (out / "chats" / f"{day}.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            sessions.setdefault(row["session_id"], []).append(row)
    for session_id, rows in sessions.items():
        turns = [Turn(row["speaker"], row["text"], datetime.fromisoformat(row["sent_at"])) for row in rows]
        contact_id = f"chats-{session_id}"
        seen.append(_seen(contact_id, "chat", rows[0], turns, truth[contact_id]))
    with (out / "orders" / f"{day}.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            start = datetime.fromisoformat(row["created_at"])
            turns = [
                Turn("customer", row["content"], start),
                Turn("agent", row["reply"], datetime.fromisoformat(row["closed_at"])),
            ]
            contact_id = f"orders-{row['order_id']}"
            seen.append(_seen(contact_id, "work_order", row, turns, truth[contact_id]))
    assert len(seen) == len(truth)
    return seen


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(date(2026, 3, 2), seed=11)


@pytest.fixture(scope="session")
def days(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Seen]]:
    out = tmp_path_factory.mktemp("simulated")
    for index in INDICES:
        simulate_day(plan, index, out)
    return {index: read_day(out, plan.day(index)) for index in INDICES}


@pytest.fixture(scope="session")
def read() -> Callable[[Path, date], list[Seen]]:
    return read_day
