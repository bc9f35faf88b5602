"""Routes: who gets what, and that nothing gets lost between them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analytics.inbox import Evidence, NewAlert
from analytics.inbox.routing import facts_of, routed, with_team
from analytics.notify_settings import ChannelSettings, NotifySettings, RouteSettings

LABELS = {"t01": "物流停滞", "t02": "退款到账"}
ALERT = NewAlert(
    alert_id="a1",
    spike_id="s1",
    key="t01",
    kind="topic",
    severity="high",
    channel="*",
    title="主题「物流停滞」1 小时内 24 次，平时约 2 次",
    body="数量：24 次\n原声：\n· 一句\n查看：http://x",
    started_at=dt.datetime(2026, 9, 20, 4, tzinfo=dt.UTC),
    n_contacts=100,
)
EVIDENCE = Evidence(
    channels={"wechat": 60, "app": 40},
    products={"面膜": 35, "口红": 29},
    touchpoints={"物流": 90},
)


def _notify(*routes: dict[str, Any]) -> NotifySettings:
    hook = ChannelSettings(kind="webhook", url="http://127.0.0.1:9/hook")
    return NotifySettings(
        channels={"logistics": hook, "boss": hook}, routes=tuple(RouteSettings(**route) for route in routes)
    )


@pytest.mark.parametrize(
    "route",
    [
        {"topic": "物流*"},
        {"topic": "t01", "severity": ["high"]},
        {"touchpoint": "物流"},
        {"product": "面膜"},
        {"channel": "微信"},
        {"channel": "app", "kind": "topic", "severity": "高"},
    ],
)
def test_a_route_that_fits(route: dict[str, Any]) -> None:
    facts = facts_of(ALERT, EVIDENCE, LABELS)
    found = routed(facts, _notify(route | {"channels": "logistics", "team": "物流组"}))
    assert (found.ways, found.teams) == (("console", "logistics"), ("物流组",))


@pytest.mark.parametrize(
    "route", [{"topic": "退款*"}, {"product": "口红"}, {"channel": "phone"}, {"topic": "物流*", "severity": "low"}]
)
def test_what_no_route_fits_goes_everywhere(route: dict[str, Any]) -> None:
    facts = facts_of(ALERT, EVIDENCE, LABELS)
    found = routed(facts, _notify(route | {"channels": "logistics"}))
    assert (found.ways, found.teams) == (("console", "logistics", "boss"), ())


def test_routes_add_up_and_topics_that_rose_too_count() -> None:
    keyword = NewAlert(**{**vars(ALERT), "key": "停滞", "kind": "keyword"})
    notify = _notify(
        {"topic": "物流停滞", "channels": "logistics", "team": "物流组"},
        {"severity": "high", "channels": "boss", "team": "值班"},
    )
    assert routed(facts_of(keyword, EVIDENCE, LABELS), notify).ways == ("console", "boss")
    both = routed(facts_of(keyword, EVIDENCE, LABELS, related=["t01", "中转站"]), notify)
    assert (both.ways, both.teams) == (("console", "logistics", "boss"), ("物流组", "值班"))


def test_the_message_names_the_team_before_what_customers_said() -> None:
    assert with_team(ALERT, ["物流组", "值班"]).body == (
        "数量：24 次\n负责：物流组、值班\n原声：\n· 一句\n查看：http://x"
    )
    assert with_team(ALERT, ()) is ALERT
