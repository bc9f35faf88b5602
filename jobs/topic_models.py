"""Where fitted topic models lie, and how one is made from a window's documents."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.text.segment import make_segmenter
from analytics.topics.decisions import Decided
from analytics.topics.embedders import EncoderPlace, make_embedder
from analytics.topics.fit import fit_topics
from analytics.topics.model import TopicModel
from analytics.topics.naming_plugin import load_namer
from analytics.topics.openings import Openings
from analytics.topics.recipe import Recipe
from analytics.topics.refit import Wishes
from analytics.topics.taxonomy import load_taxonomy
from jobs.frames import to_pandas
from jobs.segment import site_lexicons
from jobs.topic_decisions import all_decisions, holding

_POINTER = "current"
_HASH_CHARS = 12


def current_model(models: Path) -> Path | None:
    """Return the folder of the topic model in use, or None before the first fit."""
    pointer = models / "topics" / _POINTER
    if not pointer.exists():
        return None
    return models / "topics" / pointer.read_text(encoding="utf-8").strip()


def encoder_place(settings: Settings) -> EncoderPlace:
    """Return where a dense embedder's model and its cache of vectors are."""
    path = settings.topics.embedder_path
    return EncoderPlace(path.expanduser().resolve() if path else None, (settings.models / "embeddings").resolve())


def load_model(folder: Path, settings: Settings) -> TopicModel:
    """Read a fitted model; a dense embedder finds its own model where the settings say."""
    return TopicModel.load(folder, encoder_place(settings))


def fit_model(documents: DataFrame, settings: Settings, previous: Path | None = None) -> Path:
    """Fit topics as `make_model` does and put them in use; return the model's folder."""
    model = make_model(documents, settings, previous)
    put_in_use(model)
    return model


def put_in_use(model: Path) -> None:
    """Let the model of this folder be the one that contacts are assigned by, from now on."""
    pointer = model.parent / f".{_POINTER}-{uuid.uuid4().hex}"
    pointer.write_text(model.name, encoding="utf-8")
    os.replace(pointer, model.parent / _POINTER)


def make_model(
    documents: DataFrame, settings: Settings, previous: Path | None = None, seeds: Sequence[Sequence[str]] = ()
) -> Path:
    """Fit topics on a sample of `documents` and save them beside the model in use; return their folder.

    `seeds` are the texts of each new matter, which becomes a topic beside those of `previous`.

    The sample is the contacts with the smallest hash of their id: the same contacts give the same model, whatever the
    number of partitions.
    """
    sample = documents.orderBy(F.xxhash64("contact_id"), "contact_id").limit(settings.topics.sample_size)
    sampled = to_pandas(sample.select("text", "said"))
    lexicons = site_lexicons(settings)
    segmenter = make_segmenter(settings.text.segmenter, lexicons.words)
    recipe = Recipe(
        n_topics=settings.topics.n_topics,
        seed=settings.topics.seed,
        tokenize=lambda text: lexicons.presentable(segmenter.cut(text)),  # no insult is a word or label of a topic
        taxonomy=load_taxonomy(),
        embedder_fit=make_embedder(settings.topics.embedder, encoder_place(settings)),
        namer=load_namer(settings.topics.namer),
    )
    known = load_model(previous, settings) if previous else None
    model = fit_topics(sampled["text"].tolist(), recipe, previous=known, seeds=seeds, wishes=_wishes(settings))
    last = documents.agg(F.max("day")).first()
    model = replace(model, learnt_to=last[0].isoformat() if last and last[0] else "")
    openings = Openings.learn([list(said) for said in sampled["said"]], settings.topics.seed)
    if previous and not openings.terms:
        openings = Openings.load(previous)
    return _install(model, openings, settings.models / "topics")


def _wishes(settings: Settings) -> Wishes:
    """Return what people decided, for a refit to keep to."""
    made = holding(all_decisions(settings))
    decided = Decided.of(made)
    splits = {one.decision_id: (one.topic_id, int(one.value or 2)) for one in made if one.kind == "split"}
    kept = decided.pinned | frozenset(decided.labels)
    return Wishes(kept, splits, frozenset(decided.labels.values()), settings.topics.max_topics)


def _install(model: TopicModel, openings: Openings, folder: Path) -> Path:
    """Save under the hash of the content; a crash leaves no model that looks whole."""
    folder.mkdir(parents=True, exist_ok=True)
    private = folder / f".new-{uuid.uuid4().hex}"
    model.save(private)
    openings.save(private)
    digest = hashlib.sha256()
    for file in sorted(private.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    final = folder / f"topics-{digest.hexdigest()[:_HASH_CHARS]}"
    if final.exists():
        shutil.rmtree(private)
    else:
        private.replace(final)
    return final
