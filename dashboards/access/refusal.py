"""What stands in place of a page that a viewer's role does not have."""

from __future__ import annotations

from dash import html

from dashboards.language import say
from dashboards.parts.cards import empty


def not_yours() -> html.Div:
    """Return the card that says so, and whom to ask."""
    return empty(
        say("这个页面不在你的视窗里"),
        say("请从上方导航进入你的页面；需要查看更多，请联系管理员调整你的角色。"),
        "not-yours",
    )
