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

from analytics.topics.model import TOPIC_COLUMNS, TopicModel, lineage_frame, topic_frame

MIN_OVERLAP = 0.3
"""Floor of the Dice overlap of two topics that are the same. Without one, Hungarian matching pairs strangers."""
MIN_PART = 0.5
"""Part of a topic's texts that must be in another for a merge or a split."""
MIN_SHARED_WORDS = 0.5


@dataclass(frozen=True)
class Matching:
    """Which new topic is which old one, by row number, and what merged into or split from what."""

    same: dict[int, int]
    merged: dict[int, int]
    split: dict[int, int]


def match_topics(overlap: NDArray[np.int64]) -> Matching:
    """Match topics of two fits by the texts that both hold.

    Vectors of two fits cannot be compared, since the embedder is learnt anew; what both models say of the same texts
    can. Pairs are chosen by the Hungarian method on the Dice overlap ``2 n_ij / (n_i + n_j)``, with a floor.

    Parameters
    ----------
    overlap : int, shape (n_old, n_new)
        Number of shared texts that the old model puts into topic i and the new one into topic j.

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
    pairs = zip(*linear_sum_assignment(-dice), strict=True)
    same = {int(new): int(old) for old, new in pairs if dice[old, new] >= MIN_OVERLAP}
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
    matching = match_topics(_overlap(previous, new, texts))
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


def _like(words: Sequence[str], retired: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the retired topic that shares half of the words or more, the likest one."""
    shares = [
        len(set(words) & set(topic["words"])) / max(len(set(words) | set(topic["words"])), 1) for topic in retired
    ]
    best = max(range(len(shares)), key=lambda place: (shares[place], -place), default=None)
    return retired[best] if best is not None and shares[best] >= MIN_SHARED_WORDS else None


def _next_number(ids: Sequence[str]) -> int:
    return 1 + max((int(match.group(1)) for topic_id in ids if (match := re.fullmatch(r"t(\d+)", topic_id))), default=0)


def _unused(label: str, used: set[str]) -> str:
    """Return the label, with a number behind it if another topic has it already."""
    options = (label, *(f"{label}（{number}）" for number in range(2, len(used) + 3)))
    return next(option for option in options if option not in used)
