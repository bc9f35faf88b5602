"""From a customer's number, phone or account to a person that cannot be read back."""

from __future__ import annotations

import hmac
import re
import unicodedata

import pandas as pd

from analytics.conform.missing import none_unless

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


def person_ids(customers: pd.Series[str], person_key: str = "") -> pd.Series[str]:
    """Return the person of each customer, None where there is none.

    Examples
    --------
    >>> person_ids(pd.Series(["c1", None])).isna().tolist()
    [False, True]
    """
    known = {customer: person_id(customer, person_key) for customer in customers.dropna().unique()}
    return none_unless(customers.notna(), customers.map(known))
