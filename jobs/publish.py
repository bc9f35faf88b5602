"""publish: the lake and the inbox → the warehouse, swapped whole.

    python -m jobs.publish [--accept-quality REASON]

Side tables (turn_mood, contact_mood, contact_topic) are joined into contact and utterance here, so that no job rewrites
another's partition. What people decided about topics is put over the lake's tables here too.
Readers see the last good warehouse until the new one is complete.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from analytics.inbox import Inbox
from analytics.lineage import note_read, note_write
from analytics.schema import TABLES
from analytics.settings import DATA, Settings, load_settings
from analytics.topics.decisions import Decided
from analytics.warehouse import lake_tables
from analytics.warehouse import publish as publish_tables
from jobs.command import run_command
from jobs.inbox import patiently
from jobs.lake_lock import writing_lake
from jobs.quality import gate, release
from jobs.run_log import recorded_whole
from jobs.sources.manifest import manifest
from jobs.topic_decisions import all_decisions, holding
from jobs.topic_lookup import published_topics

VIEWS = DATA / "views"


@patiently
def run(settings: Settings, *, accept: str = "", is_gated: bool = True) -> dict[str, int]:
    """Publish everything; return the rows of each table.

    A run that is writing the lake is waited for: its days are in some tables already, and not yet in others.

    Parameters
    ----------
    accept : str
        Why a person publishes in spite of failed expectations.
    is_gated : bool
        Whether the days must be as expected (docs/quality.md). Not where publishing takes something away, as erasing
        does, and not for a file analysed once.

    Raises
    ------
    QualityError
        If a severe expectation failed; the old warehouse stays.
    """
    with writing_lake(settings, "kesheng publish"), recorded_whole("publish", settings) as counts:
        if is_gated:
            gate(settings, accept)
        found = _publish(settings)
        if is_gated:
            release(settings)
        counts.rows_out = sum(found.values())
    return found


def _publish(settings: Settings) -> dict[str, int]:
    note_write("warehouse")
    note_read("alert")
    inbox = Inbox(settings.inbox_url)
    made = all_decisions(settings)
    decided = Decided.of(holding(made))
    try:
        tables: dict[str, Sequence[Path] | pa.Table] = {**lake_tables(settings.lake), "alert": inbox.table()}
        tables["landed_file"] = _landed_files(settings.landing)
        tables |= published_topics(settings, made, decided)
    finally:
        inbox.close()
    return publish_tables(
        tables,
        settings.warehouse,
        views=VIEWS,
        timezone=settings.timezone,
        merged=decided.merged,
        verbatims=settings.publish.verbatims,
    )


def _landed_files(landing: Path) -> pa.Table:
    schema = TABLES["landed_file"].arrow()
    return pa.Table.from_pylist(
        [{name: getattr(file, name) for name in schema.names} for file in manifest(landing)], schema
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; --day and --to are taken and ignored, the warehouse is always published whole."""
    return run_command(
        "publish",
        "Publish the lake.",
        arguments,
        lambda given: run(load_settings(), accept=given.accept_quality),
        extra=_add_accept,
    )


def _add_accept(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--accept-quality", default="", metavar="REASON")


if __name__ == "__main__":
    sys.exit(main())
