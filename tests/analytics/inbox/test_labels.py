import datetime as dt
from dataclasses import replace

import pytest

from analytics.errors import ConfigError
from analytics.inbox.labels import MoodLabel, MoodLabels, forget_labels

NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
WRONG = MoodLabel(
    contact_id="chats-1", turn=2, label="negative", was_label="neutral", was_score=-0.1, made_by="wang", made_at=NOW
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'inbox.db'}"


def test_the_newest_label_of_a_place_holds(url):
    kept = MoodLabels(url)
    whole = replace(WRONG, turn=None, label="positive")
    for label in (WRONG, whole, replace(WRONG, label="neutral", made_at=NOW + dt.timedelta(hours=1))):
        kept.make(label)
    kept.close()
    again = MoodLabels(url)
    assert [(label.turn, label.label) for label in again.holding("chats-1")] == [(2, "neutral"), (None, "positive")]
    assert again.holding()[1] == whole
    assert again.holding("chats-2") == []
    again.close()


def test_undone_is_as_if_never_labelled_and_touches_no_other_place(url):
    kept = MoodLabels(url)
    for label in (WRONG, replace(WRONG, label="positive"), replace(WRONG, turn=None)):
        kept.make(label)
    assert kept.undo("chats-1", 2, NOW) == 2
    assert [label.turn for label in kept.holding()] == [None]
    assert kept.undo("chats-1", 2, NOW) == 0
    kept.make(WRONG)
    assert [label.turn for label in kept.holding()] == [None, 2]
    kept.close()


def test_another_label_is_refused(url):
    kept = MoodLabels(url)
    with pytest.raises(ConfigError, match="negative, neutral, positive"):
        kept.make(replace(WRONG, label="angry"))
    assert kept.holding() == []
    kept.close()


def test_forgetting_takes_the_undone_ones_too(url):
    kept = MoodLabels(url)
    for label in (WRONG, replace(WRONG, contact_id="chats-2")):
        kept.make(label)
    kept.undo("chats-1", 2, NOW)
    assert forget_labels(url, ["chats-1", "nobody"]) == 1
    assert [label.contact_id for label in kept.holding()] == ["chats-2"]
    kept.close()
