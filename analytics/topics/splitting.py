"""What a topic would fall into, for a person to look at before it is split."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from analytics.errors import ConfigError

MIN_TEXTS = 20
"""Texts that a part must have on average; fewer show chance, not a matter."""
N_WORDS = 6
N_TYPICAL = 3


@dataclass(frozen=True)
class Part:
    """One part: the places of its texts, the most typical first, and the words that tell it from the other parts."""

    members: tuple[int, ...]
    words: tuple[str, ...]


def parts_of(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    n_parts: int,
    *,
    seed: int,
    tokenize: Callable[[str], Sequence[str]],
) -> list[Part]:
    """Group the texts of one topic; the largest part first.

    What all texts of the topic share is taken out of the vectors (their mean), so that the parts are told by what
    differs. Words are those whose share in the part is higher than outside, by share times the logarithm of the ratio.

    Parameters
    ----------
    texts : sequence of str
    vectors : float32, shape (n_texts, n_dimensions)
    n_parts : int
    seed : int
    tokenize : function
        Text to words, stop words left out.

    Raises
    ------
    ConfigError
        If there are fewer than `MIN_TEXTS` texts a part.
    """
    if len(texts) < MIN_TEXTS * n_parts:
        raise ConfigError(
            f"topics: splitting into {n_parts} needs {MIN_TEXTS * n_parts} different texts,"
            f" this topic has {len(texts)}; wait until it has more, or choose fewer parts"
        )
    rest = vectors - vectors.mean(axis=0)
    rest = (rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    with threadpool_limits(limits=1):
        clusters = KMeans(n_parts, n_init=5, random_state=seed).fit(rest)
    bags = [set(tokenize(text)) for text in texts]
    cosines = np.einsum("ij,ij->i", rest, clusters.cluster_centers_[clusters.labels_])
    sizes = np.bincount(clusters.labels_, minlength=n_parts)
    found = []
    for part in np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]:
        inside = np.flatnonzero(clusters.labels_ == part)
        order = inside[np.argsort(-cosines[inside], kind="stable")]
        found.append(Part(tuple(int(place) for place in order), _telling(bags, set(inside.tolist()))))
    return found


def _telling(bags: Sequence[set[str]], inside: set[int]) -> tuple[str, ...]:
    within = Counter(word for place in sorted(inside) for word in sorted(bags[place]))
    everywhere = Counter(word for bag in bags for word in sorted(bag))
    n_in, n_out = len(inside), len(bags) - len(inside)

    def weight(word: str) -> float:
        share, other = within[word] / n_in, (everywhere[word] - within[word] + 1) / (n_out + 2)
        return share * math.log(share / other)

    return tuple(sorted(within, key=lambda word: (-weight(word), word))[:N_WORDS])
