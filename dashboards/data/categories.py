"""Categories that rules find: how many contacts meet each, and where in a conversation."""

from __future__ import annotations

import pandas as pd

from dashboards.data.source import Source
from dashboards.intervals import wilson
from dashboards.selection import Selection


def table(source: Source, selection: Selection, kind: str = "strong") -> pd.DataFrame:
    """Return every category of a kind with the contacts of the selection that meet it, most first.

    Returns
    -------
    DataFrame
        category, label, severity, description, n, n_total (contacts of the selection), share, share_low and share_high
        (95 % interval). Empty where no rule was ever run.
    """
    frame = source.over(
        selection,
        """
        WITH chosen AS (SELECT contact_id FROM contact WHERE {where}), met AS (
            SELECT category, count(DISTINCT contact_id) AS n FROM category_hit JOIN chosen USING (contact_id) GROUP BY 1
        )
        SELECT category, label, severity, description, coalesce(n, 0) AS n, (SELECT count(*) FROM chosen) AS n_total
        FROM category LEFT JOIN met USING (category) WHERE kind = $kind
        ORDER BY n DESC, category
        """,
        kind=kind,
    )
    low, high = wilson(frame["n"].to_numpy(dtype=float), frame["n_total"].to_numpy(dtype=float))
    share = frame["n"] / frame["n_total"].clip(lower=1)
    return frame.assign(share=share, share_low=low, share_high=high)


def label(source: Source, category: str) -> str:
    """Return a category's label; its own name where there is none."""
    frame = source.rows("SELECT label FROM category WHERE category = $category", category=category)
    return str(frame["label"].iloc[0]) if len(frame) else category


def tag_label(source: Source, tag: str) -> str:
    """Return the label of a tag of persons; its own name where there is none."""
    frame = source.rows("SELECT label FROM tag WHERE tag = $tag", tag=tag)
    return str(frame["label"].iloc[0]) if len(frame) else tag


def evidence(source: Source, contact_id: str) -> pd.DataFrame:
    """Return where a contact meets rules: turn, start, stop (of the turn's text), label, kind, confidence."""
    return source.rows(
        "SELECT turn, start, stop, coalesce(label, category) AS label, coalesce(kind, 'category') AS kind, confidence"
        " FROM category_hit LEFT JOIN category USING (category) WHERE contact_id = $contact_id"
        " ORDER BY turn, start, stop, category",
        contact_id=contact_id,
    )
