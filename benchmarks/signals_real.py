"""Alarms on real text and real counts: app reviews with eight known incidents, and tweets about ten companies.

``python -m benchmarks.signals_real [--corpora DIR]`` prints Markdown; about half a minute of processor time.

Reviews: each app is one daily stream, read, flagged, scored, cut and categorised by the product's own functions and
judged with its default rule (volume and unhappy contacts in all, by channel and by product; keywords; categories), each
day from the 28 before it. An event is alarmed on its first day if an incident of that day exists; its cause is named if
a key or related word of the day's incidents matches the event's own pattern. An alarm day outside is a day with an
incident that lies in no event. Keywords are those of `jobs.keyword_hour`; terms that `discover` would find are not
among them, and topics are not fitted.

The plain detectors get the same days: unhappy reviews (or all) of an app a day, at least 8, judged from the days
before.

Tweets: five-minute counts added up to hours, judged from the fourth day on with 28 days of history at most. A window is
caught if an hour inside alarms; alarms within 24 hours of each other are one; false ones touch no window. The labels
mark a few extremes of series that burst every week.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special
from threadpoolctl import threadpool_limits

from analytics.signals import SpikeRule
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.signals_real_incidents import (
    Judged,
    Window,
    judge_reviews,
    outcome_of,
    read_apps,
    read_windows,
)
from benchmarks.signals_real_reviews import Reviews
from benchmarks.signals_real_series import DETECTORS, read_series, score

_LEAST, _WEEK, _MONTH = 8, 7, 28
_PRAISE_SHARE = 0.75
"""A day of at least twenty reviews of which three quarters praise, three times as many as usual: a surge of praise."""

Floats = npt.NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    options = options_of(corpora_parser(__doc__), arguments)
    if not (options.corpora / "app_reviews" / "events.csv").exists():
        sys.stderr.write(f"no app_reviews/events.csv in {options.corpora}; nothing to measure with\n")
        return 2
    with threadpool_limits(1):
        _reviews(options.corpora)
        _tweets(options.corpora)
    return 0


def _reviews(corpora: Path) -> None:
    windows, apps = read_windows(corpora), read_apps(corpora)
    started = time.process_time()
    found = {app: judge_reviews(reviews, SpikeRule()) for app, reviews in apps.items()}
    seconds = time.process_time() - started
    n_days = sum(judged.n_days for judged in found.values())
    print(f"Reviews: {len(windows)} events, {n_days:,} app-days, {seconds:.1f} s of processor to judge\n")
    print("| event | alarmed on day | incident | cause named | words |\n|---|---|---|---|---|")
    for window in windows:
        outcome = outcome_of(window, found[window.app])
        day = "missed" if outcome.day is None else str(outcome.day + 1)
        kinds = found[window.app].incidents.query("day == @window.first")["kind"]
        # Only how many words there are: the words are of texts that are not ours to print.
        named, n = ("yes" if outcome.named else "no"), len(outcome.words)
        print(f"| {window.app} {window.first} | {day} | {', '.join(sorted(set(kinds)))} | {named} | {n} |")
    _rivals(windows, apps, found)


def _rivals(windows: list[Window], apps: dict[str, Reviews], found: dict[str, Judged]) -> None:
    n_days = sum(judged.n_days for judged in found.values())
    print("\n| detector | on the first day | alarm days outside | per 50 app-days | surges of praise called |")
    print("|---|---|---|---|---|")
    ours = [set(judged.incidents["day"]) for judged in found.values()]
    _row("incidents of all kinds (ours)", windows, dict(zip(found, ours, strict=True)), apps, n_days)
    for what, column in (("unhappy", "bad"), ("all", "n")):
        for name, judge in _PLAIN.items():
            days = {app: _alarm_days(reviews, column, judge) for app, reviews in apps.items()}
            _row(f"{name}, {what} reviews", windows, days, apps, n_days)


def _row(name: str, windows: list[Window], days: dict[str, set[object]], apps: dict[str, Reviews], n_days: int) -> None:
    hits = sum(window.first in days[window.app] for window in windows)
    out = {app: _outside(days[app], [one for one in windows if one.app == app]) for app in days}
    n_out = sum(map(len, out.values()))
    praise = sum(len(out[app] & _praise_days(reviews)) for app, reviews in apps.items())
    n_praise = sum(len(_praise_days(reviews)) for reviews in apps.values())
    print(f"| {name} | {hits} of {len(windows)} | {n_out} | {50 * n_out / n_days:.2f} | {praise} of {n_praise} |")


def _outside(days: set[object], windows: list[Window]) -> set[object]:
    return {day for day in days if not any(window.first <= day <= window.last for window in windows)}


def _by_day(reviews: Reviews) -> pd.DataFrame:
    label = reviews.contacts["sentiment_label"]
    told = reviews.contacts.assign(bad=label == "negative", good=label == "positive", n=1)
    by_day = told.groupby("day")[["n", "bad", "good"]].sum()
    return by_day.reindex(pd.date_range(by_day.index.min(), by_day.index.max()).date, fill_value=0)


def _praise_days(reviews: Reviews) -> set[object]:
    days = _by_day(reviews)
    usual = days["n"].shift(1).rolling(_MONTH, min_periods=3).median()
    chosen = (days["n"] >= 20) & (days["n"] > 3 * usual) & (days["good"] >= _PRAISE_SHARE * days["n"])
    return set(days.index[chosen])


def _alarm_days(reviews: Reviews, column: str, judge: Callable[[pd.Series[float]], Floats]) -> set[object]:
    days = _by_day(reviews)
    counts = days[column].astype(float)
    return set(days.index[(counts >= _LEAST) & (counts.to_numpy() > judge(counts))])


def _z_bound(counts: pd.Series[float]) -> Floats:
    past = counts.shift(1).rolling(_MONTH, min_periods=_WEEK)
    return np.asarray((past.mean() + 3 * past.std()).to_numpy())


def _ratio_bound(counts: pd.Series[float]) -> Floats:
    return np.asarray(3 * counts.shift(1).rolling(_WEEK, min_periods=3).mean().to_numpy())


def _ears_bound(counts: pd.Series[float]) -> Floats:
    past = counts.shift(3).rolling(_WEEK)
    return np.asarray((past.mean() + 3 * np.maximum(past.std(), 0.2)).to_numpy())


def _poisson_bound(counts: pd.Series[float]) -> Floats:
    mean = np.maximum(counts.shift(1).rolling(_MONTH, min_periods=3).mean().to_numpy(), 0.02)
    # One series and one test a day: Benjamini-Hochberg is the p-value itself.
    least = np.arange(1, 200)[:, None]
    return np.asarray((special.gammainc(least, mean[None, :]) > 0.01).sum(axis=0), dtype=np.float64)


def _esd_bound(counts: pd.Series[float]) -> Floats:
    past = counts.shift(1).rolling(_MONTH, min_periods=_WEEK)
    middle = past.median()
    spread = past.apply(lambda values: 1.4826 * float(np.median(np.abs(values - np.median(values)))), raw=True)
    return np.asarray((middle + 3.4 * np.maximum(spread, 0.5)).to_numpy())


_PLAIN: dict[str, Callable[[pd.Series[float]], Floats]] = {
    "z > 3 against 28 days": _z_bound,
    "3 × the mean of 7 days": _ratio_bound,
    "EARS C2": _ears_bound,
    "S-H-ESD (median, MAD)": _esd_bound,
    "Poisson": _poisson_bound,
}


def _tweets(corpora: Path) -> None:
    series = read_series(corpora)
    n_weeks = sum(len(one.counts) for one in series) / (7 * 24)
    print(f"\nTweets: {len(series)} series, {n_weeks:.0f} weeks in all, by the hour\n")
    print(
        "| detector | windows caught | false alarms a week | alarm days outside a week | seconds |"
        "\n|---|---|---|---|---|"
    )
    for name, detect in DETECTORS.items():
        started = time.process_time()
        masks = [detect(one) for one in series]
        seconds = time.process_time() - started
        found = [score(mask, one) for mask, one in zip(masks, series, strict=True)]
        weeks = sum(one.n_weeks for one in found)
        caught = f"{sum(one.n_caught for one in found)} of {sum(one.n_windows for one in found)}"
        false = sum(one.n_false for one in found) / weeks
        days = sum(one.n_days_outside for one in found) / weeks
        print(f"| {name} | {caught} | {false:.2f} | {days:.2f} | {seconds:.1f} |")


if __name__ == "__main__":
    sys.exit(main())
