"""What moved mood, rating and repeat contact in the seven days up to each day, against the seven before."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics.schema import TABLES
from analytics.signals.drivers import drivers
from analytics.signals.tables import require_columns

PERIOD_DAYS, REPEAT_HOURS = 7, 72
DIMENSIONS = {"topic": "topic_id", "touchpoint": "touchpoint"}
_READ = ("contact_id", "day", "started_at", "person_id", *DIMENSIONS.values(), "sentiment_score", "rating")


def driver_days(contacts: pd.DataFrame, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """Return the drivers of the periods that end on the local days `days[0]` to `days[1]`, as the table `driver`.

    Parameters
    ----------
    contacts : DataFrame
        contact_id, day (date), started_at, person_id, topic_id, touchpoint, sentiment_score, rating; of the days asked
        for and the 16 before them: two periods, and the hours in which a contact may be somebody's second.
    days : tuple of date
        First and last day.

    Returns
    -------
    DataFrame
        The contributions of a day, measure and dimension add up to the change of the mean. `repeat` is known of
        contacts with a person and a topic: whether the person had one on the topic in the 72 hours before, on any
        channel.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(contacts, "contacts", _READ)
    # Rows come as Spark has them; sums must not differ in the last digit from run to run.
    ordered = contacts.sort_values(["started_at", "contact_id"], ignore_index=True)
    measures = {"sentiment": ordered["sentiment_score"], "csat": ordered["rating"], "repeat": _repeats(ordered)}
    columns = [column.name for column in TABLES["driver"].columns]
    number = np.array([day.toordinal() for day in ordered["day"]], dtype=np.int64)
    found = []
    for end in range(days[0].toordinal(), days[1].toordinal() + 1):
        middle, begin = end - PERIOD_DAYS, end - 2 * PERIOD_DAYS
        period_rows = [(number > first) & (number <= first + PERIOD_DAYS) for first in (middle, begin)]
        dates = {"period_start": middle + 1, "period_end": end, "base_start": begin + 1, "base_end": middle}
        known = {name: dt.date.fromordinal(value) for name, value in dates.items()}
        for measure, values in measures.items():
            for dimension, column in DIMENSIONS.items():
                table = pd.DataFrame({"key": ordered[column], "value": values.astype(np.float64)})
                parts = drivers(*(table[rows] for rows in period_rows))
                named = parts.assign(day=known["period_end"], **known).assign(measure=measure, dimension=dimension)
                found += [named] if len(parts) else []
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _repeats(ordered: pd.DataFrame) -> pd.Series:
    """Return 1 where the person had a contact on the topic in the hours before, else 0; NaN where it is not known."""
    known = ordered[ordered["person_id"].notna() & ordered["topic_id"].notna()]
    since = known.groupby(["person_id", "topic_id"])["started_at"].diff()
    return (since <= pd.Timedelta(hours=REPEAT_HOURS)).astype(np.float64).reindex(ordered.index)
