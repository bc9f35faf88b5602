from __future__ import annotations

import datetime as dt
from pathlib import Path

from analytics.inbox.topic_labels import TopicLabel, TopicLabels, forget_topic_labels

NOW = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def _label(contact_id: str, topic_id: str) -> TopicLabel:
    return TopicLabel(contact_id=contact_id, topic_id=topic_id, was="t1", made_by="lin", made_at=NOW)


def test_the_last_topic_holds_until_it_is_undone_and_all_are_forgotten_with_the_contact(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    kept = TopicLabels(url)
    for contact_id, topic_id in (("a", "t2"), ("a", "t3"), ("b", "")):
        kept.make(_label(contact_id, topic_id))
    assert kept.holding() == {"a": "t3", "b": ""}
    assert kept.holding("b") == {"b": ""}
    assert kept.undo("a", NOW) == 2
    assert kept.holding() == {"b": ""}
    kept.close()
    assert forget_topic_labels(url, ["a", "c"]) == 2
    assert forget_topic_labels(url, ["b"]) == 1
