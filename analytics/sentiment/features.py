"""Hashed character n-grams of many texts at once, in numpy.

Across domains character n-grams beat words, and hashing them needs no vocabulary: a worker loads nothing but weights.
The texts are laid end to end as one array of code points; an n-gram is a hash of n neighbours, so a million n-grams
cost a few array operations instead of a million strings. An n-gram counts as much as `emphasis` makes of the character
it begins with: less than nothing where that is denied.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from analytics.sentiment.emphasis import UNIT, emphasis
from analytics.text.normalise import normalise
from analytics.text.redact import MASK_PATTERN

BITS = 18
N_BUCKETS = 2**BITS
MAX_LENGTH = 3
MAX_CHARACTERS = 600
"""A longer text keeps this many characters of its beginning and as many of its end: verdicts stand there."""

QUESTION = "¿"
"""Stands after a text for each clause that asks, `MAX_QUESTIONS` times at most."""
MAX_QUESTIONS = 2
QUESTION_WEIGHT = 12 * UNIT
"""A row has length 1: what is asked counts little only if the sign counts much."""

# A table: a vectorised logarithm may round by where in the array a number stands, and a row must not depend on others.
_MAX_QUARTERS = 8_000
_DAMPED = np.array(
    [n / UNIT if n < UNIT else 1.0 + math.log(n / UNIT) for n in range(_MAX_QUARTERS + 1)], dtype=np.float32
)
_MASK = re.compile(rf"{MASK_PATTERN.pattern}|\[[^\[\]\s]{{1,8}}\]")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def prepare(text: str) -> str:
    """Return the text as the model reads it: normalised, lower case, numbers and masks as one sign.

    Examples
    --------
    >>> prepare("[手机] 付了１２９９元 Ｇｏｏｄ")
    '# 付了0元 good'
    """
    plain = _DIGITS.sub("0", _MASK.sub("#", normalise(text).lower()))
    if len(plain) > 2 * MAX_CHARACTERS:
        plain = plain[:MAX_CHARACTERS] + " " + plain[-MAX_CHARACTERS:]
    return plain


def char_features(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """Return which n-grams of 1 to 3 characters each prepared text has, and how much is made of them.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        Of `prepare`, which bounds their length. One space is set before and after each.

    Returns
    -------
    csr_matrix of float32, shape (n_texts, N_BUCKETS)
        With w the sum of the weights of an n-gram's occurrences, in units of a plain one: 1 + ln(w) for w ≥ 1, w itself
        below, −(1 + ln(−w)) for what is denied. Sorted indices.
    """
    n_texts = len(texts)
    if not n_texts:
        return scipy.sparse.csr_matrix((0, N_BUCKETS), dtype=np.float32)
    padded, weights = zip(*(_emphasised(text) for text in texts), strict=True)
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(n_texts, dtype=np.int64), [len(text) for text in padded])
    quarters = np.concatenate(weights)
    pairs = [_buckets(codes, rows, quarters, length) for length in range(1, MAX_LENGTH + 1)]
    keys, inverse = np.unique(np.concatenate([key for key, _ in pairs]), return_inverse=True)
    sums = np.bincount(inverse, weights=np.concatenate([weight for _, weight in pairs])).astype(np.int64)
    row, bucket = np.divmod(keys, N_BUCKETS)
    starts = np.searchsorted(row, np.arange(n_texts + 1))
    values = _DAMPED[np.minimum(np.abs(sums), _MAX_QUARTERS)] * np.sign(sums).astype(np.float32)
    return scipy.sparse.csr_matrix((values, bucket.astype(np.int32), starts), shape=(n_texts, N_BUCKETS))


def _emphasised(text: str) -> tuple[str, NDArray[np.int64]]:
    padded = f" {text} "
    weights, n_questions = emphasis(padded)
    signs = QUESTION * min(n_questions, MAX_QUESTIONS)
    return padded + signs, np.concatenate([weights, np.full(len(signs), QUESTION_WEIGHT, dtype=np.int64)])


def _buckets(
    codes: NDArray[np.uint64], rows: NDArray[np.int64], weights: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row × N_BUCKETS + bucket, and weight, of each n-gram of this length that lies in one text."""
    n_grams = len(codes) - length + 1
    mixed = np.full(n_grams, length, dtype=np.uint64) * _MULTIPLIERS[2]
    for offset in range(length):
        mixed = (mixed ^ codes[offset : offset + n_grams]) * _MULTIPLIERS[0]
        mixed ^= mixed >> np.uint64(29)
    mixed = (mixed * _MULTIPLIERS[1]) >> np.uint64(64 - BITS)
    whole = rows[:n_grams] == rows[length - 1 :]
    keys: NDArray[np.int64] = rows[:n_grams][whole] * N_BUCKETS + mixed[whole].astype(np.int64)
    return keys, weights[:n_grams][whole]
