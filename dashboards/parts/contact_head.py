"""The head of an open contact: to the one before and after it in the list it was opened from."""

from __future__ import annotations

from dash import html

from dashboards.language import say


def contact_head(contact_id: str) -> html.Div:
    """Return the buttons that step through the list; `assets/voices.js` knows its rows and hides what leads nowhere."""
    steps = (("-1", "←", say("上一条")), ("1", "→", say("下一条")))
    buttons = [
        html.Button([html.Span(arrow, **{"aria-hidden": "true"}), f" {name}"], className="contact-step act",
                    type="button", title=name, **{"data-step": step})
        for step, arrow, name in steps
    ]  # fmt: skip
    return html.Div(buttons, className="contact-steps", id="contact-steps", **{"data-contact": contact_id})
