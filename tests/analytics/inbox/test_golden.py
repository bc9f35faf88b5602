"""Golden messages: each kind of alert, each update and each robot's form, as a person on duty reads them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.inbox import Alert, Context, Evidence, NewAlert, Verbatim, dip_alert, spike_alert
from analytics.inbox.evidence import UsualMood
from analytics.inbox.formats import (
    DINGTALK_BYTES,
    FEISHU_BYTES,
    ROBOTS,
    SLACK_CHARACTERS,
    WECOM_BYTES,
    hook_text,
    json_bytes,
    mail_html,
)
from analytics.inbox.letter import CUT, Letter, letter_of, plain_text, trial_letter

GOLDEN = Path(__file__).parent / "golden"
NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
CONTEXT = Context("http://127.0.0.1:8050/", labels={"t01": "物流停滞", "t02": "退款到账", "urge_shipping": "催发货"})
EVIDENCE = Evidence(
    channels={"app": 10, "wechat": 20, "phone": 4},
    moods={"negative": 21, "neutral": 10, "positive": 3},
    turns=[
        Verbatim("c1", "包裹停在中转站五天了，<@all> 有人管吗", "包裹停在中转站五天了，<@all> 有人管吗", -0.9),
        Verbatim("c2", "包裹停在中转站五天了！有人管吗", "包裹停在中转站五天了！有人管吗", -0.8),
        Verbatim(
            "c3", "物流信息[日期]之后就没更新，打[电话]没人接", "物流信息[日期]之后就没更新，打[电话]没人接", -0.7
        ),
        Verbatim("c4", "再不發貨我就退款了", "再不发货我就退款了", -0.6),
    ],
    key="物流",
    score=-0.41,
    usual=UsualMood(score=-0.12, negative_share=0.31, n=5120),
)
SPIKE = {
    "spike_id": "s1",
    "kind": "keyword",
    "key": "物流停滞",
    "channel": "*",
    "started_at": NOON,
    "bucket_seconds": 3600,
    "observed": 24.0,
    "expected": 2.04,
    "n_contacts": 34,
    "related": ["中转站", "t02"],
}
DIP = {
    "dip_id": "d1",
    "channel": "wechat",
    "team": "微信一组",
    "started_at": NOON,
    "ended_at": NOON + dt.timedelta(hours=1),
    "drop": 0.312,
    "mean": -0.41,
    "expected": -0.098,
    "response_seconds": 332.0,
    "usual_response_seconds": 41.0,
    "n": 48,
    "verdict": "主要与回复变慢有关（约 0.22）。",
}
KINDS: dict[str, dict[str, Any]] = {
    "keyword": {},
    "keyword_new": {"expected": 0.02, "short_history": True},
    "topic": {"kind": "topic", "key": "t01", "bucket_seconds": 10_800},
    "category": {
        "kind": "category",
        "key": "urge_shipping",
        "channel": "wechat",
        "bucket_seconds": 86_400,
        "observed": 310.0,
    },
    "volume": {"kind": "volume", "key": "phone", "channel": "phone", "observed": 1234.0, "expected": 600.4},
    "negative": {"kind": "negative", "key": "wechat", "channel": "wechat", "observed": 24.0, "expected": 8.2},
    "sentiment": {"kind": "sentiment", "key": "wechat", "channel": "wechat", "observed": -0.42, "expected": -0.1},
}


def _kept(alert: NewAlert) -> Alert:
    """Return an alert as the inbox gives it back, with what only the inbox knows left at nothing."""
    known = {name: getattr(alert, name, None) for name in Alert.__dataclass_fields__}
    return Alert(**known | {"last_seen_at": NOON + dt.timedelta(hours=2, minutes=30)})


def _alert(kind: str) -> Alert:
    if kind == "dip":
        return _kept(dip_alert(DIP, EVIDENCE, CONTEXT))
    return _kept(spike_alert(SPIKE | KINDS[kind], EVIDENCE, CONTEXT))


def _golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [*KINDS, "dip"])
def test_kinds(kind: str) -> None:
    assert plain_text(letter_of(_alert(kind))) + "\n" == _golden(f"{kind}.md")


@pytest.mark.parametrize("reason", ["grown", "reopened", "calmed", "resolved"])
def test_updates_are_short(reason: str) -> None:
    assert plain_text(letter_of(_alert("keyword"), reason)) + "\n" == _golden(f"{reason}.md")


@pytest.mark.parametrize("robot", ROBOTS)
def test_robots(robot: str) -> None:
    sent = ROBOTS[robot](letter_of(_alert("keyword")))
    text = {"wecom": ("markdown", "content"), "dingtalk": ("markdown", "text")}.get(robot)
    if text is None:
        assert json.dumps(sent, ensure_ascii=False, indent=1) + "\n" == _golden(f"{robot}.json")
    else:
        assert sent[text[0]][text[1]] + "\n" == _golden(f"{robot}.md")


def test_mail() -> None:
    assert mail_html(letter_of(_alert("keyword"))) == _golden("mail.html")


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("sentiment", "【客声·已结束】微信情绪均值已恢复平时水平"),
        ("volume", "【客声·已结束】电话进线量已恢复平时水平"),
        ("dip", "【客声·已结束】微信（微信一组） 12:00–13:00 情绪下降 0.31"),
    ],
)
def test_an_end_does_not_repeat_the_numbers_of_the_rise(kind: str, heading: str) -> None:
    assert letter_of(_alert(kind), "resolved").heading == heading


def test_a_possible_repeat_and_a_test_say_so() -> None:
    assert "可能重复" in plain_text(letter_of(_alert("keyword"), repeated=True))
    assert plain_text(trial_letter("duty", NOON, "Asia/Shanghai")).startswith("【客声·测试】")


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=900)
LETTERS = st.builds(
    Letter,
    tag=st.just("高"),
    title=st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=120),
    facts=st.lists(st.tuples(st.sampled_from(["数量", "渠道", ""]), LINES), max_size=40).map(tuple),
    quotes=st.lists(LINES, max_size=12).map(tuple),
    link=st.just("http://127.0.0.1:8050/operations?from=2026-09-20&alert=a1"),
)


@settings(max_examples=25, deadline=None)
@given(LETTERS)
def test_every_form_keeps_its_limit_its_heading_and_its_link(letter: Letter) -> None:
    sent = {name: build(letter) for name, build in ROBOTS.items()}
    assert len(sent["wecom"]["markdown"]["content"].encode()) <= WECOM_BYTES
    assert json_bytes(sent["dingtalk"]) <= DINGTALK_BYTES
    assert json_bytes(sent["feishu"]) <= FEISHU_BYTES
    body = sent["slack"]["blocks"][1]["text"]["text"]
    assert len(body) <= SLACK_CHARACTERS
    for said in (sent["wecom"]["markdown"]["content"], sent["dingtalk"]["markdown"]["text"], body):
        assert "operations?from=2026-09-20" in said
    assert all("客声" in json.dumps(payload, ensure_ascii=False) for payload in sent.values())
    assert len(hook_text(letter).encode()) <= 2_048


@pytest.mark.parametrize("build", ROBOTS.values())
def test_what_customers_write_is_never_markup(build: Callable[[Letter], dict[str, Any]]) -> None:
    evil = ("<@all> <!channel> <at id=all></at>", "[点我](http://evil.example) **加粗** `x`")
    sent = json.dumps(build(Letter("高", "标题", facts=(("同时上升", evil[1]),), quotes=evil)), ensure_ascii=False)
    assert not any(markup in sent for markup in ("<@", "<!", "<at", "](http", "://evil", "**加粗", "`x`"))


def test_a_cut_message_says_so_and_is_cut_at_a_line() -> None:
    facts = tuple(("渠道", f"{number:03d}" + "字" * 200) for number in range(30))
    said = ROBOTS["wecom"](replace(Letter("高", "标题"), facts=facts))["markdown"]["content"]
    *kept, last = said.split("\n")
    assert last == CUT
    assert [line.split("</font>")[1] for line in kept[1:]] == [value for _, value in facts[: len(kept) - 1]]
