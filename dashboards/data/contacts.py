"""The contacts behind a number, and one conversation turn by turn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboards.data.source import Source
from dashboards.selection import Selection

_ORDERS = {
    "started": "started_at {way} NULLS LAST, contact_id",
    "mood": "sentiment_score {way} NULLS LAST, contact_id",
    "wait": "first_response_seconds {way} NULLS LAST, contact_id",
}
_TEXT_LENGTH = 240
_SAYS_SOMETHING = 6
"""Shorter turns (在吗, 你好, 嗯) are left out of a list's preview unless the contact has nothing else."""


def count(source: Source, selection: Selection) -> int:
    """Return how many contacts there are."""
    return int(source.over(selection, "SELECT count(*) AS n FROM contact WHERE {where}")["n"].iloc[0])


def page(source: Source, selection: Selection, *, start: int, stop: int, order: tuple[str, str]) -> pd.DataFrame:
    """Return rows `start` to `stop` (exclusive) of the contacts, newest first unless ordered otherwise.

    Parameters
    ----------
    order : (column, 'asc' or 'desc')
        Column is started, mood or wait; anything else means newest first.

    Returns
    -------
    DataFrame
        contact_id, started (local time), channel, product, topic_id, topic, sentiment_label, sentiment_score,
        wait, text (what the customer said, first 240 characters).
    """
    column, way = order
    by = _ORDERS.get(column, _ORDERS["started"]).format(way="ASC" if way == "asc" else "DESC")
    found = source.over(
        selection,
        f"""
        WITH listed AS (
            SELECT * FROM contact WHERE {{where}} ORDER BY {by} LIMIT {int(stop) - int(start)} OFFSET {int(start)}
        ), said AS (
            SELECT contact_id, left(coalesce(
                string_agg(text, ' ' ORDER BY turn) FILTER (length(text) >= {_SAYS_SOMETHING}),
                string_agg(text, ' ' ORDER BY turn)
            ), {_TEXT_LENGTH}) AS text FROM utterance
            WHERE speaker = 'customer' AND contact_id IN (SELECT contact_id FROM listed) GROUP BY contact_id
        )
        SELECT contact_id, strftime(timezone($shown_zone, started_at), '%Y-%m-%d %H:%M') AS started, channel, product,
            topic_id, t.label AS topic, sentiment_label, sentiment_score, first_response_seconds AS wait,
            coalesce(said.text, title, '') AS text
        FROM listed LEFT JOIN said USING (contact_id) LEFT JOIN topic t USING (topic_id)
        ORDER BY {by}
        """,
        shown_zone=source.zone,
    )
    return source.renamed(found, "topic_id", "topic")


def contact(source: Source, contact_id: str) -> pd.DataFrame:
    """Return the row of one contact, with its start as local text and its topic's label; empty if there is none."""
    found = source.rows(
        "SELECT c.*, strftime(timezone($zone, started_at), '%Y-%m-%d %H:%M') AS started, t.label AS topic"
        " FROM contact c LEFT JOIN topic t USING (topic_id) WHERE contact_id = $contact_id",
        zone=source.zone,
        contact_id=contact_id,
    )
    return source.renamed(found, "topic_id", "topic")


def matters(source: Source, contact_id: str) -> pd.DataFrame:
    """Return the matters of a contact that has several, the main one first; empty for one matter.

    Columns: segment (0 = main), topic_id ('' = none), label, first_turn, last_turn.
    """
    found = source.rows(
        "SELECT segment, coalesce(s.topic_id, '') AS topic_id, t.label, first_turn, last_turn FROM topic_segment s"
        " LEFT JOIN topic t ON t.topic_id = s.topic_id WHERE contact_id = $contact_id ORDER BY segment",
        contact_id=contact_id,
    )
    return source.renamed(found, "topic_id", "label") if len(found) > 1 else found.head(0)


def turns(source: Source, contact_id: str) -> pd.DataFrame:
    """Return the turns of one contact in order: turn, speaker, said (local time), text, sentiment_label and score."""
    return source.rows(
        "SELECT turn, speaker, strftime(timezone($zone, said_at), '%H:%M:%S') AS said, text, sentiment_label,"
        " sentiment_score FROM utterance WHERE contact_id = $contact_id ORDER BY turn",
        zone=source.zone,
        contact_id=contact_id,
    )


def examples(source: Source, selection: Selection, *, n: int, about: Sequence[str] = ()) -> pd.DataFrame:
    """Return `n` telling sentences: text, sentiment_label, contact_id; one a contact, no text twice.

    First come sentences of 8 to 80 characters (they say something and can be read at a glance), among these those with
    one or more of the words `about`, among these the moods in proportion to their share, the strongest first. Ties are
    broken by id: the same data gives the same sentences.
    """
    return source.over(selection, _EXAMPLES, n_examples=n, about=[word.lower() for word in about])


_EXAMPLES = """
WITH said AS (
    SELECT u.text, u.sentiment_label, abs(u.sentiment_score) AS strength, u.contact_id, u.turn,
        (length(u.text) BETWEEN 8 AND 80)::INT AS fits,
        least(len(list_filter($about::VARCHAR[], lambda w: contains(lower(u.text_simplified), w))), 2) AS hits
    FROM utterance u JOIN (SELECT contact_id FROM contact WHERE {where}) c USING (contact_id)
    WHERE u.speaker = 'customer' AND length(u.text) >= 4
), of_contact AS (
    SELECT * FROM said
    QUALIFY row_number() OVER (PARTITION BY contact_id ORDER BY fits DESC, hits DESC, strength DESC, turn) = 1
), once AS (
    SELECT * FROM of_contact QUALIFY row_number() OVER (PARTITION BY text ORDER BY contact_id) = 1
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY fits, hits, sentiment_label ORDER BY strength DESC, contact_id) AS place,
        count(*) OVER (PARTITION BY fits, hits, sentiment_label) AS crowd
    FROM once
)
SELECT text, sentiment_label, contact_id FROM ranked
ORDER BY fits DESC, hits DESC, (place - 0.5) / crowd, contact_id LIMIT $n_examples
"""
