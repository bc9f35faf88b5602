"""Whether a decision about a topic can be made, and if not, what is wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

import pandas as pd

from analytics.errors import ConfigError
from analytics.topics.decisions import Decided, TopicDecision

MAX_NAME = 20
"""Longest name of a topic in characters; names that are found have at most 11, and charts have room for about 20."""
MAX_PARTS = 5
_NEAR, _N_NEAR = 0.5, 3


def known_topic(topic_id: str, topics: pd.DataFrame) -> str:
    """Return the id as it is written in the table: an id in any case, or the name of one topic.

    Raises
    ------
    ConfigError
        If there is no such topic; the message names near ones.

    Examples
    --------
    >>> topics = pd.DataFrame({"topic_id": ["t001", "t002"], "label": ["催发货", "退款进度"]})
    >>> known_topic("T002", topics), known_topic("催发货", topics)
    ('t002', 't001')
    """
    asked = topic_id.strip()
    ids = topics["topic_id"].astype(str).tolist()
    if asked.lower() in ids:
        return asked.lower()
    named = topics.loc[topics["label"] == asked, "topic_id"].tolist()
    if len(named) == 1:
        return str(named[0])
    labels = dict(zip(ids, topics["label"].astype(str), strict=True))
    names = {option: topic for topic, label in labels.items() for option in (topic, label)}
    near = list(dict.fromkeys(names[n] for n in difflib.get_close_matches(asked.lower(), names, _N_NEAR, _NEAR)))
    said = "，".join(f"{topic} {labels[topic]}" for topic in near)
    raise ConfigError(
        f"topics: expected a topic_id, got {asked!r}; "
        + (f"near it: {said}; " if near else "")
        + "kesheng topics list --all shows every one; nothing was changed"
    )


def check_decision(
    decision: TopicDecision, topics: pd.DataFrame, decided: Decided, touchpoints: Collection[str] = ()
) -> None:
    """Raise `ConfigError` if the decision cannot be made; the message ends with what to do.

    Parameters
    ----------
    decision : TopicDecision
        About topics that are in the table (`known_topic`).
    topics : DataFrame
        topic_id, label, state: the topics as people see them.
    decided : Decided
        What holds so far.
    touchpoints : collection of str
        Those of the taxonomy; needed for a touchpoint.
    """
    topic, whole = decision.topic_id, decided.merged.get(decision.topic_id)
    if whole is not None:
        raise _no(f"{topic} is part of {whole}; kesheng topics unmerge {topic} makes it a topic of its own again")
    if decision.kind == "rename":
        _check_name(topic, decision.value or "", _visible_labels(topics))
    elif decision.kind == "merge":
        _check_merge(decision, decided)
    elif decision.kind == "touchpoint" and decision.value not in touchpoints:
        near = difflib.get_close_matches(decision.value or "", list(touchpoints), _N_NEAR, 0.3)
        raise _no(
            f"expected one of {len(touchpoints)} touchpoints, got {decision.value!r}; {_or_all(near, touchpoints)}"
        )
    elif decision.kind == "split" and not 2 <= int(decision.value or 0) <= MAX_PARTS:
        raise _no(f"expected 2 to {MAX_PARTS} parts, got {decision.value}; split a part again later")
    elif decision.kind in ("pin", "hide") and topic in (decided.pinned if decision.kind == "pin" else decided.hidden):
        raise _no(f"{topic} is {'pinned' if decision.kind == 'pin' else 'hidden'} already")


def clean_name(name: str) -> str:
    """Return a name without spaces around it and with single ones in it."""
    return " ".join(name.split())


def _check_name(topic: str, name: str, labels: Mapping[str, str]) -> None:
    if not name or len(name) > MAX_NAME:
        what = "make it shorter" if name else "say what customers come for"
        raise _no(f"expected a name of 1 to {MAX_NAME} characters, got {len(name)}; {what}")
    owner = next((other for other, label in labels.items() if label == name and other != topic), None)
    if owner is not None:
        raise _no(f"{name!r} is the name of {owner}; choose another, or kesheng topics merge {topic} {owner}")
    if labels.get(topic) == name:
        raise _no(f"{topic} has the name {name!r} already")


def _check_merge(decision: TopicDecision, decided: Decided) -> None:
    topic, into = decision.topic_id, str(decision.other_topic_id)
    whole = decided.merged.get(into, into)
    if topic == whole:
        said = f"{into} is part of {topic}; withdraw that first: kesheng topics unmerge {into}" if into != topic else ""
        raise _no(said or f"{topic} cannot become part of itself; name two topics")
    if topic in decided.pinned:
        raise _no(f"{topic} is pinned and stays; kesheng topics unpin {topic}, or merge the other way round")


def _visible_labels(topics: pd.DataFrame) -> dict[str, str]:
    shown = topics[topics["state"] != "merged"]
    return dict(zip(shown["topic_id"].astype(str), shown["label"].astype(str), strict=True))


def _or_all(near: Collection[str], every: Collection[str]) -> str:
    return f"near it: {'，'.join(near)}" if near else f"they are {'，'.join(every)}"


def _no(said: str) -> ConfigError:
    return ConfigError(f"topics: {said}; nothing was changed")
