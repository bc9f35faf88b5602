"""Watch each day for new matters; where there is one, make it a topic of the model and note its birth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.topics.emerging import EmergingMatter, emerging_matters
from analytics.topics.model import TopicModel
from jobs.frames import to_arrow, to_pandas
from jobs.lake import Lake
from jobs.topic_documents import customer_documents
from jobs.topic_models import load_model, make_model, put_in_use
from jobs.window import Window

HISTORY_DAYS = 28
"""Four whole weeks, as for spikes: every weekday counts alike."""
TODAY_TEXTS = 20_000
HISTORY_TEXTS_A_DAY = 800
"""Texts read of the watched day, and of each day before it: with 28 days some 22,000, all on the driver. A rarer matter
is seen later in a larger centre: what was never said among 22,000 texts may still be said once a day in 20,000."""

Fit = Callable[[DataFrame, Settings, Path, Sequence[Sequence[str]]], Path]
"""Documents, settings, the model in use and the texts of each new matter → the model that has them as topics."""


def with_emerging(
    spark: SparkSession, lake: Lake, settings: Settings, window: Window, model: Path, fit: Fit = make_model
) -> Path:
    """Return the model in use once every day of `window` was watched: `model` itself where nothing emerged.

    A day's contacts are compared with the 28 days before it. Each new matter becomes a topic by a refit that begins
    from the model in use; births are added to `topic_birth`. The window has to be assigned with the model returned.
    Days that the model has learnt from are not watched: what was new on them has a topic. Watched again, a day gives no
    second birth, since a topic holds the matter by then; births that stand are kept.

    Parameters
    ----------
    model : Path
        The model in use, fitted before this window: the window of a first fit need not be watched.
    fit : callable, optional
        Makes the new model; it is put in use when its births are written. The other way round a run killed between
        would lose them: the model has learnt from the day, which is not watched again.
    """
    if not settings.topics.emerging or window.undated or not lake.by_day:
        return model
    learnt_to = load_model(model, settings).learnt_to
    days = [day for day in window.days if day.isoformat() > learnt_to]
    if not days:
        return model
    history = _history(spark, lake, settings, Window(days[0], window.last).before(HISTORY_DAYS))
    for day in days:
        before = history[(history["day"] < day) & (history["day"] >= day - dt.timedelta(days=HISTORY_DAYS))]
        if before["day"].nunique() == 0:
            continue
        model = _watched(_Day(spark, lake, settings, day), before, model, fit)
    return model


@dataclass(frozen=True)
class _Day:
    spark: SparkSession
    lake: Lake
    settings: Settings
    day: dt.date


def _watched(at: _Day, before: pd.DataFrame, model: Path, fit: Fit) -> Path:
    """Return the model in use after the day, and note what was born."""
    only = Window(at.day, at.day)
    today = _sampled(customer_documents(at.spark, at.lake, at.settings, only), TODAY_TEXTS)
    if today.empty:
        return model
    old = load_model(model, at.settings)
    persons = to_pandas(at.lake.read(at.spark, "contact_person", only).select("contact_id", "person_id"))
    today = today.merge(persons, "left", on="contact_id")
    today["topic_id"] = old.assign(today["text"].tolist())["topic_id"].to_numpy()
    documents = pd.concat([before.assign(topic_id=None, person_id=None), today], ignore_index=True)
    chosen = at.settings.topics
    matters = emerging_matters(documents, at.day, min_contacts=chosen.emerging_min_contacts, young=_young(at))
    matters = matters[: max(chosen.max_topics - len(old.topics), 0)]
    if not matters:
        return model
    learnt = customer_documents(at.spark, at.lake, at.settings, only.before(HISTORY_DAYS - 1))
    new = fit(learnt, at.settings, model, [list(matter.texts) for matter in matters])
    births = births_of(matters, old, load_model(new, at.settings), at.day)
    if len(births):
        standing = to_pandas(at.lake.read(at.spark, "topic_birth", only))
        standing = standing[~standing["topic_id"].isin(births["topic_id"])]
        rows = pd.concat([standing, births], ignore_index=True) if len(standing) else births
        at.lake.replace_arrow(at.spark, to_arrow(rows, "topic_birth"), "topic_birth", only)
    put_in_use(new)
    return new


def _young(at: _Day) -> list[str]:
    """Return the topics that emerged in the days before, as many as a new topic is provisional."""
    yesterday = at.day - dt.timedelta(days=1)
    days = Window(yesterday, yesterday).before(at.settings.topics.provisional_days - 1)
    return [row["topic_id"] for row in at.lake.read(at.spark, "topic_birth", days).select("topic_id").collect()]


def births_of(matters: Sequence[EmergingMatter], old: TopicModel, new: TopicModel, day: dt.date) -> pd.DataFrame:
    """Return the rows of `topic_birth`: each matter with the topic that most of its texts have in the new model.

    A matter that went into a topic there was before is no birth; two that went into the same one are one, the larger.
    """
    known = {*old.topics["topic_id"], *old.retired["topic_id"]}
    rows: dict[str, dict[str, Any]] = {}
    for matter in matters:
        topics = new.assign(list(matter.texts))["topic_id"].value_counts()
        topic = str(topics.index[0]) if len(topics) else ""
        if topic and topic not in known and topic not in rows:
            rows[topic] = {
                "day": day,
                "topic_id": topic,
                "n_texts": matter.n_texts,
                "expected": matter.expected,
                "p_value": matter.p_value,
                "phrases": list(matter.phrases),
                "contact_ids": list(matter.contact_ids),
            }
    return pd.DataFrame(list(rows.values()))


def _history(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> pd.DataFrame:
    """Return day, contact_id and text of the contacts of each day with the smallest hashes: the same on every run."""
    contacts = lake.read(spark, "contact", window)
    n_contacts = {row["day"]: row["count"] for row in contacts.groupBy("day").count().collect()}
    most = max(n_contacts.values(), default=0)
    share = min(1.0, 1.2 * HISTORY_TEXTS_A_DAY / max(most, 1))
    documents = customer_documents(spark, lake, settings, window, share=share)
    found = to_pandas(documents)
    order = pd.util.hash_pandas_object(found["contact_id"], index=False).sort_values(kind="stable").index
    return found.loc[order].groupby("day", sort=False).head(HISTORY_TEXTS_A_DAY).reset_index(drop=True)


def _sampled(documents: DataFrame, size: int) -> pd.DataFrame:
    return to_pandas(documents.orderBy(F.xxhash64("contact_id"), "contact_id").limit(size))
