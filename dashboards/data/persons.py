"""Who a contact is from: tags that stand on the person, and their other contacts."""

from __future__ import annotations

import pandas as pd

from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import TAGS_THAT_STAND, Selection


def tags(source: Source, person_id: str) -> pd.DataFrame:
    """Return the tags that stand on a person: tag, label, value, detail; in order of their names."""
    return source.rows(
        "SELECT tag, (SELECT any_value(label) FROM tag WHERE tag.tag = t.tag) AS label, value, detail"
        f" FROM {TAGS_THAT_STAND} AND t.person_id = $person ORDER BY label",
        person=person_id,
    )


def other_contacts(source: Source, person_id: str, *, but: str, n: int) -> tuple[pd.DataFrame, int]:
    """Return the newest contacts of a person but one, and how many the person has in all, that one included.

    Returns
    -------
    frame : DataFrame
        contact_id, started (local time), channel, kind, topic_id, topic, sentiment_label, sentiment_score; at most `n`.
    total : int
        As a list of the selection `person` counts them.
    """
    found = source.over(
        Selection(Filters(), {"person": person_id}),
        "SELECT contact_id, strftime(timezone($zone, started_at), '%Y-%m-%d %H:%M') AS started, channel, kind,"
        " topic_id, t.label AS topic, sentiment_label, sentiment_score, count(*) OVER () AS n_all"
        " FROM contact LEFT JOIN topic t USING (topic_id) WHERE {where}"
        " ORDER BY started_at DESC NULLS LAST, contact_id LIMIT $n",
        zone=source.zone, n=n + 1,
    )  # fmt: skip
    total = int(found["n_all"].iloc[0]) if len(found) else 0
    rest = found[found["contact_id"] != but].head(n).drop(columns="n_all")
    return source.renamed(rest, "topic_id", "topic"), total
