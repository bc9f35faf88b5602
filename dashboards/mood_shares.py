"""The shares of the three moods in words, each with its interval and what it is computed from."""

from __future__ import annotations

from analytics.names import MOOD_NAMES
from dashboards.intervals import wilson
from dashboards.language import say
from dashboards.names import percent, percent_interval


def mood_share(mood: str, k: int, n: int) -> str:
    """Return one mood's share of the `n` contacts with a mood.

    Examples
    --------
    >>> mood_share("negative", 8, 10), mood_share("neutral", 0, 0)
    ('负面 8 条，占 80.0%（49.0–94.3%）', '中性 0 条')
    """
    said = say("{mood} {n:,} 条", mood=say(MOOD_NAMES[mood]), n=k)
    if not n:
        return said
    low, high = (float(edge[0]) for edge in wilson([k], [n]))
    return say(
        "{said}，占 {share}（{interval}）", said=said, share=percent(k / n), interval=percent_interval(low, high)
    )


def mood_shares(n_negative: int, n_neutral: int, n_positive: int) -> str:
    """Return the shares of all three, and that the brackets are 95 % intervals.

    Examples
    --------
    >>> mood_shares(8, 2, 0).split("；")[0]
    '负面 8 条，占 80.0%（49.0–94.3%）'
    """
    counts = {"negative": n_negative, "neutral": n_neutral, "positive": n_positive}
    total = sum(counts.values())
    return say("；").join([*(mood_share(mood, k, total) for mood, k in counts.items()), say("括号内为 95% 区间")])
