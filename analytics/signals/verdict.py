"""One Chinese sentence on a fall of mood: what it goes along with, how much of it, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.signals.decomposition import Decomposition, TopicEffects, surely_positive

_MIN_SHARE = 0.3
_MIN_CONTACTS = 8


@dataclass(frozen=True)
class TopicShift:
    """The topic whose growth or worse mood weighs most, with its shares of contacts during and usually (0 to 1)."""

    topic_id: str
    share: float
    usual_share: float


def grown_topic(during: pd.DataFrame, reference: pd.DataFrame, effects: TopicEffects) -> TopicShift | None:
    """Return the topic of usually worse mood whose growth brought the mean down most; None where there is none."""
    now, usual = (table["topic_id"].fillna("").value_counts(normalize=True) for table in (during, reference))
    shift = now.sub(usual, fill_value=0.0)
    weight = -(shift * effects.score.reindex(shift.index).fillna(0.0))[shift > 0]
    weight = weight[weight.index.isin(effects.known)]
    if weight.empty or weight.max() <= 0:
        return None
    name = str(weight.idxmax())
    return TopicShift(name, float(now.get(name, 0.0)), float(usual.get(name, 0.0)))


@dataclass(frozen=True)
class DipFacts:
    """What the sentence is made of; `repeated_days` is on how many days the same hours fell, 1 = once."""

    parts: Decomposition
    n: int
    response_seconds: float
    usual_response_seconds: float
    grown: TopicShift | None
    repeated_days: int = 1


def verdict(facts: DipFacts, labels: Mapping[str, str]) -> str:
    """Return the sentence; it says 与…相关, because an observed fall shows what goes along with it, not its cause.

    Parameters
    ----------
    facts : DipFacts
        The parts and the numbers to quote.
    labels : mapping of str to str
        topic_id to readable name; a topic without one is quoted by its id.

    Examples
    --------
    >>> parts = Decomposition(0.5, 0.02, 0.36, 0.25, 0.47, 0.1, 0.02, 0.05, 0.08)
    >>> print(verdict(DipFacts(parts, 32, 336.0, 48.0, None), {}))
    与回复变慢相关：回复 5.6 分钟（平时 0.8 分钟），约占下降的 72%（95% 区间 50%–94%）
    """
    prefix = f"{facts.repeated_days} 天的同一时段都出现；" if facts.repeated_days > 1 else ""
    found = [sentence for sentence in (_delay(facts), _mix(facts, labels), _within(facts)) if sentence]
    if facts.n < _MIN_CONTACTS and not found:
        return f"{prefix}不确定：样本少（{facts.n} 条）"
    if not found:
        return f"{prefix}不确定：{facts.n} 条里看不出与回复变慢或问题构成变化的明显关系"
    few = f"（样本少，仅 {facts.n} 条）" if facts.n < _MIN_CONTACTS else ""
    return prefix + "；".join(found) + few


def _delay(facts: DipFacts) -> str | None:
    parts = facts.parts
    if not (parts.drop > 0 and parts.delay >= _MIN_SHARE * parts.drop and parts.delay_low > 0):
        return None
    low, high = (_percent(value, parts.drop) for value in (parts.delay_low, parts.delay_high))
    return (
        f"与回复变慢相关：回复 {_minutes(facts.response_seconds)}（平时 {_minutes(facts.usual_response_seconds)}），"
        f"约占下降的 {_percent(parts.delay, parts.drop)}（95% 区间 {low}–{high}）"
    )


def _mix(facts: DipFacts, labels: Mapping[str, str]) -> str | None:
    parts, grown = facts.parts, facts.grown
    large = parts.drop > 0 and parts.mix >= _MIN_SHARE * parts.drop and surely_positive(parts.mix, parts.mix_error)
    if not large or grown is None:
        return None
    name = labels.get(grown.topic_id, grown.topic_id)
    return (
        f"与「{name}」类问题增多相关：占 {grown.share:.0%}（平时 {grown.usual_share:.0%}），"
        f"问题构成变化约占下降的 {_percent(parts.mix, parts.drop)}"
    )


def _within(facts: DipFacts) -> str | None:
    parts = facts.parts
    large = parts.drop > 0 and parts.within_topic >= _MIN_SHARE * parts.drop
    if not large or not surely_positive(parts.within_topic, parts.within_error):
        return None
    return f"与同类问题里情绪变差相关（回复变慢之外），约占下降的 {_percent(parts.within_topic, parts.drop)}"


def _percent(part: float, whole: float) -> str:
    return f"{min(max(part / whole, 0.0), 1.0):.0%}"


def _minutes(seconds: float) -> str:
    return "未知" if seconds != seconds else f"{seconds / 60:.1f} 分钟"
