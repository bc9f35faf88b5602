from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kpi_contacts import column_types, stored_columns, with_history

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_some = st.sampled_from(["a", "b", None])
_contacts = st.lists(st.tuples(_some, _some, st.integers(0, 30)), min_size=1, max_size=12)


def _history(rows: list[tuple[str | None, str | None, int]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(f"c{i:02}", person, topic, START + dt.timedelta(hours=h)) for i, (person, topic, h) in enumerate(rows)],
        columns=["contact_id", "person_id", "topic_id", "started_at"],
    ).astype({"person_id": object, "topic_id": object})
    with duckdb.connect() as connection:
        connection.register("given", table)
        texts = "contact_id, person_id::VARCHAR AS person_id, topic_id::VARCHAR AS topic_id, started_at"
        history = with_history(f"(SELECT {texts} FROM given)", "(SELECT max(started_at) FROM given)")
        found: pd.DataFrame = connection.execute(f"SELECT * FROM ({history}) ORDER BY contact_id").df()
    return found


def _hours(mine: int, others: list[tuple[int, int]], *, before: bool) -> float | None:
    """Return the hours to the nearest other contact before or after the `mine`-th, as anybody would count them."""
    me = next(hours for number, hours in others if number == mine)
    if before:
        found = [me - hours for number, hours in others if (hours, number) < (me, mine)]
    else:
        found = [hours - me for number, hours in others if (hours, number) > (me, mine)]
    return float(min(found)) if found else None


@settings(max_examples=15, deadline=None)
@given(_contacts)
def test_the_hours_between_contacts_are_those_that_one_counts_by_hand(
    rows: list[tuple[str | None, str | None, int]],
) -> None:
    found = _history(rows)
    for number, (person, topic, hours) in enumerate(rows):
        same = [(i, h) for i, (who, _, h) in enumerate(rows) if who == person]
        matter = [(i, h) for i, (who, what, h) in enumerate(rows) if (who, what) == (person, topic)]
        known, told = person is not None, person is not None and topic is not None
        expected: dict[str, Any] = {
            "hours_since_person": _hours(number, same, before=True) if known else None,
            "hours_since_topic": _hours(number, matter, before=True) if told else None,
            "hours_until_topic": _hours(number, matter, before=False) if told else None,
            "hours_seen": float(max(h for _, _, h in rows) - hours),
        }
        for name, value in expected.items():
            got = found.loc[number, name]
            assert pd.isna(got) if value is None else got == pytest.approx(value), name


def test_what_a_person_wrote_is_no_column_of_an_indicator() -> None:
    assert not {"title", "file", "position"} & set(column_types())
    assert stored_columns(("seen_until", "hours_until_topic")) == ("person_id", "started_at", "topic_id")
