"""Rows of a frame as named records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield each row as a named tuple; the type of a field is that of its column, which no annotation can say.

    Examples
    --------
    >>> [row.n for row in records(pd.DataFrame({"n": [1, 2]}))]
    [1, 2]
    """
    yield from frame.itertuples(index=False)
