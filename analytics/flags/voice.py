"""Which contacts are no customer's own voice, and why."""

from __future__ import annotations

import pandas as pd

from analytics.errors import SchemaError
from analytics.flags.bursts import burst_members
from analytics.flags.fillers import is_filler
from analytics.flags.letters import letters_of
from analytics.flags.offers import has_offer, is_advertising
from analytics.flags.rule import FlagRule

_TOP_RATING = 5
_TOP_SHARE = 0.8
_MOST = 0.5
_READ = ("day", "contact_id", "turn", "text", "text_simplified", "started_at", "rating", "person")


def flag_contacts(turns: pd.DataFrame, rule: FlagRule) -> pd.DataFrame:
    """Flag the contacts of one source that are advertising, brushing or spam.

    advertising: an offer with a way to reach who makes it, in any number; or a burst half of which offers something.
    brushing: a burst of reviews, four of five with the top rating (5). spam: any other burst, and contacts of
    fillers only. Bursts are those of `burst_members`; the text of a contact is all that its customer said.

    Parameters
    ----------
    turns : DataFrame
        Customer turns: day, contact_id, turn, text (null = as simplified), text_simplified, started_at (UTC, null when
        undated), rating (null when none), person (null when unknown). Read only; the order of rows does not matter.
    rule : FlagRule
        When near-identical texts are a burst.

    Returns
    -------
    DataFrame
        day, contact_id, flag, flag_reason: one row a flagged contact, by contact_id. The reason is offer, filler, or
        burst with the number of persons, as "burst of 12".

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> turns = pd.DataFrame({"day": ["2026-03-01"] * 2, "contact_id": ["a", "b"], "turn": [0, 0], "person": [None] * 2,
    ...     "text": ["兼职日结,加微信[微信]", "微信支付失败"], "rating": [5.0, 1.0], "started_at": [pd.NaT] * 2})
    >>> flag_contacts(turns.assign(text_simplified=turns.text), FlagRule())[["contact_id", "flag"]].values.tolist()
    [['a', 'advertising']]
    """
    missing = [name for name in _READ if name not in turns.columns]
    if missing:
        raise SchemaError(f"flag_contacts: expected columns {', '.join(_READ)}, missing {', '.join(missing)}")
    contacts = _contacts(turns)
    # In one turn: who asks for an invoice and gives a phone number three turns later offers nothing.
    offers = contacts["text_simplified"].map(lambda said: any(map(is_advertising, said.split("\n")))).astype(bool)
    fillers = contacts["text"].map(is_filler).astype(bool)
    bursts = contacts.merge(burst_members(contacts, rule), on="contact_id")
    flagged = [
        _flagged(contacts[offers], "advertising", "offer"),
        _flagged(contacts[fillers], "spam", "filler"),
        *(_burst(part) for _, part in bursts.groupby(["day", "burst"], sort=True)),
    ]
    found = pd.concat(flagged, ignore_index=True)
    return found.drop_duplicates("contact_id").sort_values("contact_id", ignore_index=True)


def _contacts(turns: pd.DataFrame) -> pd.DataFrame:
    said = turns.sort_values(["contact_id", "turn"], kind="stable")
    simplified = said["text_simplified"].fillna("")
    said = said.assign(text_simplified=simplified, text=said["text"].fillna(simplified))
    contacts = said.groupby("contact_id", sort=True).agg(
        day=("day", "first"),
        text=("text", "\n".join),
        text_simplified=("text_simplified", "\n".join),
        started_at=("started_at", "first"),
        rating=("rating", "first"),
        person=("person", "first"),
    )
    contacts = contacts.reset_index()
    # Who is not known may be anybody: each contact then is of a person of its own.
    hours = (pd.to_datetime(contacts["started_at"], utc=True) - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(hours=1)
    return contacts.assign(
        person=contacts["person"].fillna(contacts["contact_id"]),
        hour=hours,
        letters=contacts["text_simplified"].map(letters_of),
    )


def _burst(members: pd.DataFrame) -> pd.DataFrame:
    """Name a burst after what most of its members are."""
    if members["text_simplified"].map(has_offer).mean() >= _MOST:
        flag = "advertising"
    elif (members["rating"] >= _TOP_RATING).mean() >= _TOP_SHARE:
        flag = "brushing"
    else:
        flag = "spam"
    return _flagged(members, flag, "burst of " + members["n_persons"].astype(str))


def _flagged(contacts: pd.DataFrame, flag: str, reason: str | pd.Series[str]) -> pd.DataFrame:
    return contacts[["day", "contact_id"]].assign(flag=flag, flag_reason=reason)
