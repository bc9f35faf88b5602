"""How well the next two weeks are forecast: ours beside two plain rivals, rolling over weeks that are known.

`python -m benchmarks.forecast` prints a Markdown table; under two minutes. Four sets:

- centre: `analytics.simulate`'s own arrivals (its schedule of every contact, planted events off), 12 weeks.
- year: 30 weeks of our own: daily and weekly cycle, noise from hour to hour and from day to day, a level that grows by
  a fifth, public holidays and make-up days as China had them, 618 twice as busy (which the history has never seen), and
  every fortnight a rush or an outage of hours. The forecasts are made before quiet weeks, 618 and the National Day.
- shifted: the same without growth, whose level once falls by a third for good.
- tweets: hourly sums of ../shared/corpora/series (KESHENG_CORPORA), each series a channel of its own.

MASE is the mean error over that of last week's same hour within the history (R. Hyndman, A. Koehler, Another look at
measures of forecast accuracy, 2006). Rivals: last week's same hour, and the mean of the last four weeks' same hours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from analytics.calendar_days import Event, calendar_days, load_events
from analytics.schema import ALL
from analytics.settings import DATA, PROJECT
from analytics.signals.forecast import forecast_volume
from analytics.simulate.centre import load_centre
from analytics.simulate.grammar import load_grammar
from analytics.simulate.plan import Plan
from analytics.simulate.schedule import schedule_day

Table = npt.NDArray[np.float64]
ZONE, AHEAD_DAYS, WEEK = "Asia/Shanghai", 14, 7
_HOURS = np.arange(24)
_PROFILE = np.exp(-(((_HOURS - 14.5) / 5.0) ** 2)) + 0.5 * np.exp(-(((_HOURS - 20.5) / 1.5) ** 2)) + 0.02
_WEEKDAY = np.array([1.12, 1.04, 1.0, 0.98, 1.0, 0.80, 0.75])
_SHARES = {"phone": 0.3, "app": 0.35, "wechat": 0.25, "weibo": 0.1}


@dataclass(frozen=True)
class Known:
    """Weeks of a set: contacts by channel, shape (n_days, 24), from a local day on, and when to forecast."""

    name: str
    first: dt.date
    contacts: dict[str, Table]
    origins: tuple[int, ...]

    def totals(self, n_days: int) -> pd.DataFrame:
        """Return the first days as `forecast_volume` reads them."""
        hours = pd.date_range(pd.Timestamp(self.first, tz=ZONE).tz_convert("UTC"), periods=n_days * 24, freq="h")
        frames = [
            pd.DataFrame({"hour": hours, "channel": name, "n_contacts": table[:n_days].ravel()})
            for name, table in self.contacts.items()
        ]
        return pd.concat(frames, ignore_index=True)


def centre(seed: int) -> Known:
    """Draw every contact of 12 weeks of the simulated centre, without its words."""
    plan = Plan(dt.date(2026, 3, 2), days=84, seed=seed, plant=False)
    grammar, office = load_grammar(), load_centre()
    contacts: dict[str, Table] = {}
    for day in range(plan.days):
        for head in schedule_day(plan, day, grammar, office):
            contacts.setdefault(head.channel, np.zeros((plan.days, 24)))[day, head.second // 3600 % 24] += 1
    return Known("centre", plan.first_day, contacts, (56, 63, 70))


def year(seed: int, events: Sequence[Event], *, shifted: bool) -> Known:
    """Draw 30 weeks with holidays, events, growth (or a lasting fall), rushes and outages."""
    rng = np.random.default_rng(seed)
    first, n_days = dt.date(2026, 4, 6), 30 * WEEK
    days = calendar_days(first, first + dt.timedelta(days=n_days - 1), events)
    weekday = np.array([day.weekday_like for day in days])
    level = np.where(np.arange(n_days) < 100, 1.0, 0.67) if shifted else np.linspace(1.0, 1.2, n_days)
    level = level * rng.gamma(400, 1 / 400, n_days) * _WEEKDAY[weekday]
    level *= [0.8 if day.kind == "holiday" else 2.0 if day.event == "618" else 1.0 for day in days]
    contacts = {}
    for name, share in _SHARES.items():
        mean = 1200 * share * level[:, None] * _PROFILE / _PROFILE.sum()
        table = rng.poisson(mean * rng.gamma(50, 1 / 50, mean.shape)).astype(float)
        for begin in range(5, n_days, 14):
            hour = int(rng.integers(9, 20))
            table[begin + int(rng.integers(7)), hour : hour + int(rng.integers(2, 6))] *= rng.choice([0.0, 3.0, 6.0])
        contacts[name] = table
    return Known("shifted" if shifted else "year", first, contacts, (66, 108, 130, 150, 174, 188))


def tweets(folder: Path) -> Iterator[Known]:
    """Yield the series, hourly; their clock is taken as local."""
    for file in sorted(folder.glob("Twitter_volume_*.csv")):
        rows = pd.read_csv(file, parse_dates=["timestamp"]).set_index("timestamp")["value"].resample("h").sum()
        first = rows.index[0].normalize() + pd.Timedelta(days=1)
        whole = rows[rows.index >= first].to_numpy(dtype=float)
        table = whole[: len(whole) // 24 * 24].reshape(-1, 24)
        origins = tuple(range(21, len(table) - WEEK, WEEK))
        yield Known(f"tweets {file.stem.removeprefix('Twitter_volume_')}", first.date(), {"all": table}, origins)


def measured(known: Known, events: Sequence[Event]) -> pd.DataFrame:
    """Return one row a forecast and channel: the errors of the three, coverage, processor seconds."""
    rows = []
    for origin in known.origins:
        made_at = pd.Timestamp(known.first + dt.timedelta(days=origin), tz=ZONE).tz_convert("UTC")
        totals = known.totals(origin)
        began = time.process_time()
        found = forecast_volume(totals, made_at=made_at, events=events, zone=ZONE)
        seconds = time.process_time() - began
        for channel, part in found.groupby("channel"):
            table = np.sum(list(known.contacts.values()), axis=0) if channel == ALL else known.contacts[str(channel)]
            if channel == ALL and len(known.contacts) == 1:
                continue
            rows.append({"set": known.name, "origin": origin, "seconds": seconds, **_judged(table, origin, part)})
    return pd.DataFrame(rows)


def _judged(table: Table, origin: int, part: pd.DataFrame) -> dict[str, float]:
    came = table[origin : origin + AHEAD_DAYS]
    shape = (AHEAD_DAYS, 24)
    ours, low, high = (part[name].to_numpy(dtype=float).reshape(shape)[: len(came)] for name in _ENDS)
    weeks = [table[origin - (back + 1) * WEEK : origin - back * WEEK] for back in range(min(4, origin // WEEK))]
    unit = np.abs(table[WEEK:origin] - table[: origin - WEEK]).mean()
    naive, four = (np.tile(one, (2, 1))[: len(came)] for one in (weeks[0], np.mean(weeks, axis=0)))
    inside = (low <= came) & (came <= high)
    busy = inside[ours >= 1]
    return {
        "ours": float(np.abs(came - ours).mean() / unit),
        "naive": float(np.abs(came - naive).mean() / unit),
        "four": float(np.abs(came - four).mean() / unit),
        "inside": float(inside.mean()),
        "inside_busy": float(busy.mean()) if busy.size else np.nan,
        "week_1": float(inside[:WEEK].mean()),
        "week_2": float(inside[WEEK:].mean()) if len(came) > WEEK else np.nan,
    }


_ENDS = ("expected", "low", "high")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(1, parser.parse_args().seeds + 1)
    events = load_events(DATA / "calendar" / "events.toml")
    corpora = Path(os.environ.get("KESHENG_CORPORA", PROJECT.parent / "shared" / "corpora")) / "series"
    with threadpool_limits(1):
        found = [measured(centre(seed), events) for seed in seeds]
        found += [measured(year(seed, events, shifted=shifted), events) for seed in seeds for shifted in (False, True)]
        found += [measured(known, ()) for known in tweets(corpora)]
    table = pd.concat(found, ignore_index=True)
    table["group"] = table["set"].str.split(" ").str[0]
    _print(table.groupby("group", sort=False))
    _print(table[table["group"] == "year"].groupby("origin"))
    _print(table[table["group"] == "tweets"].groupby("set"))


def _print(groups: pd.api.typing.DataFrameGroupBy) -> None:  # type: ignore[type-arg]
    out = sys.stdout.write
    out("| set | MASE ours | last week | four weeks | ours / last week | 80 % interval holds | where ≥ 1 is expected |")
    out(" week 1 | week 2 | processor s |\n|---|---|---|---|---|---|---|---|---|---|\n")
    for name, rows in groups:
        mean = rows.mean(numeric_only=True)
        ratio = mean["ours"] / mean["naive"]
        numbers = [mean["ours"], mean["naive"], mean["four"], ratio, mean["inside"], mean["inside_busy"]]
        numbers += [mean["week_1"], mean["week_2"], mean["seconds"]]
        out(f"| {name} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |\n")
    out("\n")


if __name__ == "__main__":
    main()
