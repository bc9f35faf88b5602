"""flag and what reads it, on lakes of made-up rows."""

import datetime as dt

import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.settings import FlagSettings, Settings
from jobs import flag, keyword_hour, segment, sentiment_hour
from jobs.contacts import understood_contacts
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.voice import customer_turns
from jobs.window import Window

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1200)]

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
BOTH = Window(FIRST, SECOND)
MIDNIGHT = dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)  # in Shanghai
BRUSHED = "家人们听我一句劝这家的东西闭眼入真的不踩雷全家都说好已经第{}次回购了一定要来试"
GREETING = "感谢您对我们一如既往的喜爱，订单{}已经加急，请您留意物流信息"


def settings_of(home, *, leave_out=True):
    return Settings(home=home, flags=FlagSettings(leave_out=leave_out))


def made_lake(spark, root, *, by_day=True):
    """Ten brushed reviews over midnight, an offer, five chats with cards, an agent's template and real words."""
    contacts, utterances = [], []

    def add(contact_id, minute, *turns):
        began = MIDNIGHT + dt.timedelta(minutes=minute)
        day = FIRST if minute < 0 else SECOND
        known = {"day": day, "contact_id": contact_id, "source": "shop", "channel": "app", "started_at": began}
        contacts.append({**known, "kind": "review", "rating": 5.0})
        for turn, (speaker, text) in enumerate(turns):
            said = {"speaker": speaker, "said_at": began, "text": text, "text_simplified": text}
            utterances.append({"day": day, "contact_id": contact_id, "turn": turn, **said})

    for i in range(10):
        add(f"burst{i}", 30 * (i - 3), ("customer", BRUSHED.format(i)))
    add("offer", 5, ("customer", "诚招兼职,日结两百,加微信[微信]"))
    for i in range(5):
        words = f"破壁机{'漏水' if i % 2 else '异响'}怎么修"
        add(f"chat{i}", 60 + i, ("customer", "[商品卡片]"), ("customer", words), ("agent", GREETING.format(i)))
    lake = Lake(root / "lake", by_day=by_day)
    for name, rows in (("contact", contacts), ("utterance", utterances)):
        lake.replace_arrow(spark, pa.Table.from_pylist(rows, schema=TABLES[name].arrow()), name, BOTH)
    return lake


def flags_in(spark, lake):
    return {row.contact_id: row.flag for row in lake.read(spark, "contact_flag").collect()}


def templates_in(spark, lake):
    return sorted((row.contact_id, row.turn) for row in lake.read(spark, "turn_template").collect())


LATE = {f"burst{i}": "brushing" for i in range(3, 10)} | {"offer": "advertising"}
"""The three reviews before midnight were no burst yet."""
TEMPLATES = sorted((f"chat{i}", turn) for i in range(5) for turn in (0, 2))


@pytest.mark.parametrize("by_day", [True, False])
def test_bursts_offers_and_templates_are_found(spark, tmp_path, by_day):
    lake = made_lake(spark, tmp_path, by_day=by_day)
    flag.run(spark, lake, settings_of(tmp_path), BOTH, Counts())
    assert flags_in(spark, lake) == LATE
    assert templates_in(spark, lake) == TEMPLATES


def test_day_by_day_gives_the_same_and_replaces_only_its_day(spark, tmp_path):
    lake = made_lake(spark, tmp_path)
    for day in (SECOND, FIRST):
        flag.run(spark, lake, settings_of(tmp_path), Window(day, day), Counts())
    assert flags_in(spark, lake) == LATE
    assert templates_in(spark, lake) == TEMPLATES


def test_what_is_flagged_enters_nothing_and_everything_does_when_asked(spark, tmp_path):
    lake = made_lake(spark, tmp_path)
    own, every = settings_of(tmp_path), settings_of(tmp_path, leave_out=False)
    flag.run(spark, lake, own, BOTH, Counts())
    kept = {f"burst{i}" for i in range(3)} | {f"chat{i}" for i in range(5)}
    assert {row.contact_id for row in understood_contacts(spark, lake, own, BOTH).collect()} == kept
    assert understood_contacts(spark, lake, every, BOTH).count() == 16
    voice = customer_turns(spark, lake, own, BOTH).collect()
    assert {row.contact_id for row in voice} == kept
    assert "[商品卡片]" not in {row.text for row in voice}
    scored = {row.contact_id for row in customer_turns(spark, lake, own, BOTH, with_flagged=True).collect()}
    assert scored == kept | set(LATE)
    assert customer_turns(spark, lake, every, BOTH).count() == 21


@pytest.mark.parametrize(("leave_out", "n_keyword"), [(True, 3), (False, 10)])
def test_words_of_flagged_contacts_reach_keywords_only_when_asked(spark, tmp_path, leave_out, n_keyword):
    lake, settings = made_lake(spark, tmp_path), settings_of(tmp_path, leave_out=leave_out)
    for job in (flag, segment, keyword_hour, sentiment_hour):
        job.run(spark, lake, settings, BOTH, Counts())
    counted = lake.read(spark, "keyword_hour").where("keyword = '回购'").groupBy().sum("n_contacts").collect()
    assert counted[0][0] == n_keyword
    assert lake.read(spark, "token").where("turn = 0 and contact_id like 'chat%'").count() == (0 if leave_out else 5)
