"""Volume and mood by the hour or day."""

from __future__ import annotations

from typing import Any

from dashboards.api.answers import listed_rows
from dashboards.api.asked import MAX_HOURLY_DAYS, ScopePaged, choice, selection_of, text
from dashboards.api.blueprint import resource
from dashboards.api.problems import Problem
from dashboards.api.site import current_source
from dashboards.api.told import Mood, count, envelope, moment, number, word
from dashboards.data.series import series


class SeriesPoint(Mood):
    """Contacts of an hour or day."""

    start = moment("start of the hour or day")
    key = word("channel, product or topic_id, as asked with `by`; '' for none; null where nothing was asked")
    negative_share = number("negative of those with a mood, 0 to 1")
    negative_share_low = number("95 % interval of negative_share, lower end")
    negative_share_high = number("95 % interval of negative_share, upper end")
    n_response = count("contacts with a first response")
    median_response_seconds = number("median first response, seconds")


class AskedSeries(ScopePaged):
    """Which points."""

    step = choice("width of a point", "hour", "day", load_default="day")
    by = choice("what to tell apart", "channel", "product", "topic", load_default=None, allow_none=True)
    topic = text("only contacts of this topic_id; '' = none", load_default=None)


@resource("/series", envelope(SeriesPoint, "Series"), asks=AskedSeries)
def series_list(asked: dict[str, Any]) -> Any:
    """List volume and mood over time.

    Points without contacts are not listed. By hours at most 62 days at once.
    """
    source, selection = current_source(), selection_of(asked)
    filters = selection.filters
    if (
        asked["step"] == "hour"
        and filters.start
        and filters.end
        and (filters.end - filters.start).days >= MAX_HOURLY_DAYS
    ):
        raise Problem(422, "the period is too long for hours", expected=f"at most {MAX_HOURLY_DAYS} days",
                      got=f"{filters.start} to {filters.end}", advice="ask for days, or for less at once")  # fmt: skip
    if asked["topic"] is not None:
        selection = selection.narrowed(topic=asked["topic"])
    found = series(source, selection, step=asked["step"], by=asked["by"])
    return listed_rows(found, asked, filters)
