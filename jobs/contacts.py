"""Contacts with what the language jobs say of them: the one join that everything measured starts from."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.schema import TABLES
from analytics.settings import Settings
from jobs.lake import Lake
from jobs.topic_decisions import decided_of, with_merges
from jobs.window import Window

_SIDES = ("contact_mood", "contact_topic", "contact_person")
_FLAGS = "contact_flag"


def understood_contacts(
    spark: SparkSession, lake: Lake, settings: Settings, window: Window, *, only: Collection[str] | None = None
) -> DataFrame:
    """Return contact with mood, topic, touchpoint, person and flag; one row a contact.

    Topics are those that people see: where somebody merged one into another, the contacts are the other's.
    Flagged contacts are left out of all that is measured, unless `flags.leave_out` is off.
    Times come as they are, `hour` is the start of the hour (UTC) in which the contact started; null when undated.

    Parameters
    ----------
    only : collection of str, optional
        The columns that are wanted, and no others: weeks of contacts are not joined to what nobody asks for.
    """
    contacts = lake.read(spark, "contact", window)
    for side in _SIDES:
        if only is None or not _given(side).isdisjoint(only):
            contacts = contacts.join(lake.read(spark, side, window).drop("day"), "contact_id", "left")
    if "topic_id" in contacts.columns:
        contacts = with_merges(contacts, decided_of(settings))
    contacts = _voices(contacts, lake.read(spark, _FLAGS, window).drop("day"), settings, only)
    contacts = contacts.withColumn("hour", F.date_trunc("hour", "started_at"))
    return contacts if only is None else contacts.select(*only)


def _given(side: str) -> set[str]:
    """Return the columns that a side table adds to contacts."""
    return set(TABLES[side].arrow().names) - {"day", "contact_id"}


def _voices(contacts: DataFrame, flags: DataFrame, settings: Settings, only: Collection[str] | None) -> DataFrame:
    """Return the contacts that are counted, with their flag where it is wanted."""
    if only is None or "flag" in only:
        flagged = contacts.join(flags, "contact_id", "left")
        return flagged.where("flag is null") if settings.flags.leave_out else flagged
    return contacts.join(flags, "contact_id", "left_anti") if settings.flags.leave_out else contacts
