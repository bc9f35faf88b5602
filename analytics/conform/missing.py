"""Text columns in which nothing is None, never NaN."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
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


def spread(values: Sequence[str | None], codes: np.ndarray) -> np.ndarray:
    """Return the value of each code of `pandas.factorize`; None for -1, a missing cell.

    Examples
    --------
    >>> spread(["a", "b"], np.array([1, -1, 0])).tolist()
    ['b', None, 'a']
    """
    held = np.empty(len(values) + 1, dtype=object)
    held[:-1] = values
    found: np.ndarray = held[codes]
    return found
