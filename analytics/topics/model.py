"""The fitted topics: what they are called, and which one a text belongs to. Workers need this file and no BERTopic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from analytics.errors import ModelUnavailableError
from analytics.topics.embed import CharLsa
from analytics.topics.embedders import Embedder, EncoderPlace, load_embedder

TOPIC_COLUMNS = ("topic_id", "label", "words", "touchpoint", "sibling")
LINEAGE_COLUMNS = ("topic_id", "event", "other_topic_id")


def topic_frame(rows: Sequence[Sequence[object]] = ()) -> pd.DataFrame:
    """Return rows of topic_id, label, words (list of text), touchpoint and sibling (text or None) as a table.

    The sibling may be left out.
    """
    whole = [[*row, None] if len(row) < len(TOPIC_COLUMNS) else [*row] for row in rows]
    return pd.DataFrame(whole, columns=list(TOPIC_COLUMNS), dtype=object)


def lineage_frame(rows: Sequence[Sequence[str]] = ()) -> pd.DataFrame:
    """Return rows of topic_id, event (merged or split) and other_topic_id as a table."""
    return pd.DataFrame(list(rows), columns=list(LINEAGE_COLUMNS), dtype=object)


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics of one fit.

    Attributes
    ----------
    embedder : Embedder
        Text to vector.
    centroids : float32, shape (n_topics, n_dimensions)
        Unit vectors, in the order of `topics`.
    threshold : float
        Smallest cosine at which a text belongs to its nearest topic; below it, it belongs to none (其他).
    topics : DataFrame
        topic_id, label, words, touchpoint, sibling (the nearest in the hierarchy); largest of the first fit first.
    retired : DataFrame
        Topics of earlier fits that this one does not have, same columns. Their ids are never given again.
    lineage : DataFrame
        topic_id, event (merged or split), other_topic_id: what this fit did to the topics of the one before.
    note : str
        Why there are no topics, if there are none.
    splits_done : frozenset of int
        Numbers of the decisions to split a topic that were carried out.
    learnt_to : str
        The last local day (ISO) of the texts it was fitted on; '' if it is not known.
    """

    embedder: Embedder
    centroids: NDArray[np.float32]
    threshold: float
    topics: pd.DataFrame
    retired: pd.DataFrame = field(default_factory=topic_frame)
    lineage: pd.DataFrame = field(default_factory=lineage_frame)
    note: str = ""
    splits_done: frozenset[int] = frozenset()
    learnt_to: str = ""

    @classmethod
    def empty(cls, note: str) -> TopicModel:
        """Return a model without topics, which assigns nothing, and says why."""
        return cls(CharLsa.empty(), np.zeros((0, 0), np.float32), 1.0, topic_frame(), note=note)

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return the topic of each text.

        Parameters
        ----------
        texts : sequence of str
            Documents as `contact_documents` makes them.

        Returns
        -------
        DataFrame
            topic_id (None where no topic fits) and topic_similarity (cosine to the nearest topic's centroid, -1 to 1;
            0 for a text without a known n-gram): one row a text, in order. A row depends on its own text only.
        """
        nearest, cosine = self.nearest(texts)
        # The last digits of a matrix product depend on which texts are multiplied together.
        similarity = np.round(cosine.astype(np.float64), 5)
        fits = similarity >= self.threshold
        ids = self.topics["topic_id"].to_numpy(dtype=object)
        chosen = [ids[topic] if fit else None for topic, fit in zip(nearest, fits, strict=True)]
        return pd.DataFrame({"topic_id": pd.Series(chosen, dtype=object), "topic_similarity": similarity})

    def nearest(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the row of the nearest topic and the cosine to it, threshold or not; 0 and 0.0 without topics."""
        if not len(self.centroids) or not len(texts):
            return np.zeros(len(texts), np.int64), np.zeros(len(texts), np.float32)
        cosines = self.embedder.transform(texts) @ self.centroids.T
        return cosines.argmax(axis=1).astype(np.int64), cosines.max(axis=1)

    def save(self, folder: Path) -> None:
        """Write the model into the folder, as safetensors and JSON: the same bytes for the same model."""
        self.embedder.save(folder)
        save_file({"centroids": np.ascontiguousarray(self.centroids)}, folder / "topics.safetensors")
        content = {
            "threshold": self.threshold,
            "note": self.note,
            "topics": self.topics.to_dict("records"),
            "retired": self.retired.to_dict("records"),
            "lineage": self.lineage.to_dict("records"),
            "splits_done": sorted(self.splits_done),
            "learnt_to": self.learnt_to,
        }
        (folder / "topics.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, place: EncoderPlace | None = None) -> TopicModel:
        """Read what `save` wrote; raise `ModelUnavailableError` if there is no model in the folder.

        `place` says where a dense embedder's model and cache lie on this machine; only vectors need it.
        """
        embedder = load_embedder(folder, place)
        try:
            content = json.loads((folder / "topics.json").read_text(encoding="utf-8"))
            centroids = load_file(folder / "topics.safetensors")["centroids"]
        except FileNotFoundError as error:
            raise ModelUnavailableError(f"no topic model in {folder}; the topics job fits one") from error
        tables = {
            "topics": pd.DataFrame(content["topics"], columns=list(TOPIC_COLUMNS), dtype=object),
            "retired": pd.DataFrame(content["retired"], columns=list(TOPIC_COLUMNS), dtype=object),
            "lineage": pd.DataFrame(content["lineage"], columns=list(LINEAGE_COLUMNS), dtype=object),
        }
        return cls(
            embedder, centroids, content["threshold"], note=content["note"],
            splits_done=frozenset(content.get("splits_done", ())), learnt_to=content.get("learnt_to", ""), **tables,
        )  # fmt: skip
