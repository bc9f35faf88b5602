"""Merging and un-merging by hand: what was published before a merge is published again after its withdrawal."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from analytics.conform.people import identifier_hash
from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import load_settings
from analytics.warehouse import open_reader, table_hash
from jobs import forecast, identity, kpi, person_decisions, person_tag, publish
from jobs.cli import app
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.window import Window

pytestmark = pytest.mark.spark

FIRST = dt.date(2026, 3, 1)
WINDOW = Window(FIRST, FIRST + dt.timedelta(days=2))
KNOWN = {
    "call": {"phone": "13912345670"},
    "chat-1": {"login": "mei", "phone": "13912345670"},
    "chat-2": {"login": "mei"},
    "chat-3": {"openid": "oQ7x" + "a" * 24},
    "chat-4": {"openid": "oQ7x" + "a" * 24},
    "order": {"email": "lin@example.com"},
}
DAY_OF = {"call": 0, "chat-1": 0, "chat-2": 1, "chat-3": 1, "chat-4": 2, "order": 2}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    monkeypatch.setenv("KESHENG_PERSON_KEY", "secret")
    return tmp_path


@pytest.fixture
def lake(spark, home) -> Lake:
    """Return a lake with six contacts of three persons over three days, run once."""
    lake = Lake(load_settings().lake)
    contacts = [
        {
            "day": FIRST + dt.timedelta(days=DAY_OF[name]),
            "contact_id": name,
            "source": "made up",
            "kind": "chat",
            "channel": "app",
            "team": "a",
            "agent_id": "a1",
            "started_at": dt.datetime(2026, 3, 1 + DAY_OF[name], 2, number, tzinfo=dt.UTC),
            "ended_at": dt.datetime(2026, 3, 1 + DAY_OF[name], 3, number, tzinfo=dt.UTC),
        }
        for number, name in enumerate(KNOWN)
    ]
    known = [
        {
            "day": FIRST + dt.timedelta(days=DAY_OF[name]),
            "contact_id": name,
            "id_kind": kind,
            "id_hash": identifier_hash(kind, value, "secret"),
        }
        for name, values in KNOWN.items()
        for kind, value in values.items()
    ]
    for table, rows in (("contact", contacts), ("contact_identifier", known)):
        lake.replace_arrow(spark, pa.Table.from_pylist(rows, schema=TABLES[table].arrow()), table, WINDOW)
    run(spark, lake)
    return lake


def run(spark, lake, window: Window = WINDOW) -> None:
    settings = load_settings()
    identity.run(spark, lake, settings, window, Counts())
    kpi.run(spark, lake, settings, WINDOW, Counts())
    publish.run(settings)


def published() -> dict[str, str]:
    """Return the hash of every published table but those that tell of runs and when days were looked at."""
    names = [name for name, table in TABLES.items() if table.published and name not in ("run", "quality")]
    return {name: table_hash(load_settings().warehouse, name) for name in names}


def persons() -> dict[str, str]:
    with open_reader(load_settings().warehouse) as reader:
        rows = reader.query("SELECT contact_id, person_id FROM contact")
    return dict(zip(rows["contact_id"], rows["person_id"], strict=True))


def test_what_a_merge_changed_its_withdrawal_restores_exactly(spark, lake):
    before, first = published(), persons()
    assert len(set(first.values())) == 3
    said = person_decisions.decide_merge("13912345670", "chat-4", "same voice", "wang")
    assert "kesheng run --day 2026-03-01 --to 2026-03-03" in said
    run(spark, lake)
    merged = persons()
    assert {merged[name] for name in ("call", "chat-1", "chat-2", "chat-3", "chat-4")} == {first["chat-1"]}
    changed = {name for name, content in published().items() if content != before[name]}
    assert changed == {"contact", "kpi_cube", "kpi_day"}
    assert "撤回" in person_decisions.withdraw(1)
    run(spark, lake)
    assert published() == before
    assert "1  merge" in person_decisions.listed()


def test_a_contact_taken_out_links_nobody_and_can_be_put_back(spark, lake):
    before, first = published(), persons()
    person_decisions.decide_split("chat-2", "chat-1", None, "his sister wrote", "wang")
    run(spark, lake, Window.parse("2026-03-03"))  # days that changed are written whatever the window
    split = persons()
    assert len({split["call"], split["chat-1"], split["chat-2"]}) == 3
    shown = person_decisions.describe("chat-1")
    assert "manual" in shown and "1.00" in shown
    person_decisions.withdraw(1)
    run(spark, lake, Window.parse("2026-03-03"))
    assert (published(), persons()) == (before, first)


def test_an_identifier_taken_out_joins_no_more(spark, lake):
    phone = identifier_hash("phone", "13912345670", "secret")
    person_decisions.decide_split("chat-2", None, f"phone:{phone}", "the family's", None)
    run(spark, lake)
    found = persons()
    assert found["chat-1"] == found["chat-2"] != found["call"] == phone


def test_the_commands_say_who_and_never_a_raw_value(spark, lake):
    shown = CliRunner().invoke(app, ["person", "show", "139 1234 5670"])
    assert shown.exit_code == 0
    assert "3 个联络" in shown.output and "login" in shown.output
    assert "13912345670" not in shown.output and "5670" not in shown.output and "mei" not in shown.output
    merged = CliRunner().invoke(app, ["person", "merge", "call", "order", "--why", "one order", "--by", "wang"])
    assert merged.exit_code == 0, merged.output
    listed = CliRunner().invoke(app, ["person", "decisions"])
    assert "wang：one order" in listed.output
    assert CliRunner().invoke(app, ["person", "undo", "1"]).exit_code == 0


def test_what_cannot_be_decided_is_refused_without_repeating_the_key(spark, lake):
    for arguments in (("13800138001", "call"), ("call", "chat-1")):
        with pytest.raises(ConfigError) as caught:
            person_decisions.decide_merge(*arguments, "no reason", None)
        assert "13800138001" not in str(caught.value)
    for contact, identifier in ((None, None), ("order", None), (None, "phone:13912345670")):
        with pytest.raises(ConfigError) as caught:
            person_decisions.decide_split("call", contact, identifier, "no reason", None)
        assert "13912345670" not in str(caught.value)
    assert person_decisions.listed() == "还没有人工决定"


SITE_TAG = """
[[tag]]
name = "again"
label = "又来了"
description = "两天里两次"
window_days = 2
condition = "count(*) >= 2"
"""


def test_a_person_is_tagged_on_the_days_of_their_contacts_and_the_days_ahead_are_forecast(spark, lake, home):
    (home / "tags").mkdir()
    (home / "tags" / "own.toml").write_text(SITE_TAG, encoding="utf-8")
    hit = {"day": FIRST, "contact_id": "call", "category": "escalate", "turn": 0, "start": 0, "stop": 2}
    lake.replace_arrow(
        spark, pa.Table.from_pylist([hit], schema=TABLES["category_hit"].arrow()), "category_hit", WINDOW
    )
    settings = load_settings()
    for module in (person_tag, forecast):
        counts = Counts()
        module.run(spark, lake, settings, WINDOW, counts)
        assert counts.rows_in == 6
    publish.run(settings)
    with open_reader(settings.warehouse) as reader:
        tags = reader.query("SELECT day, tag, contact_ids FROM person_tag ORDER BY day, tag, person_id")
        standing = reader.query("SELECT label, n_contacts FROM v_person_tag ORDER BY 1, 2")
        ahead = reader.query("SELECT DISTINCT day, made_at, channel, count(*) AS n FROM forecast_hour GROUP BY ALL")
    days = [FIRST + dt.timedelta(days=n) for n in range(3)]
    found = [(str(row.day)[:10], row.tag, list(row.contact_ids)) for row in tags.itertuples()]
    assert found == [
        (str(days[0]), "again", ["call", "chat-1"]),
        (str(days[0]), "threatened", ["call"]),
        (str(days[1]), "again", ["call", "chat-1", "chat-2"]),
        (str(days[1]), "threatened", ["call"]),
        (str(days[1]), "usual_channel", ["call", "chat-1", "chat-2"]),
        (str(days[2]), "again", ["chat-3", "chat-4"]),
    ]
    # The tags of each person's last day with a contact; those of two days that were given on the second still stand.
    assert standing.to_numpy().tolist() == [["又来了", 2], ["又来了", 3], ["常用渠道", 3], ["扬言投诉", 1]]
    assert "标签 扬言投诉" in person_decisions.describe("call")
    assert {(str(row.day)[:10], row.channel, row.n) for row in ahead.itertuples()} == {
        (str(days[2]), "*", 336),
        (str(days[2]), "app", 336),
    }
