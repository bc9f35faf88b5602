"""Topics that people gave to single contacts: laid over what the model assigns, whenever a day is assigned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from analytics.inbox.topic_labels import TopicLabels
from analytics.settings import Settings

Matters = dict[str, list[dict[Hashable, Any]]]
"""Rows of `topic_segment` by contact, the main matter first."""


def given_topics(settings: Settings) -> dict[str, str]:
    """Return the topic that people gave to each contact they corrected, '' for none of them."""
    labels = TopicLabels(settings.inbox_url)
    try:
        return labels.holding()
    finally:
        labels.close()


def as_given(
    contacts: Sequence[str], topics: Sequence[str | None], matters: Matters, given: Mapping[str, str]
) -> tuple[list[str | None], Matters]:
    """Return topics and matters with those that people gave in the place of the model's.

    The main matter of a contact is its topic; what it is about besides stays.

    Examples
    --------
    >>> as_given(["a", "b", "c"], ["t1", "t1", None], {"a": [{"topic_id": "t1"}, {"topic_id": "t2"}]},
    ...          {"a": "t3", "b": ""})
    (['t3', None, None], {'a': [{'topic_id': 't3'}, {'topic_id': 't2'}]})
    """
    if not given:
        return list(topics), matters
    found = [given.get(name, topic) or None for name, topic in zip(contacts, topics, strict=True)]
    corrected = {
        name: [{**rows[0], "topic_id": given[name] or None}, *rows[1:]] if name in given and rows else rows
        for name, rows in matters.items()
    }
    return found, corrected
