"""segment and keyword_hour on a lake of made-up turns: the dictionary of workers, and what is counted as what."""

import datetime as dt

import pyarrow as pa
import pytest

from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.text.dictionary import UserWord, dictionary_hash
from analytics.text.lexicons import Lexicons
from jobs import keyword_hour, segment
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.window import Window

DAY = dt.date(2026, 3, 1)
WINDOW = Window(DAY, DAY)
NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
SAID = {
    "a": "闪闪达退钱,没收到",
    "b": "嗯那个,我要退款",
    "c": "王八蛋,快递丢了,iPhone 17 Pro也丢了",
}


@pytest.fixture
def lake(spark, tmp_path):
    made = Lake(tmp_path / "lake")
    known = [{"day": DAY, "contact_id": name, "text": text, "text_simplified": text} for name, text in SAID.items()]
    rows = {
        "utterance": [{**row, "turn": 0, "speaker": "customer"} for row in known],
        "contact": [{**row, "kind": "chat", "channel": "app", "started_at": NOON} for row in known],
    }
    for name, found in rows.items():
        made.replace_arrow(spark, pa.Table.from_pylist(found, schema=TABLES[name].arrow()), name, WINDOW)
    return made


@pytest.mark.spark
def test_words_and_keywords_of_a_site_that_has_its_own_lists(spark, lake, tmp_path):
    folder = tmp_path / "lexicons"
    folder.mkdir()
    (folder / "domain.txt").write_text("闪闪达\n", encoding="utf-8")
    settings, counts = Settings(home=tmp_path), Counts()
    segment.run(spark, lake, settings, WINDOW, counts)
    assert counts.inputs == segment.inputs(settings)
    rows = {row.contact_id: row for row in lake.read(spark, "token").collect()}
    assert (rows["a"].tokens, rows["a"].breaks) == (["闪闪达", "退钱", "没收到"], [2])
    assert rows["b"].tokens == ["我要", "退款"]
    keyword_hour.run(spark, lake, settings, WINDOW, counts)
    found = {row.keyword: row.n_contacts for row in lake.read(spark, "keyword_hour").collect()}
    assert found["退款"] == 2 and found["闪闪达"] == found["iPhone17Pro"] == 1
    assert not {"退钱", "王八蛋"} & found.keys()


@pytest.mark.spark
def test_a_worker_with_another_dictionary_fails_the_job(spark, lake):
    words = (UserWord("闪闪达"),)
    turns = lake.read(spark, "utterance").select("day", "contact_id", "turn", "text_simplified")
    tokens, used = segment.observed(turns, segment.cutter("rjieba", words))
    assert tokens.count() == len(SAID)
    segment.check_dictionary(used, dictionary_hash(words), len(SAID))
    with pytest.raises(ConfigError, match="expected all words cut with"):
        segment.check_dictionary(used, dictionary_hash(()), len(SAID))


def test_keywords_are_counted_under_one_word_and_hold_no_insult():
    lexicons = Lexicons(
        stop_words=frozenset({"我要"}),
        synonyms={"退钱": "退款", "快递丢了": "丢件", "iphone17pro": "iPhone 17 Pro"},
        sensitive=frozenset({"王八蛋"}),
    )
    tokens = ["我要", "退钱", "快递", "丢", "了", "王八蛋", "iPhone17Pro", "1,299", "10:30", "货"]
    found = keyword_hour.keywords_of(tokens, lexicons, keyword_hour.synonym_phrases(lexicons))
    assert found == {"退款", "丢件", "快递", "iPhone 17 Pro"}
