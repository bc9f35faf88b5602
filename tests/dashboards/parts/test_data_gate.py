"""The gate on the page 数据: since when nothing newer is published, why, and what a limited viewer sees of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from types import SimpleNamespace

import duckdb
import pandas as pd

from analytics.access.limits import Limits
from analytics.quality.held import Failure, Held
from dashboards.data import quality
from dashboards.data.source import Source
from dashboards.parts import data_gate

SINCE = dt.datetime(2026, 9, 21, 1, tzinfo=dt.UTC)
ONE = Failure(
    "2026-09-20", "contact", "contact_channel_rows", "渠道的联络条数", "phone", 0.0, 74.2, None, "--day {day}"
)


def _context(source: Source, held: Held | None, limits: Limits | None = None) -> SimpleNamespace:
    shown = dataclasses.replace(source, held=lambda: held, published_at=lambda: SINCE - dt.timedelta(days=1))
    return SimpleNamespace(source=shown, viewer=SimpleNamespace(limits=limits or Limits()))


def _text(parts: object) -> str:
    return json.dumps(
        [part.to_plotly_json() for part in parts], default=lambda o: o.to_plotly_json(), ensure_ascii=False
    )


def test_an_open_gate_shows_no_banner(source: Source) -> None:
    assert data_gate.banner(_context(source, None)) == []


def test_a_banner_says_of_when_the_data_is_why_and_what_to_do(source: Source) -> None:
    text = _text(data_gate.banner(_context(source, Held(SINCE, (ONE,) * 7))))
    assert "这里是 2026-09-20 09:00 发布的数据" in text and "2026-09-21 09:00 起" in text
    assert "2026-09-20 渠道的联络条数（电话）：实测 0，应为 ≥ 74.2。 --day 2026-09-20" in text
    assert "另有 2 项" in text and "--accept-quality" in text


def test_who_sees_a_part_of_the_contacts_is_told_no_numbers(source: Source) -> None:
    text = _text(data_gate.banner(_context(source, Held(SINCE, (ONE,)), Limits(channels=("app",)))))
    assert "没有发布" in text and "74.2" not in text


def test_a_warehouse_without_verdicts_or_of_before_has_a_card(source: Source) -> None:
    context = _context(source, None)
    assert quality.counts(source)["n"] == 0
    assert "还没有质量检查" in _text([data_gate.gate_card(context, data_gate.verdict_rows(context))])

    class Old:
        def query(self, sql: str, parameters: object = None) -> pd.DataFrame:
            assert "FROM quality" in sql
            raise duckdb.CatalogException("Table with name quality does not exist!")

    assert quality.not_passed(Source(Old(), "Asia/Shanghai")).empty
