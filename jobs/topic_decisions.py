"""What people decided about topics, for the jobs: read from the inbox, and the topic ids that follow from merges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.inbox.topics import MadeTopicDecision, TopicDecisions
from analytics.settings import Settings
from analytics.topics.decided import digest
from analytics.topics.decisions import Decided

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def all_decisions(settings: Settings) -> list[MadeTopicDecision]:
    """Return every decision ever made, the withdrawn ones too, oldest first."""
    decisions = TopicDecisions(settings.inbox_url)
    try:
        return decisions.all()
    finally:
        decisions.close()


def decided_of(settings: Settings) -> Decided:
    """Return what the decisions that hold come to.

    Raises
    ------
    ConfigError
        If merges make topics parts of each other.
    """
    return Decided.of(holding(all_decisions(settings)))


def holding(made: list[MadeTopicDecision]) -> list[MadeTopicDecision]:
    """Return the decisions that were not withdrawn."""
    return [one for one in made if one.withdrawn_at is None]


def decided_inputs(settings: Settings) -> dict[str, str]:
    """Return the hashes of those decisions that days are made with; '' where there are none.

    Names, pins and hidden topics are put over the tables when these are published, and make no day stale.
    """
    decided = decided_of(settings)
    return {"merges": digest(decided.merged), "touchpoints": digest(decided.touchpoints)}


def with_merges(frame: DataFrame, decided: Decided) -> DataFrame:
    """Return the rows with the topic that each `topic_id` is part of; the frame itself where nothing was merged."""
    if not decided.merged:
        return frame
    from pyspark.sql import functions as F

    topic = F.col("topic_id")
    whole = F.create_map(*(F.lit(name) for pair in sorted(decided.merged.items()) for name in pair))
    return frame.withColumn("topic_id", F.coalesce(whole[topic], topic))
