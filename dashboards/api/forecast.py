"""What is expected of the hours to come."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from dashboards.api.answers import listed, listed_rows
from dashboards.api.asked import Paged, day, text
from dashboards.api.blueprint import resource
from dashboards.api.site import current_site, current_source
from dashboards.api.told import envelope, moment, number
from dashboards.data import ahead
from dashboards.filters import Filters


class ForecastHour(ma.Schema):
    """An hour to come."""

    hour = moment("start of the hour")
    expected = number("contacts")
    low = number("80 % interval, lower end")
    high = number("80 % interval, upper end")
    made_at = moment("contacts from then on were not known")


class AskedForecast(Paged):
    """Which hours."""

    from_ = day(
        "first local day; the day after the last published one if not given", data_key="from", load_default=None
    )
    to = day("last local day; six days later if not given", load_default=None)
    channel = text("one channel; * = all of them together", load_default="*")


@resource("/forecast", envelope(ForecastHour, "Forecast"), asks=AskedForecast)
def forecast_list(asked: dict[str, Any]) -> Any:
    """List the newest forecast of each hour."""
    source, last = current_source(), current_site().extent().last_day
    start = asked["from_"] or (last + dt.timedelta(days=1) if last else asked["to"])
    if start is None:
        return listed([], asked)
    end = asked["to"] or start + dt.timedelta(days=6)
    found = ahead.hours(source, start, end, asked["channel"])
    return listed_rows(found, asked, Filters(start, end))
