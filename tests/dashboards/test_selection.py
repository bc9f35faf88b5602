from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kpi_catalog import INDICATORS
from analytics.signals.kpis import kpi_tables, needed_columns
from analytics.warehouse import open_reader
from dashboards.data import contacts, persons
from dashboards.data.source import Source, extent
from dashboards.filters import Filters
from dashboards.parts import voices
from dashboards.parts.kpi_strip import _HITS, _WRITERS
from dashboards.selection import Selection, selection_of

_keys = st.sampled_from(["mood", "touchpoint", "topic", "channel_is", "category", "spike", "with"])


@settings(max_examples=40)
@given(st.dictionaries(_keys, st.text(st.characters(codec="utf-8"), max_size=10)))
def test_a_selection_survives_its_address(narrowing: dict[str, str]) -> None:
    for filters in (Filters(), Filters(dt.date(2026, 9, 1), dt.date(2026, 9, 2), ("app",), ("",))):
        selection = Selection(filters, narrowing)
        assert selection_of(selection.encoded) == selection


@pytest.mark.parametrize(
    "text",
    [
        "day_from=x", "hour=25", "unknown=1", "mood=negative' OR 1=1 --", "topic=%27%3B",
        "says=%22%22+-", "exact=+", "says=%27)%3B+DROP", "exact=%27+OR+1%3D1--",
        "person=%27", "tier_is=%ED%A0%80",
        "says=" + 500 * "x",
    ],
)  # fmt: skip
def test_a_hand_written_address_cannot_break_or_inject(source: Source, text: str) -> None:
    found = contacts.count(source, selection_of(text))
    kept = selection_of(text).narrowing
    assert found == (0 if kept else contacts.count(source, Selection(Filters())))
    assert bool(kept) == text.startswith(("mood", "topic", "person", "tier", "says=%27", "exact=%27"))


def test_narrowing_never_adds_contacts(source: Source) -> None:
    whole = Selection(extent(source).default)
    n = contacts.count(source, whole)
    parts = [contacts.count(source, whole.narrowed(mood=mood)) for mood in ("negative", "neutral", "positive")]
    assert sum(parts) == n
    assert min(parts) > 0


def test_an_event_brings_its_own_contacts_whatever_the_filters(source: Source) -> None:
    listed = int(source.rows("SELECT len(contact_ids) AS n FROM spike WHERE spike_id = 's1'")["n"].iloc[0])
    narrow = Filters(dt.date(2026, 9, 7), dt.date(2026, 9, 7), ("weibo",))
    assert contacts.count(source, Selection(narrow, {"spike": "s1"})) == listed > 0


def test_every_indicator_opens_to_as_many_contacts_as_it_counts(source: Source) -> None:
    """Against the real definitions: `analytics.signals.kpis` made the table."""
    day = extent(source).last_day
    rows = source.rows("SELECT * FROM kpi_day WHERE team = '*' AND day = $day", day=day)
    # The made-up contacts have none of these; of the last day nobody knows yet who will be back.
    missing = {"due_at", "n_reopened", "n_transfers", "rating"}
    some = {name for name, one in INDICATORS.items() if not missing & set(one.source)}
    assert set(rows["indicator"]) == some - {"first_contact_resolution_share"}
    for row in rows.to_dict("records"):
        narrowing = {"scope": "all", "day_from": str(day), "day_to": str(day)}
        narrowing["with"] = row["indicator"]
        if row["channel"] != "*":
            narrowing["channel_is"] = row["channel"]
        filters = Filters(channels=("phone",), products=("无线耳机",))
        assert contacts.count(source, Selection(filters, narrowing)) == row["n"], row["indicator"]
        assert _WRITERS[INDICATORS[row["indicator"]].unit](row["value"])
        if row["indicator"] in _HITS:
            del narrowing["with"]
            hits = Selection(filters, {**narrowing, "course": _HITS[row["indicator"]][1]})
            assert contacts.count(source, hits) == pytest.approx(row["value"] * row["n"])
            assert selection_of(hits.encoded) == hits


