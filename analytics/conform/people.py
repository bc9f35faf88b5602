"""From a customer's number, phone or account to a person that cannot be read back."""

from __future__ import annotations

import datetime as dt
import hmac
import re
import unicodedata

import pandas as pd

from analytics.conform.missing import none_unless
from analytics.schema import ID_KINDS, TABLES

_DEFAULT_KEY = "kesheng"
_ID_CHARS = 16
_PHONE = re.compile(r"\+?[\d\s\-()]{7,20}")


def person_id(customer: str, person_key: str = "") -> str:
    """Return the keyed hash of a customer: 16 hex digits of HMAC-SHA256 (RFC 2104).

    The same person writes a number in several ways: width, case, blanks, and +86, blanks and dashes in a phone number
    make no difference.

    Parameters
    ----------
    customer : str
        Number, phone or account as the source gives it.
    person_key : str
        Secret of the site. Without one the hash hides nothing from someone who tries all phone numbers.

    Examples
    --------
    >>> person_id("+86 138-0013-8000") == person_id("13800138000") != person_id("13800138001")
    True
    """
    name = unicodedata.normalize("NFKC", customer).strip().casefold()
    if _PHONE.fullmatch(name):
        digits = re.sub(r"\D", "", name)
        name = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    key = (person_key or _DEFAULT_KEY).encode()
    return hmac.new(key, name.encode(), "sha256").hexdigest()[:_ID_CHARS]


def identifiers(heads: pd.DataFrame, days: pd.Series[dt.date], person_key: str = "") -> pd.DataFrame:
    """Return table `contact_identifier`: each thing by which the customer of a contact can be known, hashed.

    Parameters
    ----------
    heads : DataFrame, one row a contact
        contact_id and the columns `ID_KINDS`, cells as received or None.
    days : Series of date
        Local day of each contact.
    person_key : str
        Secret of the site.
    """
    parts = [
        pd.DataFrame({"day": days, "contact_id": heads["contact_id"], "id_kind": kind, "id_hash": hashes}).dropna()
        for kind in ID_KINDS
        if (hashes := _hashes(heads[kind], person_key)) is not None
    ]
    columns = TABLES["contact_identifier"].arrow().names
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns].drop_duplicates(ignore_index=True)


def _hashes(cells: pd.Series[str], person_key: str) -> pd.Series[str] | None:
    if not cells.notna().any():
        return None
    known = {cell: person_id(cell, person_key) for cell in cells.dropna().unique()}
    return none_unless(cells.notna(), cells.map(known))
