"""更正: small controls by which a person says what the mood of a turn or contact is, and what a contact is about."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from analytics.names import MOOD_NAMES
from dashboards.data import topics
from dashboards.data.labels import WHOLE
from dashboards.data.source import Source
from dashboards.language import say
from dashboards.names import OTHER
from dashboards.parts.described import topic_label

UNDO = "undo"
"""Stands for "no label": the model's mood holds again."""
NO_TOPIC = "-"
"""Stands for the topic '' (none) in a select, which cannot hold an empty value."""
_ABOVE_DRAWER = 450


def control(
    contact_id: str, turn: int, published: str | None, corrected: str | None, *, may_decide: bool = True
) -> html.Span:
    """Return the mood as a mark and a menu that corrects it; who may not decide gets the mark alone.

    Parameters
    ----------
    contact_id : str
        The contact.
    turn : int
        The turn, or `WHOLE`.
    published : str or None
        Label of the model; None where it has none.
    corrected : str or None
        Label given by a person.
    """
    place = {"contact": contact_id, "turn": turn}
    shown = html.Span(
        mark(published, corrected, named=turn == WHOLE),
        id={"type": "mood-mark", **place},
        className="mood-mark",
        role="status",
    )
    return html.Span([shown, *([_menu(place, corrected)] if may_decide else [])], className="correct")


def _menu(place: dict[str, Any], corrected: str | None) -> html.Details:
    """Return the moods to choose from; the browser's own disclosure, as a conversation has one for every turn."""
    is_whole = place["turn"] == WHOLE
    said = say("更正整条联络的情绪") if is_whole else say("更正这句话的情绪")
    items = [
        html.Button(
            [html.I(className=f"dot mood-{label}"), say(name)],
            id={"type": "correct", "label": label, **place}, className="correct-item", n_clicks=0,
        )
        for label, name in MOOD_NAMES.items()
    ]  # fmt: skip
    undo = html.Button(
        say("撤销更正"), id={"type": "correct", "label": UNDO, **place}, className="correct-item is-undo",
        disabled=corrected is None, n_clicks=0,
    )  # fmt: skip
    what = html.Div(say("整条联络的情绪是") if is_whole else say("这句话的情绪是"), className="correct-what")
    opens = html.Summary(say("更正"), className="correct-open", **{"aria-label": said})
    return html.Details([opens, html.Div([what, *items, undo], className="correct-items")], className="correct-menu")


def mark(published: str | None, corrected: str | None, *, named: bool) -> list[Any]:
    """Return the dot of the mood that holds, with what was corrected said beside it.

    `named` marks leave the dot out: the published mood stands beside them in words.
    """
    label = corrected or published
    dot = [] if named or label is None else [html.I(className=f"dot mood-{label}", title=say(MOOD_NAMES[label]))]
    if not corrected:
        return dot
    said = say("已更正为{mood}，下次训练时采用", mood=say(MOOD_NAMES[corrected]))
    return [*dot, html.Span(said, className="corrected")]


def topic_control(source: Source, contact_id: str, corrected: str | None, *, may_decide: bool) -> html.Span:
    """Return what a person said the contact is about, and a field to say it; cleared, the model's topic holds again.

    `corrected` is the topic given by a person, '' for none of them; None where nobody gave one.
    """
    shown = html.Span(
        topic_mark(source, corrected),
        id={"type": "topic-mark", "contact": contact_id},
        className="mood-mark",
        role="status",
    )
    if not may_decide:
        return html.Span([shown], className="correct")
    data = topic_choices(source)
    field = dmc.Select(
        id={"type": "correct-topic", "contact": contact_id}, data=data,
        value=None if corrected is None else corrected or NO_TOPIC, searchable=True, clearable=True, size="xs", w=128,
        variant="unstyled",
        placeholder=say("更正主题"), className="correct-topic", comboboxProps={"zIndex": _ABOVE_DRAWER},
        nothingFoundMessage=say("没有匹配的主题"), **{"aria-label": say("更正这条联络的主题")},
    )  # fmt: skip
    return html.Span([shown, field], className="correct")


def topic_choices(source: Source) -> list[dict[str, str]]:
    """Return the topics for a select, those that are part of another left out, and that of none."""
    known = topics.known(source)
    offered = known[known["into"] == ""]
    data = [{"value": topic, "label": name} for topic, name in zip(offered["topic_id"], offered["label"], strict=True)]
    return [*data, {"value": NO_TOPIC, "label": say(OTHER)}]


def topic_mark(source: Source, corrected: str | None) -> list[Any]:
    """Return what is said beside a topic that was corrected."""
    if corrected is None:
        return []
    said = say("已更正为「{topic}」，下次运行时采用", topic=topic_label(source, corrected))
    return [html.Span(said, className="corrected")]


def refused(why: str) -> list[Any]:
    """Return what stands in place of the mark when nothing was kept."""
    return [html.Span(why, className="not-corrected")]
