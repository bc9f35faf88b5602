"""Labelled texts that topics are measured on: shop reviews, headlines, and the simulated centre."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from benchmarks.topic_days import simulated_days

N_TEXTS = 8_000

Labelled = tuple[list[str], list[str]]
"""Texts, and the true class of each."""


def shop_reviews(corpora: Path) -> Labelled:
    """Return 8,000 reviews, drawn by a seed, and the category of each: its 7 classes are products."""
    table = pd.read_csv(corpora / "sentiment" / "online_shopping_7_cats.csv").dropna()
    table = table[table["review"].str.strip() != ""].sample(N_TEXTS, random_state=0)
    return table["review"].tolist(), table["cat"].tolist()


def headlines(corpora: Path) -> Labelled:
    """Return the headlines of TNEWS and the class of each: its 15 classes are sections of a paper."""
    lines = []
    for name in ("dev_few_all", "test_public", "train_few_all"):
        path = corpora / "topics" / f"tnews_{name}.json"
        lines += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if "label_desc" in line]
    return [line["sentence"] for line in lines], [line["label_desc"] for line in lines]


def simulated_contacts() -> Labelled:
    """Return 8,000 chats and work orders of five simulated weeks, and the topic that each was made from."""
    found = simulated_days(35, 420, begins={}, ends={}).sample(N_TEXTS, random_state=0)
    return found["text"].tolist(), found["topic"].tolist()


def labelled_sets(corpora: Path) -> dict[str, Labelled]:
    """Return all sets by name."""
    return {
        "shop reviews": shop_reviews(corpora),
        "headlines": headlines(corpora),
        "simulated contacts": simulated_contacts(),
    }
