"""Identity of topics over refits: the same texts, the same topic; a topic keeps its id and label for ever."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analytics.topics.describe import Description
from analytics.topics.embedders import Embedder
from analytics.topics.model import TOPIC_COLUMNS, TopicModel, lineage_frame, topic_frame

MIN_OVERLAP = 0.3
"""Floor of the Dice overlap of two topics that are the same. Without one, Hungarian matching pairs strangers."""
WORDS_WEIGHT = 0.25
MIN_PART = 0.5
"""Part of a topic's texts that must be in another for a merge or a split."""
MIN_SHARED_WORDS = 0.5
NEAR, NEAR_WORDS = 0.5, 0.2
"""A retired topic whose words lie as near as this to a new one needs to share fewer of them to be that one."""


@dataclass(frozen=True)
class Matching:
    """Which new topic is which old one, by row number, and what merged into or split from what."""

    same: dict[int, int]
    merged: dict[int, int]
    split: dict[int, int]


def match_topics(overlap: NDArray[np.int64], words: NDArray[np.float64] | None = None) -> Matching:
    """Match topics of two fits by the texts that both hold, and by their words.

    Vectors of two fits cannot be compared, since the embedder is learnt anew; what both models say of the same texts
    can. Pairs are chosen by the Hungarian method on the Dice overlap ``2 n_ij / (n_i + n_j)``, of which words make up
    `WORDS_WEIGHT`, with a floor.

    Parameters
    ----------
    overlap : int, shape (n_old, n_new)
        Number of shared texts that the old model puts into topic i and the new one into topic j.
    words : float, shape (n_old, n_new), optional
        Dice overlap of their words, 0 to 1; by texts alone if not given.

    Returns
    -------
    Matching
        `same`: new -> old. `merged`: old without a successor -> the new topic that took most of its texts.
        `split`: new without a predecessor -> the old topic that most of its texts come from.

    Examples
    --------
    >>> match_topics(np.array([[0, 40, 1], [30, 2, 0]])).same
    {1: 0, 0: 1}
    """
    counts = np.asarray(overlap, dtype=np.float64)
    n_old, n_new = counts.sum(axis=1), counts.sum(axis=0)
    dice = 2 * counts / np.maximum(n_old[:, None] + n_new[None, :], 1)
    alike = dice if words is None else (1 - WORDS_WEIGHT) * dice + WORDS_WEIGHT * words
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    same = {int(new): int(old) for old, new in pairs if alike[old, new] >= MIN_OVERLAP}
    merged = {
        old: int(counts[old].argmax())
        for old in range(len(counts))
        if old not in same.values() and n_old[old] > 0 and counts[old].max() >= MIN_PART * n_old[old]
    }
    split = {
        new: int(counts[:, new].argmax())
        for new in range(counts.shape[1])
        if new not in same and n_new[new] > 0 and counts[:, new].max() >= MIN_PART * n_new[new]
    }
    return Matching(same, merged, split)


class Registry:
    """Who is who over refits: the topics there are by row, those that were, and what happened to them.

    Parameters
    ----------
    previous : TopicModel
        Its topics are the first rows; `add` and `split` append new ones.

    Attributes
    ----------
    lineage : list of (topic_id, event, other_topic_id)
        Splits that were carried out.
    splits_done : set of int
        Numbers of the decisions behind them.
    """

    def __init__(self, previous: TopicModel) -> None:
        self._rows = _records(previous.topics)
        self._retired = _records(previous.retired)
        self._free = _next_number([topic["topic_id"] for topic in (*self._rows, *self._retired)])
        self.lineage: list[tuple[str, str, str]] = []
        self.splits_done = set(previous.splits_done)

    def row_of(self, topic_id: str) -> int | None:
        """Return the row of a topic, None if this model has it no longer."""
        return next((row for row, topic in enumerate(self._rows) if topic["topic_id"] == topic_id), None)

    def add(self) -> str:
        """Append a new topic; return its id. It has no label yet."""
        topic_id = f"t{self._free:03d}"
        self._free += 1
        self._rows.append({"topic_id": topic_id, "label": None, "words": [], "touchpoint": None, "sibling": None})
        return topic_id

    def split(self, decision: int, row: int, n_more: int) -> None:
        """Append the parts of a topic but the largest, which stays the topic itself."""
        self.lineage += [(self.add(), "split", self._rows[row]["topic_id"]) for _ in range(n_more)]
        self.splits_done.add(decision)

    def within(self, max_topics: int, pinned: frozenset[str], sizes: NDArray[np.int64]) -> list[int]:
        """Retire the smallest topics beyond `max_topics`, pinned ones never; return the rows that stay."""
        free = [row for row, topic in enumerate(self._rows) if topic["topic_id"] not in pinned]
        n_gone = max(len(self._rows) - max_topics, 0)
        gone = set(sorted(free, key=lambda row: (sizes[row], -row))[:n_gone])
        kept = [row for row in range(len(self._rows)) if row not in gone]
        self._retired += [self._rows[row] for row in sorted(gone) if self._rows[row]["label"] is not None]
        self._rows = [self._rows[row] for row in kept]
        return kept

    def labels(self) -> dict[int, str]:
        """Return the labels that there are, by row."""
        return {row: topic["label"] for row, topic in enumerate(self._rows) if topic["label"] is not None}

    def taken(self) -> frozenset[str]:
        """Return the labels of topics that were."""
        return frozenset(topic["label"] for topic in self._retired)

    def described(self, found: Description, embedder: Embedder, centroids: NDArray[np.float32]) -> pd.DataFrame:
        """Return the topics with their words of now; a new one that is like a retired one is that one again."""
        for row, topic in enumerate(self._rows):
            topic["words"] = found.words[row] or topic["words"]
            topic["touchpoint"] = topic["touchpoint"] or found.touchpoints[row]
            if topic["label"] is None:
                near = _near(embedder, self._retired, centroids[row])
                back = _like(topic["words"], self._retired) or _like(topic["words"], near, NEAR_WORDS)
                topic["label"] = found.labels[row]
                if back is not None:
                    self._retired = [gone for gone in self._retired if gone is not back]
                    topic |= {"topic_id": back["topic_id"], "label": back["label"]}
        for row, topic in enumerate(self._rows):
            sibling = found.siblings[row]
            topic["sibling"] = None if sibling is None else self._rows[sibling]["topic_id"]
        return _frame(self._rows)

    def retired_frame(self) -> pd.DataFrame:
        """Return the topics that were; call it after `described`, which may bring some back."""
        return _frame(self._retired)


