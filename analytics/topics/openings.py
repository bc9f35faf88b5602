"""How customers of this centre open a matter, learnt from their own contacts without a label.

The first turn of substance says what the customer came for; most later ones answer the agent, wait or complain about
the handling. What tells the one from the other is what a second matter, later in the contact, is recognised by.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from analytics.text.char_ngrams import CharNgrams

MIN_CONTACTS = 200
"""Contacts of several turns that are needed to learn from. From 330 real chats, the openings of others were told from
their later turns with an area under the curve of .78; from 6,000 simulated ones .96."""
_MAX_TURNS = 60_000
_MAX_TERMS, _MIN_TURNS = 30_000, 3
_PENALTY = 0.1
"""Inverse weight of the square of the weights: the best of .02, .1 and .5 on the real chats."""


@dataclass(frozen=True, eq=False)
class Openings:
    """A logistic regression [1]_ on which character n-grams a turn has.

    Attributes
    ----------
    terms : tuple of str
    weights : float64, shape (n_terms,)
    bias : float

    References
    ----------
    .. [1] R.-E. Fan et al., "LIBLINEAR: a library for large linear classification", JMLR 9, 2008.
    """

    terms: tuple[str, ...] = ()
    weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    bias: float = -np.inf

    @classmethod
    def learn(cls, documents: Sequence[Sequence[str]], seed: int) -> Openings:
        """Learn from the turns of contacts, in order; `said` of `contact_matters`.

        Returns
        -------
        Openings
            One that takes no turn for an opening, if there are too few contacts of several turns.
        """
        several = [turns for turns in documents if len(turns) > 1]
        texts = [turn for turns in several for turn in turns][:_MAX_TURNS]
        is_first = np.array([place == 0 for turns in several for place in range(len(turns))][:_MAX_TURNS], np.bool_)
        grams = CharNgrams.learn(texts, min_texts=_MIN_TURNS, max_texts=len(texts), max_terms=_MAX_TERMS)
        if len(several) < MIN_CONTACTS or not grams.terms:
            return cls()
        model = LogisticRegression(C=_PENALTY, solver="liblinear", max_iter=200, random_state=seed)
        with threadpool_limits(limits=1):
            model.fit(_present(grams, texts), is_first)
        return cls(grams.terms, model.coef_[0].astype(np.float64), float(model.intercept_[0]))

    def probability(self, turns: Sequence[str]) -> NDArray[np.float64]:
        """Return how likely each turn opens a matter, 0 to 1, shape (n_turns,)."""
        if not self.terms:
            return np.zeros(len(turns))
        told = _present(self._grams, turns) @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(told, -50, 50))), dtype=np.float64)

    @cached_property
    def _grams(self) -> CharNgrams:
        return CharNgrams(self.terms)

    def save(self, folder: Path) -> None:
        """Write openings.safetensors and openings.json: the same bytes for the same content."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"weights": self.weights}, folder / "openings.safetensors")
        content = {"bias": self.bias if self.terms else None, "terms": self.terms}
        (folder / "openings.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Openings:
        """Read what `save` wrote; a model made before there was any takes no turn for an opening."""
        if not (folder / "openings.json").exists():
            return cls()
        content = json.loads((folder / "openings.json").read_text(encoding="utf-8"))
        if not content["terms"]:
            return cls()
        return cls(tuple(content["terms"]), load_file(folder / "openings.safetensors")["weights"], content["bias"])


def _present(grams: CharNgrams, texts: Sequence[str]) -> csr_matrix:
    counts = grams.count(texts)
    counts.data = np.ones_like(counts.data)
    return counts
