"""Ids that are somebody's phone, e-mail or identity number: hashed, where any other id stays as the source has it."""

from __future__ import annotations

import re

import pandas as pd

from analytics.conform.people import identifier_hash
from analytics.text.redact import redact

_SHAPE = re.compile(r"[+＋(（]?[\d\s().（）+\-－–—·]{8,24}[\dXxＸｘ]|[^@＠\s]+[@＠]\S+")
"""What a phone, an identity number or an e-mail address looks like from afar."""
_PERSONAL = frozenset({"[手机]", "[邮箱]", "[身份证]"})


def safe_ids(ids: pd.Series[str], person_key: str = "") -> pd.Series[str]:
    """Return the ids, a keyed hash in place of those that are personal data as a whole.

    Order and ticket numbers of 11 and more digits stay: they are what people look a contact up by.

    Examples
    --------
    >>> safe_ids(pd.Series(["T-1", "20260301123456", "13800138000", None])).str.len().tolist()
    [3.0, 14.0, 16.0, nan]
    """
    shaped = (cell for cell in ids.dropna().unique() if _SHAPE.fullmatch(cell))
    personal = {cell for cell in shaped if redact(cell) in _PERSONAL}
    if not personal:
        return ids
    hashed = {cell: identifier_hash("customer", cell, person_key) or "unknown" for cell in personal}
    return ids.map(lambda cell: hashed.get(cell, cell)).astype(object)
