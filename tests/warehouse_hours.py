"""What was counted and forecast by the hour, for the made-up warehouse of `warehouse_fixture.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any

WORD, TOPIC = "呛口小辣椒面膜", "t09"
_DAY = dt.timedelta(days=1)


def hours_of(rows: list[dict[str, Any]], end: dt.date) -> dict[str, list[dict[str, Any]]]:
    """Return rows of keyword_hour and forecast_hour for contacts of days before `end`."""
    return {"keyword_hour": _keywords(rows), "forecast_hour": _forecasts(end)}


def _keywords(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how often the word of the first alarm was said: in each contact about its topic."""
    found: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row["topic_id"] == TOPIC:
            place = row["day"], row["started_at"].replace(minute=0), row["channel"]
            found[place] = found.get(place, 0) + 1
    return [
        {"day": day, "hour": hour, "keyword": WORD, "channel": channel, "n_contacts": n}
        for (day, hour, channel), n in found.items()
    ]


def _forecasts(end: dt.date) -> list[dict[str, Any]]:
    """Return what was forecast at the end of each of the last three days for the next one: most at ten."""
    return [
        {"day": day, "hour": _shanghai(day + _DAY, hour), "channel": channel, "made_at": _shanghai(day + _DAY, 0),
         "expected": share * level, "low": share * (level - 2), "high": share * (level + 3)}
        for day in (end - 3 * _DAY, end - 2 * _DAY, end - _DAY)
        for hour in range(24) for level in ((9.0 if hour == 10 else 5.0),)
        for channel, share in (("*", 1.0), ("app", 0.6), ("phone", 0.4))
    ]  # fmt: skip


def _shanghai(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC) - dt.timedelta(hours=8)
