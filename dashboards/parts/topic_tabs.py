"""The views of the page of topics: a line of tabs, each an address; filters and the chosen topic are kept."""

from __future__ import annotations

from dash import dcc, html

from dashboards.context import Context
from dashboards.language import msg, say

VIEWS = {
    "": msg("全部主题"),
    "time": msg("走势"),
    "mood": msg("情绪变化"),
    "compare": msg("对比"),
    "emerging": msg("新主题"),
}
"""Value of `view` in the address, and what people call it."""


def chosen(context: Context) -> str:
    """Return the view of the address; the list for one that is not known."""
    found = context.view.get("view", "")
    return found if found in VIEWS else ""


def tabs(context: Context) -> html.Nav:
    """Return the line of tabs."""
    topic = context.view.get("topic")
    links = [
        dcc.Link(
            say(name), href=context.href("/topics", view=view or None, topic=topic), id=f"topic-view-{view or 'list'}",
            className=f"view-tab {'is-on' if view == chosen(context) else ''}",
        )
        for view, name in VIEWS.items()
    ]  # fmt: skip
    return html.Nav(links, className="view-tabs", **{"aria-label": say("主题的视图")})
