"""A topic that emerged alarms on its first day, as one incident with the words that rise in the same contacts."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.signals import group_incidents
from jobs.spike_births import births_as_alarms, with_born

NINE = pd.Timestamp("2026-05-29 01:00Z")
HOUR = pd.Timedelta(hours=1)


def born_of(n=20, expected=0.3):
    return pd.DataFrame(
        {
            "topic_id": "t006",
            "n_texts": n,
            "expected": expected,
            "p_value": 1e-6,
            "contact_id": [f"c{i:02d}" for i in range(n)],
            "channel": "app",
            "hour": [NINE + i % 8 * HOUR for i in range(n)],
        }
    )


def keyword(word, born, *, expected, observed):
    alarm = births_as_alarms(born).assign(kind="keyword", key=word, expected=expected, observed=observed)
    members = born.assign(kind="keyword", key=word)[["kind", "key", "channel", "hour", "contact_id"]]
    return alarm, members


def no_members():
    return pd.DataFrame(columns=["kind", "key", "channel", "hour", "contact_id"])


def test_a_birth_is_an_alarm_from_its_first_contact_to_its_last():
    (alarm,) = births_as_alarms(born_of()).to_dict("records")
    assert (alarm["kind"], alarm["key"], alarm["channel"]) == ("topic", "t006", "*")
    assert (alarm["started_at"], alarm["bucket_seconds"]) == (NINE, 8 * 3600)
    assert (alarm["observed"], alarm["expected"]) == (20.0, 0.3)
    assert births_as_alarms(born_of(0)).empty


@pytest.mark.parametrize(("expected", "observed", "head"), [(6.0, 12.0, "t006"), (0.1, 19.0, "刷脸")])
def test_a_birth_and_the_words_of_its_contacts_are_one_incident(expected, observed, head):
    """The name is chosen as for all incidents: a word nobody said before names what most of its contacts say."""
    born = born_of()
    alarm, members = keyword("刷脸", born.iloc[:19], expected=expected, observed=observed)
    alarms = pd.concat([births_as_alarms(born), alarm], ignore_index=True)
    (incident,) = group_incidents(alarms, with_born(members, born)).to_dict("records")
    assert {incident["key"], *incident["related"]} == {"t006", "刷脸"}
    assert incident["key"] == head


def test_a_birth_alone_is_an_incident_of_its_contacts_each_once():
    born = born_of()
    again = born.assign(kind="topic").rename(columns={"topic_id": "key"})[list(no_members().columns)]
    (incident,) = group_incidents(births_as_alarms(born), with_born(again, born)).to_dict("records")
    assert (incident["kind"], incident["key"]) == ("topic", "t006")
    assert incident["contact_ids"] == born["contact_id"].tolist()
    assert str(incident["day"]) == "2026-05-29"
    assert with_born(no_members(), born_of(0)).empty
