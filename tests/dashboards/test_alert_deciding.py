"""What people decide about an alert is kept as `kesheng alerts` does; what comes late or is not allowed is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import flask
import pytest

from analytics.inbox import Inbox, NewAlert
from dashboards.access.viewer import Limits, Viewer
from dashboards.alert_deciding import decide, standing_of
from dashboards.exports import TABLES
from dashboards.filters import read_pairs
from dashboards.pages import PAGES
from dashboards.site import Site

AT = dt.datetime(2026, 10, 4, 2, tzinfo=dt.UTC)
FRESH = standing_of(["open", None, None])
SEARCH = "?alert=a1&from=2026-10-01&to=2026-10-04"


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(found)
    mask = NewAlert(
        alert_id="a1", spike_id="s1", key="呛口小辣椒面膜", kind="keyword", severity="high", channel="*",
        title="「呛口小辣椒面膜」激增", body="原声", started_at=AT, n_contacts=30,
    )  # fmt: skip
    more = NewAlert(
        alert_id="a2", spike_id="gone", key="无线耳机", kind="negative", severity="low", channel="*",
        title="无线耳机负面激增", body="原声", started_at=AT, n_contacts=9,
    )  # fmt: skip
    inbox.raise_alerts([mask, more], now=AT, send=False)
    inbox.close()
    return found


@pytest.fixture
def site(warehouse: Path, url: str) -> Site:
    return Site(warehouse, url, "Asia/Shanghai", PAGES)


def _state(site: Site, alert_id: str = "a1") -> tuple[str, str | None]:
    assert site.alerts.inbox is not None
    return next((a.state, a.owner) for a in site.alerts.inbox.alerts() if a.alert_id == alert_id)


def _page(site: Site, search: str = SEARCH) -> str:
    def plain(value: Any) -> Any:
        return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)

    return json.dumps(site.draw("/operations", read_pairs(search)).children, default=plain, ensure_ascii=False)


def test_every_decision_is_kept_under_the_viewers_name_and_shown(site: Site) -> None:
    inbox = site.alerts.inbox
    assert inbox is not None
    assert decide(site, "acknowledge", "a1", {}, FRESH) == ("", False)
    assert _state(site) == ("acknowledged", "dashboard")
    assert decide(site, "assign", "a1", {"owner": " 小 王 "}, None) == ("", False)
    assert decide(site, "comment", "a1", {"comment": "回电 13800138000"}, FRESH) == ("", False)
    text = _page(site)
    assert "小 王" in text and "回电" in text and "13800138000" not in text and "取消认领" in text
    assert decide(site, "resolve", "a1", {}, None) == ("", False)
    assert decide(site, "reopen", "a1", {}, None) == ("", False)
    assert decide(site, "false_alarm", "a1", {}, None) == ("", False)
    assert _state(site)[0] == "false_alarm"
    assert [event.what for event in inbox.history("a1")][-6:] == [
        "acknowledged", "assigned", "commented", "resolved", "reopened", "false_alarm"
    ]  # fmt: skip


def test_a_mute_lasts_as_chosen_covers_what_was_chosen_and_is_taken_back(site: Site) -> None:
    inbox = site.alerts.inbox
    assert inbox is not None
    now = dt.datetime.now(dt.UTC)
    fields = {"until": "4h", "scope": "key", "why": "大促  13800138000"}
    assert decide(site, "mute", "a1", fields, FRESH) == ("", False)
    assert _state(site)[0] == "muted"
    first, wider = inbox.mutes(dt.datetime.now(dt.UTC))
    assert (first.kind, first.key, wider.kind, wider.key) == ("keyword", "呛口小辣椒面膜", None, "呛口小辣椒面膜")
    assert abs(first.until - now - dt.timedelta(hours=4)) < dt.timedelta(minutes=1)
    assert "13800138000" not in first.why
    assert "act-withdraw" in _page(site, "?state=muted&from=2026-10-01&to=2026-10-04")
    assert decide(site, "withdraw", str(wider.mute_id), {}, None) == ("", False)
    assert [mute.mute_id for mute in inbox.mutes(dt.datetime.now(dt.UTC))] == [first.mute_id]
    assert "没有保存" in decide(site, "withdraw", "99", {}, None)[0]
    assert decide(site, "unmute", "a1", {}, None) == ("", False)
    assert _state(site)[0] == "open" and inbox.mutes(dt.datetime.now(dt.UTC)) == []


def test_the_later_of_two_officers_is_told_and_changes_nothing(site: Site) -> None:
    assert site.alerts.inbox is not None
    site.alerts.inbox.acknowledge("a1", "小李", AT)
    said, is_late = decide(site, "false_alarm", "a1", {}, FRESH)
    assert is_late and "小李" in said and "已认领" in said
    assert _state(site) == ("acknowledged", "小李")


def test_nothing_is_kept_without_words_alert_inbox_or_leave(site: Site, warehouse: Path) -> None:
    assert decide(site, "comment", "a1", {"comment": " "}, FRESH) == ("请先写点什么。", False)
    assert decide(site, "assign", "a1", {"owner": None}, FRESH) == ("请填写交给谁。", False)
    assert "没有这条告警" in decide(site, "resolve", "a9", {}, FRESH)[0]
    assert "没有保存" in decide(site, "drop", "a1", {}, FRESH)[0]
    without = Site(warehouse, "sqlite:///no/such/inbox.db", "Asia/Shanghai", PAGES)
    assert "收件箱" in decide(without, "resolve", "a-s1", {}, FRESH)[0]
    app = flask.Flask("test")
    with app.test_request_context():
        flask.g.viewer = Viewer("访客", may_decide=False)
        assert "不能处理" in decide(site, "resolve", "a1", {}, FRESH)[0]
        text = _page(site)
        assert "may-not-decide" in text and "alert-act" not in text
    assert _state(site) == ("open", None)


def test_who_sees_but_a_channel_sees_no_alert_of_all_and_cannot_decide_on_it(site: Site) -> None:
    app = flask.Flask("test")
    with app.test_request_context():
        flask.g.viewer = Viewer("微信组长", limits=Limits(channels=("wechat",)))
        found = site.alerts.table(site.source, start=None, end=None)
        hidden = [row for row in found.to_dict("records") if row["channel"] != "wechat"]
        seen = {row["spike_id"] for row in hidden}
        for alert_id, spike_id in (("a1", "s1"), ("a2", "gone")):
            if spike_id not in seen:
                assert site.alerts.find(site.source, alert_id) is None
                assert "没有这条告警" in decide(site, "resolve", alert_id, {}, FRESH)[0]


def test_the_list_counts_by_state_names_products_and_tells_of_older_ones(site: Site) -> None:
    assert decide(site, "resolve", "a1", {}, FRESH) == ("", False)
    text = _page(site, "?from=2026-10-01&to=2026-10-04")
    assert "商品 无线耳机" in text and "「呛口小辣椒面膜」激增" not in text
    assert "「呛口小辣椒面膜」激增" in _page(site, "?state=resolved&from=2026-10-01&to=2026-10-04")
    assert "所选日期之外还有 1 条待处理" in _page(site, "?from=2026-09-08&to=2026-09-10")
    assert "没有这条告警" in _page(site, "?alert=gone")


@pytest.mark.parametrize("table", ["alerts", "kpis", "teams", "hours", "forecast"])
def test_tables_that_are_saved_have_what_the_page_shows(site: Site, table: str) -> None:
    frame = TABLES[table].read(site.context(read_pairs("?day=2026-10-04&from=2026-09-21&to=2026-10-04")))
    n_rows = {"alerts": 2, "hours": 24, "forecast": 72}
    assert len(frame) == n_rows.get(table, len(frame)) > 0
    if table == "hours":
        hours = site.source.rows("SELECT count(*) AS n FROM contact WHERE day = '2026-10-04' AND flag IS NULL")
        assert frame["联络量"].sum() == hours["n"].iloc[0]
