"""A set of contacts: the filters of a page, narrowed by what was clicked. Counting and listing share its condition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dashboards.filters import Filters, Pairs, filters_of, read_pairs
from dashboards.search_words import Words, read_phrase, read_words

Narrowing = dict[str, str]
"""What was clicked: any of the keys of `_NARROWINGS`, or `spike` or `dip` alone."""

TAGS_THAT_STAND = (
    "(SELECT *, coalesce((SELECT any_value(window_days) FROM tag WHERE tag.tag = person_tag.tag), 0)::INTEGER AS n_days"
    " FROM person_tag) AS t WHERE t.day + t.n_days > (SELECT max(day) FROM contact) AND NOT EXISTS"
    " (SELECT 1 FROM contact AS later WHERE later.person_id = t.person_id AND later.day > t.day)"
)
"""Rows of the view v_person_tag, without grouping all contacts of all days by person, as the view does."""

_NARROWINGS = {
    "day_from": "day >= CAST($day_from AS DATE)",
    "day_to": "day <= CAST($day_to AS DATE)",
    "hour": "date_trunc('hour', timezone($zone, started_at)) = CAST($hour AS TIMESTAMP)",
    "channel_is": "coalesce(channel, '') = $channel_is",
    "team_is": "coalesce(team, '') = $team_is",
    "mood": "sentiment_label = $mood",
    "course": "mood_course = $course",
    "touchpoint": "touchpoint = $touchpoint",
    "product_is": "coalesce(product, '') = $product_is",
    "mentions": "contact_id IN (SELECT contact_id FROM topic_segment WHERE segment > 0 AND topic_id = $mentions)",
    "category": "contact_id IN (SELECT contact_id FROM category_hit WHERE category = $category)",
    "kind_is": "kind = $kind_is",
    "tier_is": "tier = $tier_is",
    "person": "person_id = $person",
    "tag": f"person_id IN (SELECT t.person_id FROM {TAGS_THAT_STAND} AND t.tag = $tag)",
}
_SEARCHES = {"says": read_words, "exact": read_phrase}
_MAX_VALUE = 400
"""Longest value read from an address, in characters."""
_EVENTS = {
    "spike": "contact_id IN (SELECT unnest(contact_ids) FROM spike WHERE spike_id = $spike)",
    "dip": "contact_id IN (SELECT unnest(contact_ids) FROM dip WHERE dip_id = $dip)",
}
_WITH = {
    "mood": "sentiment_label IS NOT NULL",
    "response": "first_response_seconds IS NOT NULL",
}
"""Contacts that have what a number is computed from; an indicator's declaration says it itself."""


