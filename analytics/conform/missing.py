"""Text columns in which nothing is None, never NaN."""

from __future__ import annotations

import pandas as pd


def none_unless(known: pd.Series[bool], values: pd.Series[str]) -> pd.Series[str]:
    """Return the values where known, None elsewhere, as an object column of the same index.

    Examples
    --------
    >>> none_unless(pd.Series([True, False]), pd.Series(["a", "b"])).tolist()
    ['a', None]
    """
    kept = values.astype(object).to_numpy(copy=True)
    kept[~known.to_numpy(dtype=bool)] = None
    return pd.Series(kept, index=values.index, dtype=object)
