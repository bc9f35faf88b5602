"""spike: hourly counts → spike, one row an incident: keywords, topics and volume that rise, moods that fall."""

from __future__ import annotations

import sys
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.signals import (
    JudgedHours,
    SpikeRule,
    detect_spikes,
    detect_volume_spikes,
    dips_as_spikes,
    group_incidents,
)
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.keyword_hour import contact_keywords
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.spike_births import births_as_alarms, born_contacts, with_born
from jobs.stage import main
from jobs.window import Window

_GOING_ON_DAYS = 2
_RECURRING_DAYS = 7
"""Falls of mood at the same hours within a week are one alarm."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Judge every complete hour of `window` against the days before it; replace its days of spike."""
    found = no_rows("spike") if window.undated else _found(spark, lake, settings, window)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "spike"), "spike", window)


def _found(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> pd.DataFrame:
    history = window.before(settings.spikes.history_days)
    contacts = understood_contacts(spark, lake, settings, history).where("hour is not null")
    totals = _counted(contacts, "hour", "channel")
    keywords = lake.read(spark, "keyword_hour", history).groupBy("hour", F.col("keyword").alias("key"))
    keywords = to_pandas(keywords.agg(F.sum("n_contacts").alias("n_contacts")))
    topics = _counted(contacts.where("topic_id is not null"), "hour", F.col("topic_id").alias("key"))
    # An incident that goes on from the days before is theirs: it is found there again, and not raised anew.
    hours, rule = _judged(window.before(_GOING_ON_DAYS), settings.timezone), _rule(settings)
    everything = totals.groupby("hour")["n_contacts"].sum().reset_index()
    alarms = [
        detect_volume_spikes(totals, hours=hours, rule=rule),
        detect_spikes(keywords, everything, kind="keyword", hours=hours, rule=rule),
        detect_spikes(topics, everything, kind="topic", hours=hours, rule=rule),
    ]
    born = born_contacts(spark, lake, contacts, window.before(_GOING_ON_DAYS))
    alarms.append(births_as_alarms(born))
    raised = pd.concat([found for found in alarms if len(found)] or alarms[:1], ignore_index=True)
    members = with_born(_members(spark, lake, settings, window, raised), born)
    dips = to_pandas(lake.read(spark, "dip", window.before(_RECURRING_DAYS)))
    spikes = [group_incidents(raised, members, zone=settings.timezone), dips_as_spikes(dips, zone=settings.timezone)]
    found = pd.concat([rows for rows in spikes if len(rows)] or [no_rows("spike")], ignore_index=True)
    return found[found["day"].map(lambda day: window.first <= day <= window.last).astype(bool)]


def _rule(settings: Settings) -> SpikeRule:
    chosen = settings.spikes
    return replace(
        SpikeRule(),
        q=chosen.q,
        min_contacts=chosen.min_contacts,
        history_days=chosen.history_days,
        window_hours=chosen.window_hours,
        zone=settings.timezone,
    )


def _judged(window: Window, zone: str) -> JudgedHours:
    """Return the hours of the window; one that is not over yet would look like a quiet one and is left out."""
    first = pd.Timestamp(window.first, tz=zone).tz_convert("UTC")
    end = pd.Timestamp(window.last, tz=zone) + pd.DateOffset(days=1)
    return JudgedHours(first, end.tz_convert("UTC") - pd.Timedelta(hours=1), pd.Timestamp.now(ZoneInfo("UTC")))


def _counted(frame: DataFrame, *columns: object) -> pd.DataFrame:
    return to_pandas(frame.groupBy(*columns).agg(F.count(F.lit(1)).alias("n_contacts")))


def _members(spark: SparkSession, lake: Lake, settings: Settings, window: Window, alarms: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts behind the alarming keys: kind, key, channel, hour, contact_id."""
    keys = {kind: list(found["key"].unique()) for kind, found in alarms.groupby("kind")}
    reach = window.before(_GOING_ON_DAYS)
    columns = ("key", "channel", "hour", "contact_id")
    parts = []
    contacts = understood_contacts(spark, lake, settings, reach).where("hour is not null")
    if "volume" in keys:
        parts.append(contacts.select(F.lit("volume").alias("kind"), F.col("channel").alias("key"), *columns[1:]))
    if "topic" in keys:
        of_topic = contacts.where(F.col("topic_id").isin(keys["topic"]))
        parts.append(of_topic.select(F.lit("topic").alias("kind"), F.col("topic_id").alias("key"), *columns[1:]))
    if "keyword" in keys:
        said = contact_keywords(spark, lake, settings, reach)
        said = said.where(F.col("keyword").isin(keys["keyword"]))
        parts.append(said.select(F.lit("keyword").alias("kind"), F.col("keyword").alias("key"), *columns[1:]))
    found = [to_pandas(part) for part in parts]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["kind", *columns])


if __name__ == "__main__":
    sys.exit(main(job="spike"))
