"""Customers' own voice: what is left when flagged contacts and ready-made turns are told apart.

The one place where they are left out. `segment` and `topics` read turns here, so words, new terms, keywords and topics
hold none of them; what counts contacts reads `jobs.contacts`. With `flags.leave_out` off everything is voice.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from jobs.lake import Lake
from jobs.window import Window


def customer_turns(
    spark: SparkSession, lake: Lake, settings: Settings, window: Window, *, with_flagged: bool = False
) -> DataFrame:
    """Return the customers' turns of `utterance` that are their own voice.

    With `with_flagged` the turns of flagged contacts are among them: their mood is shown, yet counted nowhere.
    """
    return own_turns(spark, lake, settings, window, speakers=("customer",), with_flagged=with_flagged)


def own_turns(
    spark: SparkSession,
    lake: Lake,
    settings: Settings,
    window: Window,
    *,
    speakers: Sequence[str],
    with_flagged: bool = False,
) -> DataFrame:
    """Return the turns of these speakers that are their own voice; as `customer_turns`."""
    turns = lake.read(spark, "utterance", window).where(F.col("speaker").isin(*speakers))
    if not settings.flags.leave_out:
        return turns
    templates = lake.read(spark, "turn_template", window).select("contact_id", "turn")
    own = turns.join(templates, ["contact_id", "turn"], "left_anti")
    flagged = lake.read(spark, "contact_flag", window).select("contact_id")
    return own if with_flagged else own.join(F.broadcast(flagged), "contact_id", "left_anti")
