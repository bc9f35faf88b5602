"""The shipped mood model against the same adapted to a site, on real app reviews split by time.

``python -m benchmarks.site_mood [--corpora DIR] [--models DIR]`` prints Markdown; about 100 s of processor time, once
the shipped model of the present code is trained (it is if it is not, about 20 s more). Numbers only.
Stars 1 and 2 against 5, read and cleaned as the product does. The last 30 % of labelled contacts are the test; the
model learns from the last 100, 500 and 2,000 before them, and from random draws of 500 of all before them. A contact's
score is its published one (`contact_mood` of its turns), positive being above 0. The interval is the 95 % bootstrap
one of the paired difference. "New texts": without test reviews that have a near copy among what was learnt from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.sentiment.adapt import adapt
from analytics.sentiment.labels import SiteLabels, site_labels
from analytics.sentiment.linear import LinearModel, load_linear
from analytics.sentiment.site import N_NEUTRAL, SEED, split_by_time
from analytics.sentiment.site_measure import (
    Measured,
    difference,
    measure,
    near_copies,
    neutral_share,
    unit_scores,
)
from analytics.sentiment.train import ensure_model
from analytics.sentiment.turns import draw_turns
from analytics.settings import SourceSettings, load_settings
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.language_sets import customer_turns
from jobs.sources.conform_file import conform_file, source_spec

APPS = ("mijia", "mi_store", "haier")
N_LABELS = 500
N_DRAWS = 5


@dataclass(frozen=True)
class _App:
    """One app's labels, and what the shipped model says of the held-out ones."""

    name: str
    base: LinearModel
    labels: SiteLabels
    pool: pd.Series[str]
    test: SiteLabels
    before: Measured

    @property
    def truth(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self.test.units["label"].to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class _Row:
    name: str
    gain: float
    low: float
    high: float
    after: Measured
    gain_on_new: float
    neutral: float


def app_labels(path: Path) -> SiteLabels:
    """Return the labels of a file of reviews."""
    source = SourceSettings(path=str(path), kind="review", prefix_ids=False)
    found = conform_file(path, source, source_spec(path.stem, source, "Asia/Shanghai"))
    turns = found.utterances[found.utterances["speaker"] == "customer"]
    none = pd.DataFrame({"contact_id": [], "turn": [], "label": []}, dtype=object)
    return site_labels(found.contacts, turns, none)


def run(corpora: Path, models: Path | None = None) -> None:
    """Print the tables."""
    base, talk = load_linear(ensure_model(models or load_settings().models)), customer_turns(corpora)
    before = neutral_share(base, talk)
    print(f"Neutral chat (customer turns of JD, n = {len(talk):,}): {before:.3f} with the shipped model.\n")
    print("| app | learnt from | test (neg / pos) | shipped | adapted | gain, points | 95 % ", end="")
    print("| new texts, points | AUC | ECE | neutral chat |\n|---|---|---|---|---|---|---|---|---|---|---|")
    last, drawn = [], []
    for name in APPS:
        app = _app(name, base, app_labels(corpora / "app_reviews" / f"{name}.xlsx"))
        for n, row in _latest(app, talk):
            _print(app, f"last {n:,}", row)
            last += [row.gain] if n == N_LABELS else []
        gains = [row.gain for row in _random(app, talk)]
        drawn += gains
        print(
            f"| {name} | random {N_LABELS}, {N_DRAWS} draws | | | | {100 * np.mean(gains):+.1f} ± "
            f"{100 * np.std(gains, ddof=1):.1f} (sd) | | | | | |",
            flush=True,
        )
    print(f"\nMean gain of the apps with {N_LABELS} labels: the last {100 * np.mean(last):+.1f} points, ", end="")
    print(f"random draws {100 * np.mean(drawn):+.1f}.")


def _app(name: str, base: LinearModel, labels: SiteLabels) -> _App:
    pool, held_out = split_by_time(labels.units)
    test = labels.of(held_out)
    scores = unit_scores(base, test.units, test.turns)
    return _App(name, base, labels, pool, test, measure(scores, test.units["label"].to_numpy(dtype=np.int64)))


def _latest(app: _App, talk: Sequence[str]) -> Iterator[tuple[int, _Row]]:
    for n in (100, N_LABELS, 2_000):
        chosen = app.pool.iloc[-n:]
        if app.labels.of(chosen).units["label"].nunique() > 1:
            yield len(chosen), _learnt(app, chosen, talk)


def _random(app: _App, talk: Sequence[str]) -> Iterator[_Row]:
    for draw in range(N_DRAWS):
        rows = np.random.default_rng([SEED, draw]).choice(len(app.pool), N_LABELS, replace=False)
        yield _learnt(app, app.pool.iloc[rows], ())


def _learnt(app: _App, chosen: pd.Series[str], talk: Sequence[str]) -> _Row:
    learnt = app.labels.of(chosen)
    neutral = draw_turns("neutral", N_NEUTRAL, seed=SEED)
    model = adapt(app.base, learnt.labelled(), neutral, seed=SEED).model
    after = measure(unit_scores(model, app.test.units, app.test.turns), app.truth)
    new = np.ones(len(app.truth), dtype=bool)
    if talk:
        whole = [frame.groupby("contact_id")["text"].agg("。".join) for frame in (app.test.turns, learnt.turns)]
        copies = near_copies(whole[0].tolist(), whole[1].tolist(), app.base.idf)
        new = ~app.test.units["contact_id"].isin(whole[0].index[copies]).to_numpy()
    gain, low, high = difference(app.before.scores, after.scores, app.truth, seed=SEED)
    on_new, _, _ = difference(app.before.scores[new], after.scores[new], app.truth[new], seed=SEED)
    return _Row(app.name, gain, low, high, after, on_new, neutral_share(model, talk))


def _print(app: _App, learnt: str, row: _Row) -> None:
    n = [int((app.truth == label).sum()) for label in (0, 2)]
    print(
        f"| {app.name} | {learnt} | {n[0]:,} / {n[1]:,} | {app.before.balanced_accuracy:.3f} "
        f"| {row.after.balanced_accuracy:.3f} | {100 * row.gain:+.1f} | {100 * row.low:+.1f} to {100 * row.high:+.1f} "
        f"| {100 * row.gain_on_new:+.1f} | {app.before.auc:.3f} → {row.after.auc:.3f} "
        f"| {app.before.ece:.3f} → {row.after.ece:.3f} | {row.neutral:.3f} |",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--models", type=Path, help="folder of trained models")
    options = options_of(parser, arguments)
    run(options.corpora, options.models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
