"""Topics: how large, in what mood, how they changed, and what happened to one."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from dashboards.api.answers import listed, one
from dashboards.api.asked import Scope, ScopePaged, selection_of, text
from dashboards.api.blueprint import resource
from dashboards.api.problems import Problem
from dashboards.api.rows import rows
from dashboards.api.site import current_site
from dashboards.api.told import Change, Mood, count, envelope, fields, local_day, number, word, words
from dashboards.data import topics
from dashboards.data.topic_history import Moment, history


class Topic(Mood, Change):
    """A topic over the contacts asked for."""

    topic_id = word("never reused; '' = no topic fits")
    label = word("name that people gave it, or found")
    words = words("most telling words, best first")
    state = word("provisional, active, dormant or merged")
    touchpoint = word("touchpoint of most of its contacts")
    first_seen = local_day("first contact")
    last_seen = local_day("last contact")
    share = number("share of the contacts asked for, 0 to 1")
    share_low = number("95 % interval of share, lower end")
    share_high = number("95 % interval of share, upper end")
    n_total = count("contacts asked for, of all topics")
    n_before = count("contacts in the period before")
    pinned = fields.Boolean(metadata={"description": "somebody keeps it as it is"})
    hidden = fields.Boolean(metadata={"description": "somebody left it out of lists"})


class Point(Mood):
    """A topic in a day, week or month."""

    day_from = local_day("first day of the point")
    day_to = local_day("last day of the point")
    share = number("share of the point's contacts, 0 to 1")
    share_low = number("95 % interval of share, lower end")
    share_high = number("95 % interval of share, upper end")
    n_total = count("contacts of the point, of all topics")


class TopicEvent(ma.Schema):
    """Something that happened to a topic."""

    day = local_day("when")
    event = word("born, promoted, merged, split, dormant, revived, renamed, or a decision: rename, merge, pin, …")
    other = word("name of the other topic; '' for none")
    why = word("what shows it, or why somebody decided so")
    by = word("who decided; '' for what a run found")
    contact_ids = words("some contacts that show it")


class TopicWhole(Topic):
    """A topic with its course and its events."""

    course = fields.List(fields.Nested(Point), metadata={"description": "by day, week or month, as on the page"})
    events = fields.List(fields.Nested(TopicEvent), metadata={"description": "the last first"})


class AskedTopics(ScopePaged):
    """Which topics."""

    hidden = ma.fields.Boolean(load_default=False, metadata={"description": "hidden topics too"})
    q = text("only topics whose name or words have this text", load_default="")


@resource("/topics", envelope(Topic, "Topics"), asks=AskedTopics)
def topic_list(asked: dict[str, Any]) -> Any:
    """List topics, largest first.

    Share, mood and change over the contacts of a period.
    """
    selection = selection_of(asked)
    found = _table(asked)
    if not asked["hidden"]:
        found = [row for row in found if not row["hidden"]]
    sought = asked["q"].strip().lower()
    found = [row for row in found if sought in " ".join([row["label"], *row["words"]]).lower()]
    return listed(found, asked, selection.filters)


@resource("/topics/<topic_id>", envelope(TopicWhole, "TopicAnswer", one=True), asks=Scope)
def topic_one(asked: dict[str, Any], topic_id: str) -> Any:
    """Show one topic with its course and its events."""
    source, selection = current_site().source, selection_of(asked)
    mine = [row for row in _table(asked) if row["topic_id"] == topic_id]
    if not mine:
        raise Problem(
            404,
            "no contact of the period has this topic",
            expected="a topic_id of /api/v1/topics",
            got=topic_id,
            advice="ask for a longer period, or list the topics",
        )
    course = topics.topic_over_time(source, selection, topic_id)
    past = history(source, topic_id, current_site().decisions.of(topic_id))
    return one(
        {**mine[0], "course": rows(course, source.zone), "events": [_event(moment) for moment in past]},
        selection.filters,
    )


def _table(asked: dict[str, Any]) -> list[dict[str, Any]]:
    source = current_site().source
    return rows(topics.topic_table(source, selection_of(asked)), source.zone, days=("first_seen", "last_seen"))


def _event(moment: Moment) -> dict[str, Any]:
    return {
        "day": moment.day.isoformat(), "event": moment.what, "other": moment.other, "why": moment.why or moment.value,
        "by": moment.by, "contact_ids": list(moment.contact_ids),
    }  # fmt: skip
