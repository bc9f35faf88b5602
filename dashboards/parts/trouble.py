"""What went wrong with a run of ours, as the inbox keeps it: what is missing, what to do, where to look."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.language import say


def trouble(body: str) -> Component:
    """Return the message of an alert about the system, its addresses as links.

    Parameters
    ----------
    body : str
        Of `analytics.inbox.trouble_alert`: a line a fact, as `label：value`; the last leads to this page.
    """
    said = [line.partition("：")[::2] for line in body.split("\n")[:-1]]
    rows = [html.Li([html.B(f"{name} "), _value(value)]) for name, value in said]
    return html.Div([
        html.H3(say("哪里出了问题，怎么办"), className="alert-part"),
        html.Ul(rows, className="occurrences", id="alert-trouble"),
        html.Div(say("同一任务下次运行成功后，这条告警自动结束。"), className="foot-note"),
    ])  # fmt: skip


def _value(value: str) -> Component:
    if value.startswith(("http://", "https://")):
        return html.A(say("在 Airflow 中打开这次运行"), href=value, target="_blank", rel="noopener noreferrer")
    return html.Span(value)
