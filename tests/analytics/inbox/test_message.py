"""Golden messages: what a person on duty reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from analytics.inbox import Context, Evidence, Verbatim, dip_alert, spike_alert
from analytics.inbox.message import dip_severity, spike_severity

NOON = dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC)
CONTEXT = Context("http://127.0.0.1:8050/", labels={"t01": "物流停滞", "t02": "退款到账", "urge_shipping": "催发货"})
EVIDENCE = Evidence(
    channels={"app": 10, "wechat": 20, "phone": 4},
    moods={"negative": 21, "neutral": 10, "positive": 3},
    turns=[
        Verbatim("c1", "那個呛口小辣椒面膜敷完臉好紅", "那个呛口小辣椒面膜敷完脸好红", -0.9),
        Verbatim("c2", "那个呛口小辣椒面膜敷完脸好红啊！", "那个呛口小辣椒面膜敷完脸好红啊！", -0.8),
        Verbatim("c2", "电话是[电话]，给我退了吧", "电话是[电话]，给我退了吧", -0.95),
        Verbatim("c3", "呛口小辣椒 面膜什么时候有货", "呛口小辣椒 面膜什么时候有货", 0.0),
        Verbatim("c4", "你好", "你好", 0.1),
        Verbatim("c5", "想问一下面膜能不能退", "想问一下面膜能不能退", -0.3),
    ],
    key="呛口小辣椒面膜",
)
KEYWORD = {
    "spike_id": "s1",
    "kind": "keyword",
    "key": "呛口小辣椒面膜",
    "channel": "*",
    "started_at": NOON,
    "bucket_seconds": 3600,
    "observed": 34.0,
    "expected": 0.2,
    "n_contacts": 312,
    "related": ["面膜", "泛红"],
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
LINK = "http://127.0.0.1:8050/operations?from=2026-09-20&to=2026-09-20&alert="


def test_an_alert_is_of_its_row() -> None:
    alert = spike_alert(KEYWORD, EVIDENCE, CONTEXT)
    assert alert.body.split("\n")[-4:-1] == [
        "· 那個呛口小辣椒面膜敷完臉好紅",
        "· 呛口小辣椒 面膜什么时候有货",
        "· 电话是[电话]，给我退了吧",
    ]
    assert alert.body.endswith(f"查看：{LINK}{alert.alert_id}")
    assert (alert.severity, alert.key, alert.channel, alert.spike_id) == ("high", "呛口小辣椒面膜", "*", "s1")
    assert (alert.kind, alert.n_contacts, alert.observed, alert.expected) == ("keyword", 312, 34.0, 0.2)
    assert alert.ended_at == NOON + dt.timedelta(hours=1)


def test_a_dip_is_of_its_row() -> None:
    alert = dip_alert(DIP, Evidence(moods={"negative": 30, "neutral": 18}), CONTEXT)
    assert "\n情绪：负面 62%，n=48\n" in alert.body
    assert (alert.severity, alert.spike_id, alert.channel, alert.kind) == ("high", "d1", "wechat", "dip")
    assert (alert.n_contacts, alert.ended_at) == (48, NOON + dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"channel": "wechat"}, "微信「呛口小辣椒面膜」1 小时内 34 次，平时几乎没有"),
        ({"kind": "topic", "key": "t01", "bucket_seconds": 10800}, "主题「物流停滞」3 小时内 34 次，平时几乎没有"),
        ({"kind": "topic", "key": "t99", "channel": "app"}, "App 主题「t99」1 小时内 34 次，平时几乎没有"),
        (
            {"kind": "volume", "key": "*", "observed": 1234, "expected": 600.4},
            "全渠道进线量 1 小时内 1,234 个，平时约 600 个",
        ),
        (
            {"kind": "volume", "key": "phone", "channel": "phone", "expected": 40},
            "电话进线量 1 小时内 34 个，平时约 40 个",
        ),
        (
            {"kind": "sentiment", "channel": "weibo", "observed": -0.42, "expected": -0.1},
            "微博情绪均值 −0.42，平时 −0.10",
        ),
    ],
)
def test_titles(change: dict[str, Any], title: str) -> None:
    assert spike_alert(KEYWORD | change, Evidence(), CONTEXT).title == title


def test_a_repeated_dip_is_told_as_its_spike_and_volume_names_the_topics() -> None:
    alarm = {"spike_id": "m1", "kind": "sentiment", "n_contacts": 130}
    alert = dip_alert(DIP | {"n": 12}, Evidence(), CONTEXT, spike=alarm)
    assert (alert.spike_id, alert.severity) == ("m1", "high")
    assert "\n开始：9月20日（周日）12:00（北京时间），共 12 个联络，连同之后的同一时段累计 130 个\n" in alert.body
    volume = KEYWORD | {"kind": "volume", "key": "*", "related": ["*", "phone", "t02", "发货"]}
    assert "\n同时上升：退款到账、发货\n" in spike_alert(volume, Evidence(channels={"phone": 9}), CONTEXT).body


def test_little_is_known_and_the_message_still_reads() -> None:
    bare = DIP | {"team": None, "response_seconds": None, "usual_response_seconds": float("nan"), "verdict": None}
    assert dip_alert(bare, Evidence(), CONTEXT).body.split("\n")[:2] == [
        "情绪均值：−0.41，预期 −0.10",
        "开始：9月20日（周日）12:00（北京时间），共 48 个联络",
    ]
    assert len(dip_alert(bare, Evidence(), CONTEXT).body.split("\n")) == 3
    one_sided = dip_alert(bare | {"response_seconds": 75.0}, Evidence(), CONTEXT).body
    assert "平均首次回复：1 分 15 秒\n" in one_sided


def test_the_id_is_of_the_event_and_not_of_its_numbers() -> None:
    first = spike_alert(KEYWORD, EVIDENCE, CONTEXT)
    grown = spike_alert(KEYWORD | {"observed": 90.0, "n_contacts": 400}, Evidence(), CONTEXT)
    other = spike_alert(KEYWORD | {"spike_id": "s2"}, EVIDENCE, CONTEXT)
    assert first.alert_id == grown.alert_id != other.alert_id


@pytest.mark.parametrize(
    ("observed", "expected", "n_contacts", "severity"),
    [
        (34, 0.2, 312, "high"),
        (30, 6.0, 30, "high"),
        (29, 6.0, 30, "medium"),
        (34, 0.2, 29, "medium"),
        (120, 60, 300, "high"),
        (120, 60, 299, "medium"),
        (12, 4, 12, "medium"),
        (12, 5, 12, "low"),
        (119, 60, 300, "medium"),
        (89, 60, 5000, "low"),
    ],
)
def test_spike_severity(observed: float, expected: float, n_contacts: int, severity: str) -> None:
    row = {"kind": "keyword", "observed": observed, "expected": expected, "n_contacts": n_contacts}
    assert spike_severity(row) == severity


@pytest.mark.parametrize(
    ("drop", "n", "severity"), [(0.3, 30, "high"), (0.3, 29, "medium"), (0.2, 15, "medium"), (0.9, 14, "low")]
)
def test_dip_severity(drop: float, n: int, severity: str) -> None:
    assert dip_severity({"drop": drop, "n": n}) == severity
    as_spike = {"kind": "sentiment", "expected": 0.5, "observed": 0.5 - drop - 1e-9, "n_contacts": n}
    assert spike_severity(as_spike) == severity


def test_a_topic_that_emerged_that_day_is_called_new_as_head_or_beside() -> None:
    born = replace(CONTEXT, births={"t01": dt.date(2026, 9, 20)})
    topic = KEYWORD | {"kind": "topic", "key": "t01", "bucket_seconds": 50400}
    assert spike_alert(topic, Evidence(), born).title == "新主题「物流停滞」14 小时内 34 次，平时几乎没有"
    assert (
        "同时上升：新主题「物流停滞」、面膜"
        in spike_alert(KEYWORD | {"related": ["面膜", "t01"]}, Evidence(), born).body
    )
    later = topic | {"started_at": NOON + dt.timedelta(days=1)}
    assert spike_alert(later, Evidence(), born).title.startswith("主题「")
