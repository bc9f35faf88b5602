"""Read stars and scores."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_STARS = re.compile(r"([★⭐]+)[☆\ufe0f\s]*")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(?:(?:星|分|颗星|星级|stars?|/\s*\d+|out of \d+.*)?)", re.IGNORECASE)
_HAN_STARS = re.compile(r"([一二两三四五])\s*颗?星级?")
_SATISFIED = {
    **{"非常满意": 5.0, "很满意": 5.0, "满意": 4.0, "比较满意": 4.0},
    **{"一般": 3.0, "不满意": 2.0, "不太满意": 2.0, "非常不满意": 1.0, "很不满意": 1.0},
}
"""The five answers to a question of satisfaction."""
_HAN_DIGITS = {"一": 1.0, "二": 2.0, "两": 2.0, "三": 3.0, "四": 4.0, "五": 5.0}


def parse_ratings(cells: pd.Series[str]) -> pd.Series[float]:
    """Return the number that each cell gives: 5, 5.0, 5星, 五星, 4/5, ★★★★☆ (4), 非常满意 (5); NaN where there is none.

    Examples
    --------
    >>> parse_ratings(pd.Series(["5.0", "4星", "★★★☆☆", "不满意", "好", None])).tolist()
    [5.0, 4.0, 3.0, 2.0, nan, nan]
    """
    values = {cell: _rating(cell) for cell in cells.dropna().unique()}
    return cells.map(values).astype("float64")


def _rating(cell: str) -> float:
    text = cell.strip()
    if text in _SATISFIED:
        return _SATISFIED[text]
    if stars := _STARS.fullmatch(text):
        return float(len(stars[1]))
    if number := _NUMBER.fullmatch(text):
        return float(number[1])
    han = _HAN_STARS.fullmatch(text)
    return _HAN_DIGITS[han[1]] if han else float(np.nan)
