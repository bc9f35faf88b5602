"""Checks and columns that the tables of signals share."""

from __future__ import annotations

import hashlib

import pandas as pd

from analytics.errors import SchemaError


def require_columns(table: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    """Raise `SchemaError` naming the columns that a table lacks.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"hour": []}), "totals", ("hour", "n_contacts"))
    Traceback (most recent call last):
        ...
    analytics.errors.SchemaError: totals: expected columns hour, n_contacts; missing n_contacts
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise SchemaError(f"{name}: expected columns {', '.join(columns)}; missing {', '.join(missing)}")


def local_day(times: pd.Series, zone: str) -> pd.Series:
    """Return the local date of UTC times, as `datetime.date`."""
    if times.empty:
        return pd.Series([], dtype=object)
    return pd.Series(times.dt.tz_convert(zone).dt.date)


def stable_id(*parts: object) -> str:
    """Return a hash of the parts that is the same in every run.

    Examples
    --------
    >>> stable_id("keyword", "面膜", "*")
    '...'
    """
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]
