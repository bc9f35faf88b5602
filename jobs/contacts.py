"""Contacts with what the language jobs say of them: the one join that everything measured starts from."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from jobs.lake import Lake
from jobs.topic_decisions import decided_of, with_merges
from jobs.window import Window

_SIDES = ("contact_mood", "contact_topic", "contact_person", "contact_flag")


def understood_contacts(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> DataFrame:
    """Return contact with mood, topic, touchpoint, person and flag; one row a contact.

    Topics are those that people see: where somebody merged one into another, the contacts are the other's.
    Flagged contacts are left out of all that is measured, unless `flags.leave_out` is off.
    Times come as they are, `hour` is the start of the hour (UTC) in which the contact started; null when undated.
    """
    contacts = lake.read(spark, "contact", window)
    for side in _SIDES:
        contacts = contacts.join(lake.read(spark, side, window).drop("day"), "contact_id", "left")
    contacts = with_merges(contacts, decided_of(settings))
    if settings.flags.leave_out:
        contacts = contacts.where("flag is null")
    return contacts.withColumn("hour", F.date_trunc("hour", "started_at"))
