"""What the job `spike` judges, out of the lake: counts by the hour, and the contacts behind what alarms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.calendar_days import Event, calendar_days
from analytics.settings import Settings
from analytics.signals.episodes import PLACE_KINDS
from analytics.signals.watch import PAST_EVENT_DAYS, Counted
from jobs.contacts import understood_contacts
from jobs.frames import to_pandas
from jobs.keyword_hour import contact_keywords
from jobs.lake import Lake
from jobs.window import Window

_MEMBER = ("kind", "key", "channel", "hour", "contact_id")


_KNOWN = ("day", "contact_id", "hour", "channel", "product", "kind", "topic_id", "sentiment_label")


@contextmanager
def reading(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> Iterator[Reader]:
    """Yield the lake with the contacts of `window` held: they are joined of five tables, and looked at ten times."""
    held = _dated(understood_contacts(spark, lake, settings, window, only=_KNOWN)).persist()
    try:
        yield Reader(spark, lake, settings, held)
    finally:
        held.unpersist()


def _dated(contacts: DataFrame) -> DataFrame:
    return contacts.where("hour is not null")


@dataclass(frozen=True)
class Reader:
    """The lake as the job reads it; `held` are the contacts of all days that it looks at."""

    spark: SparkSession
    lake: Lake
    settings: Settings
    held: DataFrame

    def contacts(self, window: Window) -> DataFrame:
        """Return dated contacts with what is known of them."""
        return self.held.where(F.col("day").between(F.lit(window.first), F.lit(window.last)))

    def counted(self, window: Window, judged: Window, events: tuple[Event, ...]) -> Counted:
        """Return the counts of `window`, and those of past events where a day of `judged` is one."""
        contacts = self.contacts(window)
        said = self.lake.read(self.spark, "keyword_hour", window).groupBy("hour", F.col("keyword").alias("key"))
        topics = contacts.where("topic_id is not null").withColumn("key", F.col("topic_id"))
        return Counted(
            moods=_moods(contacts),
            keywords=to_pandas(said.agg(F.sum("n_contacts").alias("n_contacts"))),
            themes={"topic": _by_key(topics), "category": _by_key(self._categorised(window))},
            past_events=self._past_events(window, judged, events),
        )

    def _categorised(self, window: Window) -> DataFrame:
        """Return contacts, once for each category that they meet, as `key`."""
        hits = self.lake.read(self.spark, "category_hit", window)
        hits = hits.select("contact_id", F.col("category").alias("key")).distinct()
        return self.contacts(window).join(hits, "contact_id")

    def _past_events(self, window: Window, judged: Window, events: tuple[Event, ...]) -> pd.DataFrame | None:
        if not any(day.event for day in calendar_days(judged.first, judged.last, events)):
            return None
        first = window.first - dt.timedelta(days=PAST_EVENT_DAYS)
        days = [day.day for day in calendar_days(first, judged.last, events) if day.event]
        back = range(self.settings.spikes.history_days + 1)
        wanted = sorted({day - dt.timedelta(days=n) for day in days for n in back})
        earlier = understood_contacts(self.spark, self.lake, self.settings, Window.covering(wanted), only=_KNOWN)
        return _moods(_dated(earlier).where(F.col("day").isin(wanted)))

    def members(self, window: Window, alarms: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts behind alarming keys: kind, key, channel, hour, contact_id."""
        keys = {str(kind): sorted(found["key"].unique()) for kind, found in alarms.groupby("kind")}
        contacts = self.contacts(window)
        placed: Mapping[str, DataFrame] = {
            "volume": _in_places(contacts),
            "negative": _in_places(contacts.where("sentiment_label = 'negative'")),
            "topic": contacts.withColumn("key", F.col("topic_id")),
            "category": self._categorised(window),
            "keyword": contact_keywords(self.spark, self.lake, self.settings, window).withColumnRenamed(
                "keyword", "key"
            ),
        }
        parts = []
        for kind, own in keys.items():
            rows = placed[kind] if kind in PLACE_KINDS else placed[kind].where(F.col("key").isin(own))
            parts.append(to_pandas(rows.withColumn("kind", F.lit(kind)).select(*_MEMBER)))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_MEMBER))

    def praise(self, window: Window) -> frozenset[str]:
        """Return the contacts that only praise: reviews of a good mood."""
        good = self.contacts(window).where("kind = 'review' and sentiment_label = 'positive'").select("contact_id")
        return frozenset(row.contact_id for row in good.toLocalIterator())

    def said(self, window: Window, contact_ids: Collection[str]) -> pd.DataFrame:
        """Return contact_id, key: the keywords of some contacts."""
        wanted = self.spark.createDataFrame([(each,) for each in sorted(contact_ids)], "contact_id string")
        spoken = contact_keywords(self.spark, self.lake, self.settings, window)
        return to_pandas(spoken.join(F.broadcast(wanted), "contact_id").selectExpr("contact_id", "keyword as key"))


def _moods(contacts: DataFrame) -> pd.DataFrame:
    counts = (
        F.count(F.lit(1)).alias("n_contacts"),
        F.count("sentiment_label").alias("n"),
        F.count_if(F.col("sentiment_label") == "negative").alias("n_negative"),
    )
    return to_pandas(
        contacts.groupBy("hour", "channel", F.coalesce("product", F.lit("")).alias("product")).agg(*counts)
    )


def _by_key(contacts: DataFrame) -> pd.DataFrame:
    return to_pandas(contacts.groupBy("hour", "channel", "key").agg(F.count(F.lit(1)).alias("n_contacts")))


def _in_places(contacts: DataFrame) -> DataFrame:
    """Return contacts with their channel as `key`, and once more with their product where they have one."""
    columns = ("channel", "hour", "contact_id")
    channels = contacts.select(F.col("channel").alias("key"), *columns)
    named = contacts.where("product is not null and product != ''")
    return channels.unionByName(named.select(F.col("product").alias("key"), *columns))
