"""What `kesheng topics rename`, `merge`, `pin` and the like do: check, keep the decision, say what follows."""

from __future__ import annotations

import datetime as dt
import getpass

from analytics.errors import ConfigError
from analytics.inbox.people import Signature
from analytics.inbox.topics import MadeTopicDecision, TopicDecisions
from analytics.settings import Settings, load_settings
from analytics.text.redact import redact
from analytics.topics.checks import check_decision, clean_name, known_topic
from analytics.topics.decisions import Decided, Kind, TopicDecision
from analytics.topics.taxonomy import load_taxonomy
from jobs.topic_lookup import TopicLookup, topic_lookup

_AT_PUBLISH = "下次发布后看板上可见；立即发布：kesheng run publish"
_DAYS = "已有日子的每日数字、情绪和预警：kesheng run --stale"
_NEXT: dict[str, str] = {
    "rename": _AT_PUBLISH,
    "pin": "从下一次训练起不会被并掉、退役或改名",
    "hide": f"列表里不再出现，联络照样计数。{_AT_PUBLISH}",
    "merge": f"它的联络归到那个主题。{_AT_PUBLISH}\n{_DAYS}",
    "touchpoint": f"主题的触点：{_AT_PUBLISH}\n自己没说触点的联络：kesheng run --stale",
    "split": "下一次训练（每周，或 kesheng run retrain --day 最近一天）时分开，原主题保留编号和名称",
}
_SAID = {
    "rename": "改名为「{value}」",
    "merge": "并入 {other} {other_label}",
    "split": "分成 {value} 份",
    "pin": "固定",
    "hide": "隐藏",
    "touchpoint": "触点为「{value}」",
}


def decide(
    kind: Kind, topic: str, *, other: str | None = None, value: str | None = None, why: str = "", by: str | None = None
) -> str:
    """Keep a decision about a topic; return what was decided and what follows.

    Raises
    ------
    ConfigError
        If there is no such topic or the decision cannot be made; then nothing is kept.
    """
    settings = load_settings()
    with topic_lookup(settings) as lookup:
        decision = TopicDecision(
            kind=kind,
            topic_id=known_topic(topic, lookup.topics),
            other_topic_id=None if other is None else known_topic(other, lookup.topics),
            value=clean_name(value) if kind == "rename" and value is not None else value,
        )
        touchpoints = [each.name for each in load_taxonomy().touchpoints] if kind == "touchpoint" else ()
        check_decision(decision, lookup.topics, lookup.decided, touchpoints)
        number = keep(settings, decision, lookup, why=why, by=by)
        return "\n".join([f"决定 {number}：{_said(decision, lookup)}", _NEXT[kind], *_undo(decision, number)])


def keep(settings: Settings, decision: TopicDecision, lookup: TopicLookup, *, why: str, by: str | None) -> int:
    """Keep a decision that was checked; return its number."""
    signed = Signature(
        by=" ".join((by or getpass.getuser()).split()), at=dt.datetime.now(dt.UTC), why=redact(" ".join(why.split()))
    )
    row = lookup.topics.set_index("topic_id").loc[decision.topic_id]
    seen = {"rename": row["label"], "touchpoint": row["touchpoint"]}.get(decision.kind)
    was = None if seen is None else str(seen)
    decisions = TopicDecisions(settings.inbox_url)
    try:
        return decisions.make(decision, signed, was=was)
    finally:
        decisions.close()


def withdraw(kind: Kind, topic: str) -> str:
    """Let all decisions of a kind about a topic hold no longer; return what follows.

    Raises
    ------
    ConfigError
        If there is no such topic, or no such decision about it.
    """
    settings = load_settings()
    with topic_lookup(settings) as lookup:
        topic_id = known_topic(topic, lookup.topics)
        holds = [one for one in _holding(lookup) if one.kind == kind and one.topic_id == topic_id]
        if not holds:
            raise ConfigError(f"topics: {topic_id}: {_why_not(kind, topic_id, lookup)}; nothing was changed")
        label = lookup.topics.set_index("topic_id").loc[topic_id, "label"]
    _withdraw(settings, [one.decision_id for one in holds])
    numbers = "、".join(str(one.decision_id) for one in holds)
    return f"决定 {numbers} 已撤回：{topic_id} {label}\n{_undone(kind)}"


def withdraw_number(number: int) -> str:
    """Let one decision hold no longer; return what follows.

    Raises
    ------
    ConfigError
        If there is no such decision, it was withdrawn already, or what remains would contradict itself.
    """
    settings = load_settings()
    decisions = TopicDecisions(settings.inbox_url)
    try:
        made = {one.decision_id: one for one in decisions.all()}
    finally:
        decisions.close()
    one = made.get(number)
    if one is not None and one.withdrawn_at is not None:
        raise ConfigError(
            f"topics: decision {number} was withdrawn on {one.withdrawn_at:%Y-%m-%d}; nothing was changed"
        )
    Decided.of([other for other in made.values() if other.withdrawn_at is None and other is not one])
    _withdraw(settings, [number])
    return f"决定 {number} 已撤回：{made[number].topic_id}\n{_undone(made[number].kind)}"


def _withdraw(settings: Settings, numbers: list[int]) -> None:
    decisions, now = TopicDecisions(settings.inbox_url), dt.datetime.now(dt.UTC)
    try:
        for number in numbers:
            decisions.withdraw(number, now)
    finally:
        decisions.close()


def _holding(lookup: TopicLookup) -> list[MadeTopicDecision]:
    return [one for one in lookup.made if one.withdrawn_at is None]


def _undone(kind: str) -> str:
    if kind == "merge":
        return f"每个联络回到原来的主题。{_AT_PUBLISH}\n{_DAYS}"
    return {"pin": "下一次训练起它与别的主题一样", "split": "下一次训练不再分开它"}.get(kind, _NEXT[kind])


def _why_not(kind: str, topic_id: str, lookup: TopicLookup) -> str:
    if kind != "merge":
        return f"nobody decided that ({kind}); kesheng topics history {topic_id} lists what was decided"
    row = lookup.topics.set_index("topic_id").loc[topic_id]
    if row["state"] == "merged":
        return f"a refit, not a person, made it part of {row['merged_into']}; split {row['merged_into']} to part them"
    return "it is part of no other topic"


def _said(decision: TopicDecision, lookup: TopicLookup) -> str:
    labels = lookup.topics.set_index("topic_id")["label"]
    other = decision.other_topic_id
    what = _SAID[decision.kind].format(
        value=decision.value, other=other, other_label=labels.get(other, "") if other is not None else ""
    )
    return f"{decision.topic_id} {labels[decision.topic_id]} {what}"


def _undo(decision: TopicDecision, number: int) -> list[str]:
    undone = {"merge": "unmerge", "pin": "unpin", "hide": "unhide"}.get(decision.kind)
    return [f"撤回：kesheng topics {f'{undone} {decision.topic_id}' if undone else f'withdraw {number}'}"]