@dataclass(frozen=True)
class Selection:
    """Contacts of `filters`, narrowed. A spike or dip brings its own contacts: the filters do not cut them.

    Attributes
    ----------
    filters : Filters
        Scope of the page.
    narrowing : dict
        Keys: day_from, day_to, hour (local, ISO), channel_is, team_is, product_is ('' = none), mood, course (how the
        mood went), touchpoint, category (whose rule they meet), mentions (a topic that is a further matter), topic
        ('' = none), kind_is, tier_is (the customer's level), person (contacts of one person), tag (contacts of persons
        on whom a tag stands), says (a search, see `dashboards.search_words`), exact (a text as it stands, in something
        the customer said), with (contacts that have what a number needs: a key of `_WITH`, or an indicator, which
        `Source.over` knows), scope ('all': the filters do not cut), spike, dip.
    """

    filters: Filters
    narrowing: Narrowing = field(default_factory=dict)

    def narrowed(self, **narrowing: str) -> Selection:
        """Return the selection narrowed further."""
        return Selection(self.filters, {**self.narrowing, **narrowing})

    @property
    def encoded(self) -> str:
        """The selection as text for an address; `selection_of` reads it."""
        return urlencode([*self.filters.pairs(), *sorted(self.narrowing.items())])

    @property
    def searches(self) -> dict[str, Words]:
        """What customers must have said: `says` and `exact`, those that are given."""
        if not self.brings_no_event:
            return {}
        found = {name: read(self.narrowing[name]) for name, read in _SEARCHES.items() if name in self.narrowing}
        return {name: words for name, words in found.items() if words}

    @property
    def brings_no_event(self) -> bool:
        """Whether filters and clicks say which contacts, not a spike or a dip."""
        return not any(event in self.narrowing for event in _EVENTS)

    def condition(self, zone: str) -> tuple[str, dict[str, object]]:
        """Return a SQL condition over `contact` and its parameters.

        Examples
        --------
        >>> Selection(Filters(channels=("app",)), {"mood": "negative"}).condition("UTC")
        ('channel IN (SELECT unnest($channels)) AND sentiment_label = $mood', {'channels': ['app'], 'mood': 'negative'})
        """
        for event, sql in _EVENTS.items():
            if event in self.narrowing:
                return sql, {event: self.narrowing[event]}
        parts, values = _scope(Filters() if self.narrowing.get("scope") == "all" else self.filters)
        for name, sql in _NARROWINGS.items():
            if name in self.narrowing:
                parts.append(sql)
                values[name] = self.narrowing[name]
        days = [sql for sql in parts if sql.startswith("day ")]
        for name, words in self.searches.items():
            sql, more = words.condition(name, " AND ".join(days))
            parts.append(sql)
            values |= more
        if "hour" in self.narrowing:
            values["zone"] = zone
        if self.narrowing.get("topic") == "":
            parts.append("coalesce(topic_id, '') = ''")
        elif "topic" in self.narrowing:
            parts.append("topic_id = $topic")
            values["topic"] = self.narrowing["topic"]
        if self.narrowing.get("with") in _WITH:
            parts.append(_WITH[self.narrowing["with"]])
        return " AND ".join(parts) or "TRUE", values


def selection_of(text: str) -> Selection:
    """Read a selection from an address; what it does not know is left out.

    Examples
    --------
    >>> selection_of("channel=app&mood=negative").narrowing
    {'mood': 'negative'}
    """
    pairs: Pairs = read_pairs(text)
    known = {*_NARROWINGS, *_EVENTS, *_SEARCHES, "topic", "with", "scope"}
    narrowing = {name: value for name, value in pairs if name in known and _is_sound(name, value)}
    anchored = Filters(dt.date.min, dt.date.max)
    filters = filters_of(pairs, anchored)
    if filters.start == dt.date.min:
        filters = Filters(None, None, filters.channels, filters.products)
    return Selection(filters, narrowing)


def page_selection(filters: Filters, view: dict[str, str]) -> Selection:
    """Return the contacts of a page's filters, narrowed by those of its own parameters that are narrowings.

    Examples
    --------
    >>> page_selection(Filters(channels=("app",)), {"mood": "negative", "sort": "wait"}).encoded
    'channel=app&mood=negative'
    """
    return selection_of(urlencode([*filters.pairs(), *view.items()]))


def _scope(filters: Filters) -> tuple[list[str], dict[str, object]]:
    parts: list[str] = []
    values: dict[str, object] = {}
    if filters.start is not None and filters.end is not None:
        parts.append("day BETWEEN $start AND $end")
        values |= {"start": filters.start, "end": filters.end}
    if filters.channels:
        parts.append("channel IN (SELECT unnest($channels))")
        values["channels"] = list(filters.channels)
    if filters.products:
        parts.append("coalesce(product, '') IN (SELECT unnest($products))")
        values["products"] = list(filters.products)
    return parts, values


def _is_sound(name: str, value: str) -> bool:
    """Return whether a value from an address can be cast; an address may have been typed by hand."""
    if len(value) > _MAX_VALUE:
        return False
    try:
        value.encode()  # half a surrogate pair is no text that a database could be asked for
        if name in _SEARCHES:
            return bool(_SEARCHES[name](value))
        if name in ("day_from", "day_to"):
            dt.date.fromisoformat(value)
        elif name == "hour":
            dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
