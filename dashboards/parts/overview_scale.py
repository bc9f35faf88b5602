"""The key to the colours of a mean mood."""

from __future__ import annotations

from collections.abc import Callable

from dash import html

from dashboards.language import say
from dashboards.theme import palette


def mood_scale(colour: Callable[[float], str]) -> html.Span:
    """Return the steps of the scale from bad to good, with the ends named; `colour` is what marks are drawn in."""
    means = [*(upper for upper, _ in palette().scale), 1.0]
    steps = [html.I(style={"backgroundColor": colour(mean)}) for mean in means]
    return html.Span([say("差"), html.Span(steps, className="scale-steps", **{"aria-hidden": "true"}), say("好")],
                     className="mood-scale", title=say("颜色是情绪均分，从 −1 到 +1"))  # fmt: skip
