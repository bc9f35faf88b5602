"""The contacts behind a number, and one conversation turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dashboards.data.searching import Found, find
from dashboards.data.source import Source
from dashboards.search_words import has_word
from dashboards.selection import Selection
from dashboards.telling import Piece, telling

_ORDERS = {
    "started": "started_at {way} NULLS LAST, contact_id",
    "mood": "sentiment_score {way} NULLS LAST, contact_id",
    "strength": "abs(sentiment_score) {way} NULLS LAST, contact_id",
    "wait": "first_response_seconds {way} NULLS LAST, contact_id",
}


def count(source: Source, selection: Selection) -> int:
    """Return how many contacts there are."""
    return int(source.over(selection, "SELECT count(*) AS n FROM contact WHERE {where}")["n"].iloc[0])


def page(source: Source, selection: Selection, *, start: int, stop: int, order: tuple[str, str]) -> pd.DataFrame:
    """Return the rows of `listed`, `text` in one piece."""
    found = listed(source, selection, start=start, stop=stop, order=order).rows
    return found.assign(text=["".join(text for text, _ in pieces) for pieces in found["text"]])


def listed(source: Source, selection: Selection, *, start: int, stop: int, order: tuple[str, str]) -> Found:
    """Return rows `start` to `stop` (exclusive) of the contacts, newest first unless ordered otherwise.

    Parameters
    ----------
    order : (column, 'asc' or 'desc')
        Column is started, mood, strength (of the mood, whichever its sign) or wait; anything else means newest first.

    Returns
    -------
    Found
        rows: contact_id, day, started (local time), channel, product, kind, topic_id, topic, sentiment_label,
        sentiment_score, wait, text (what the customer said, in pieces of `dashboards.telling`: where something is
        searched for the sentences with it, else the first 240 characters). n: all there are; None while a search has
        not read so far.
    """
    column, way = order
    by = _ORDERS.get(column, _ORDERS["started"]).format(way="ASC" if way == "asc" else "DESC")
    searches = list(selection.searches.values())
    if searches:
        newest_first = column not in _ORDERS or (column == "started" and way != "asc")
        found = find(source, selection, start=start, stop=stop, by=by, newest_first=newest_first)
    else:
        ids = f"SELECT contact_id, day FROM contact WHERE {{where}} ORDER BY {by}"
        limit = f" LIMIT {max(int(stop) - int(start), 0)} OFFSET {int(start)}"
        found = Found(source.over(selection, ids + limit), count(source, selection))
    if found.rows.empty:
        return replace(found, rows=source.renamed(_shown(source, found.rows), "topic_id", "topic"))
    names = found.rows["contact_id"]
    said = said_by(source, found.rows, [word for words in searches for word in words.wanted])
    rows = _shown(source, found.rows).set_index("contact_id").loc[names].reset_index()
    text = [
        said.get(name) or [(title if isinstance(title, str) else "", False)]
        for name, title in zip(names, rows["title"], strict=True)
    ]
    told = rows.assign(text=pd.Series(text, index=rows.index, dtype=object))
    return replace(found, rows=source.renamed(told, "topic_id", "topic"))


def said_by(source: Source, rows: pd.DataFrame, wanted: Sequence[str]) -> dict[str, list[Piece]]:
    """Return in pieces what customers said, by contact: the sentences with words that are wanted, or the start.

    `rows` have contact_id and day: no other day's text is read. Contacts whose customer said nothing are left out.
    """
    has = " OR ".join(has_word(word, f"$word{place}") for place, word in enumerate(wanted))
    turns = source.rows(
        "SELECT contact_id, turn, text FROM utterance WHERE speaker = 'customer' AND text IS NOT NULL AND"
        f" {days_sql(rows['day'])} AND contact_id IN (SELECT unnest($ids)) AND ({has or 'TRUE'})"
        " ORDER BY contact_id, turn",
        ids=list(rows["contact_id"]),
        **{f"word{place}": word for place, word in enumerate(wanted)},
    )
    said = {str(name): list(group) for name, group in turns.groupby("contact_id")["text"]}
    return {name: telling(texts, wanted) for name, texts in said.items()}


def days_sql(days: pd.Series) -> str:
    """Return a condition on the days of turns that a reader of files by day can use: written out, from dates alone."""
    written = sorted({pd.Timestamp(day).strftime("%Y-%m-%d") for day in days})
    return f"day IN ({', '.join(f'DATE {chr(39)}{day}{chr(39)}' for day in written)})"


def _shown(source: Source, rows: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        columns = "contact_id day started channel product kind topic_id topic sentiment_label sentiment_score wait text"
        return pd.DataFrame(columns=columns.split())
    return source.rows(
        "SELECT contact_id, day, strftime(timezone($zone, started_at), '%Y-%m-%d %H:%M') AS started, channel, product,"
        " kind, topic_id, t.label AS topic, sentiment_label, sentiment_score, first_response_seconds AS wait, title"
        f" FROM contact LEFT JOIN topic t USING (topic_id) WHERE {days_sql(rows['day'])}"
        " AND contact_id IN (SELECT unnest($ids))",
        zone=source.zone, ids=list(rows["contact_id"]),
    )  # fmt: skip


def contact(source: Source, contact_id: str) -> pd.DataFrame:
    """Return the row of one contact, with its start as local text and its topic's label; empty if there is none."""
    found = source.rows(
        "SELECT c.*, strftime(timezone($zone, started_at), '%Y-%m-%d %H:%M') AS started, t.label AS topic"
        " FROM contact c LEFT JOIN topic t USING (topic_id)"
        f" WHERE {_day_of(source, contact_id)} AND contact_id = $contact_id",
        zone=source.zone,
        contact_id=contact_id,
    )
    return source.renamed(found, "topic_id", "topic")


def matters(source: Source, contact_id: str, *, day: object = None) -> pd.DataFrame:
    """Return the matters of a contact that has several, the main one first; empty for one matter.

    Columns: segment (0 = main), topic_id ('' = none), label, first_turn, last_turn.
    """
    found = source.rows(
        "SELECT segment, coalesce(s.topic_id, '') AS topic_id, t.label, first_turn, last_turn FROM topic_segment s"
        " LEFT JOIN topic t ON t.topic_id = s.topic_id"
        f" WHERE {_day_of(source, contact_id, day)} AND contact_id = $contact_id ORDER BY segment",
        contact_id=contact_id,
    )
    return source.renamed(found, "topic_id", "label") if len(found) > 1 else found.head(0)


def turns(source: Source, contact_id: str, *, day: object = None) -> pd.DataFrame:
    """Return the turns of one contact in order; who knows its `day` saves looking for it.

    Columns: turn, speaker, said_at (UTC), said (local time), text, sentiment_label, sentiment_score.
    """
    return source.rows(
        "SELECT turn, speaker, said_at, strftime(timezone($zone, said_at), '%H:%M:%S') AS said, text, sentiment_label,"
        f" sentiment_score FROM utterance WHERE {_day_of(source, contact_id, day)} AND contact_id = $contact_id"
        " ORDER BY turn",
        zone=source.zone,
        contact_id=contact_id,
    )


def _day_of(source: Source, contact_id: str, day: object = None) -> str:
    """Return a condition on the day of a contact: what is kept in files by day need not be read whole."""
    if day is not None:
        return days_sql(pd.Series([day]))
    days = source.rows(
        "SELECT day FROM contact_place WHERE id_hash = md5_number_lower($contact_id)", contact_id=contact_id
    )["day"]
    return days_sql(days) if len(days) else "FALSE"


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
