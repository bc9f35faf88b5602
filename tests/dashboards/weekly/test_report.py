"""What a weekly report says, to whom, in which language; and that it stands alone."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from pathlib import Path

import pytest

from analytics.access import Limits, LookLog
from analytics.access.roles import Role
from analytics.errors import ConfigError
from dashboards.access.grant import Access
from dashboards.data import mood, week_indicators
from dashboards.filters import Filters
from dashboards.names import percent, score
from dashboards.preferences import Preferences
from dashboards.selection import Selection
from dashboards.site import Site
from dashboards.weekly.__main__ import main
from dashboards.weekly.week import Week
from dashboards.weekly.write import Report, make

WEEK = Week(dt.date(2026, 9, 28), dt.date(2026, 10, 4))
APP = Role("app", "App 组", "App team", limits=Limits(channels=("app",)))
PARTS = ("findings", "indicators", "course", "topics", "newcomers", "falls", "alerts", "ahead", "quotes")


def _make(site: Site, *, role: Role | None = None, looks: LookLog | None = None) -> Report:
    access = Access(roles={"app": APP}, looks=looks)
    return make(site, None, access=access, role=role, preferences=Preferences())


def _text(page: str) -> str:
    return html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.fixture(scope="module")
def report(site: Site) -> Report:
    return _make(site)


def test_it_is_of_the_last_whole_week_and_has_every_part(report: Report) -> None:
    assert (report.week, report.title, report.until) == (WEEK, "客声周报 · 2026 年第 40 周", "")
    assert [name for name in PARTS if f'<section id="{name}">' not in report.page] == []
    assert report.page.count('<li class="is-') == len(report.lines) > 2
    said = _text(report.page)
    for words in (
        "微信 12:00–13:00 情绪下降 0.42，主要与回复变慢有关",
        "认领 小李",
        "未来 7 天预计共 672 条",
        "扫地机充不上电",
    ):
        assert words in said, words


def test_it_says_the_numbers_of_the_pages(report: Report, site: Site) -> None:
    now = mood.summary(site.source, Selection(Filters(WEEK.start, WEEK.end)))
    said = _text(report.page)
    for number in (f"{now.n:,} 条联络", score(now.mean), percent(now.negative_share)):
        assert number in said, number


def test_indicators_of_a_week_are_rolled_up_not_averaged(site: Site) -> None:
    found = week_indicators.over_period(site.source, WEEK.start, WEEK.end).set_index("indicator")
    now = mood.summary(site.source, Selection(Filters(WEEK.start, WEEK.end)))
    assert found.loc["n_contacts", "value"] == now.n
    assert found.loc["negative_share", "value"] == pytest.approx(now.negative_share)
    assert found.loc["sentiment_mean", ["value", "low", "high"]].tolist() == pytest.approx(
        [now.mean, now.low, now.high], abs=2e-6
    )
    assert found.loc["first_response_seconds", "value"] == pytest.approx(now.median_response_seconds)


def test_it_stands_alone(report: Report) -> None:
    assert not re.findall(r"<script|<(?:link|img|iframe)\b|\bon\w+=|url\(|@import|https?://", report.page)
    assert len(report.page) < 120_000


def test_a_role_reads_of_its_own_rows_alone(site: Site, made_up: object, tmp_path: Path) -> None:
    looks = LookLog(tmp_path / "looked.jsonl")
    said = _text(_make(site, role=APP, looks=looks).page)
    rows = [r for r in made_up.contacts() if r["channel"] == "app"]  # type: ignore[attr-defined]
    mine = [r for r in rows if WEEK.start <= r["day"] <= WEEK.end]
    assert f"{len(mine):,} 条联络 · App 组可见的部分 · App" in said
    assert "微信" not in said and "「呛口小辣椒面膜」31 次" not in said
    shown = {name for look in looks.read() for name in look.contact_ids}
    assert shown and shown <= {r["contact_id"] for r in rows}


def test_days_without_contacts_are_told(site: Site) -> None:
    access, week = Access(), Week(dt.date(2020, 1, 6), dt.date(2020, 1, 12))
    with pytest.raises(ConfigError, match="2026-09-07 to 2026-10-04"):
        make(site, week, access=access, role=None, preferences=Preferences())


def test_the_command_names_the_file_by_week_and_writes_english(
    whole: Path, inbox_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path / "home"))
    common = [str(tmp_path), "--warehouse", str(whole), "--inbox", inbox_url]
    assert main([*common, "--week", "2026-W40", "--language", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["path"]) == tmp_path / "2026-W40-en.html"
    page = Path(told["path"]).read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert told["title"] == "Kesheng weekly report · Week 40, 2026"
    for heading in re.findall(r"<(?:h2|thead)>?.*?</(?:h2|thead)>", page, flags=re.DOTALL):
        # What customers and people wrote stays as it is.
        assert not re.search(r"[\u4e00-\u9fff]", heading), heading
    assert main([*common, "--role", "nobody"]) == 2
    assert "no role 'nobody'" in capsys.readouterr().err
