"""Persons and their contacts, told in rows: who gets which tag, and which contacts stand behind it."""

from __future__ import annotations

import datetime as dt
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.tags import Tagset, load_tags, person_tags
from analytics.tags.judge import CONTACT_COLUMNS

DAY = dt.date(2026, 3, 20)
TAGS = load_tags()


def contact(number: int, days_ago: int = 0, person: str = "p", **said: object) -> dict[str, object]:
    day = DAY - dt.timedelta(days=days_ago)
    started_at = dt.datetime(day.year, day.month, day.day, 2, number, tzinfo=dt.UTC)
    known = {"contact_id": f"c{number}", "person_id": person, "day": day, "started_at": started_at}
    return {**known, "channel": "app", "categories": [], **said}


def tagged(*contacts: dict[str, object], first: dt.date = DAY, tags: Tagset = TAGS) -> list[dict[str, object]]:
    return person_tags(pa.Table.from_pylist(list(contacts), schema=CONTACT_COLUMNS), tags, first, DAY).to_pylist()


def behind(rows: list[dict[str, object]]) -> dict[str, list[str]]:
    return {str(row["tag"]): row["contact_ids"] for row in rows}  # type: ignore[misc]


def test_five_contacts_on_several_days_are_frequent_and_on_one_day_are_not():
    spread = [contact(n, days_ago=n) for n in range(5)]
    assert behind(tagged(*spread))["frequent"] == ["c4", "c3", "c2", "c1", "c0"]
    assert "frequent" not in behind(tagged(*(contact(n) for n in range(5))))
    old = [contact(n, days_ago=30 + n) for n in range(1, 5)]
    assert "frequent" not in behind(tagged(contact(0), *old))


def test_a_threat_is_told_with_its_contact_for_a_quarter():
    found = tagged(contact(1, days_ago=60, categories=["escalate"]), contact(2))
    (row,) = [row for row in found if row["tag"] == "threatened"]
    assert (row["contact_ids"], row["n_contacts"], row["value"]) == (["c1"], 1, "1")
    assert row["detail"] == "近 90 天 1 次，最近一次在 60 天前"
    assert row["since"] == dt.datetime(2026, 1, 19, 2, 1, tzinfo=dt.UTC)
    assert not tagged(contact(1, days_ago=90, categories=["escalate"]), contact(2))


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([contact(1, categories=["leave"])], ["c1"]),
        ([contact(n, days_ago=2 - n, sentiment_label="negative", sentiment_score=-0.5) for n in range(3)], 3),
        ([contact(n, sentiment_label="negative", sentiment_score=-0.5) for n in range(2)], None),
        ([contact(n, days_ago=3 - n, sentiment_score=s, sentiment_label="negative" if s < -0.3 else "positive")
          for n, s in enumerate([0.6, 0.5, -0.4, -0.6])], ["c2", "c3"]),
        ([contact(n, days_ago=3 - n, sentiment_score=s, sentiment_label="negative" if s < -0.3 else "positive")
          for n, s in enumerate([-0.6, -0.4, 0.5, 0.6])], None),
    ],
)  # fmt: skip
def test_at_risk_are_those_who_leave_complain_again_or_grow_unhappy(contacts, expected):
    found = behind(tagged(*contacts)).get("at_risk")
    assert found is None if expected is None else (found == expected or len(found) == expected)


def test_the_usual_channel_is_a_majority():
    four = [contact(n, days_ago=n, channel="wechat" if n else "app") for n in range(4)]
    (row,) = [row for row in tagged(*four) if row["tag"] == "usual_channel"]
    assert (row["value"], row["contact_ids"], row["detail"]) == ("wechat", ["c3", "c2", "c1"], "4 次联系中 3 次")
    assert "usual_channel" not in behind(tagged(*four[:3], contact(9, channel="web"), contact(8, channel="phone")))


def test_a_vip_is_who_the_source_calls_one_now():
    assert behind(tagged(contact(1, days_ago=3, tier="钻石会员"), contact(2)))["vip"] == ["c1"]
    assert "vip" not in behind(tagged(contact(1, days_ago=3, tier="VIP3"), contact(2, tier="普通")))
    assert "vip" not in behind(tagged(contact(1, tier="非VIP")))


def test_only_who_made_contact_is_judged_and_on_that_day_by_what_was_known():
    history = [contact(n, days_ago=6 - n) for n in range(6)]
    found = tagged(*history, contact(9, days_ago=3, person="q"), first=DAY - dt.timedelta(days=1))
    assert [(row["day"], row["n_contacts"]) for row in found if row["tag"] == "frequent"] == [
        (DAY - dt.timedelta(days=1), 6)
    ]
    assert {row["person_id"] for row in found} == {"p"}


@pytest.mark.slow
@given(st.integers(0, 10_000))
@settings(max_examples=5)
def test_a_tag_opens_to_contacts_of_its_person_whatever_the_order_of_rows(seed):
    rng = random.Random(seed)
    contacts = [
        contact(
            n, rng.randrange(40), rng.choice("pq"), channel=rng.choice(["app", "web"]),
            topic_id=rng.choice([None, "t"]),
            sentiment_score=rng.uniform(-1, 1), sentiment_label=rng.choice(["negative", "neutral"]),
            categories=rng.choice([[], ["leave"], ["escalate", "anger"]]),
        )
        for n in range(rng.randrange(1, 30))
    ]  # fmt: skip
    found = tagged(*contacts, first=DAY - dt.timedelta(days=3))
    owner = {row["contact_id"]: row["person_id"] for row in contacts}
    for row in found:
        assert row["n_contacts"] == len(row["contact_ids"]) == len(set(row["contact_ids"])) > 0
        assert {owner[name] for name in row["contact_ids"]} == {row["person_id"]}
    keys = [(row["day"], row["person_id"], row["tag"]) for row in found]
    assert keys == sorted(set(keys))
    rng.shuffle(contacts)
    assert tagged(*contacts, first=DAY - dt.timedelta(days=3)) == found


def test_no_contacts_no_tags_and_columns_are_named():
    assert person_tags(CONTACT_COLUMNS.empty_table(), TAGS, DAY, DAY).schema == TABLES["person_tag"].arrow()
    assert not tagged(contact(1, categories=["leave"]), tags=Tagset(()))
    with pytest.raises(SchemaError, match="categories"):
        person_tags(CONTACT_COLUMNS.empty_table().drop_columns(["categories"]), TAGS, DAY, DAY)
