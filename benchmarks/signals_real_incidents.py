"""Reviews of real apps as a daily stream: the incidents that the product would have told of, and what they cost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.signals import JudgedHours, SpikeRule
from analytics.signals.telling import telling_words, with_telling_words
from analytics.signals.watch import Counted, all_alarms, incidents_of_days
from benchmarks.signals_real_reviews import ZONE, Reviews, read_reviews

APPS = ("mijia", "mi_store", "haier")
HISTORY_DAYS = 28


@dataclass(frozen=True)
class Window:
    """One line of events.csv: an app, its local days, and what its cause is called."""

    app: str
    first: dt.date
    last: dt.date
    cause: re.Pattern[str]


@dataclass(frozen=True)
class Judged:
    """What was found in the reviews of one app.

    Attributes
    ----------
    incidents : DataFrame
        As table `spike`.
    alarms : DataFrame
        What they were made of.
    n_days : int
        Local days from the first review to the last.
    """

    incidents: pd.DataFrame
    alarms: pd.DataFrame
    n_days: int


def read_windows(corpora: Path) -> list[Window]:
    """Return the labelled windows."""
    rows = pd.read_csv(corpora / "app_reviews" / "events.csv", parse_dates=["start", "end"])
    return [
        Window(row.app, row.start.date(), row.end.date(), re.compile(row.keyword_regex))
        for row in rows.itertuples(index=False)
    ]


def judge_reviews(reviews: Reviews, rule: SpikeRule) -> Judged:
    """Judge every hour of an app's years, each from what came before it, as the job `spike` does."""
    told = reviews.contacts
    hours = JudgedHours(told["hour"].min(), told["hour"].max())
    alarms = all_alarms(_counted(reviews), hours=hours, rule=rule)
    members = _members(reviews, alarms)
    praise = frozenset(told.loc[told["sentiment_label"] == "positive", "contact_id"])
    days = sorted(set(alarms["judged_hour"].dt.tz_convert(ZONE).dt.date))
    found = incidents_of_days(alarms, members, days, praise=praise, zone=ZONE)
    n_days = (told["day"].max() - told["day"].min()).days + 1
    return Judged(with_telling_words(found, _words(found, reviews, praise)), alarms, n_days)


def _counted(reviews: Reviews) -> Counted:
    told = reviews.contacts
    moods = told.assign(bad=told["sentiment_label"] == "negative").groupby(["hour", "channel", "product"])
    moods = moods.agg(n_contacts=("contact_id", "size"), n=("sentiment_label", "count"), n_negative=("bad", "sum"))
    at = told[["contact_id", "hour", "channel"]]

    def of(said: pd.DataFrame, *by: str) -> pd.DataFrame:
        placed = said.merge(at, on="contact_id")
        return placed.groupby([*by], as_index=False).agg(n_contacts=("contact_id", "size"))

    return Counted(
        moods.reset_index(),
        of(reviews.words, "hour", "key"),
        {"category": of(reviews.categories, "hour", "channel", "key")},
    )


def _members(reviews: Reviews, alarms: pd.DataFrame) -> pd.DataFrame:
    told = reviews.contacts
    at = told[["contact_id", "hour", "channel"]]
    bad = told[told["sentiment_label"] == "negative"]
    keys = set(alarms["key"])
    parts = [
        *(
            rows.assign(kind=kind, key=rows[column])
            for kind, rows in (("volume", told), ("negative", bad))
            for column in ("channel", "product")
        ),
        *(
            said[said["key"].isin(keys)].merge(at, on="contact_id").assign(kind=kind)
            for kind, said in (("keyword", reviews.words), ("category", reviews.categories))
        ),
    ]
    columns = ["kind", "key", "channel", "hour", "contact_id"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def _words(incidents: pd.DataFrame, reviews: Reviews, praise: frozenset[str]) -> dict[str, list[str]]:
    """Return the words that stand out in incidents that have no word of their own, against the month before."""
    day_of = reviews.contacts.set_index("contact_id")["day"]
    spoken = reviews.words.assign(day=reviews.words["contact_id"].map(day_of))
    found = {}
    for row in incidents[incidents["kind"].isin(("volume", "negative", "category"))].itertuples(index=False):
        inside = set(row.contact_ids) - praise
        first = row.day - dt.timedelta(days=HISTORY_DAYS)
        before = day_of[(day_of >= first) & (day_of < row.day)]
        past = spoken[spoken["contact_id"].isin(before.index)]
        usual = past.groupby("key", as_index=False).agg(n_contacts=("contact_id", "size"))
        said = spoken[spoken["contact_id"].isin(inside)]
        found[row.spike_id] = telling_words(said, usual, n_contacts=len(inside), n_usual=len(before))
    return found


@dataclass(frozen=True)
class Outcome:
    """What became of one window: the day of its first alarm counted from 0, None if none, and whether it was named."""

    window: Window
    day: int | None
    named: bool
    words: tuple[str, ...]


def outcome_of(window: Window, judged: Judged) -> Outcome:
    """Say whether an incident had an alarm in the window, on which day, and whether its words name the cause."""
    for number in range((window.last - window.first).days + 1):
        day = window.first + dt.timedelta(days=number)
        rows = list(judged.incidents[judged.incidents["day"] == day].itertuples(index=False))
        if rows:
            words = tuple(dict.fromkeys(word for row in rows for word in (row.key, *row.related)))
            return Outcome(window, number, any(window.cause.search(word) for word in words), words)
    return Outcome(window, None, named=False, words=())


def read_apps(corpora: Path) -> dict[str, Reviews]:
    """Return the reviews of each app."""
    return {app: read_reviews(corpora / "app_reviews" / f"{app}.xlsx") for app in APPS}
