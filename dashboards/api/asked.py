"""What may be asked: the parameters of an address, checked before anything is read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from dashboards.api.problems import Problem
from dashboards.api.site import current_site
from dashboards.filters import Filters
from dashboards.selection import Selection

MAX_DAYS = 1_100
MAX_HOURLY_DAYS = 62
MAX_PAGE = 500
MAX_CONTACTS = 200
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)
_MAX_TEXT = 200
_MAX_VALUES = 50


def _no_nul(value: str) -> None:
    if "\0" in value:
        raise ma.ValidationError("text without NUL")


def text(description: str, **more: Any) -> ma.fields.String:
    """Return a text parameter: at most 200 characters, none of them NUL."""
    return ma.fields.String(
        validate=[ma.validate.Length(max=_MAX_TEXT), _no_nul], metadata={"description": description}, **more
    )


def several(description: str) -> ma.fields.List[str]:
    """Return a text parameter that may be given more than once."""
    return ma.fields.List(
        ma.fields.String(validate=[ma.validate.Length(max=_MAX_TEXT), _no_nul]),
        validate=ma.validate.Length(max=_MAX_VALUES),
        load_default=list,
        metadata={"description": description},
    )


def day(description: str, **more: Any) -> ma.fields.Date:
    """Return a parameter that is a local day, as 2026-09-07."""
    wrong: dict[str, Any] = dict.fromkeys(("invalid", "format", "invalid_self"), "a day as 2026-09-07")
    return ma.fields.Date(
        format="iso",
        error_messages=wrong,
        validate=ma.validate.Range(min=_FIRST, max=_LAST),
        metadata={"description": description},
        **more,
    )


def choice(description: str, *values: str, **more: Any) -> ma.fields.String:
    """Return a parameter that is one of a few texts."""
    return ma.fields.String(validate=ma.validate.OneOf(values), metadata={"description": description}, **more)


class Days(ma.Schema):
    """A period; of what is published where it is not given."""

    from_ = day("first local day, together with to; the pages' default period if neither is given", data_key="from")
    to = day("last local day, included")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("from_"), data.get("to")
        if (start is None) != (end is None):
            raise ma.ValidationError("from and to together, or neither", "to" if end is None else "from")
        if start is not None and end is not None and not 0 <= (end - start).days < MAX_DAYS:
            raise ma.ValidationError(f"a day not before from, at most {MAX_DAYS} days in all", "to")


class Scope(Days):
    """Which contacts."""

    channel = several("channel of the contact, as app; may be given more than once")
    product = several("product of the contact, '' for none; may be given more than once")


class Paged(ma.Schema):
    """Which rows of a list."""

    limit = ma.fields.Integer(
        load_default=100, validate=ma.validate.Range(min=1, max=MAX_PAGE),
        metadata={"description": f"rows of the answer, 1 to {MAX_PAGE}"},
    )  # fmt: skip
    offset = ma.fields.Integer(
        load_default=0, validate=ma.validate.Range(min=0, max=10_000_000),
        metadata={"description": "rows to leave out before them"},
    )  # fmt: skip


class ScopePaged(Scope, Paged):
    """Which contacts, and which rows of the list."""


def filters_of(asked: dict[str, Any]) -> Filters:
    """Return the pages' filters of what was asked; the pages' own default days where none were."""
    default = current_site().default_filters()
    start, end = asked.get("from_") or default.start, asked.get("to") or default.end
    return Filters(start, end, tuple(asked.get("channel", ())), tuple(asked.get("product", ())))


def selection_of(asked: dict[str, Any]) -> Selection:
    """Return all contacts of what was asked."""
    return Selection(filters_of(asked))


def days_of(asked: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """Return the first and last day asked for.

    Raises
    ------
    Problem
        404 if none were asked for and no published contact has a time.
    """
    found = filters_of({name: asked[name] for name in ("from_", "to") if name in asked})
    if found.start is None or found.end is None:
        raise Problem(404, "no published contact has a time", expected="data with times")
    return found.start, found.end
