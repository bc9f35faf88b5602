"""The mood of a contact from the moods of its customer's turns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.errors import SchemaError
from analytics.sentiment.mood import label_of_scores

_NEEDED = ("contact_id", "turn", "sentiment_score", "n_chars")


def contact_mood(turns: pd.DataFrame) -> pd.DataFrame:
    """Return one mood a contact: the mean score of its turns, weighted by |score| · ln(1 + characters).

    A plain mean drowns one furious sentence in ten 嗯 and 好的. Here a turn counts by how much it feels and, slowly,
    by how much it says: neutral turns weigh little, and a closing 谢谢 does not undo a complaint. (Weights of score²
    turn a contact with one mildly annoyed question negative: 32 % of real chats, against 23 %.) The mood of a single
    turn is its own; the result lies between the lowest and the highest turn.

    Parameters
    ----------
    turns : DataFrame[contact_id, turn, sentiment_score, n_chars]
        Grain: one customer turn, in any order; `n_chars` characters of its text. Other columns are not read.

    Returns
    -------
    DataFrame[contact_id, sentiment_score, sentiment_label, sentiment_first, sentiment_last, sentiment_lowest,
    sentiment_change, mood_course]
        Grain: one contact, sorted by contact_id. Contacts without a customer turn have no row.

    Raises
    ------
    SchemaError
        If a column is missing or a score is null.

    Examples
    --------
    >>> turns = pd.DataFrame(
    ...     {"contact_id": "a", "turn": range(3), "sentiment_score": [0.02, -0.9, 0.4], "n_chars": [1, 14, 2]}
    ... )
    >>> contact_mood(turns).round(2).values.tolist()
    [['a', -0.7, 'negative', 0.02, 0.4, -0.9, 0.38, 'steady']]
    """
    missing = [column for column in _NEEDED if column not in turns.columns]
    if missing:
        raise SchemaError(f"contact_mood: expected columns {', '.join(_NEEDED)}, got none named {', '.join(missing)}")
    n_null = int(turns["sentiment_score"].isna().sum())
    if n_null:
        raise SchemaError(f"contact_mood: expected a score for every turn, got {n_null} null of {len(turns)}")
    score = turns["sentiment_score"].astype(np.float64)
    weight = score.abs() * np.log1p(turns["n_chars"].astype(np.float64).clip(lower=1)) + 1e-12
    sums = pd.DataFrame({"contact_id": turns["contact_id"], "weighted": score * weight, "weight": weight})
    by_contact = sums.groupby("contact_id", sort=True)[["weighted", "weight"]].sum()
    scores = (by_contact["weighted"] / by_contact["weight"]).to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "contact_id": by_contact.index.to_numpy(),
            "sentiment_score": scores,
            "sentiment_label": label_of_scores(scores).astype(object),
        }
    ).merge(_course(turns), on="contact_id", validate="1:1")


def _course(turns: pd.DataFrame) -> pd.DataFrame:
    scores = turns.sort_values(["contact_id", "turn"]).groupby("contact_id", sort=True)["sentiment_score"]
    found = scores.agg(["first", "last", "min", "count"]).reset_index()
    several = found["count"] > 1
    came, left = label_of_scores(found["first"]), label_of_scores(found["last"])
    course = np.select(
        [(came == "negative") & (left != "negative"), (came != "negative") & (left == "negative")],
        ["recovered", "soured"],
        "steady",
    )
    return pd.DataFrame(
        {
            "contact_id": found["contact_id"],
            "sentiment_first": found["first"],
            "sentiment_last": found["last"],
            "sentiment_lowest": found["min"],
            "sentiment_change": (found["last"] - found["first"]).where(several),
            "mood_course": pd.Series(course, dtype=object).where(several, None),
        }
    )
