from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import flask
import pytest

from analytics.inbox import Inbox
from analytics.inbox.labels import MoodLabels
from dashboards.access.viewer import Viewer
from dashboards.correcting import corrected, corrected_topic
from dashboards.data.labels import WHOLE
from dashboards.pages import PAGES
from dashboards.parts import voices
from dashboards.site import Site

ITEMS = [{"label": label} for label in ("negative", "neutral", "positive", "undo")]


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'inbox.db'}"
    Inbox(found).close()
    return found


def _site(warehouse: Path, url: str) -> Site:
    return Site(warehouse, url, "Asia/Shanghai", PAGES)


def _written(parts: Any) -> str:
    return json.dumps(parts, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def _kept(url: str) -> list[tuple[int | None, str]]:
    labels = MoodLabels(url)
    found = [(label.turn, label.label) for label in labels.holding()]
    labels.close()
    return found


def test_a_correction_is_kept_shown_and_undone(warehouse: Path, url: str) -> None:
    site = _site(warehouse, url)
    shown, disabled = corrected(site, "c00001", 2, "negative", ITEMS)
    assert "已更正为负面，下次训练时采用" in _written(shown)
    assert "mood-negative" in _written(shown)
    assert disabled == [False, False, False, False]
    corrected(site, "c00001", WHOLE, "positive", ITEMS)
    assert _kept(url) == [(2, "negative"), (None, "positive")]
    again = _written(voices.conversation(site.source, "c00001", site.labels.of("c00001")))
    assert again.count("下次训练时采用") == 2
    shown, disabled = corrected(site, "c00001", 2, "undo", ITEMS)
    assert "已更正" not in _written(shown)
    assert disabled[-1] is True
    assert _kept(url) == [(None, "positive")]


def test_what_the_model_said_is_kept_beside_it(warehouse: Path, url: str) -> None:
    site = _site(warehouse, url)
    corrected(site, "c00001", 2, "negative", ITEMS)
    published = site.source.rows("SELECT * FROM utterance WHERE contact_id = 'c00001' AND turn = 2").iloc[0]
    labels = MoodLabels(url)
    (made,) = labels.holding("c00001")
    labels.close()
    assert (made.was_label, made.was_score) == (published["sentiment_label"], published["sentiment_score"])


@pytest.mark.parametrize(
    ("contact_id", "turn", "label"),
    [("nobody", 2, "negative"), ("c00001", 1, "negative"), ("c00001", 9, "negative"), ("c00001", 2, "angry")],
)
def test_what_is_not_there_is_not_kept(warehouse: Path, url: str, contact_id: str, turn: int, label: str) -> None:
    shown, _ = corrected(_site(warehouse, url), contact_id, turn, label, ITEMS)
    assert "没有保存" in _written(shown)
    assert _kept(url) == []


def test_without_an_inbox_it_says_so_and_makes_none(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "no" / "inbox.db"
    site = _site(warehouse, f"sqlite:///{file}")
    for label in ("negative", "undo"):
        shown, _ = corrected(site, "c00001", 2, label, ITEMS)
        assert "kesheng run" in _written(shown)
    assert not file.exists()
    assert site.labels.of("c00001") == {}


def test_only_what_customers_say_can_be_corrected(warehouse: Path, url: str) -> None:
    site = _site(warehouse, url)
    written = _written(voices.conversation(site.source, "c00001", {}))
    assert written.count("更正这句话的情绪") == 2
    assert written.count("更正整条联络的情绪") == 1


def test_a_topic_is_corrected_to_another_to_none_and_back(warehouse: Path, url: str) -> None:
    site = _site(warehouse, url)
    assert "已更正为「退款未到账」，下次运行时采用" in _written(corrected_topic(site, "c00001", "t02"))
    assert site.topic_labels.of("c00001") == "t02"
    again = _written(voices.conversation(site.source, "c00001", {}, site.topic_labels.of("c00001")))
    assert "已更正为「退款未到账」" in again
    assert "已更正为「其他」" in _written(corrected_topic(site, "c00001", "-"))
    assert corrected_topic(site, "c00001", None) == []
    assert site.topic_labels.of("c00001") is None
    for contact, topic in (("nobody", "t02"), ("c00001", "no such"), ("nobody", None)):
        assert "没有保存" in _written(corrected_topic(site, contact, topic))


def test_who_may_not_decide_sees_no_controls_and_is_refused(warehouse: Path, url: str) -> None:
    site = _site(warehouse, url)
    with flask.Flask("test").test_request_context():
        flask.g.viewer = Viewer(name="guest", may_decide=False)
        assert "不能更正" in _written(corrected(site, "c00001", 2, "negative", ITEMS)[0])
        assert "不能更正" in _written(corrected_topic(site, "c00001", "t02"))
        written = _written(voices.conversation(site.source, "c00001", {}))
        assert "更正这句话的情绪" not in written
        assert "correct-topic" not in written
        flask.g.viewer = Viewer(name="lin")
        corrected(site, "c00001", 2, "negative", ITEMS)
        corrected_topic(site, "c00001", "t02")
    assert _kept(url) == [(2, "negative")]
    labels = MoodLabels(url)
    assert [label.made_by for label in labels.holding()] == ["lin"]
    labels.close()
