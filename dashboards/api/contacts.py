"""Contacts of a selection: ids and masked words, for tokens that may read them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
import pandas as pd

from dashboards.access.looked import looked
from dashboards.api.answers import part
from dashboards.api.asked import MAX_CONTACTS, Scope, choice, day, filters_of, text
from dashboards.api.blueprint import resource
from dashboards.api.guard import refuse_without_contacts
from dashboards.api.rows import rows
from dashboards.api.site import current_source
from dashboards.api.told import envelope, moment, number, word
from dashboards.data import contacts
from dashboards.selection import Selection, selection_of


class Contact(ma.Schema):
    """A contact."""

    contact_id = word("its id")
    started = moment("start")
    channel = word("channel")
    product = word("product; null for none")
    topic_id = word("its topic; null for none")
    topic = word("name of the topic")
    sentiment_label = word("negative, neutral or positive; null for none")
    sentiment_score = number("-1 to 1")
    first_response_seconds = number("wait for the first reply, seconds")
    text = word("what the customer said, masked, its first 240 characters")


class AskedContacts(Scope):
    """Which contacts; `spike` or `dip` alone says which."""

    topic = text("topic_id; '' = none")
    mood = choice("mood", "negative", "neutral", "positive")
    touchpoint = text("touchpoint")
    category = text("category whose rule they meet")
    team_is = text("team; '' = none")
    day_from = day("narrows the period")
    day_to = day("narrows the period")
    spike = text("the contacts of a spike, whatever else is asked")
    dip = text("the contacts of a fall of mood, whatever else is asked")
    order = choice("by what", "started", "mood", "wait", load_default="started")
    way = choice("least or most first", "asc", "desc", load_default="desc")
    limit = ma.fields.Integer(
        load_default=50, validate=ma.validate.Range(min=1, max=MAX_CONTACTS),
        metadata={"description": f"contacts of the answer, 1 to {MAX_CONTACTS}"},
    )  # fmt: skip
    offset = ma.fields.Integer(
        load_default=0, validate=ma.validate.Range(min=0, max=100_000),
        metadata={"description": "contacts to leave out before them"},
    )  # fmt: skip


_NARROWING = ("topic", "mood", "touchpoint", "category", "team_is", "day_from", "day_to", "spike", "dip")


@resource("/contacts", envelope(Contact, "Contacts"), asks=AskedContacts)
def contact_list(asked: dict[str, Any]) -> Any:
    """List contacts with their masked words. The token must have been made with --contacts; each look is kept."""
    refuse_without_contacts()
    source, selection = current_source(), _selection(asked)
    start, stop = asked["offset"], asked["offset"] + asked["limit"]
    found = contacts.page(source, selection, start=start, stop=stop, order=(asked["order"], asked["way"]))
    looked("api", selection.encoded, found["contact_id"])
    told = found.rename(columns={"wait": "first_response_seconds"})
    told = told.assign(started=pd.to_datetime(told["started"]).dt.tz_localize(source.zone))
    return part(rows(told, source.zone), contacts.count(source, selection), asked, selection.filters)


def _selection(asked: dict[str, Any]) -> Selection:
    narrowing = {name: str(asked[name]) for name in _NARROWING if asked.get(name) is not None}
    return selection_of(urlencode([*filters_of(asked).pairs(), *narrowing.items()]))
