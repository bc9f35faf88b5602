"""What changed, as sentences: each says how much, how sure that is, and opens to what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dash import dcc
from dash.development.base_component import Component

from analytics.share_changes import Change
from dashboards.context import Context
from dashboards.data.mood_drivers import explained
from dashboards.data.overview import Facts
from dashboards.data.periods import Periods
from dashboards.language import say
from dashboards.names import percent, score
from dashboards.parts.cards import opens

Tone = Literal["worse", "better", "changed", "plain"]
_BAD_NEWS = 2.0
"""Bad news comes before as much of anything else."""
_JUST_BELOW = 0.99


@dataclass(frozen=True)
class Finding:
    """One sentence.

    Attributes
    ----------
    name : str
        Which; part of the ids of what it opens.
    weight : float
        How much it matters: about as many contacts as it concerns, twice that for bad news.
    tone : str
        worse, better, changed (neither good nor bad) or plain.
    mark : str
        An arrow or other sign that says the same as the tone to whoever sees no colour.
    lead, rest : str
        The sentence: what happened, and its numbers.
    how : str
        How sure that is.
    evidence : sequence of Component
        What opens the contacts behind it, or leads to the page that tells more.
    """

    name: str
    weight: float
    tone: Tone
    mark: str
    lead: str
    rest: str
    how: str
    evidence: Sequence[Component] = ()


def volume(context: Context, changed: Periods, n: int) -> Finding:
    """Return how the volume changed."""
    found = changed.volume
    more, by = found.ratio >= 1, percent(abs(found.ratio - 1))
    whole = changed.has_whole_weeks
    rest = say("共 {n:,} 条，上期 {before:,} 条", n=n, before=changed.n_before)
    return Finding(
        "volume",
        abs(1 - 1 / found.ratio) * n if found.ratio else float(changed.n_before),
        "changed",
        "↑" if more else "↓",
        say("联络量增加 {by}", by=by) if more else say("联络量减少 {by}", by=by),
        rest if whole else say("{rest}；两期的星期不同，已按星期折算", rest=rest),
        say("95% 区间 {low} 至 {high}，{p}", low=signed_percent(found.low - 1), high=signed_percent(found.high - 1),
            p=p_text(found.p_value)),
        [evidence("volume", n), to_page(context, "/operations", say("看每天"))],
    )  # fmt: skip


def mood(changed: Periods, mean: float, negative_share: float, n_negative: int, n_mood: int) -> Finding:
    """Return how the mood changed."""
    found, worse = changed.mood, changed.mood.difference < 0
    share_before = changed.n_negative_before / changed.n_mood_before if changed.n_mood_before else float("nan")
    return Finding(
        "mood",
        abs(found.difference) * n_mood * (_BAD_NEWS if worse else 1.0),
        "worse" if worse else "better",
        "↓" if worse else "↑",
        say("客户情绪变差") if worse else say("客户情绪好转"),
        say("均分 {before} → {now}，负面占比 {share_before} → {share}", before=score(changed.mean_before),
            now=score(mean), share_before=percent(share_before), share=percent(negative_share)),
        say("均分相差 {by}，95% 区间 {low} 至 {high}，{p}", by=fine_score(found.difference), low=fine_score(found.low),
            high=fine_score(found.high), p=p_text(found.p_value)),
        [evidence("mood", n_negative, say("负面 {n:,} 条", n=n_negative), mood="negative")],
    )  # fmt: skip


def driver(context: Context, facts: Facts, changed: Periods, below: float) -> Finding | None:
    """Return which topic moved the mood most, to be told right after the mood, which weighs `below`.

    None where nothing did for sure.
    """
    top = explained(facts.drivers, changed)
    if top is None:
        return None
    worse, part = changed.mood.difference < 0, float(top["contribution"])
    names = dict(zip(facts.topics["topic_id"], facts.topics["label"], strict=True))
    topic, key, n = names.get(top["key"], top["key"]), str(top["key"]), int(top["n"])
    share = part / changed.mood.difference
    rest = say("拉低均分 {part}", part=fine(abs(part))) if worse else say("拉高均分 {part}", part=fine(abs(part)))
    interval = (
        say("上期不足 2 条，没有区间")
        if math.isnan(top["low"])
        else say("95% 区间 {low} 至 {high}", low=fine_score(top["low"]), high=fine_score(top["high"]))
    )
    return Finding(
        "driver",
        below * _JUST_BELOW,
        "worse" if worse else "better",
        "↳",
        say("情绪变差主要来自「{topic}」", topic=topic) if worse else say("情绪好转主要来自「{topic}」", topic=topic),
        rest if share > 1 else say("{rest}，占全部变化的 {share}", rest=rest, share=percent(share, 0)),
        say("{interval}；其中因占比变化 {mix}，因该主题自身情绪 {within}", interval=interval,
            mix=fine_score(top["mix"]), within=fine_score(top["within"])),
        [*([evidence("driver", n, topic=key, with_="mood")] if n else []),
         to_page(context, "/topics", say("看主题"), topic=key)],
    )  # fmt: skip


def evidence(name: str, n: int, text: str = "", **narrowing: str) -> Component:
    """Return the button that opens `n` contacts behind a sentence."""
    return opens(text or say("{n:,} 条原声", n=n), f"point-n-{name}", **narrowing)


def to_page(context: Context, path: str, text: str, **view: str) -> Component:
    """Return a link to a page that tells more, filters kept."""
    return dcc.Link(f"{text} →", href=context.href(path, **view), className="more")


def named(labels: Iterable[str]) -> str:
    """Return names of topics in a row, in quotes.

    Examples
    --------
    >>> named(["退款", "发票"])
    '「退款」、「发票」'
    """
    return say("、").join(say("「{label}」", label=label) for label in labels)


def signed_percent(share: float) -> str:
    """Return a share with its sign.

    Examples
    --------
    >>> signed_percent(0.123), signed_percent(-0.05)
    ('+12.3%', '−5.0%')
    """
    return f"{share:+.1%}".replace("-", "−")


def points(share: float) -> str:
    """Return a difference of shares in percentage points, with its sign.

    Examples
    --------
    >>> points(0.0432), points(-0.0001)
    ('+4.3', '0.0')
    """
    text = f"{share * 100:+.1f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def fine(value: float) -> str:
    """Return a part of a score: two places would make most of them nothing.

    Examples
    --------
    >>> fine(0.0279), fine(0.2)
    ('0.028', '0.20')
    """
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def fine_score(value: float) -> str:
    """Return a difference of scores with its sign.

    Examples
    --------
    >>> fine_score(-0.0279), fine_score(0.15)
    ('−0.028', '+0.15')
    """
    return f"{'−' if value < 0 else '+'}{fine(abs(value))}"


def p_text(value: float, letter: str = "p") -> str:
    """Return a p or q value as it is written.

    Examples
    --------
    >>> p_text(0.0004), p_text(0.0312), p_text(0.4, "q")
    ('p < 0.001', 'p = 0.031', 'q = 0.40')
    """
    if math.isnan(value):
        return f"{letter} = –"
    text = "< 0.001" if value < 0.001 else f"= {value:.3f}" if value < 0.1 else f"= {value:.2f}"
    return f"{letter} {text}"


def difference(found: Change) -> str:
    """Return a difference of mean scores with its interval."""
    low, high = fine_score(found.low), fine_score(found.high)
    return say("{by}（{low} 至 {high}）", by=fine_score(found.difference), low=low, high=high)
