"""The person of a contact: the tags on them, and their other contacts, each a click away."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from analytics.names import MOOD_NAMES
from dashboards.data import persons
from dashboards.data.source import Source
from dashboards.given import given
from dashboards.language import say
from dashboards.names import OTHER, channel_name, percent, score
from dashboards.parts.cards import opens
from dashboards.records import records

_SHOWN = 8


def person(source: Source, row: pd.Series) -> list[Component]:
    """Return who a contact is from, and what else they wanted; nothing where nobody knows who it was."""
    if not given(row["person_id"]):
        return []
    person_id = str(row["person_id"])
    others, total = persons.other_contacts(source, person_id, but=str(row["contact_id"]), n=_SHOWN)
    tags = [
        html.Span([r.label, *([html.Small(r.value)] if given(r.value) and r.value else [])], className="tag",
                  title=r.detail if given(r.detail) else "")
        for r in records(persons.tags(source, person_id))
    ]  # fmt: skip
    sure = row["person_confidence"]
    note = say("把握 {share}", share=percent(float(sure), 0)) if given(sure) else ""
    head = [html.H3(say("这位客户"), className="person-title"), html.Span(note, className="person-note"), *tags]
    if others.empty:
        return [html.Section([html.Div(head, className="person-head"), _only()], className="person")]
    every = opens(say("全部 {n:,} 条", n=total), "person-n", person=person_id, scope="all")
    listed = html.Ul([html.Li(_contact(r)) for r in records(others)], className="person-contacts")
    return [html.Section([html.Div([*head, every], className="person-head"), listed], className="person")]


def _only() -> Component:
    return html.Div(say("没有其他联络。"), className="person-none")


def _contact(row: Any) -> Component:
    label = row.sentiment_label if given(row.sentiment_label) else None
    mood = f"{say(MOOD_NAMES[label])} {score(float(row.sentiment_score))}" if label else say("无情绪")
    return html.Button(
        [
            html.Span(row.started if given(row.started) else say("无时间"), className="when"),
            html.Span(channel_name(row.channel)),
            html.Span(row.topic if given(row.topic) else say(OTHER), className="what"),
            html.Span([html.I(className=f"dot mood-{label}") if label else "", mood], className="how"),
        ],
        id={"type": "contact-link", "contact": str(row.contact_id), "place": "person"},
        className="person-contact",
        n_clicks=0,
    )