def test_an_indicator_that_looks_around_a_contact_opens_to_those_it_counts(source: Source) -> None:
    """A page finds who came back by the same words as the job, over the contacts that are published."""
    last = extent(source).last_day
    assert last is not None
    day = last - dt.timedelta(days=5)
    table = source.rows(f"SELECT {', '.join(needed_columns())} FROM contact")
    rows = kpi_tables(table, days=[day]).day.to_pylist()
    around = {"repeat_share", "topic_repeat_share", "first_contact_resolution_share"}
    found = {row["indicator"]: row for row in rows if row["team"] == "*" and row["channel"] == "wechat"}
    assert around <= set(found)
    for name in around:
        narrowing = {"scope": "all", "day_from": str(day), "day_to": str(day), "channel_is": "wechat"}
        assert contacts.count(source, Selection(Filters(), {**narrowing, "with": name})) == found[name]["n"] > 0
        hits = source.rows(f"SELECT count(*) AS n FROM contact WHERE {INDICATORS[name].hits} AND day = $day", day=day)
        every = next(row for row in rows if row["team"] == row["channel"] == "*" and row["indicator"] == name)
        assert hits["n"].iloc[0] == pytest.approx(every["value"] * every["n"])


@pytest.mark.parametrize(
    ("narrowing", "sql"),
    [
        ({"says": "物流 你好"}, "text LIKE '%物流%'"),
        ({"says": "物流 -你好"}, "FALSE"),
        ({"says": "-物流"}, "contact_id NOT IN (SELECT contact_id FROM utterance WHERE text LIKE '%物流%')"),
        ({"exact": "这个可以换大一码吗?"}, "text = '這個可以換大一碼嗎？'"),
        ({"says": "登记"}, "FALSE"),
        ({"person": "p7"}, "person_id = 'p7'"),
        ({"kind_is": "call"}, "kind = 'call'"),
        ({"says": "物流", "day_from": "2026-10-03"}, "text LIKE '%物流%' AND c.day >= '2026-10-03'"),
    ],
)  # fmt: skip
def test_what_was_said_and_by_whom_narrows(source: Source, narrowing: dict[str, str], sql: str) -> None:
    """Only what a customer said is searched, in either script; 登记 is said by the agent alone."""
    selection = Selection(extent(source).default, narrowing)
    assert selection_of(selection.encoded) == selection
    truth = source.over(
        Selection(selection.filters),
        "SELECT count(DISTINCT contact_id) AS n FROM contact c JOIN utterance u USING (contact_id)"
        f" WHERE c.contact_id IN (SELECT contact_id FROM contact WHERE {{where}}) AND speaker = 'customer' AND {sql}",
    )["n"].iloc[0]
    assert contacts.count(source, selection) == truth
    assert (truth == 0) == (sql == "FALSE")


def test_a_tag_opens_to_the_contacts_of_those_on_whom_it_stands(warehouse: Path, tmp_path: Path) -> None:
    """p7 had the tag on an earlier day of contact only."""
    file = tmp_path / "voc.duckdb"
    shutil.copyfile(warehouse, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("INSERT INTO tag BY NAME SELECT 'frequent' AS tag, '常客' AS label, 30 AS window_days")
        for person, day in (("p6", "max"), ("p7", "min")):
            connection.execute(
                "INSERT INTO person_tag BY NAME SELECT person_id, 'frequent' AS tag, max(day) AS day FROM contact"
                " WHERE person_id = $person GROUP BY 1".replace("max", day),
                {"person": person},
            )
    with open_reader(file) as reader:
        source = Source(reader, "Asia/Shanghai")
        tagged = Selection(Filters(), {"tag": "frequent"})
        assert contacts.count(source, tagged) == contacts.count(source, Selection(Filters(), {"person": "p6"})) > 1
        stands = source.rows("SELECT person_id, tag, label FROM v_person_tag")
        assert stands.to_dict("records") == [{"person_id": "p6", "tag": "frequent", "label": "常客"}]
        assert list(persons.tags(source, "p6")["label"]) == ["常客"]
        assert persons.tags(source, "p7").empty
        assert "客户标签「常客」" in voices.describe(source, tagged)
        assert contacts.count(source, Selection(Filters(), {"tag": "' OR TRUE --"})) == 0
