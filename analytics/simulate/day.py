"""One day on disk: calls, chats, work orders and the truth about them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TextIO

from analytics.simulate import planted
from analytics.simulate.call import call_segments
from analytics.simulate.centre import load_centre
from analytics.simulate.chat import chat_rows
from analytics.simulate.contact import Contact, open_contact
from analytics.simulate.grammar import BORN_TOPIC, KEYWORD, OUTAGE_TOPIC, Grammar, load_grammar
from analytics.simulate.identifiers import Identifiers, identifiers_of
from analytics.simulate.order import write_order
from analytics.simulate.persons import customer_id
from analytics.simulate.plan import Plan
from analytics.simulate.schedule import schedule_day
from analytics.simulate.waits import staff_day

CHAT_COLUMNS = (
    "session_id",
    "sent_at",
    "speaker",
    "text",
    "customer_id",
    "agent_id",
    "team",
    "channel",
    "product",
    "phone",
    "login",
    "device",
    "openid",
    "unionid",
)
ORDER_COLUMNS = (
    "order_id",
    "created_at",
    "closed_at",
    "channel",
    "customer_id",
    "agent_id",
    "team",
    "product",
    "category",
    "title",
    "content",
    "reply",
    "order_no",
    "phone",
    "email",
    "login",
)
TRUTH_COLUMNS = ("contact_id", "topic", "mood", "person")
_LETTER = {"call": "C", "chat": "S", "work_order": "W"}
_SOURCE = {"call": "calls", "chat": "chats", "work_order": "orders"}


@dataclass
class DayTruth:
    """What happened on a day: contacts by planted event, and how many there were."""

    n_contacts: int = 0
    keyword: list[str] = field(default_factory=list)
    slow_team: list[str] = field(default_factory=list)
    born: list[str] = field(default_factory=list)
    outage: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


@contextmanager
def _files(out: Path, day: date) -> Iterator[dict[str, TextIO]]:
    paths = {
        "call": out / "calls" / f"{day}.jsonl",
        "chat": out / "chats" / f"{day}.csv",
        "work_order": out / "orders" / f"{day}.csv",
        "truth": out / "truth" / f"contacts-{day}.csv",
    }
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    handles: dict[str, TextIO] = {kind: path.open("w", encoding="utf-8", newline="") for kind, path in paths.items()}
    try:
        yield handles
    finally:
        for handle in handles.values():
            handle.close()


class _Writer:
    """Writes contacts of one day in the formats of the exports."""

    def __init__(self, plan: Plan, index: int, grammar: Grammar, files: dict[str, TextIO]) -> None:
        self._plan, self._index, self._grammar, self._calls = plan, index, grammar, files["call"]
        day = plan.day(index)
        self._midnight = datetime(day.year, day.month, day.day)
        self._chats, self._orders = csv.writer(files["chat"]), csv.writer(files["work_order"])
        self._chats.writerow(CHAT_COLUMNS)
        self._orders.writerow(ORDER_COLUMNS)

    def write(self, own_id: str, contact: Contact) -> None:
        kind = contact.head.kind
        customer = customer_id(contact.person, contact.head.channel, self._plan.seed)
        known = identifiers_of(contact.person, contact.head, self._plan, self._index)
        if kind == "call":
            self._calls.write(self._call(own_id, contact, customer, known) + "\n")
        elif kind == "chat":
            said = (known.phone, known.login, known.device, known.openid, known.unionid)
            self._chats.writerows((*row, *said) for row in self._chat(own_id, contact, customer))
        else:
            numbers = (known.order, known.phone, known.email, known.login)
            self._orders.writerow((*self._order(own_id, contact, customer), *numbers))

    def _at(self, seconds: float) -> str:
        return (self._midnight + timedelta(seconds=int(seconds))).isoformat(" ")

    def _call(self, own_id: str, contact: Contact, customer: str, known: Identifiers) -> str:
        segments = call_segments(contact, self._grammar)
        start = contact.head.second
        end = start + float(segments[-1]["end"]) + 1.0
        record: dict[str, Any] = {
            "call_id": own_id,
            "started_at": self._at(start).replace(" ", "T") + "+08:00",
            "ended_at": self._at(end).replace(" ", "T") + "+08:00",
            "channel": "phone",
            "customer_id": customer,
            "phone": known.phone,
            "agent_id": contact.agent_id,
            "team": contact.team,
            "product": contact.product,
            "segments": segments,
        }
        return json.dumps(record, ensure_ascii=False)

    def _chat(self, own_id: str, contact: Contact, customer: str) -> list[tuple[str, ...]]:
        start = contact.head.second
        rest = (customer, contact.agent_id, contact.team, contact.head.channel, contact.product)
        return [
            (own_id, self._at(start + after), speaker, text, *rest)
            for after, speaker, text in chat_rows(contact, self._grammar)
        ]

    def _order(self, own_id: str, contact: Contact, customer: str) -> tuple[str, ...]:
        order = write_order(contact, self._grammar)
        start = contact.head.second
        return (
            own_id,
            self._at(start),
            self._at(start + order.open_seconds),
            contact.head.channel,
            customer,
            contact.agent_id,
            contact.team,
            contact.product,
            contact.topic.category,
            order.title,
            order.content,
            order.reply,
        )


def simulate_day(plan: Plan, index: int, out: Path) -> DayTruth:
    """Write the files of one day; needs no other day, so days can be made in parallel.

    Parameters
    ----------
    plan : Plan
        What to simulate.
    index : int
        Day from 0.
    out : Path
        Folder that receives calls/, chats/, orders/ and truth/.

    Returns
    -------
    DayTruth
        Contacts of each planted event, by their ids in the product (`calls-…`, `chats-…`, `orders-…`).
    """
    grammar, centre, day = load_grammar(), load_centre(), plan.day(index)
    staffing = staff_day(plan, index, centre)
    rng = Random(f"{plan.seed}:{index}:words")
    counts = dict.fromkeys(_LETTER, 0)
    truth = DayTruth()
    with _files(out, day) as files:
        writer = _Writer(plan, index, grammar, files)
        told = csv.writer(files["truth"])
        told.writerow(TRUTH_COLUMNS)
        for head in schedule_day(plan, index, grammar, centre):
            counts[head.kind] += 1
            own_id = f"{_LETTER[head.kind]}{day:%y%m%d}{counts[head.kind]:06d}"
            contact = open_contact(head, grammar, staffing, plan.seed, rng)
            writer.write(own_id, contact)
            contact_id = f"{_SOURCE[head.kind]}-{own_id}"
            told.writerow((contact_id, contact.topic.name, contact.mood, contact.person.person_id))
            _note(truth, contact_id, contact, plan, index)
    return truth


def _note(truth: DayTruth, contact_id: str, contact: Contact, plan: Plan, index: int) -> None:
    truth.n_contacts += 1
    name = contact.topic.name
    if name == KEYWORD:
        truth.keyword.append(contact_id)
    if name == BORN_TOPIC:
        truth.born.append(contact_id)
    if name == OUTAGE_TOPIC and planted.is_outage(plan, index):
        truth.outage.append(contact_id)
    if contact.head.is_slow:
        truth.slow_team.append(contact_id)
    if planted.volume_factor(plan, index) > 1.0:
        truth.doubled.append(contact_id)
