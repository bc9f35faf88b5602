"""How fast topics are: a fit and the assignment of 80,000 simulated contacts, and of service chats of JD, on one core.

``python -m benchmarks.topic_scale [--corpora DIR] [--contacts N]`` prints Markdown; about four minutes. "Fit" is
`fit_topics` on a sample of 20,000, as the job does it, with the time of its vectors apart; memory is the most that a
process had which does nothing else. "Assignment given vectors" is the nearest topic and the threshold. "End to end" is
what a worker does: turns cleaned and joined, vectors, topics, second matters, touchpoints. Seconds of the processor.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.segment import make_segmenter
from analytics.topics.documents import contact_documents, contact_matters
from analytics.topics.fit import fit_topics
from analytics.topics.model import TopicModel
from analytics.topics.openings import Openings
from analytics.topics.recipe import Recipe
from analytics.topics.segments import assign_matters
from analytics.topics.taxonomy import load_taxonomy
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.topic_days import simulated_turns

SAMPLE = 20_000
SEED = 20260101
N_TOPICS = 30


def fitted(texts: Sequence[str], folder: Path) -> dict[str, float]:
    """Fit, save, and return seconds of all and of vectors alone, and the most memory in MB."""
    __import__("bertopic")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taxonomy = load_taxonomy()
    cut = make_segmenter("rjieba", load_words([DEFAULT_WORDS])).cut
    recipe = Recipe(n_topics=N_TOPICS, seed=SEED, tokenize=cut, taxonomy=taxonomy)
    different = sorted(set(texts))
    with threadpool_limits(limits=1):
        began = time.process_time()
        recipe.embedder_fit(different, SEED, taxonomy.touchpoints_of(different)).transform(different)
        vectors = time.process_time() - began
        began = time.process_time()
        fit_topics(texts, recipe).save(folder)
        whole = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": whole, "vectors": vectors, "MB": after, "MB before": before}


def given_vectors(model: TopicModel, texts: Sequence[str]) -> float:
    """Return contacts a second, from vectors to topic ids."""
    vectors = model.embedder.transform(texts)
    ids = model.topics["topic_id"].to_numpy(dtype=object)
    began = time.process_time()
    for start in range(0, len(vectors), 4096):
        cosines = vectors[start : start + 4096] @ model.centroids.T
        nearest = ids[cosines.argmax(axis=1)]
        nearest[cosines.max(axis=1) < model.threshold] = None
    return len(vectors) / (time.process_time() - began)


def end_to_end(model: TopicModel, openings: Openings, turns: pd.DataFrame) -> dict[str, float]:
    """Return contacts a second of each step and of all."""
    taxonomy = load_taxonomy()
    taxonomy.touchpoints_of(["x"])
    marks = [time.process_time()]
    contacts = contact_matters(turns)
    marks.append(time.process_time())
    assigned, _ = assign_matters(model, openings, contacts, max_segments=2)
    marks.append(time.process_time())
    taxonomy.touchpoints_of(assigned["text"].tolist())
    marks.append(time.process_time())
    steps = np.diff(marks)
    names = ("documents", "vectors, topics, matters", "touchpoints")
    rates = {name: len(contacts) / seconds for name, seconds in zip(names, steps, strict=True)}
    return rates | {"end to end": len(contacts) / steps.sum()}


def jd_turns(corpora: Path) -> pd.DataFrame:
    """Return the customers' turns of the service chats of JD: contact_id, turn, text_simplified."""
    table = pd.read_csv(
        corpora / "chats" / "jddc_chat.tsv", sep="\t", header=None, dtype=str, quoting=3, on_bad_lines="skip",
        names=["contact_id", "user", "is_agent", "transfer", "repeat", "sku", "text_simplified"],
    )  # fmt: skip
    table = table[table["is_agent"] == "0"].dropna(subset=["contact_id", "text_simplified"])
    return table.assign(turn=range(len(table)))[["contact_id", "turn", "text_simplified"]]


def run(corpora: Path, n_contacts: int, folder: Path) -> None:
    """Print the tables."""
    turns = simulated_turns(40, max(n_contacts // 40, 50))
    documents = contact_documents(turns)
    documents = documents[documents["text"] != ""].head(n_contacts)
    texts = documents["text"].tolist()
    turns = turns[turns["contact_id"].isin(set(documents["contact_id"]))]
    sample = documents.sample(min(SAMPLE, len(documents)), random_state=0)["text"].tolist()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found: dict[str, Any] = pool.apply(fitted, (sample, folder))
    model = TopicModel.load(folder)
    print(f"{len(texts):,} contacts, fit on {len(sample):,}: {len(model.topics)} topics\n")
    print("| fit | seconds | MB at most |\n|---|---|---|")
    print(f"| vectors alone (learning and giving them) | {found['vectors']:.1f} | |")
    print(f"| everything | {found['seconds']:.1f} | {found['MB']:,.0f}, of which imports {found['MB before']:,.0f} |")
    print(f"| given vectors | {found['seconds'] - found['vectors']:.1f} | |\n")
    openings = Openings.learn(contact_matters(turns.head(200_000))["said"].tolist(), SEED)
    with threadpool_limits(limits=1):
        print("| contacts a second a core | simulated | chats of JD |\n|---|---|---|")
        print(f"| assignment given vectors | {given_vectors(model, texts):,.0f} | |")
        simulated, chats = end_to_end(model, openings, turns), end_to_end(model, openings, jd_turns(corpora))
        for name, rate in simulated.items():
            print(f"| {name} | {rate:,.0f} | {chats[name]:,.0f} |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    os.environ["OMP_NUM_THREADS"] = "1"
    parser = corpora_parser(__doc__)
    parser.add_argument("--contacts", type=int, default=80_000, help="simulated contacts")
    given = options_of(parser, arguments)
    with tempfile.TemporaryDirectory() as folder:
        run(given.corpora, given.contacts, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
