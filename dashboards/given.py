"""Whether a field of a row holds anything: pandas writes nothing as None, NaN, NaT or NA."""

from __future__ import annotations

import pandas as pd


def given(value: object) -> bool:
    """Return whether there is a value.

    Examples
    --------
    >>> given("a"), given(""), given(None), given(float("nan"))
    (True, True, False, False)
    """
    return value is not None and not bool(pd.isna(value))  # type: ignore[call-overload]
