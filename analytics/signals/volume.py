"""Hours and days in which more contacts came than the hour of the week and the last weeks explain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.schema import ALL
from analytics.signals.feedback import normal_days
from analytics.signals.grid import FloatArray, HourGrid, IntArray, hour_grid
from analytics.signals.places import Place, places_of
from analytics.signals.rises import rises
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.spikes import ALARM_COLUMNS, empty_alarms, hourly_totals
from analytics.signals.tables import require_columns

MIN_VOLUME_CONTACTS = 20
"""A handful of contacts at night, where one was expected, is no rush that anybody would staff for."""

MIN_VOLUME_LIFT = 1.4
"""Over all contacts two fifths more than expected are a second shift; of a single word they would be nothing."""


def detect_volume_spikes(
    totals: pd.DataFrame,
    *,
    hours: JudgedHours,
    rule: SpikeRule | None = None,
    normal: pd.DataFrame | None = None,
    min_contacts: int = MIN_VOLUME_CONTACTS,
) -> pd.DataFrame:
    """Return the windows with significantly more contacts than expected, of all, each channel and each product.

    Windows are those of `SpikeRule.window_hours`; the one of 24 hours is the local day so far (see
    `analytics.signals.rises`). Days of `SpikeRule.events` should bring what past days of events brought, which may
    stand long before the other history; where none is known, half as much more than usual, give or take a third.

    Parameters
    ----------
    totals : DataFrame
        hour (UTC), channel, n_contacts, and product where contacts have one. Rows of channel "*" are not needed and
        not read: they are summed here.
    hours : JudgedHours
        What is judged; everything before it is history.
    rule : SpikeRule, optional
        What counts as a spike; half of q is for everything, half shared by the places seen by then.
    normal : DataFrame, optional
        key, started_at, ended_at (UTC, exclusive): rises that a person marked as normal.
    min_contacts : int
        Contacts that a window needs, if `SpikeRule.min_contacts` is not higher.

    Returns
    -------
    DataFrame
        As of `detect_spikes`, with kind "volume" and key = channel or product.
    """
    rule = rule or SpikeRule()
    require_columns(totals, "totals", ("hour", "channel", "n_contacts"))
    raised = replace(
        rule, min_contacts=max(rule.min_contacts, min_contacts), min_lift=min(rule.min_lift, MIN_VOLUME_LIFT)
    )
    found = [
        alarms_of(place, windows, grid, kind="volume")
        for place, windows, grid in place_rises(totals, "n_contacts", hours=hours, rule=raised, normal=normal)
    ]
    return pd.concat(found, ignore_index=True) if found else empty_alarms()


def place_rises(
    counts: pd.DataFrame, column: str, *, hours: JudgedHours, rule: SpikeRule, normal: pd.DataFrame | None
) -> Iterator[tuple[Place, pd.DataFrame, HourGrid]]:
    """Yield each place whose counts rose, with the windows in which they did and the grid these stand on."""
    own = counts[(counts["channel"] != ALL) & (counts["hour"] <= hours.last_complete)]
    if own.empty:
        return
    judged = hours.since(own["hour"].min())
    if judged.last_complete < judged.first:
        return
    grid = hour_grid(own["hour"].min(), judged.last_complete, rule.zone, rule.events)
    first, last = (int(i) for i in grid.index_of(pd.Series([judged.first, judged.last_complete])))
    places = list(places_of(own))
    tables = [hourly_totals(place.rows.assign(n_contacts=place.rows[column]), grid) for place in places]
    seen = np.sort([int(np.flatnonzero(table)[0]) if table.any() else grid.n_hours for table in tables])
    for place, table in zip(places, tables, strict=True):
        marked = _marked(normal, place, grid)
        # Half of q for the whole, which has most data; the places share the other half.
        if place.key == ALL:
            windows = rises(table, grid, replace(rule, q=rule.q / 2), first=first, last=last, normal=marked)
        else:
            windows = _in_their_families(table, grid, rule, (first, last), marked, seen)
        if len(windows):
            yield place, windows, grid


def _in_their_families(
    table: FloatArray, grid: HourGrid, rule: SpikeRule, judged: tuple[int, int], marked: IntArray, seen: IntArray
) -> pd.DataFrame:
    """Return the rises of a place; half of q is shared by those seen before each day. Days alike are one call."""
    first, last = judged
    opens = np.searchsorted(grid.day, np.arange(grid.n_days))
    n_seen = np.maximum(np.searchsorted(seen, opens) - 1, 1)[grid.day[first : last + 1]]
    cuts = np.flatnonzero(np.diff(n_seen)) + 1
    begins, ends = np.concatenate([[0], cuts]) + first, np.concatenate([cuts, [len(n_seen)]]) + first - 1
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        shared = replace(rule, q=rule.q / (2 * int(n_seen[begin - first])))
        windows = rises(table, grid, shared, first=begin, last=end, normal=marked)
        if len(windows):
            found.append(windows)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _marked(normal: pd.DataFrame | None, place: Place, grid: HourGrid) -> IntArray:
    return normal_days(normal, pd.Index([place.key]), grid)[:, 1]


def alarms_of(place: Place, windows: pd.DataFrame, grid: HourGrid, *, kind: str) -> pd.DataFrame:
    """Return the windows of a place as `ALARM_COLUMNS`."""
    end, width = (windows[name].to_numpy(dtype=np.int64) for name in ("end", "width"))
    named = windows.assign(
        kind=kind,
        key=place.key,
        channel=place.channel,
        started_at=grid.hour_at(end - width + 1),
        judged_hour=grid.hour_at(end),
        bucket_seconds=width * 3600,
    )
    return named[list(ALARM_COLUMNS)]