def carry_over(previous: TopicModel, new: TopicModel, texts: Sequence[str]) -> TopicModel:
    """Return the new model with the ids and labels of the previous one where a topic is the same.

    Topics without a predecessor get a retired topic's id back if half of the words agree, else the next free id.
    Topics without a successor are retired.

    Parameters
    ----------
    previous, new : TopicModel
    texts : sequence of str
        Texts that both models assign, best those of the new fit.
    """
    words = (previous.topics["words"].tolist(), new.topics["words"].tolist())
    matching = match_topics(_overlap(previous, new, texts), _shared_words(*words))
    old, retired = _records(previous.topics), _records(previous.retired)
    topics = _records(new.topics)
    free = _next_number([topic["topic_id"] for topic in (*old, *retired)])
    used = {topic["label"] for topic in (*(old[source] for source in matching.same.values()), *retired)}
    for row, topic in enumerate(topics):
        ancestor = old[matching.same[row]] if row in matching.same else _like(topic["words"], retired)
        if ancestor is not None:
            retired = [gone for gone in retired if gone["topic_id"] != ancestor["topic_id"]]
            topic |= {"topic_id": ancestor["topic_id"], "label": ancestor["label"]}
        else:
            topic |= {"topic_id": f"t{free:03d}", "label": _unused(topic["label"], used)}
            free += 1
        used.add(topic["label"])
    retired += [topic for row, topic in enumerate(old) if row not in matching.same.values()]
    renamed = {before: topic["topic_id"] for before, topic in zip(new.topics["topic_id"], topics, strict=True)}
    for topic in topics:
        topic["sibling"] = renamed.get(topic["sibling"])
    lineage = [(old[row]["topic_id"], "merged", topics[to]["topic_id"]) for row, to in matching.merged.items()]
    lineage += [(topics[row]["topic_id"], "split", old[source]["topic_id"]) for row, source in matching.split.items()]
    return replace(new, topics=_frame(topics), retired=_frame(retired), lineage=lineage_frame(lineage))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _frame(records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return topic_frame([[record[name] for name in TOPIC_COLUMNS] for record in records])


def _overlap(previous: TopicModel, new: TopicModel, texts: Sequence[str]) -> NDArray[np.int64]:
    overlap = np.zeros((len(previous.topics), len(new.topics)), np.int64)
    old_topic, old_cosine = previous.nearest(texts)
    new_topic, new_cosine = new.nearest(texts)
    both = (old_cosine >= previous.threshold) & (new_cosine >= new.threshold)
    np.add.at(overlap, (old_topic[both], new_topic[both]), 1)
    return overlap


def _shared_words(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return the Dice overlap of the words of each old topic with those of each new one."""
    return np.array(
        [[2 * len(set(a) & set(b)) / max(len(set(a)) + len(set(b)), 1) for b in new] for a in old], dtype=np.float64
    ).reshape(len(old), len(new))


def _near(embedder: Embedder, retired: Sequence[dict[str, Any]], centroid: NDArray[np.float32]) -> list[dict[str, Any]]:
    """Return the retired topics whose words, read as a text, lie near the centroid."""
    if not retired:
        return []
    cosines = embedder.transform([" ".join(topic["words"]) for topic in retired]) @ centroid
    return [topic for topic, cosine in zip(retired, cosines.tolist(), strict=True) if cosine >= NEAR]


def _like(
    words: Sequence[str], retired: Sequence[dict[str, Any]], least: float = MIN_SHARED_WORDS
) -> dict[str, Any] | None:
    """Return the retired topic that shares at least this part of the words, the likest one."""
    shares = [
        len(set(words) & set(topic["words"])) / max(len(set(words) | set(topic["words"])), 1) for topic in retired
    ]
    best = max(range(len(shares)), key=lambda place: (shares[place], -place), default=None)
    return retired[best] if best is not None and shares[best] >= least else None


def _next_number(ids: Sequence[str]) -> int:
    return 1 + max((int(match.group(1)) for topic_id in ids if (match := re.fullmatch(r"t(\d+)", topic_id))), default=0)


def _unused(label: str, used: set[str]) -> str:
    """Return the label, with a number behind it if another topic has it already."""
    options = (label, *(f"{label}（{number}）" for number in range(2, len(used) + 3)))
    return next(option for option in options if option not in used)
