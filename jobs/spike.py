"""spike: hourly counts → spike, one row an incident and day: what rises in number, and moods that fall.

Each day is judged from its own history, so that it gets the same rows whether it is run alone or with weeks.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd
from pyspark.sql import SparkSession

from analytics.calendar_days import load_events
from analytics.inbox.verdicts import normal_variation
from analytics.settings import Settings
from analytics.signals import SpikeRule, dips_as_spikes
from analytics.signals.telling import telling_words, with_telling_words
from analytics.signals.watch import (
    GOING_ON_DAYS,
    Counted,
    alarms_of_days,
    incidents_of_days,
    without_told_moods,
)
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.spike_births import births_as_alarms, born_contacts, with_born
from jobs.spike_counts import Reader, reading
from jobs.stage import main
from jobs.window import Window

_RECURRING_DAYS = 7
"""Falls of mood at the same hours within a week are one alarm."""

_UNNAMED_KINDS = ("volume", "negative", "category")
"""Kinds whose key does not say what the contacts are about."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Judge every complete hour of `window` against the days before it; replace its days of spike."""
    if window.undated:
        found = no_rows("spike")
    else:
        history = window.before(GOING_ON_DAYS + settings.spikes.history_days + 1)
        with reading(spark, lake, settings, history) as reader:
            found = _found(reader, window)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "spike"), "spike", window)


def _found(reader: Reader, window: Window) -> pd.DataFrame:
    settings, rule = reader.settings, _rule(reader.settings)
    judged = window.before(GOING_ON_DAYS)
    counted = reader.counted(judged.before(rule.history_days + 1), judged, rule.events)
    # An hour that is not over yet would look like a quiet one and is left out.
    now = pd.Timestamp.now(ZoneInfo("UTC"))
    alarms = alarms_of_days(counted, judged.days, rule=rule, complete_until=now, normal=_normal(settings))
    born = born_contacts(reader.spark, reader.lake, reader.contacts(judged), judged)
    raised = pd.concat([found for found in (alarms, births_as_alarms(born)) if len(found)] or [alarms])
    dips = to_pandas(reader.lake.read(reader.spark, "dip", window.before(_RECURRING_DAYS)))
    found = [_moods(dips, window, settings.timezone)]
    if len(raised):
        members = with_born(reader.members(judged, raised), born)
        praise, zone = reader.praise(judged), settings.timezone
        risen = incidents_of_days(raised, members, window.days, praise=praise, zone=zone)
        risen = without_told_moods(risen, dips)
        found.append(with_telling_words(risen, _words(reader, risen, counted, praise, window)))
    found = [rows for rows in found if len(rows)]
    return pd.concat(found, ignore_index=True) if found else no_rows("spike")


def _moods(dips: pd.DataFrame, window: Window, zone: str) -> pd.DataFrame:
    """Return the falls of mood that begin on each day, as its own run would tell of them."""
    day = pd.to_datetime(dips["day"]).dt.date if len(dips) else dips["day"]
    found = []
    for last in sorted(set(day).intersection(window.days)):
        first = last - dt.timedelta(days=_RECURRING_DAYS)
        told = dips_as_spikes(dips[(day >= first) & (day <= last)], zone=zone)
        found.append(told[told["day"] == last])
    found = [rows for rows in found if len(rows)]
    return pd.concat(found, ignore_index=True) if found else no_rows("spike")


def _rule(settings: Settings) -> SpikeRule:
    chosen = settings.spikes
    return replace(
        SpikeRule(),
        q=chosen.q,
        min_contacts=chosen.min_contacts,
        history_days=chosen.history_days,
        window_hours=chosen.window_hours,
        max_a_day=chosen.max_a_day,
        events=load_events(*settings.event_files),
        zone=settings.timezone,
    )


def _normal(settings: Settings) -> pd.DataFrame:
    """Return what people marked as 正常波动."""
    rows = normal_variation(settings.inbox_url)
    marks = pd.DataFrame(rows, columns=["kind", "key", "channel", "started_at", "ended_at"])
    return marks.assign(**{name: pd.to_datetime(marks[name], utc=True) for name in ("started_at", "ended_at")})


def _words(
    reader: Reader, incidents: pd.DataFrame, counted: Counted, praise: frozenset[str], window: Window
) -> dict[str, list[str]]:
    """Return the words that stand out in incidents whose key says too little, against the history of their day."""
    unnamed = incidents[incidents["kind"].isin(_UNNAMED_KINDS)]
    if unnamed.empty:
        return {}
    behind = {
        str(spike_id): frozenset(contacts) - praise
        for spike_id, contacts in zip(unnamed["spike_id"], unnamed["contact_ids"], strict=True)
    }
    said = reader.said(window.before(GOING_ON_DAYS), frozenset[str]().union(*behind.values()))
    zone, history = reader.settings.timezone, pd.DateOffset(days=reader.settings.spikes.history_days)
    found = {}
    for spike_id, day in zip(unnamed["spike_id"], unnamed["day"], strict=True):
        midnight, inside = pd.Timestamp(day, tz=zone), behind[spike_id]
        usual = counted.between(midnight - history, midnight, with_events=False)
        found[spike_id] = telling_words(
            said[said["contact_id"].isin(inside)],
            usual.keywords,
            n_contacts=len(inside),
            n_usual=int(usual.moods["n_contacts"].sum()),
        )
    return found


if __name__ == "__main__":
    sys.exit(main(job="spike"))
