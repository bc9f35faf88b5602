"""What exports say of who is speaking, and how often they are wrong."""

import csv
import json
from collections import Counter, defaultdict

import pytest

from analytics.conform.people import identifier_hash
from analytics.simulate import Plan, simulate


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Return person → kind → values over eight days, and how many contacts of each kind of record."""
    from datetime import date

    out = tmp_path_factory.mktemp("identifiers")
    simulate(Plan(date(2026, 3, 2), days=8, contacts_per_day=500, seed=5, plant=False), out)
    persons = {}
    for path in (out / "truth").glob("contacts-*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            persons.update((row["contact_id"], row["person"]) for row in csv.DictReader(handle))
    rows = []
    for path in sorted((out / "calls").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            call = json.loads(line)
            rows.append((persons[f"calls-{call['call_id']}"], "call", "phone", call))
    for name, own_id, kind in (("chats", "session_id", "chat"), ("orders", "order_id", "work_order")):
        for path in sorted((out / name).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as handle:
                sessions = {row[own_id]: row for row in csv.DictReader(handle)}
            rows += [(persons[f"{name}-{key}"], kind, row["channel"], row) for key, row in sessions.items()]
    return rows


def users(rows, column):
    """Return value → persons who used it."""
    found = defaultdict(set)
    for person, _, _, row in rows:
        if row.get(column):
            found[row[column]].add(person)
    return found


def test_channels_say_what_they_can_know(seen):
    for _, kind, channel, row in seen:
        assert kind != "call" or row["phone"]
        if kind == "chat":
            assert bool(row["openid"]) == (channel in ("wechat", "weibo"))
            assert not row["login"] or channel in ("app", "web")
            assert not row["device"] or channel in ("app", "web")
    orders = [row for _, kind, _, row in seen if kind == "work_order"]
    assert sum(bool(row["order_no"]) for row in orders) > 0.75 * len(orders)
    assert any(row["email"] for row in orders)


@pytest.mark.parametrize("column", ["login", "unionid", "openid", "email", "order_no"])
def test_accounts_are_of_one_person(seen, column):
    assert max(len(persons) for persons in users(seen, column).values()) == 1


def test_shops_are_used_by_many_and_families_share_a_phone(seen):
    devices, phones = users(seen, "device"), users(seen, "phone")
    assert sorted(device for device, persons in devices.items() if len(persons) > 2) == [
        "kiosk-01", "kiosk-02", "kiosk-03",
    ]  # fmt: skip
    busy = [phone for phone, persons in phones.items() if len(persons) > 4 and identifier_hash("phone", phone)]
    assert len(busy) == 2
    mobiles = defaultdict(set)
    for phone, persons in phones.items():
        if (name := identifier_hash("phone", phone)) and phone not in busy:
            mobiles[name] |= persons
    assert 1 <= sum(len(persons) == 2 for persons in mobiles.values()) <= 0.03 * len(mobiles)


def test_some_numbers_name_nobody_and_spellings_differ(seen):
    phones = [row["phone"] for _, _, _, row in seen if row["phone"]]
    nobody = sum(identifier_hash("phone", phone) is None for phone in phones) / len(phones)
    assert 0.005 < nobody < 0.03
    assert 0.04 < sum(phone.startswith("+86 ") for phone in phones) / len(phones) < 0.12
    assert any("****" in phone for phone in phones)


def test_people_change_phones_and_devices(seen):
    phones, devices = defaultdict(set), defaultdict(set)
    for person, kind, channel, row in seen:
        if kind == "chat" and channel == "app" and row["device"] and not row["device"].startswith("kiosk"):
            devices[person].add(row["device"])
        if kind == "call" and not row["phone"].startswith("0"):
            phones[person].add(identifier_hash("phone", row["phone"]))
    for found in (phones, devices):
        sizes = Counter(len(values) for values in found.values())
        assert 0 < sizes[2] < 0.1 * sizes[1]
