"""`kesheng topics`: what people decide is kept, seen at the next publication, and can be taken back."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from analytics.errors import ConfigError
from analytics.settings import load_settings
from analytics.warehouse import open_reader, table_hash
from jobs import publish
from jobs.cli import app
from jobs.stale import current_inputs
from jobs.topic_lookup import topic_lookup

LAST = dt.date(2026, 9, 20)
TEXTS = {"t001": "东西怎么还没寄出来呀", "t002": "钱什么时候退到我卡里", "t003": "寄出的时间能说一下吗"}


def day(back: int) -> dt.date:
    return LAST - dt.timedelta(days=back)


def topic(topic_id: str, label: str, state: str = "active", **more: object) -> dict[str, object]:
    known = {"words": ["词"], "first_seen": day(13), "last_seen": LAST, "touchpoint": None, "n_contacts": 28}
    return {"topic_id": topic_id, "label": label, "state": state, "pinned": False, "hidden": False} | known | more


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    write = _small_lake()
    lake = tmp_path / "lake"
    topics = [
        topic("t001", "催发货", touchpoint="催促发货"),
        topic("t002", "退款进度", n_contacts=42),
        topic("t003", "发货时间", n_contacts=14, first_seen=day(20)),
        topic("t004", "旧活动", "dormant", n_contacts=0),
    ]
    write.write(lake, "topic", topics)
    write.write(lake, "topic_event", [{"day": day(13), "topic_id": "t001", "event": "born", "contact_ids": ["c1"]}])
    contacts, assigned, shares, turns = [], [], [], []
    for back in range(14):
        for topic_id, n in (("t001", 2), ("t002", 4 if back < 7 else 2), ("t003", 1)):
            shares.append({"day": day(back), "topic_id": topic_id, "channel": "app", "product": "", "n_contacts": n})
            for number in range(n):
                row = {"day": day(back), "contact_id": f"{topic_id}-{back}-{number}"}
                contacts.append(row | {"source": "demo", "kind": "chat", "channel": "app"})
                assigned.append(row | {"topic_id": topic_id, "topic_similarity": 0.9 - back / 100})
                turns.append(row | {"turn": 0, "speaker": "customer", "text": f"{TEXTS[topic_id]}{back % 9}"})
        shares.append({"day": day(back), "topic_id": "", "channel": "app", "product": "", "n_contacts": 30})
    for table, rows in (
        ("contact", contacts), ("contact_topic", assigned), ("topic_day", shares), ("utterance", turns),
    ):  # fmt: skip
        write.write(lake, table, rows)
    return tmp_path


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parent.parent / "small_lake.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def topics(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["topics", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    with pytest.raises(ConfigError) as error:
        CliRunner().invoke(app, ["topics", *arguments], catch_exceptions=False)
    return str(error.value)


def table(*arguments: str) -> dict[str, list[str]]:
    return {line.split("\t")[0]: line.split("\t")[1:] for line in topics("list", *arguments).splitlines()[1:]}


def published(*queries: str) -> list[list[tuple[object, ...]]]:
    settings = load_settings()
    publish.run(settings, is_gated=False)
    with open_reader(settings.warehouse) as reader:
        return [list(reader.query(query).itertuples(index=False, name=None)) for query in queries]


def test_the_list_has_shares_with_intervals_and_tests_the_change(home: Path) -> None:
    rows = table()
    assert list(rows) == ["t002", "t001", "t003"]
    assert rows["t001"][:4] == ["催发货", "在用", "催促发货", "28"]
    assert rows["t002"][4].startswith("10.8%（7.6%–15.2%）") and rows["t002"][5] == "+5.1 个百分点"
    assert rows["t001"][6:] == [str(day(13)), str(LAST)]
    assert table("--all")["t004"][1] == "休眠"


@pytest.mark.slow
def test_a_name_survives_and_is_seen_after_publishing(home: Path) -> None:
    said = topics("rename", "T001", " 催促 发货 ", "--why", "更清楚", "--by", "mei")
    assert "kesheng run publish" in said and "withdraw 1" in said
    label = "SELECT label FROM topic WHERE topic_id = 't001'"
    labels, events = published(label, "SELECT event, detail FROM topic_event WHERE topic_id = 't001' ORDER BY day")
    assert labels == [("催促 发货",)]
    assert events[1] == ("renamed", "mei：更清楚；「催发货」→「催促 发货」")
    assert "决定 1" in topics("history", "t001")
    topics("withdraw", "1")
    assert published(label) == [[("催发货",)]]
    assert "was withdrawn on" in refused("withdraw", "1")


@pytest.mark.slow
def test_merging_and_taking_it_back_gives_every_contact_its_old_topic(home: Path) -> None:
    publish.run(load_settings(), is_gated=False)
    before = {name: table_hash(load_settings().warehouse, name) for name in ("contact", "topic", "topic_day")}
    made_with = current_inputs(load_settings(), ["topics"])
    said = topics("merge", "发货时间", "t001", "--by", "mei")
    assert "并入 t001 催发货" in said and "kesheng run --stale" in said
    ids, seen = published(
        "SELECT topic_id, count(*) AS n FROM contact GROUP BY 1 ORDER BY 1",
        "SELECT topic_id, state, merged_into, n_contacts, first_seen::VARCHAR FROM topic ORDER BY 1",
    )
    assert ids == [("t001", 42), ("t002", 42)]
    assert seen[:3:2] == [("t001", "active", None, 42, str(day(20))), ("t003", "merged", "t001", 0, str(day(20)))]
    assert current_inputs(load_settings(), ["topics"]) != made_with
    assert table("--all")["t003"][1] == "已并入 t001"
    topics("unmerge", "t003")
    (events,) = published("SELECT event, other_topic_id FROM topic_event WHERE topic_id = 't003' ORDER BY event")
    assert {name: table_hash(load_settings().warehouse, name) for name in before} == before
    assert current_inputs(load_settings(), ["topics"]) == made_with
    assert events == [("merged", "t001"), ("unmerged", "t001")]


@pytest.mark.slow
def test_what_cannot_be_decided_says_what_to_do(home: Path) -> None:
    assert "near it: t001" in refused("show", "t0011")
    assert "near it: t002 退款进度" in refused("pin", "退款")
    assert "itself" in refused("merge", "t001", "t001")
    assert "is the name of t002" in refused("rename", "t001", "退款进度")
    assert "got 0" in refused("rename", "t001", "  ") and "got 21" in refused("rename", "t001", "长" * 21)
    assert "expected one of 28 touchpoints" in refused("touchpoint", "t001", "发货")
    assert "expected 2 to 5 parts" in refused("split", "t001", "--into", "9")
    assert "part of no other topic" in refused("unmerge", "t001")
    assert "none; run kesheng run topics first" in refused("split", "t001")
    assert topics("history") == f"{day(13)}  t001  催发货  出现  （c1）\n"
    topics("pin", "t001")
    assert "unpin t001" in refused("merge", "t001", "t002")
    topics("merge", "t003", "t001")
    assert "unmerge t003" in refused("merge", "t001", "t003") and "part of t001" in refused("rename", "t003", "甲")
    topics("unpin", "t001")
    assert "unmerge t003" in refused("merge", "t001", "t003")


@pytest.mark.slow
def test_hidden_and_pinned_topics_and_their_touchpoint(home: Path) -> None:
    topics("hide", "t002")
    assert list(table()) == ["t001", "t003"] and table("--all")["t002"][1] == "在用·隐藏"
    topics("unhide", "t002")
    topics("pin", "t002")
    topics("touchpoint", "t002", "退款进度", "--why", "都在问退款")
    assert table()["t002"][1:3] == ["在用·固定", "退款进度"]
    with topic_lookup(load_settings()) as lookup:
        assert lookup.decided.usual_touchpoints == {"t002": "退款进度"}
    topics("touchpoint", "t002", "-")
    assert table()["t002"][2] == ""


def test_one_topic_is_shown_with_typical_sentences_that_differ(home: Path) -> None:
    said = topics("show", "t001").splitlines()
    assert said[0] == "t001 催发货（在用）"
    assert "每周联络：2026-09-07 14，2026-09-14 14" in said
    spoken = [line for line in said if "「" in line]
    assert [line.split()[-1] for line in spoken] == [f"t001-{back}-0" for back in range(5)]
    assert len({line.split("」")[0] for line in spoken}) == 5


def test_a_home_with_nothing_has_an_empty_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    assert table() == {} and "还没有" in topics("history")
