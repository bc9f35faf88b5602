"""person_tag: understood contacts, category_hit → person_tag, tag: which customers the rules tag, with the contacts.

Everybody who made contact in the window is judged on the days they did. Persons are shared out to workers, each with
all contacts that a rule looks back on; the rules travel inside the function.
"""

from __future__ import annotations

import sys

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.tags import Tagset, load_tags, person_tags
from analytics.tags.judge import CONTACT_COLUMNS
from jobs.contacts import understood_contacts
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

_GROUPS = 16
"""Groups of persons, each held in a worker's memory: 16 of a million contacts of a quarter are 60,000 rows each."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Judge the persons of `window`; replace its days of person_tag, and the table tag."""
    tags = load_tags(settings.tags_folder)
    counts.inputs = {"tags": tags.digest}
    lake.replace_arrow(spark, _declared(tags), "tag")
    if window.undated:
        counts.rows_out = lake.replace_arrow(spark, TABLES["person_tag"].arrow().empty_table(), "person_tag", window)
        return
    first, last = window.first, window.last

    def judged(contacts: pa.Table) -> pa.Table:
        return person_tags(contacts.drop_columns(["_group"]), tags, first, last)

    contacts = _contacts(spark, lake, settings, window, tags)
    grouped = contacts.withColumn("_group", F.pmod(F.hash("person_id"), F.lit(_GROUPS))).groupBy("_group")
    counts.rows_out = lake.replace(grouped.applyInArrow(judged, spark_schema("person_tag")), "person_tag", window)
    counts.rows_in = contacts.where(F.col("day") >= F.lit(first)).count()


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would use now: the hash of all rules."""
    return {"tags": load_tags(settings.tags_folder).digest}


def _contacts(spark: SparkSession, lake: Lake, settings: Settings, window: Window, tags: Tagset) -> DataFrame:
    """Return the contacts, back as far as a rule looks, of everybody who made contact in the window."""
    reach = window.before(tags.look_back_days)
    own = [name for name in CONTACT_COLUMNS.names if name != "categories"]
    known = understood_contacts(spark, lake, settings, reach, only=own)
    known = known.where("started_at is not null and person_id is not null")
    hits = lake.read(spark, "category_hit", reach).groupBy("contact_id")
    categories = hits.agg(F.sort_array(F.collect_set("category")).alias("categories"))
    judged = known.where(F.col("day") >= F.lit(window.first)).select("person_id").distinct()
    contacts = known.join(judged, "person_id", "left_semi").join(categories, "contact_id", "left")
    contacts = contacts.withColumn("categories", F.coalesce("categories", F.array().cast("array<string>")))
    return contacts.select(*CONTACT_COLUMNS.names)


def _declared(tags: Tagset) -> pa.Table:
    named = TABLES["tag"].arrow()
    rows = [{name: getattr(tag, "name" if name == "tag" else name) for name in named.names} for tag in tags.tags]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["tag"]), schema=named)


if __name__ == "__main__":
    sys.exit(main(job="person_tag"))
