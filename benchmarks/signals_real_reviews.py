"""Real app reviews as the jobs see them: contacts with mood, flagged ones left out, keywords and categories."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pandas as pd

from analytics.flags import FlagRule, flag_contacts
from analytics.rules import categorise, load_rules
from analytics.sentiment.contact_mood import contact_mood
from analytics.sentiment.courtesy import n_told
from analytics.sentiment.linear import load_linear
from analytics.sentiment.mood import label_of, score_of
from analytics.sentiment.train import ensure_model
from analytics.settings import SourceSettings, load_settings
from analytics.text.lexicons import Lexicons, load_lexicons
from analytics.text.segment import make_segmenter
from analytics.text.speech import drop_fillers
from jobs.keyword_hour import keywords_of, synonym_phrases
from jobs.segment import user_words
from jobs.sources.conform_file import conform_file, source_spec

ZONE = "Asia/Shanghai"


@dataclasses.dataclass(frozen=True)
class Reviews:
    """The reviews of one app, each a contact.

    Attributes
    ----------
    contacts : DataFrame
        contact_id, hour (UTC), day (local), channel, product, sentiment_label; without flagged ones.
    words, categories : DataFrame
        contact_id, key: what each says, and the categories it meets.
    n_flagged : int
        Contacts that were left out.
    """

    contacts: pd.DataFrame
    words: pd.DataFrame
    categories: pd.DataFrame
    n_flagged: int


def read_reviews(path: Path) -> Reviews:
    """Return the reviews of an export: conformed, flagged, scored and cut by the product's own functions."""
    source = SourceSettings(path=str(path), kind="review", prefix_ids=False)
    found = conform_file(path, source, source_spec(path.stem, source, ZONE))
    contacts = found.contacts[found.contacts["started_at"].notna()]
    turns = found.utterances[found.utterances["speaker"] == "customer"]
    turns = turns[turns["contact_id"].isin(contacts["contact_id"])]
    flagged = flag_contacts(
        turns.merge(
            contacts[["contact_id", "source", "started_at", "rating"]].assign(person=None), "inner", "contact_id"
        ),
        FlagRule(),
    )
    contacts = contacts[~contacts["contact_id"].isin(flagged["contact_id"])]
    turns = _scored(turns[turns["contact_id"].isin(contacts["contact_id"])])
    moods = contact_mood(turns)[["contact_id", "sentiment_label"]]
    hour = pd.to_datetime(contacts["started_at"], utc=True).dt.floor("h")
    told = contacts[["contact_id", "rating"]].assign(
        hour=hour, day=hour.dt.tz_convert(ZONE).dt.date, channel=contacts["channel"], product=path.stem
    )
    return Reviews(told.merge(moods, "left", "contact_id"), _words(turns), _categories(turns, contacts), len(flagged))


def _scored(turns: pd.DataFrame) -> pd.DataFrame:
    model = load_linear(ensure_model(load_settings().models))
    said = turns["text_simplified"].fillna("").tolist()
    probabilities = model.probabilities(said)
    return turns.assign(
        sentiment_score=score_of(probabilities),
        sentiment_label=label_of(probabilities),
        n_chars=[len(text) for text in said],
        n_told=[n_told(text) for text in said],
    )


@cache
def _lexicons() -> Lexicons:
    settings = load_settings()
    return load_lexicons(settings.lexicons, settings.text.user_words)


def _words(turns: pd.DataFrame) -> pd.DataFrame:
    segmenter, variants = make_segmenter("rjieba", user_words(load_settings())), synonym_phrases(_lexicons())
    rows = [
        (contact, key)
        for contact, text in zip(turns["contact_id"], turns["text_simplified"].fillna(""), strict=True)
        for key in sorted(keywords_of(segmenter.cut_clauses(drop_fillers(text))[0], _lexicons(), variants))
    ]
    return pd.DataFrame(rows, columns=["contact_id", "key"]).drop_duplicates(ignore_index=True)


def _categories(turns: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    settings = load_settings()
    told = turns.drop(columns=["kind", "channel"], errors="ignore").merge(
        contacts[["contact_id", "kind", "channel"]], "left", "contact_id"
    )
    hits = categorise(told, load_rules(settings.rules_folder, settings.lexicons))
    return hits[["contact_id", "category"]].rename(columns={"category": "key"}).drop_duplicates(ignore_index=True)
