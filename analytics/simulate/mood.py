"""How a contact's mood comes about: its topic, how long the customer waits, and chance.

The log-odds of a negative mood rise by `NEGATIVE_PER_MINUTE` for each minute of waiting for a reply; those of a
positive mood among the rest fall by `POSITIVE_PER_MINUTE`. This holds on every day and channel, so that it can be
estimated from ordinary days and explain an extraordinary hour. The numbers are ours, chosen to be visible.
"""

from __future__ import annotations

from math import exp, log

NEGATIVE_PER_MINUTE = 0.45
POSITIVE_PER_MINUTE = 0.30
TYPICAL_WAIT_MINUTES = 0.75
PERSON_NOISE = 0.4


def mood_shares(negative: float, positive: float, wait_minutes: float, temper: float = 0.0) -> tuple[float, float]:
    """Return the chances of a negative and of a positive mood.

    Parameters
    ----------
    negative, positive : float
        The topic's shares at a typical wait, 0 to 1; their sum at most 1.
    wait_minutes : float
        Typical wait for a reply in this contact, minutes.
    temper : float, default 0
        Added to the log-odds of a negative mood: how irritable the person is.

    Returns
    -------
    tuple of float
        Chance of negative and of positive; the rest is neutral.

    Examples
    --------
    >>> [round(share, 3) for share in mood_shares(0.3, 0.2, 0.75)]
    [0.3, 0.2]
    >>> [round(share, 2) for share in mood_shares(0.3, 0.2, 5.5)]
    [0.78, 0.02]
    """
    late = wait_minutes - TYPICAL_WAIT_MINUTES
    bad = _shift(negative, NEGATIVE_PER_MINUTE * late + temper)
    rest = 1.0 - negative
    good = _shift(positive / rest if rest > 0 else 0.0, -POSITIVE_PER_MINUTE * late)
    return bad, (1.0 - bad) * good


def _shift(share: float, log_odds: float) -> float:
    if share <= 0.0 or share >= 1.0:
        return share
    return 1.0 / (1.0 + exp(-(log(share / (1.0 - share)) + log_odds)))


def draw_mood(shares: tuple[float, float], u: float) -> str:
    """Return the mood at `u` in [0, 1): the same `u` under longer waits is never a better mood."""
    negative, positive = shares
    if u < negative:
        return "negative"
    return "positive" if u >= 1.0 - positive else "neutral"
