"""A fall of mood taken apart: other topics, slower replies, worse mood inside the same topics, the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.signals.dose_response import DoseResponse
from analytics.signals.grid import FloatArray
from analytics.signals.intervals import Z95

_TOPIC_PRIOR = 5.0
_KNOWN_TOPIC = 10


@dataclass(frozen=True)
class TopicEffects:
    """What is usual of each topic against the mean of its channel, learnt where nothing was wrong.

    Attributes
    ----------
    score, delay : Series
        Mood, and effect of the delay that the topic usually has, in points of score by topic_id; shrunk to 0 for a rare
        topic. A topic that is missing counts as 0.
    known : frozenset of str
        Topics seen often enough to speak of a usual mood.
    """

    score: pd.Series
    delay: pd.Series
    known: frozenset[str]


def topic_effects(usual: pd.DataFrame, response: DoseResponse) -> TopicEffects:
    """Return the effects of topics over the contacts of all channels outside of falls.

    Parameters
    ----------
    usual : DataFrame
        channel, topic_id, sentiment_score, response_seconds.
    response : DoseResponse
        Gives the effect of a delay.
    """
    delay = pd.Series(response.effect(usual["response_seconds"].to_numpy(dtype=np.float64)), index=usual.index)
    score = usual["sentiment_score"]
    topic = usual["topic_id"].fillna("")
    count = topic.groupby(topic).size()
    named = [name for name in count[count >= _KNOWN_TOPIC].index if name]
    return TopicEffects(
        score=_shrunk(score - score.groupby(usual["channel"]).transform("mean"), topic),
        delay=_shrunk(delay - delay.groupby(usual["channel"]).transform("mean"), topic),
        known=frozenset(named),
    )


def _shrunk(centred: pd.Series, topic: pd.Series) -> pd.Series:
    grouped = centred.groupby(topic)
    return grouped.sum() / (grouped.count() + _TOPIC_PRIOR)


@dataclass(frozen=True)
class Decomposition:
    """Parts of a fall, in points of score; the four parts add up to `drop`.

    Attributes
    ----------
    drop : float
        Expected minus actual mean score.
    mix : float
        From more contacts in topics whose mood is usually worse.
    delay, delay_low, delay_high : float
        Associated with slower replies: the learnt effect of these delays against the usual ones, topics held equal; and
        the 95 % interval of that.
    within_topic : float
        Worse mood inside known topics, delay taken out.
    unexplained : float
        In contacts without a known topic, or of the expectation beyond the compared contacts.
    mix_error, within_error : float
        Standard errors of these parts.
    """

    drop: float
    mix: float
    delay: float
    delay_low: float
    delay_high: float
    within_topic: float
    unexplained: float
    mix_error: float
    within_error: float


def decompose(
    during: pd.DataFrame,
    reference: pd.DataFrame,
    *,
    expected: float,
    effects: TopicEffects,
    response: DoseResponse,
) -> Decomposition:
    """Take the fall from `expected` to the mean score of `during` apart.

    With a(k) the usual effect of topic k, and m the mean of the reference: mix = mean a over the reference minus mean a
    during; what lies below m + a(k) during is shared by delay (effect beyond what those topics usually have) and the
    rest, which is `within_topic` for known topics and `unexplained` for others (Kitagawa-Oaxaca-Blinder [1]_ with
    the reference's coefficients).

    Parameters
    ----------
    during, reference : DataFrame
        topic_id, sentiment_score, response_seconds; at least one row each.
    expected : float
        Mean score that was expected.
    effects, response
        Learnt on contacts outside of falls.

    References
    ----------
    .. [1] E. M. Kitagawa, "Components of a Difference Between Two Rates", JASA 50, 1955.
    """
    score = during["sentiment_score"].to_numpy(dtype=np.float64)
    effect_now, effect_usual = _effect(during, effects.score), _effect(reference, effects.score)
    base = float(reference["sentiment_score"].mean())
    below = base - effect_usual.mean() + effect_now - score
    known = during["topic_id"].fillna("").isin(effects.known).to_numpy(dtype=bool)
    delay, half = _delay(during, reference, effects, response)
    parts = {"mix": float(effect_usual.mean() - effect_now.mean()), "delay": delay}
    parts["within_topic"] = float(np.where(known, below, 0.0).mean()) - parts["delay"] * float(known.mean())
    drop = expected - float(score.mean())
    return Decomposition(
        drop=drop,
        unexplained=drop - sum(parts.values()),
        delay_low=delay - half,
        delay_high=delay + half,
        mix_error=_error(effect_now, effect_usual),
        within_error=_error(below[known], np.zeros(1)),
        **parts,
    )


def _effect(contacts: pd.DataFrame, effect: pd.Series) -> FloatArray:
    return np.asarray(contacts["topic_id"].fillna("").map(effect).fillna(0.0).to_numpy(dtype=np.float64))


def _delay(
    during: pd.DataFrame, reference: pd.DataFrame, effects: TopicEffects, response: DoseResponse
) -> tuple[float, float]:
    """Return what the delays took from the mood beyond what the same topics' usually do, and half its 95 % interval.

    Both are 0 where a delay is not known for half of the contacts.
    """
    known = [contacts[contacts["response_seconds"].notna()] for contacts in (during, reference)]
    if min(len(part) for part in known) == 0 or 2 * len(known[0]) < len(during) or not response.shapes:
        return 0.0, 0.0
    seconds = [part["response_seconds"].to_numpy(dtype=np.float64) for part in known]
    beyond = [
        (response.effect(waits) - _effect(part, effects.delay)).mean()
        for waits, part in zip(seconds, known, strict=True)
    ]
    return float(beyond[1] - beyond[0]), response.half_width(seconds[0], seconds[1])


def _error(now: FloatArray, usual: FloatArray) -> float:
    if len(now) < 2:
        return float("inf")
    variance = now.var(ddof=1) / len(now) + usual.var() / len(usual)
    return float(np.sqrt(variance))


def surely_positive(part: float, error: float) -> bool:
    """Say whether a part is above 0 by its 95 % interval."""
    return part > Z95 * error
