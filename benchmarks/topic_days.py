"""Days of a simulated centre whose topics begin and end when we say so, and models refitted over them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.simulate import Plan, simulate
from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.normalise import normalise
from analytics.text.redact import redact
from analytics.text.segment import make_segmenter
from analytics.topics.documents import contact_documents
from analytics.topics.fit import fit_topics
from analytics.topics.model import TopicModel
from analytics.topics.recipe import Recipe
from analytics.topics.taxonomy import load_taxonomy

TEXTS_SHARE = 0.7
"""Chats and work orders among the contacts of the simulated centre; its calls are left out, they need a recogniser."""
N_TOPICS = 30
SEED = 20260101

Refit = Callable[[TopicModel, pd.DataFrame, int], TopicModel]
"""The model in use, the texts known so far (day, text, topic), today → the model in use from today on."""


def simulated_days(
    n_days: int, texts_per_day: int, *, begins: Mapping[str, int], ends: Mapping[str, int], seed: int = SEED
) -> pd.DataFrame:
    """Return day (from 0), contact_id, text and topic (the true one) of each chat and work order.

    Contacts of a topic are held back before the day it begins and from the day it ends; the planted events of the
    simulator stand besides: an outage on days 17 and 18, a topic born on day 22, one bad product on day 29, twice
    as many contacts on day 33.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = _simulated(folder, n_days, texts_per_day, seed)
        truth = pd.concat(
            [
                pd.read_csv(path, dtype=str).assign(day=day)
                for day, path in enumerate(sorted(folder.glob("truth/*.csv")))
            ]
        )
    documents = contact_documents(said)
    found = documents.merge(truth[["day", "contact_id", "topic"]], on="contact_id")
    first, last = found["topic"].map(begins).fillna(0), found["topic"].map(ends).fillna(n_days)
    kept = found[(found["day"] >= first) & (found["day"] < last) & (found["text"] != "")]
    return kept.sort_values(["day", "contact_id"], ignore_index=True)[["day", "contact_id", "text", "topic"]]


def simulated_turns(n_days: int, texts_per_day: int, *, seed: int = SEED) -> pd.DataFrame:
    """Return what customers of the simulated centre say: contact_id, turn, text_simplified."""
    with tempfile.TemporaryDirectory() as name:
        return _simulated(Path(name), n_days, texts_per_day, seed)


def _simulated(folder: Path, n_days: int, texts_per_day: int, seed: int) -> pd.DataFrame:
    simulate(Plan(date(2026, 3, 2), n_days, round(texts_per_day / TEXTS_SHARE), seed), folder)
    said = pd.concat([_said(path) for path in sorted(folder.glob("[co]*s/*.csv"))], ignore_index=True)
    said["text_simplified"] = [normalise(redact(str(text))) for text in said["text_simplified"]]
    return said.assign(turn=range(len(said)))


def _said(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str)
    if path.parent.name == "orders":
        return pd.DataFrame({"contact_id": "orders-" + table["order_id"], "text_simplified": table["content"]})
    table = table[table["speaker"] == "customer"]
    return pd.DataFrame({"contact_id": "chats-" + table["session_id"], "text_simplified": table["text"]})


def fitted(
    texts: Sequence[str],
    previous: TopicModel | None = None,
    *,
    seeds: Sequence[Sequence[str]] = (),
    n_topics: int = N_TOPICS,
    seed: int = SEED,
) -> TopicModel:
    """Return `fit_topics` with the project's own segmenter and taxonomy."""
    cut = make_segmenter("rjieba", load_words([DEFAULT_WORDS])).cut
    recipe = Recipe(n_topics=n_topics, seed=seed, tokenize=cut, taxonomy=load_taxonomy())
    return fit_topics(texts, recipe, previous=previous, seeds=seeds)


def sampled(texts: pd.DataFrame, size: int) -> list[str]:
    """Return texts of the contacts with the smallest hash: a day's sample has most of yesterday's in it."""
    keys = pd.util.hash_pandas_object(texts["contact_id"], index=False).to_numpy()
    return texts.iloc[keys.argsort(kind="stable")[:size]]["text"].tolist()


@dataclass(frozen=True)
class Birth:
    """A topic that a refit made: its id, the day, and the true topic that holds most of its contacts of this day."""

    topic_id: str
    day: int
    truth: str
    purity: float
    n_contacts: int


@dataclass
class Replay:
    """What became of the topics: the assignment of the probe under each day's model, and what was born."""

    probe: pd.DataFrame
    models: list[TopicModel] = field(default_factory=list)
    assigned: list[pd.DataFrame] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def take(self, model: TopicModel, today: pd.DataFrame, day: int) -> None:
        """Note the model in use from this day on."""
        new = [topic for topic in model.topics["topic_id"] if self.models and topic not in self._known]
        self._known |= {topic for table in (model.topics, model.retired) for topic in table["topic_id"]}
        self.models.append(model)
        self.assigned.append(model.assign(self.probe["text"].tolist()))
        own = model.assign(today["text"].tolist())["topic_id"].to_numpy()
        for topic in new:
            truth = today["topic"].to_numpy()[own == topic]
            counts = pd.Series(truth, dtype=object).value_counts()
            name, n_name = (str(counts.index[0]), int(counts.iloc[0])) if len(counts) else ("", 0)
            self.births.append(Birth(topic, day, name, n_name / max(len(truth), 1), len(truth)))


def replay(days: pd.DataFrame, probe: pd.DataFrame, first: TopicModel, refit: Refit, *, begin: int) -> Replay:
    """Refit each day from `begin` to the last; `probe` holds contacts that no fit sees."""
    found = Replay(probe)
    model = first
    for day in range(begin, int(days["day"].max()) + 1):
        if not found.models:
            found.take(first, days[days["day"] < begin], begin - 1)
        model = refit(model, days[days["day"] <= day], day)
        found.take(model, days[days["day"] == day], day)
    return found
