"""Sessions of messages that carry no session's id: what one customer writes without a long silence."""

from __future__ import annotations

from hashlib import sha256

import pandas as pd

from analytics.conform.cells import RoleCells
from analytics.conform.people import identifier_hash

_WHOSE = ("customer", "openid", "unionid", "login", "phone", "email", "device")
"""Roles that tell whose messages they are, the most constant within a source first."""
_ID_CHARS = 16


def whose_messages(cells: RoleCells) -> pd.Series[str]:
    """Return the keyed hash of the customer of each row, from the first identifier that names one; None for nobody."""
    spec = cells.spec
    found: list[str | None] = [None] * len(cells.frame)
    for role in (role for role in _WHOSE if cells.has(role)):
        given = cells.values(role)
        known = {cell: identifier_hash(role, cell, spec.person_key) for cell in given.dropna().unique()}
        found = [before or known.get(cell) for before, cell in zip(found, given, strict=True)]
    return pd.Series(found, index=cells.frame.index, dtype=object)


def sessions_by_silence(
    whose: pd.Series[str], channel: pd.Series[str], times: pd.Series[pd.Timestamp], gap_minutes: float
) -> pd.Series[str]:
    """Return the id of the session that each message belongs to.

    A session is what one customer and whoever answers say on one channel until nobody says anything for `gap_minutes`.
    Its id is made of the hashed customer, the channel and the time of its first message, so that the same messages
    have the same session in every export that begins with them.

    Parameters
    ----------
    whose : Series of str
        Hash of the customer, for messages of both sides.
    channel : Series of str or None
        Channel of each message.
    times : Series of datetime64[us, UTC]
        When it was sent; messages without a time are of one session of the customer.
    gap_minutes : float
        Silence that ends a session.

    Examples
    --------
    >>> times = pd.to_datetime(pd.Series(["2026-03-01T10:00Z", "2026-03-01T10:20Z", "2026-03-01T11:30Z"]))
    >>> found = sessions_by_silence(pd.Series(["c"] * 3), pd.Series(["web"] * 3), times, 30)
    >>> [int(code) for code in pd.factorize(found)[0]]
    [0, 0, 1]
    """
    rows = pd.DataFrame({"whose": whose, "channel": channel.fillna(""), "at": times}).sort_values(
        ["whose", "channel", "at"], kind="stable"
    )
    by_talk = rows.groupby(["whose", "channel"], sort=False)["at"]
    is_first = by_talk.cumcount() == 0
    begins = is_first | (by_talk.diff().dt.total_seconds() > gap_minutes * 60)
    first = rows.assign(number=begins.cumsum()).groupby("number").transform("first")
    keys = first["whose"] + "\x1f" + first["channel"] + "\x1f" + first["at"].astype(str)
    ids = {key: sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_CHARS] for key in keys.unique()}
    return keys.map(ids).reindex(whose.index).astype(object)
