from __future__ import annotations

from dashboards.data import contacts
from dashboards.data.source import Source, extent
from dashboards.filters import Filters
from dashboards.selection import Selection


def test_pages_list_every_contact_once_in_order(source: Source) -> None:
    selection = Selection(extent(source).default, {"topic": "t03"})
    n = contacts.count(source, selection)
    order = ("started", "desc")
    pages = [contacts.page(source, selection, start=i, stop=i + 50, order=order) for i in range(0, n, 50)]
    ids = [name for page in pages for name in page["contact_id"]]
    assert len(ids) == len(set(ids)) == n
    started = [at for page in pages for at in page["started"]]
    assert started == sorted(started, reverse=True)
    assert all(text for page in pages for text in page["text"])


def test_the_worst_mood_can_come_first(source: Source) -> None:
    frame = contacts.page(source, Selection(Filters()), start=0, stop=200, order=("mood", "asc"))
    assert frame["sentiment_score"].is_monotonic_increasing


def test_times_are_shown_in_the_zone(source: Source) -> None:
    shown = contacts.contact(source, "c00000").iloc[0]
    assert shown["started_at"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d %H:%M") == shown["started"]


def test_a_conversation_is_whole_and_in_order(source: Source) -> None:
    frame = contacts.turns(source, "c00007")
    assert list(frame["turn"]) == [0, 1, 2, 3]
    assert list(frame["speaker"]) == ["customer", "agent", "customer", "agent"]
    assert contacts.contact(source, "no such").empty


def test_examples_are_distinct_and_the_same_each_time(source: Source) -> None:
    selection = Selection(Filters(), {"topic": "t07"})
    first = contacts.examples(source, selection, n=3)
    assert len(set(first["text"])) == 3
    assert first.equals(contacts.examples(source, selection, n=3))
    assert first["contact_id"].is_unique
    assert first["sentiment_label"].iloc[0] == "positive"


def test_examples_speak_of_what_was_asked(source: Source) -> None:
    found = contacts.examples(source, Selection(Filters()), n=1, about=["退款"])
    assert all("退款" in text for text in found["text"])
