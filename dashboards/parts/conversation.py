"""One contact as a conversation: what is known of it, how its mood went, its turns, and who else it belongs with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import FLAG_NAMES, KIND_NAMES, MOOD_NAMES
from dashboards.access.looked import looked
from dashboards.access.viewer import viewer_now
from dashboards.data import categories, contacts
from dashboards.data.labels import WHOLE
from dashboards.data.source import Source
from dashboards.given import given
from dashboards.language import say
from dashboards.mood_line import MoodLine, mood_figure, mood_line, mood_sentence, turn_marks
from dashboards.names import COURSES, OTHER, SPEAKERS, channel_name, duration, score
from dashboards.parts import corrections
from dashboards.parts.evidence import marked
from dashboards.parts.matters import Mark, matter_badge, matter_key, matter_marks
from dashboards.parts.person import person
from dashboards.records import records
from dashboards.theme import config

LONG_WAIT_SECONDS = 60
"""A wait this long is set off: the one in which chats are usually promised to be answered."""


@dataclass(frozen=True)
class _Told:
    """What is told beside the turns."""

    contact_id: str
    corrected: Mapping[int, str]
    proofs: Sequence[Any]
    about: Mapping[int, Mark]
    waits: Mapping[int, float]
    marks: Mapping[int, str] = field(default_factory=dict)


def conversation(
    source: Source, contact_id: str, corrected: Mapping[int, str], topic: str | None = None
) -> list[html.Div]:
    """Return one contact: what is known of it, then its turns, each with a control that corrects its mood.

    Words that meet a category's rule are marked with its name, and turns with their topic where there are several.
    `corrected` holds the moods given by people, by turn and `labels.WHOLE`; `topic` is the topic given by people ('' =
    none of them), None where nobody gave one.
    """
    found = contacts.contact(source, contact_id)
    if found.empty:
        advice = say("这条联络已不在仓库中，可能在最近一次发布时被替换，或不在您可以查看的范围内。")
        return [html.Div(advice, className="empty-advice")]
    row = found.iloc[0]
    looked("conversation", urlencode({"contact": contact_id}), [contact_id])
    turns = contacts.turns(source, contact_id, day=row["day"])
    proofs = list(records(categories.evidence(source, contact_id)))
    about = matter_marks(contacts.matters(source, contact_id, day=row["day"]), turns)
    line = mood_line(turns)
    told = _Told(contact_id, corrected, proofs, about, waits(turns), _points(line))
    title = [html.Div(row["title"], className="contact-title")] if given(row["title"]) else []
    return [
        *_flag(row),
        html.Div(_facts(row, corrected.get(WHOLE), topic, source), className="facts"),
        *title,
        *_course_card(line),
        *matter_key(about),
        html.Div([part for turn in records(turns) for part in _turn(turn, told)], className="turns"),
        *person(source, row),
    ]


def waits(turns: pd.DataFrame) -> dict[int, float]:
    """Return how long the customer waited for each answer of an agent, in seconds, by the answer's turn.

    From the customer's first turn that was not answered yet, as `contact.first_response_seconds` counts; answers to
    nothing, and turns without a time, have none.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-09-01T04:00:00Z", "2026-09-01T04:00:20Z", "2026-09-01T04:01:00Z"])
    >>> waits(pd.DataFrame({"turn": [0, 1, 2], "speaker": ["customer", "customer", "agent"], "said_at": at}))
    {2: 60.0}
    """
    found: dict[int, float] = {}
    since: pd.Timestamp | None = None
    for turn in records(turns):
        if turn.speaker == "customer" and since is None and given(turn.said_at):
            since = turn.said_at
        elif turn.speaker == "agent":
            if since is not None and given(turn.said_at):
                found[int(turn.turn)] = max((turn.said_at - since).total_seconds(), 0.0)
            since = None
    return found


def _flag(row: pd.Series) -> list[html.Div]:
    if not given(row["flag"]):
        return []
    name = say(FLAG_NAMES.get(row["flag"], row["flag"]))
    return [html.Div([html.B(name), say("这条联络已被标记，不计入任何数字。")], className="flagged", role="note")]


def _course_card(line: MoodLine | None) -> list[Component]:
    if line is None:
        return []
    said = mood_sentence(line)
    chart = dcc.Graph(id={"type": "mood-line", "name": "contact"}, figure=mood_figure(line), config=config(),
                      style={"height": "132px"})  # fmt: skip
    head = [html.B(say("情绪走势")), html.Span(say("客户每句，−1 至 +1；点一下跳到那一句"), className="chart-unit")]
    return [
        html.Div(
            [
                html.Div(head, className="course-head"),
                html.P(said, className="chart-says"),
                html.Div(chart, role="img", **{"aria-label": said}),
            ],
            className="course-card",
        )
    ]


def _points(line: MoodLine | None) -> dict[int, str]:
    if line is None:
        return {}
    return {int(line.turns["turn"].iloc[at]): text for at, text in turn_marks(line).items()}


def _facts(row: pd.Series, corrected: str | None, topic: str | None, source: Source) -> list[html.Span]:
    label, contact_id = row["sentiment_label"], str(row["contact_id"])
    wait, may = row["first_response_seconds"], viewer_now().may_decide
    mood = f"{say(MOOD_NAMES[label])} {score(float(row['sentiment_score']))}" if given(label) else None
    named = row["topic"] if given(row["topic"]) else say(OTHER)
    course = say(COURSES[row["mood_course"]]) if row["mood_course"] in COURSES else ""
    of_mood = corrections.control(contact_id, WHOLE, label if given(label) else None, corrected, may_decide=may)
    more: dict[str, list[Component]] = {
        "mood": [of_mood],
        "topic": [corrections.topic_control(source, contact_id, topic, may_decide=may)],
        "course": [html.Span(course, className=f"course is-{row['mood_course']}")],
        "id": [html.A(say("链接"), href=f"/voices?{urlencode({'contact': contact_id})}", className="more",
                      title=say("这条联络的固定链接"))],
    }  # fmt: skip
    pairs = [
        ("time", say("时间"), row["started"]),
        ("channel", say("渠道"), channel_name(row["channel"])),
        ("kind", say("类型"), say(KIND_NAMES.get(row["kind"], row["kind"]))),
        ("product", say("商品"), row["product"]),
        ("topic", say("主题"), named),
        ("touchpoint", say("触点"), row["touchpoint"]),
        ("mood", say("情绪"), mood),
        ("course", say("走势"), _course(row)),
        ("team", say("班组"), row["team"]),
        ("wait", say("首次响应"), duration(float(wait)) if given(wait) else None),
        ("rating", say("评分"), f"{row['rating']:g}" if given(row["rating"]) else None),
        ("id", say("编号"), contact_id),
    ]
    return [
        html.Span([html.B(name), str(value), *more.get(key, [])], className=f"fact is-{key}")
        for key, name, value in pairs
        if given(value) and value != ""
    ]


def _course(row: pd.Series) -> str | None:
    """Return how the mood went through a contact; nothing of one in which the customer spoke once."""
    if not given(row["mood_course"]):
        return None
    first, last, low = (score(float(row[f"sentiment_{at}"])) for at in ("first", "last", "lowest"))
    return say("来时 {first}，离开时 {last}，最低 {low}", first=first, last=last, low=low)


def _turn(turn: Any, told: _Told) -> list[html.Div]:
    speaker, text, at, number = turn.speaker, turn.text, turn.said, int(turn.turn)
    about = told.about.get(number)
    head = [html.Span(say(SPEAKERS[speaker]) if speaker in SPEAKERS else ""), html.Span(at if given(at) else "")]
    head += [matter_badge(about)] if about else []
    head += [html.Span(told.marks[number], className="turn-mark")] if number in told.marks else []
    if speaker == "customer":
        head += _mood_of_turn(turn, told)
    words = marked(text or "", [row for row in told.proofs if row.turn == number])
    dip = speaker == "customer" and given(turn.sentiment_label) and turn.sentiment_label == "negative"
    bubble = html.Div(
        [html.Div(head, className="turn-head"), html.Div(words, className="turn-text")],
        className=f"turn is-{speaker} {f'is-matter-{about.place}' if about else ''} {'is-dip' if dip else ''}".strip(),
        id=f"turn-{number}",
    )
    return [*_wait(told.waits.get(number)), bubble]


def _mood_of_turn(turn: Any, told: _Told) -> list[Component]:
    label = turn.sentiment_label if given(turn.sentiment_label) else None
    control = corrections.control(
        told.contact_id, int(turn.turn), label, told.corrected.get(int(turn.turn)), may_decide=viewer_now().may_decide
    )
    if not given(turn.sentiment_score):
        return [control]
    value = html.Span(score(float(turn.sentiment_score)), className="turn-score", title=say("这句话的情绪分，−1 至 +1"))
    return [control, value]


def _wait(seconds: float | None) -> list[html.Div]:
    if seconds is None:
        return []
    kind = "is-long" if seconds >= LONG_WAIT_SECONDS else ""
    return [html.Div(say("等待 {time}", time=duration(seconds)), className=f"turn-wait {kind}".strip())]
