"""Topics that emerged by themselves, as alarms of their first day: they have no history to be judged against."""

from __future__ import annotations

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.schema import ALL
from jobs.frames import to_pandas
from jobs.lake import Lake
from jobs.window import Window

_HOUR = pd.Timedelta(hours=1)
_MEMBER = ["kind", "key", "channel", "hour", "contact_id"]


def born_contacts(spark: SparkSession, lake: Lake, contacts: DataFrame, window: Window) -> pd.DataFrame:
    """Return the contacts that `topic_birth` names: topic_id, n_texts, expected, p_value, contact_id, channel, hour."""
    births = lake.read(spark, "topic_birth", window)
    named = births.select("topic_id", "n_texts", "expected", "p_value", F.explode("contact_ids").alias("contact_id"))
    return to_pandas(named.join(contacts.select("contact_id", "channel", "hour"), "contact_id"))


def births_as_alarms(born: pd.DataFrame) -> pd.DataFrame:
    """Return one alarm a birth: from the hour of its first contact to that of its last one, over all channels.

    The p-value is that of the test by which the topic emerged, which is corrected for all that was tested that day.
    """
    rows = [
        {
            "kind": "topic",
            "key": topic,
            "channel": ALL,
            "started_at": of_topic["hour"].min(),
            "judged_hour": of_topic["hour"].max(),
            "bucket_seconds": int((of_topic["hour"].max() - of_topic["hour"].min() + _HOUR).total_seconds()),
            "observed": float(of_topic["n_texts"].iloc[0]),
            "expected": float(of_topic["expected"].iloc[0]),
            "p_value": float(of_topic["p_value"].iloc[0]),
            "q_value": float(of_topic["p_value"].iloc[0]),
            "short_history": False,
        }
        for topic, of_topic in born.groupby("topic_id", sort=True)
    ]
    return pd.DataFrame(rows)


def with_born(members: pd.DataFrame, born: pd.DataFrame) -> pd.DataFrame:
    """Return the members of alarms with the contacts that births name, whatever topic these were given, each once."""
    if born.empty:
        return members
    named = born.assign(kind="topic").rename(columns={"topic_id": "key"})[_MEMBER]
    return pd.concat([members, named], ignore_index=True).drop_duplicates(_MEMBER, ignore_index=True)
