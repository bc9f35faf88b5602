"""What counts as a label of the site: stars and scores of customers, and corrections of persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.schema.table import LABELS
from analytics.sentiment.adapt import Labelled

CORRECTION_WEIGHT = 3.0
"""A person who read the sentence outweighs three customers' stars, which are of the whole purchase."""
TALK_WEIGHT = 0.3
"""A rating after a call or chat is about what came of it; most of what was said is neither praise nor blame."""
FIVE, TEN = 5.0, 10.0
_WRITTEN = ("review", "work_order")
_WHOLE = -1


@dataclass(frozen=True)
class SiteLabels:
    """The labelled set of a site.

    Attributes
    ----------
    units : DataFrame[contact_id, turn, label, started_at]
        Grain: one thing labelled: a contact (turn −1) or a turn; label 0 negative, 1 neutral, 2 positive.
    turns : DataFrame[contact_id, turn, unit_turn, text, n_chars]
        The customer's turns of each unit.
    texts : DataFrame[contact_id, text, label, weight, judged]
        What is learnt from.
    unknown_scale : tuple of str
        Sources whose ratings are not on a scale that is known.
    """

    units: pd.DataFrame
    turns: pd.DataFrame
    texts: pd.DataFrame
    unknown_scale: tuple[str, ...]

    def of(self, contacts: pd.Series[str]) -> SiteLabels:
        """Return what belongs to these contacts."""
        units, turns, texts = (
            frame[frame["contact_id"].isin(contacts)] for frame in (self.units, self.turns, self.texts)
        )
        return SiteLabels(units, turns, texts, self.unknown_scale)

    def labelled(self) -> Labelled:
        """Return the texts as `adapt` takes them."""
        return Labelled(
            self.texts["text"].tolist(),
            self.texts["label"].to_numpy(dtype=np.int64),
            self.texts["weight"].to_numpy(dtype=np.float64),
            self.texts["contact_id"].to_numpy(dtype=object),
            self.texts["judged"].to_numpy(dtype=bool),
        )


def rating_labels(ratings: pd.Series[float]) -> NDArray[np.float64] | None:
    """Return the label of each rating of one source: 0 negative, 2 positive, NaN in between; None: scale unknown.

    On a scale to five (stars, satisfaction) 1 and 2 are negative and 5 is positive. On one to ten (a source with a
    rating above 5) 0 to 6 and 9 to 10 are, as the Net Promoter Score has it (Reichheld, Harvard Business Review, 2003).
    A source that goes no higher than 3 may have two or three steps, one above 10 any number: nobody can tell.

    Examples
    --------
    >>> rating_labels(pd.Series([1.0, 3.0, 4.0, 5.0]))
    array([ 0., nan, nan,  2.])
    >>> rating_labels(pd.Series([6.0, 8.0, 9.0]))
    array([ 0., nan,  2.])
    >>> rating_labels(pd.Series([0.0, 1.0])) is None
    True
    """
    highest = float(ratings.max()) if ratings.notna().any() else 0.0
    if not 3 < highest <= TEN or float(ratings.min()) < 0:
        return None
    low, high = (2.0, 5.0) if highest <= FIVE else (6.0, 9.0)
    values = ratings.to_numpy(dtype=np.float64)
    return np.where(values <= low, 0.0, np.where(values >= high, 2.0, np.nan))


def site_labels(contacts: pd.DataFrame, turns: pd.DataFrame, corrections: pd.DataFrame) -> SiteLabels:
    """Bring ratings and corrections to the texts they are about.

    A corrected contact takes the correction in place of its rating; a corrected turn is a label of its own, and its
    contact's rating no longer teaches from that turn. Of reviews and work orders each turn (title, text) takes the
    contact's label. Of calls and chats all the customer said is one text, with `TALK_WEIGHT` if rated.

    Parameters
    ----------
    contacts : DataFrame[contact_id, source, kind, started_at, rating]
        Grain: one contact; flagged ones left out.
    turns : DataFrame[contact_id, turn, text_simplified]
        Grain: one customer turn; ready-made ones left out.
    corrections : DataFrame[contact_id, turn, label]
        Newest correction of each place; turn null for a contact.

    Returns
    -------
    SiteLabels
    """
    said = turns[turns["text_simplified"].fillna("").str.strip() != ""][["contact_id", "turn", "text_simplified"]]
    said = said.rename(columns={"text_simplified": "text"}).merge(contacts[["contact_id", "kind"]], on="contact_id")
    number = corrections.assign(label=corrections["label"].map(LABELS.index).astype("int64"))
    of_turn = number[number["turn"].notna()].astype({"turn": "int64"})
    of_contact = number[number["turn"].isna()]
    rated, unknown = _rated(contacts)
    whole = {**rated, **dict(zip(of_contact["contact_id"], of_contact["label"], strict=True))}
    judged = set(of_contact["contact_id"])
    corrected = said.merge(of_turn[["contact_id", "turn", "label"]], on=["contact_id", "turn"])
    rest = said.merge(corrected[["contact_id", "turn"]].assign(own=True), on=["contact_id", "turn"], how="left")
    rest = rest[rest["own"].isna() & rest["contact_id"].isin(whole)].drop(columns="own")
    rest = rest.assign(label=rest["contact_id"].map(whole).astype("int64"))
    texts = pd.concat([_judged_turns(corrected), _of_contacts(rest, judged)], ignore_index=True)
    pieces = pd.concat(
        [corrected.assign(unit_turn=corrected["turn"]), rest.assign(unit_turn=_WHOLE)], ignore_index=True
    )
    pieces = pieces.assign(n_chars=pieces["text"].str.len())
    units = pieces.drop_duplicates(["contact_id", "unit_turn"])[["contact_id", "unit_turn", "label"]]
    units = units.rename(columns={"unit_turn": "turn"}).merge(contacts[["contact_id", "started_at"]], on="contact_id")
    return SiteLabels(
        units.sort_values(["started_at", "contact_id", "turn"], na_position="first").reset_index(drop=True),
        pieces[["contact_id", "turn", "unit_turn", "text", "n_chars"]],
        texts.sort_values(["contact_id", "text"], kind="stable").reset_index(drop=True),
        unknown,
    )


def _rated(contacts: pd.DataFrame) -> tuple[dict[str, int], tuple[str, ...]]:
    found: dict[str, int] = {}
    unknown = []
    for source, rows in contacts[contacts["rating"].notna()].groupby("source", sort=True):
        labels = rating_labels(rows["rating"])
        if labels is None:
            unknown.append(str(source))
            continue
        known = ~np.isnan(labels)
        found |= dict(zip(rows["contact_id"][known], labels[known].astype(int).tolist(), strict=True))
    return found, tuple(unknown)


def _judged_turns(corrected: pd.DataFrame) -> pd.DataFrame:
    return corrected[["contact_id", "text", "label"]].assign(weight=CORRECTION_WEIGHT, judged=True)


def _of_contacts(rest: pd.DataFrame, judged: set[str]) -> pd.DataFrame:
    written = rest["kind"].isin(_WRITTEN)
    talk = rest[~written].sort_values(["contact_id", "turn"]).groupby("contact_id", as_index=False, sort=True)
    joined = talk.agg(text=("text", "。".join), label=("label", "first"))
    found = pd.concat(
        [rest[written][["contact_id", "text", "label"]].assign(weight=1.0), joined.assign(weight=TALK_WEIGHT)],
        ignore_index=True,
    )
    by_person = found["contact_id"].isin(judged)
    return found.assign(judged=by_person, weight=found["weight"].where(~by_person, CORRECTION_WEIGHT))
