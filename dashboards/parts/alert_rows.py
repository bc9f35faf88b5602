"""Alerts as rows: severity, what, since when, observed against expected, state."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html

from analytics.names import SEVERITY_NAMES
from dashboards.context import Context
from dashboards.names import SPIKE_KINDS, STATES, channel_name, score
from dashboards.parts.cards import opens


def alert_rows(context: Context, frame: pd.DataFrame, *, chosen: str | None = None) -> html.Div:
    """Return a row for each alert of `dashboards.data.alerts.Alerts.table`; `chosen` is marked."""
    rows = [_row(context, row, chosen=chosen) for row in frame.to_dict("records")]
    return html.Div(rows, className="alert-rows", id="alert-rows")


def _row(context: Context, row: dict[Any, Any], *, chosen: str | None) -> html.Div:
    started: pd.Timestamp = row["started"]
    href = context.href(
        "/operations", day=f"{started:%Y-%m-%d}", focus=None if row["channel"] == "*" else row["channel"]
    )
    kind = SPIKE_KINDS.get(row["kind"], "")
    facts = [kind, channel_name(row["channel"]), f"{started:%m-%d %H:%M} 起", _numbers(row)]
    return html.Div(
        [
            html.Span(SEVERITY_NAMES.get(row["severity"], "低"), className=f"severity is-{row['severity']}",
                      title="严重程度"),
            html.Div([
                dcc.Link(row["title"], href=href, className="alert-title"),
                html.Div(" · ".join(fact for fact in facts if fact), className="alert-facts"),
            ], className="alert-body"),
            html.Div([
                html.Span(STATES.get(row["state"], row["state"]), className=f"state is-{row['state']}"),
                _contacts(row),
            ], className="alert-side"),
        ],
        className=f"alert-row is-{row['state']} {'is-chosen' if row['alert_id'] == chosen else ''}",
        **{"data-testid": "alert-row"},
    )  # fmt: skip


def _numbers(row: dict[Any, Any]) -> str:
    if pd.isna(row["observed"]) or "预期" in row["title"]:
        return ""  # unknown, or said already
    if row["kind"] == "sentiment":
        return f"均分 {score(row['observed'])}，预期 {score(row['expected'])}"
    return f"首个时段 {row['observed']:g} 条，预期 {row['expected']:.1f}"


def _contacts(row: dict[Any, Any]) -> html.Span | html.Button:
    if pd.isna(row["n_listed"]) or row["event"] not in ("spike", "dip"):
        return html.Span("")
    narrowing = {row["event"]: row["spike_id"]}
    return opens(f"{int(row['n_listed']):,} 条原声", f"alert-n-{row['alert_id']}", **narrowing)
