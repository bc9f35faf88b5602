"""What is answered: each field with its unit."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

fields = ma.fields


def number(description: str) -> fields.Float:
    """Return a field of a number; null where there is none."""
    return fields.Float(allow_none=True, metadata={"description": description})


def count(description: str) -> fields.Integer:
    """Return a field of a count."""
    return fields.Integer(allow_none=True, metadata={"description": description})


def word(description: str) -> fields.String:
    """Return a field of text; null where there is none."""
    return fields.String(allow_none=True, metadata={"description": description})


def words(description: str) -> fields.List[str]:
    """Return a field of texts."""
    return fields.List(fields.String(), metadata={"description": description})


def moment(description: str) -> fields.String:
    """Return a field of a time: ISO 8601 with its offset."""
    return fields.String(allow_none=True, metadata={"description": f"{description}; ISO 8601", "format": "date-time"})


def local_day(description: str) -> fields.String:
    """Return a field of a local day."""
    return fields.String(allow_none=True, metadata={"description": f"{description}; local day", "format": "date"})


class Mood(ma.Schema):
    """Contacts and their mood."""

    n = count("contacts")
    n_mood = count("of these with a mood; what the mood is computed from")
    n_negative = count("negative contacts")
    n_neutral = count("neutral contacts")
    n_positive = count("positive contacts")
    mean = number("mean mood score, -1 to 1")
    low = number("95 % interval of mean, lower end")
    high = number("95 % interval of mean, upper end")


class Change(ma.Schema):
    """A share against the period of equal length before."""

    share_before = number("share then, 0 to 1")
    change = number("difference of the shares, -1 to 1")
    change_low = number("95 % interval of the change, lower end")
    change_high = number("95 % interval of the change, upper end")
    q_value = number("chance that it is chance, corrected for all that were tested")
    verdict = word("significant, flat, few_days or none")


class Page(ma.Schema):
    """Which part of a list this is."""

    limit = count("rows asked for")
    offset = count("rows left out before")
    total = count("rows of the whole list")
    next = word("address of the next rows; null at the end")


class About(ma.Schema):
    """What all of the answer is over."""

    published = moment("when the numbers were published")
    zone = word("zone of days, hours and times")
    from_ = fields.String(
        data_key="from", allow_none=True, metadata={"description": "first local day", "format": "date"}
    )
    to = local_day("last day, included")
    channels = words("channels asked for; none: all that may be seen")
    products = words("products asked for; none: all that may be seen")


def envelope(row: type[ma.Schema], name: str, *, one: bool = False) -> type[ma.Schema]:
    """Return the schema of an answer: `data` (a list of rows, or one), `about` and, of lists, `page`."""
    body: dict[str, Any] = {"about": fields.Nested(About)}
    body["data"] = fields.Nested(row) if one else fields.List(fields.Nested(row))
    if not one:
        body["page"] = fields.Nested(Page)
    return ma.Schema.from_dict(body, name=name)
