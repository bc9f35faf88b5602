"""From what a source knows of a customer to keyed hashes that cannot be read back."""

from __future__ import annotations

import datetime as dt
import hmac

import pandas as pd

from analytics.conform.identifier_values import normal_value
from analytics.conform.missing import none_unless
from analytics.schema import ID_KINDS, TABLES

_DEFAULT_KEY = "kesheng"
_ID_CHARS = 16


def identifier_hash(kind: str, cell: str, person_key: str = "") -> str | None:
    """Return 16 hex digits of the HMAC-SHA256 (RFC 2104) of an identifier; None where the cell names nobody.

    The same phone has the same hash in the column of phones, of customers and of logins; see `normal_value`.

    Parameters
    ----------
    kind : str
        One of `analytics.schema.ID_KINDS`.
    cell : str
        As the source gives it.
    person_key : str
        Secret of the site. Without one the hash hides nothing from someone who tries all phone numbers.

    Examples
    --------
    >>> identifier_hash("phone", "+86 138-0013-8000") == identifier_hash("customer", "13800138000")
    True
    >>> identifier_hash("phone", "138****8000") is None
    True
    """
    value = normal_value(kind, cell)
    if value is None:
        return None
    key = (person_key or _DEFAULT_KEY).encode()
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:_ID_CHARS]


def person_id(customer: str, person_key: str = "") -> str:
    """Return the hash of a customer's number, phone or account: `identifier_hash` of kind `customer`, "" for nobody.

    Examples
    --------
    >>> person_id("+86 138-0013-8000") == person_id("13800138000") != person_id("13800138001")
    True
    """
    return identifier_hash("customer", customer, person_key) or ""


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
        if (hashes := _hashes(kind, heads[kind], person_key)) is not None
    ]
    columns = TABLES["contact_identifier"].arrow().names
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns].drop_duplicates(ignore_index=True)


def _hashes(kind: str, cells: pd.Series[str], person_key: str) -> pd.Series[str] | None:
    known = {cell: identifier_hash(kind, cell, person_key) for cell in cells.dropna().unique()}
    hashes = cells.map(known)
    return none_unless(hashes.notna(), hashes) if hashes.notna().any() else None
