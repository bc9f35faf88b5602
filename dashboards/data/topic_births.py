"""Topics that came up by themselves: since when, how fast they grow, what showed them, and what is said in them."""

from __future__ import annotations

import pandas as pd

from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.records import records

N_SENTENCES = 3
COLUMNS = ("topic_id", "born", "n_texts", "expected", "p_value", "phrases", "contact_ids")
_SQL = """
WITH born AS (
    SELECT topic_id, min(day) AS day, arg_min(contact_ids, day) AS contact_ids FROM topic_event
    WHERE event = 'born' GROUP BY 1
), first_fit AS (SELECT min(day) AS day FROM topic_event WHERE event = 'born')
SELECT t.topic_id, coalesce(b.day, born.day, t.first_seen)::VARCHAR AS born, b.n_texts, b.expected, b.p_value,
    b.phrases, coalesce(b.contact_ids, born.contact_ids) AS contact_ids
FROM topic t LEFT JOIN topic_birth b USING (topic_id) LEFT JOIN born USING (topic_id)
WHERE t.merged_into IS NULL AND (
    (t.state = 'provisional' AND coalesce(b.day, born.day, t.first_seen) <= $end) OR b.day BETWEEN $start AND $end
    OR (born.day BETWEEN $start AND $end AND born.day > (SELECT day FROM first_fit))
)
QUALIFY row_number() OVER (PARTITION BY t.topic_id ORDER BY b.day DESC) = 1
ORDER BY born DESC NULLS LAST, t.topic_id
"""
_SENTENCES = """
SELECT contact_id, day::VARCHAR AS day, text FROM utterance
WHERE contact_id IN (SELECT contact_id FROM contact WHERE list_contains($ids, contact_id)
        AND day BETWEEN $first AND $last)
    AND speaker = 'customer' AND day BETWEEN $first AND $last AND length(text) > 4
QUALIFY row_number() OVER (PARTITION BY contact_id ORDER BY length(text_simplified) DESC, turn) = 1
"""


def births(source: Source, filters: Filters) -> pd.DataFrame:
    """Return the topics on trial by the last day, and those born in the days of the filters, the newest first.

    Topics of the first fit are as old as the data and are not born.

    Returns
    -------
    DataFrame
        `COLUMNS`: the day it was seen first (text, '' when unknown), and of one that emerged by itself the texts of
        that day, how many were expected and the p-value (else NaN), the phrases and the contacts that show it.
    """
    if filters.start is None or filters.end is None:
        return pd.DataFrame(columns=list(COLUMNS))
    found = source.rows(_SQL, start=filters.start, end=filters.end)
    found["born"] = [day if isinstance(day, str) else "" for day in found["born"]]
    for name in ("phrases", "contact_ids"):
        found[name] = pd.Series([_texts(value) for value in found[name]], index=found.index, dtype=object)
    return found


def sentences(source: Source, born: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return topic → up to `N_SENTENCES` (contact_id, longest turn of the customer) of the contacts that show it."""
    wanted = {row.topic_id: row.contact_ids[: 2 * N_SENTENCES] for row in records(born) if row.born}
    ids = sorted({contact for contacts in wanted.values() for contact in contacts})
    if not ids:
        return {}
    days = pd.to_datetime(born.loc[born["born"] != "", "born"])
    # A contact that shows a birth is of that day, or of the few days that a refit looked at before it.
    first, last = (days.min() - pd.Timedelta(days=7)).date(), (days.max() + pd.Timedelta(days=7)).date()
    said = source.rows(_SENTENCES, ids=ids, first=first, last=last).set_index("contact_id")["text"].to_dict()
    return {
        topic: [(contact, said[contact]) for contact in contacts if contact in said][:N_SENTENCES]
        for topic, contacts in wanted.items()
    }


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) or hasattr(value, "tolist") else []  # type: ignore[attr-defined]
