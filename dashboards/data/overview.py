"""What the overview is written from, read once for all its parts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboards.context import Context
from dashboards.data import mood, mood_drivers, newcomers, topics
from dashboards.data.alerts import of_customers
from dashboards.data.mood import Summary
from dashboards.data.periods import Periods, periods


@dataclass(frozen=True)
class Facts:
    """Numbers of the page's selection.

    Attributes
    ----------
    now : Summary
        All contacts.
    changed : Periods or None
        Against the period before; None where there is none to compare with.
    days : DataFrame
        `mood.over_time`; empty without days.
    topics : DataFrame
        `topics.topic_table`.
    drivers, lasting, births : DataFrame
        `mood_drivers.drivers`, `mood_drivers.lasting`, `newcomers.births`.
    alerts : DataFrame
        Alerts that began in the period, open and severe first.
    """

    now: Summary
    changed: Periods | None
    days: pd.DataFrame
    topics: pd.DataFrame
    drivers: pd.DataFrame
    lasting: pd.DataFrame
    births: pd.DataFrame
    alerts: pd.DataFrame

    @property
    def named(self) -> pd.DataFrame:
        """The topics that are shown: no contacts without a topic, none that people hid."""
        return self.topics[(self.topics["topic_id"] != "") & ~self.topics["hidden"]]


def facts(context: Context, now: Summary) -> Facts:
    """Read the numbers of a page's selection."""
    source, selection, filters = context.source, context.selection, context.filters
    return Facts(
        now=now,
        changed=periods(source, selection, context.extent),
        days=mood.over_time(source, selection) if context.is_dated else pd.DataFrame(),
        topics=topics.topic_table(source, selection),
        drivers=mood_drivers.drivers(source, selection),
        lasting=mood_drivers.lasting(source, selection),
        births=newcomers.births(source, filters),
        alerts=of_customers(
            context.alerts.table(source, start=filters.start, end=filters.end, channels=filters.channels)
        ),
    )
