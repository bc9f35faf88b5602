"""Alerts as rows: severity, what, since when, observed against expected, growing or not, state, owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html

from analytics.inbox import SYSTEM, SYSTEM_KIND
from analytics.names import SEVERITY_NAMES
from dashboards.context import Context
from dashboards.data.alert_course import product_of
from dashboards.language import say
from dashboards.names import SPIKE_KINDS, STATES, channel_name, score
from dashboards.parts.cards import opens

_WATCHED = ("open", "acknowledged")


def alert_rows(
    context: Context, frame: pd.DataFrame, *, chosen: str | None = None, state: str | None = None
) -> html.Ul:
    """Return a row for each alert of `dashboards.data.alerts.Alerts.table`; `chosen` is marked.

    `state` is the tab of the inbox that a row's link keeps.
    """
    rows = [_row(context, row, state, is_chosen=row["alert_id"] == chosen) for row in frame.to_dict("records")]
    return html.Ul(rows, className="alert-rows", id="alert-rows")


def severity_mark(severity: str) -> html.Span:
    """Return the mark of a severity: a letter, and a word for who does not see it."""
    name = say(SEVERITY_NAMES.get(severity, severity))
    return html.Span(
        name[:1], className=f"severity is-{severity}", title=say("严重程度：{name}", name=name), role="img",
        **{"aria-label": say("严重程度：{name}", name=name)},
    )  # fmt: skip


def state_name(alert: Mapping[Any, Any]) -> str:
    """Return how an alert stands, and whether it ended by itself."""
    said = say(STATES.get(alert["state"], alert["state"]))
    if alert["state"] == "resolved" and alert["changed_by"] == SYSTEM:
        return say("{state}（自动）", state=said)
    return said


def growth(alert: Mapping[Any, Any]) -> str:
    """Return whether an alert that is watched grows; '' where it is over, or is about the system."""
    if alert["state"] not in _WATCHED or alert["kind"] == SYSTEM_KIND:
        return ""
    if pd.notna(alert["calmed"]):
        return say("已缓解")
    return say("{when:%m-%d %H:%M} 扩大", when=alert["grown"]) if pd.notna(alert["grown"]) else say("未扩大")


def against_expected(alert: Mapping[Any, Any]) -> str:
    """Return what was observed and what was expected; '' where it is not known.

    Examples
    --------
    >>> against_expected({"kind": "topic", "observed": 104.0, "expected": 46.4})
    '104，预期 46'
    """
    if pd.isna(alert["observed"]) or pd.isna(alert["expected"]):
        return ""
    if alert["kind"] == "sentiment":
        return say("均分 {observed}，预期 {expected}", observed=score(alert["observed"]),
                   expected=score(alert["expected"]))  # fmt: skip
    return say("{observed:,.0f}，预期 {expected}", observed=alert["observed"], expected=_few(alert["expected"]))


def facts(alert: Mapping[Any, Any]) -> list[str]:
    """Return what an alert is about in a few words: kind, product or channel."""
    if alert["kind"] == SYSTEM_KIND:
        return [say(SPIKE_KINDS[SYSTEM_KIND]), str(alert["key"])]
    product = product_of(alert)
    kind = say(SPIKE_KINDS[alert["kind"]]) if alert["kind"] in SPIKE_KINDS else ""
    where = say("商品 {product}", product=product) if product else channel_name(alert["channel"])
    return [fact for fact in (kind, where) if fact]


def _row(context: Context, row: dict[Any, Any], state: str | None, *, is_chosen: bool) -> html.Li:
    href = context.href("/operations", alert=row["alert_id"], state=state)
    current = {"aria-current": "true"} if is_chosen else {}
    owner = say("负责人 {owner}", owner=row["owner"]) if row["owner"] else ""
    grows = row["state"] in _WATCHED and pd.notna(row["grown"]) and pd.isna(row["calmed"])
    times = say("{start:%m-%d %H:%M} 起", start=row["started"])
    return html.Li(
        [
            severity_mark(row["severity"]),
            html.Div([
                html.Span(dcc.Link(row["title"], href=href, className="alert-title"), **current),
                html.Div(" · ".join([*facts(row), times, *([owner] if owner else [])]), className="alert-facts"),
            ], className="alert-body"),
            html.Div([
                html.Span(against_expected(row), className="alert-numbers"),
                html.Span([html.Span(growth(row), className=f"trend {'is-up' if grows else ''}"),
                           html.Span(state_name(row), className=f"state is-{row['state']}")], className="alert-states"),
                _contacts(row),
            ], className="alert-side"),
        ],
        className=f"alert-row is-{row['state']} {'is-chosen' if is_chosen else ''}",
        **{"data-testid": "alert-row"},
    )  # fmt: skip


def _few(expected: float) -> str:
    if 0 < expected < 0.1:
        return "<0.1"
    return f"{expected:.1f}" if expected < 10 else f"{expected:,.0f}"


def _contacts(row: dict[Any, Any]) -> html.Span | html.Button:
    if pd.isna(row["n_listed"]) or row["event"] not in ("spike", "dip"):
        return html.Span("")
    narrowing = {row["event"]: row["spike_id"]}
    return opens(say("{n:,} 条原声", n=int(row["n_listed"])), f"alert-n-{row['alert_id']}", **narrowing)
