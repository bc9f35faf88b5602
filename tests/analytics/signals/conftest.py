"""A service centre in numbers: contacts and the words in them, with planted events. No text, so it takes no time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

ZONE = "Asia/Shanghai"
FIRST_DAY = pd.Timestamp("2026-03-02", tz=ZONE)
PARTS = ("呛口", "小辣椒", "面膜", "呛口小辣椒", "呛口小辣椒面膜")
SHARES = {"phone": 0.3, "app": 0.25, "web": 0.15, "wechat": 0.2, "weibo": 0.1}


@dataclass(frozen=True)
class Centre:
    contacts: pd.DataFrame
    words: pd.DataFrame

    def counts(self) -> pd.DataFrame:
        return self.words.groupby(["hour", "key"], as_index=False).agg(n_contacts=("contact_id", "size"))

    def totals(self) -> pd.DataFrame:
        return self.contacts.groupby(["hour", "channel"], as_index=False).agg(n_contacts=("contact_id", "size"))

    def all_totals(self) -> pd.DataFrame:
        return self.contacts.groupby("hour", as_index=False).agg(n_contacts=("contact_id", "size"))

    def members(self) -> pd.DataFrame:
        everyone = self.contacts.assign(kind="volume", key=self.contacts["channel"])
        return pd.concat([self.words.assign(kind="keyword"), everyone], ignore_index=True)


def build_centre(
    seed: int, *, days: int = 35, doubled_day: int | None = None, keyword_day: int | None = None, n_words: int = 1500
) -> Centre:
    """Weeks of 600 contacts a day with Zipf words, busy hours, weekends and noise from day to day.

    `keyword_day` brings 300 more contacts with `PARTS` from 10:20 local on; 面膜 is an ordinary word besides.
    """
    rng = np.random.default_rng(seed)
    hour_share = np.exp(-(((np.arange(24) - 14.5) / 5.5) ** 2)) + 0.03
    week = np.array([1.1, 1.05, 1.0, 1.0, 1.05, 0.9, 0.8])
    rate = 600 * np.outer(week[np.arange(days) % 7] * rng.gamma(100, 0.01, days), hour_share / hour_share.sum())
    if doubled_day is not None:
        rate[doubled_day] *= 2
    n_hour = rng.poisson(rate * rng.gamma(50, 1 / 50, rate.shape)).ravel()
    hour = np.repeat(np.arange(days * 24), n_hour)
    popularity = 1 / np.arange(3, n_words + 3) ** 1.05
    noise = popularity[:, None] * rng.gamma(4, 1 / 4, (n_words, days))
    cumulated = np.cumsum(noise / noise.sum(axis=0), axis=0)
    draws = rng.random((len(hour), 10))
    word = np.empty(draws.shape, dtype=np.int64)
    for day in range(days):
        at = hour // 24 == day
        word[at] = np.searchsorted(cumulated[:, day], draws[at])
    names = np.array([f"词{i}" for i in range(n_words)], dtype=object)
    names[12] = "面膜"
    contact = pd.DataFrame({"number": np.arange(len(hour)), "step": hour})
    words = pd.DataFrame(
        {"number": np.repeat(np.arange(len(hour)), 10), "key": names[np.minimum(word, n_words - 1).ravel()]}
    )
    if keyword_day is not None:
        begin = keyword_day * 24
        planted = begin + np.sort(rng.choice(24, 300, p=(rate[keyword_day] / rate[keyword_day].sum())))
        planted = np.concatenate([[begin + 10] * 3, planted[planted > begin + 10]])
        number = len(hour) + np.arange(len(planted))
        contact = pd.concat([contact, pd.DataFrame({"number": number, "step": planted})], ignore_index=True)
        extra = pd.DataFrame({"number": np.repeat(number, len(PARTS)), "key": list(PARTS) * len(number)})
        words = pd.concat([words, extra], ignore_index=True)
    contact["contact_id"] = "c" + contact["number"].astype(str)
    contact["channel"] = rng.choice(list(SHARES), len(contact), p=list(SHARES.values()))
    contact["hour"] = FIRST_DAY.tz_convert("UTC") + pd.to_timedelta(contact["step"], unit="h")
    words = words.drop_duplicates().merge(contact, on="number")
    return Centre(contact[["contact_id", "channel", "hour"]], words[["contact_id", "channel", "hour", "key"]])


@pytest.fixture(scope="session")
def centre():
    """The builder itself, so that a test says what it plants; a centre that two tests plant alike is built once."""
    return cache(build_centre)


def build_moods(
    seed: int, *, slow_days: tuple[int, ...] = (), extra: int = 25, outage_days: tuple[int, ...] = (), days: int = 28
) -> pd.DataFrame:
    """Contacts with a mood that depends on topic and wait; t9 is the topic of the outage, and the worst.

    On `slow_days` WeChat replies take 5 to 6 minutes from 12 to 13 local, to `extra` contacts besides the usual 10.
    On `outage_days` six in ten contacts are about t9, and replies are as quick as ever.
    """
    rng = np.random.default_rng(seed)
    hour_share = np.exp(-(((np.arange(24) - 14.5) / 5.5) ** 2)) + 0.03
    step = np.repeat(np.arange(days * 24), rng.poisson(np.tile(600 * hour_share / hour_share.sum(), days)))
    channel = rng.choice(list(SHARES), len(step), p=list(SHARES.values()))
    added = np.repeat([day * 24 + 12 for day in slow_days], extra).astype(np.int64)
    step, channel = np.concatenate([step, added]), np.concatenate([channel, np.full(len(added), "wechat")])
    n, day, hour = len(step), step // 24, step % 24
    topic = rng.integers(0, 10, n)
    topic[np.isin(day, outage_days) & (rng.random(n) < 0.6)] = 9
    wait = 43 * rng.gamma(17, 1 / 17, days * 24)[step] * np.exp(rng.normal(0, 0.34, n))
    slow = (channel == "wechat") & (hour == 12) & np.isin(day, slow_days)
    wait = np.where(slow, rng.uniform(300, 360, n), wait)
    late = wait / 60 - 0.75
    negative, positive = np.linspace(0.1, 0.65, 10)[topic], np.linspace(0.5, 0.05, 10)[topic]
    bad = 1 / (1 + np.exp(-(np.log(negative / (1 - negative)) + 0.45 * late)))
    good = (1 - bad) / (1 + np.exp(-(np.log(positive / (1 - negative - positive)) - 0.3 * late)))
    drawn = rng.random(n)
    mood = np.where(drawn < bad, -1.0, np.where(drawn > 1 - good, 1.0, 0.0))
    return pd.DataFrame(
        {
            "contact_id": [f"c{i}" for i in range(n)],
            "started_at": FIRST_DAY.tz_convert("UTC")
            + pd.to_timedelta(step * 3600 + rng.integers(0, 3600, n), unit="s"),
            "channel": channel,
            "team": "组" + pd.Series(channel, dtype=object),
            "topic_id": "t" + pd.Series(topic).astype(str),
            "sentiment_score": np.clip(0.7 * mood + rng.normal(0, 0.15, n), -1, 1),
            "first_response_seconds": wait,
        }
    )


@pytest.fixture(scope="session")
def moods():
    """The builder of contacts with moods."""
    return cache(build_moods)
