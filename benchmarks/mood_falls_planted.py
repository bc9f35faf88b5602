"""A service centre in numbers, with falls of mood of known composition. No text, so it takes no time.

A contact's score is clip(mood of its topic + hour + effect of its delay + what was planted + noise, -1, 1). Delays are
lognormal around the channel's usual one, with busy moments. The effect of a delay on mood has one of four shapes; in
one centre of five there is none, and slow replies are planted beside other causes, to see whether they are blamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

START = pd.Timestamp("2026-03-02", tz="Asia/Shanghai")
N_DAYS, FIRST_FALL, N_TOPICS, NOISE = 44, 29, 12, 0.4
OUTAGE = N_TOPICS - 1
CHANNELS = {"wechat": 0.4, "app": 0.3, "phone": 0.2, "weibo": 0.1}
TEAMS = 3
SHAPES = ("line", "log", "saturating", "root")
KINDS = ("delay", "delay", "delay", "mix", "outage", "within", "team", "delay+mix", "delay+within", "mix+within")


@dataclass(frozen=True)
class Response:
    """Effect of a delay on mood: `depth` points at 5 minutes; line, log, saturating or root, bent by `bend` minutes."""

    shape: str
    depth: float
    bend: float

    def effect(self, minutes: FloatArray) -> FloatArray:
        """Return what a delay does to the score, 0 or less."""
        waited = np.append(minutes, 5.0)
        course = {
            "line": np.minimum(waited, 10),
            "log": np.log1p(waited / self.bend),
            "saturating": 1 - np.exp(-waited / self.bend / 2),
            "root": np.sqrt(waited),
        }[self.shape]
        return np.asarray(-self.depth * course[:-1] / course[-1])


@dataclass(frozen=True)
class Fall:
    """One planted fall.

    `minutes` of delay (0 = as usual), `grown` share of contacts that become the outage's topic, `worse` points of score
    off, in one team if `team` is not below 0.
    """

    kind: str
    day: int
    channel: str
    hour: int
    width: int
    minutes: float
    grown: float
    worse: float
    team: int


@dataclass(frozen=True)
class Centre:
    """Contacts (with the columns that only the benchmark knows: mood, setting, lost, worse) and what was planted."""

    contacts: pd.DataFrame
    falls: Sequence[Fall]
    response: Response


def build(seed: int) -> Centre:
    """Draw a centre and its falls, one a day."""
    rng = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    no_effect = seed % 5 == 4
    response = Response(shape, 0.0 if no_effect else rng.uniform(0.3, 0.7), rng.uniform(0.5, 2.5))
    per_day = int(rng.choice([700, 1500, 3000]))
    falls = [_fall(rng, day, per_day, has_effect=not no_effect) for day in range(FIRST_FALL, N_DAYS, 2)]
    return _contacts(rng, per_day, falls, response)


def _fall(rng: np.random.Generator, day: int, per_day: int, *, has_effect: bool) -> Fall:
    kind = str(rng.choice(KINDS if has_effect else ("mix", "outage", "within", "team", "mix+within")))
    channel = str(rng.choice(["wechat"] if per_day < 1000 else ["wechat", "app", "phone"]))
    slow = "delay" in kind or (not has_effect and rng.random() < 0.5)
    both = "+" in kind
    return Fall(
        kind=kind,
        day=day,
        channel=channel,
        hour=int(rng.integers(9, 19)),
        width=int(rng.integers(1, 4)),
        minutes=float(rng.choice([3.0, 5.0, 8.0])) if slow else 0.0,
        grown=float(rng.uniform(0.25, 0.4) if both else rng.uniform(0.4, 0.7))
        if "mix" in kind or kind == "outage"
        else 0.0,
        worse=float(rng.uniform(0.15, 0.25) if both else rng.uniform(0.25, 0.5))
        if kind in ("within", "team", "delay+within", "mix+within")
        else (0.15 if kind == "outage" else 0.0),
        team=int(rng.integers(TEAMS)) if kind == "team" else -1,
    )


def _contacts(rng: np.random.Generator, per_day: int, falls: Sequence[Fall], response: Response) -> Centre:
    profile = np.exp(-(((np.arange(24) - 14.5) / 5.0) ** 2)) + 0.03
    volume = per_day * profile / profile.sum() * rng.gamma(60, 1 / 60, (N_DAYS, 1))
    step = np.repeat(np.arange(N_DAYS * 24), rng.poisson(volume * rng.gamma(40, 1 / 40, volume.shape)).ravel())
    n, day, hour = len(step), step // 24, step % 24
    channel = rng.choice(len(CHANNELS), n, p=list(CHANNELS.values()))
    team = rng.integers(0, TEAMS, n)
    topic_mood = np.linspace(0.35, -0.35, N_TOPICS) + rng.normal(0, 0.05, N_TOPICS)
    topic_mood[OUTAGE] = -0.6
    topic = rng.choice(N_TOPICS, n, p=np.append(np.full(OUTAGE, 0.95 / OUTAGE), 0.05))
    # Busy moments of a channel: an hour half again as slow, now and then three times.
    moment = rng.lognormal(0, 0.25, (N_DAYS * 24, len(CHANNELS)))
    moment *= np.where(rng.random(moment.shape) < 0.02, 3.0, 1.0)
    usual = np.array([0.7, 0.9, 0.3, 1.5]) * rng.uniform(0.8, 1.25, len(CHANNELS))
    minutes = usual[channel] * moment[step, channel] * rng.lognormal(0, 0.7, n)
    worse, planted = np.zeros(n), np.full(n, -1)
    for number, fall in enumerate(falls):
        here = (day == fall.day) & (hour >= fall.hour) & (hour < fall.hour + fall.width)
        here &= channel == list(CHANNELS).index(fall.channel)
        planted[here] = number
        topic[here & (rng.random(n) < fall.grown)] = OUTAGE
        minutes = np.where(here & (fall.minutes > 0), fall.minutes * rng.lognormal(0, 0.3, n), minutes)
        hit = here & ((team == fall.team) | (fall.team < 0)) & ((topic == OUTAGE) | (fall.kind != "outage"))
        worse[hit] = fall.worse * (2.0 if fall.kind == "team" else 1.0)
    evening = -0.06 * np.clip((hour - 17) / 4, 0, 1) + rng.normal(0, 0.02, N_DAYS)[day]
    mood = topic_mood[topic] + 0.1
    lost = response.effect(minutes)
    score = np.clip(mood + evening + lost - worse + rng.normal(0, NOISE, n), -1, 1)
    columns = {"sentiment_score": score, "first_response_seconds": minutes * 60, "mood": mood, "setting": evening}
    columns |= {"lost": lost, "worse": worse, "planted": planted}
    seconds = step * 3600 + rng.integers(0, 3600, n)
    return Centre(_named(channel, team, topic, seconds).assign(**columns), falls, response)


def _named(channel: IntArray, team: IntArray, topic: IntArray, seconds: IntArray) -> pd.DataFrame:
    names = np.array(list(CHANNELS), dtype=object)
    return pd.DataFrame(
        {
            "contact_id": np.char.add("c", np.arange(len(channel)).astype(str)).astype(object),
            "started_at": START.tz_convert("UTC") + pd.to_timedelta(seconds, unit="s"),
            "channel": names[channel],
            "team": names[channel] + np.array(["-a", "-b", "-c"], dtype=object)[team],
            "topic_id": np.char.add("t", topic.astype(str)).astype(object),
        }
    )


def bounded(mean: FloatArray) -> FloatArray:
    """Return the mean of clip(mean + noise, -1, 1), noise normal with standard deviation `NOISE`."""
    low, high = (-1 - mean) / NOISE, (1 - mean) / NOISE
    density = [np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) for z in (low, high)]
    inside = mean * (ndtr(high) - ndtr(low)) + NOISE * (density[0] - density[1])
    return np.asarray(inside - ndtr(low) + (1 - ndtr(high)))


@dataclass(frozen=True)
class Truth:
    """Parts of a fall as planted for these very contacts, in points of score; noise is in none of them."""

    mix: float
    delay: float
    within: float

    @property
    def drop(self) -> float:
        """What was planted in all."""
        return self.mix + self.delay + self.within


def truth_of(during: pd.DataFrame, reference: pd.DataFrame) -> Truth:
    """Return what was planted for the contacts of a fall, against contacts of the same hours of ordinary days.

    Where a delay and a worse mood come together, the bounds of the score make the whole less than the sum; the parts
    are the means over both orders in which they can be taken away (Shapley).
    """
    mood, worse, lost = (during[name].to_numpy(dtype=np.float64) for name in ("mood", "worse", "lost"))
    base = float(reference["lost"].mean() + reference["setting"].mean())
    worse = worse - (during["setting"].to_numpy(dtype=np.float64) - reference["setting"].mean())
    slower = lost - float(reference["lost"].mean())
    plain, slow = bounded(mood + base), bounded(mood + base + slower)
    low, both = bounded(mood + base - worse), bounded(mood + base + slower - worse)
    before = bounded(reference["mood"].to_numpy(dtype=np.float64) + base)
    return Truth(
        mix=float(before.mean() - plain.mean()),
        delay=float(((plain - slow) + (low - both)).mean() / 2),
        within=float(((plain - low) + (slow - both)).mean() / 2),
    )
