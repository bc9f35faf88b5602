"""Whole collections from a real server: every way of paging, with faults, crashes and changes on the way."""

import json
import random
from collections import Counter
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError, StageError
from analytics.source_settings import HttpSettings
from jobs.sources.http import fetch_http
from jobs.sources.http import progress as progress_module

PAGINGS = {
    "cursor": {"paging": "cursor", "cursor_path": "next"},
    "page": {"paging": "page"},
    "page and more": {"paging": "page", "more_path": "more"},
    "link": {"paging": "link"},
}
SINCE = {"since_path": "at", "since_param": "since"}
FAULTS = ["ok", "503", "500", "429", "cut", "html", "other", "drop", "repeat"]


def ticket(number: int, *, at: int | None = None, version: int = 1) -> dict[str, Any]:
    moment = number if at is None else at
    return {"id": number, "at": f"2026-03-01T{moment // 60:02d}:{moment % 60:02d}:00+08:00", "version": version}


class Store:
    """What landing does: a piece and its cursor in one step."""

    def __init__(self, interface: Any, **values: Any) -> None:
        self.client = interface.client
        self.settings = HttpSettings(url=interface.url, records="data.items", key="id", **values)
        self.cursor: dict[str, Any] | None = None
        self.waits: list[float] = []

    def collect(self, *, pieces: int | None = None) -> list[tuple[int, int]]:
        """Return the records of the new pieces, of the first few only if so many are wanted: a crash behind them."""
        got: list[tuple[int, int]] = []
        fetched = fetch_http(self.settings, self.cursor, client=self.client, sleep=self.waits.append, environ={})
        with closing(fetched):  # type: ignore[type-var]
            for number, piece in enumerate(fetched, start=1):
                self.cursor = json.loads(json.dumps(piece.cursor))
                records = map(json.loads, piece.data.splitlines())
                got += [(record["id"], record["version"]) for record in records]
                if number == pieces:
                    break
        return got


@pytest.mark.parametrize("paging", PAGINGS)
def test_all_records_of_all_pages_come_once(interface: Any, paging: str) -> None:
    interface.records = [ticket(number) for number in range(37)]
    store = Store(interface, **PAGINGS[paging])
    assert store.collect() == [(number, 1) for number in range(37)]
    assert store.cursor is not None and store.cursor["n_pieces"] == 1


def test_without_paging_the_one_page_is_all(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(7)]
    assert len(Store(interface).collect()) == 7
    assert len(interface.requests) == 1


def test_a_piece_holds_whole_pages_and_the_last_says_that_the_run_is_done(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(45)]
    store = Store(interface, batch_records=24, **PAGINGS["cursor"])
    pieces = list(fetch_http(store.settings, None, environ={}))
    assert [piece.data.count(b"\n") for piece in pieces] == [20, 20, 5]
    assert [piece.cursor["position"] for piece in pieces] == [{"cursor": "20"}, {"cursor": "40"}, None]
    assert [piece.name for piece in pieces] == ["000001.jsonl", "000002.jsonl", "000003.jsonl"]


@pytest.mark.parametrize("paging", PAGINGS)
def test_the_next_collection_asks_only_for_what_is_new_and_ties_come_once(interface: Any, paging: str) -> None:
    interface.records = [ticket(number, at=min(number, 14)) for number in range(28)]
    store = Store(interface, batch_records=10, **SINCE, **PAGINGS[paging])
    assert len(store.collect()) == 28
    interface.requests.clear()
    assert store.collect() == []
    assert {request["since"] for request in interface.requests} == {ticket(14)["at"]}
    interface.records.insert(0, ticket(99, at=14))
    interface.records[5] = ticket(4, at=14, version=2)
    interface.records.append(ticket(100, at=15))
    assert sorted(store.collect()) == [(4, 2), (99, 1), (100, 1)]
    assert store.collect() == []


def test_a_record_changed_again_within_the_same_time_comes_again(interface: Any) -> None:
    interface.records = [ticket(1), ticket(2)]
    store = Store(interface, **SINCE)
    store.collect()
    interface.records[1] = ticket(2, version=2)
    assert store.collect() == [(2, 2)]


@pytest.mark.parametrize("paging", PAGINGS)
@pytest.mark.parametrize("seed", range(6))
def test_an_interface_that_fails_throttles_and_repeats_pages_loses_and_repeats_nothing(
    interface: Any, paging: str, seed: int
) -> None:
    interface.records = [ticket(number) for number in range(120)]
    store = Store(interface, batch_records=30, attempts=30, **SINCE, **PAGINGS[paging])
    got: list[tuple[int, int]] = []
    chance = random.Random(seed)
    for _ in range(20):
        # A page that is repeated twice running cannot be told from one whose records moved on: never two in a row.
        faults = [chance.choice(FAULTS) for _ in range(40)]
        interface.faults = [fault for pair in zip(faults, ["ok"] * 40, strict=True) for fault in pair]
        got += store.collect(pieces=chance.randint(1, 3))
    assert Counter(got) == Counter((number, 1) for number in range(120))


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("paging", PAGINGS)
def test_wherever_it_crashes_and_whatever_is_added_every_version_comes_once(
    interface: Any, paging: str, data: st.DataObject
) -> None:
    interface.faults, interface.records = [], [ticket(number) for number in range(data.draw(st.integers(0, 40)))]
    store, got = Store(interface, batch_records=12, **SINCE, **PAGINGS[paging]), []
    at = 60
    for _ in range(4):
        got += store.collect(pieces=data.draw(st.integers(1, 3)))
        for number in data.draw(st.lists(st.integers(0, 60), max_size=15)):
            at += 1
            kept = [record for record in interface.records if record["id"] != number]
            # Only new ones, as an interface that moves a record while we page may hide the one behind it.
            if len(kept) == len(interface.records):
                interface.records = [*kept, ticket(number, at=at)]
    got += store.collect() + store.collect()
    assert Counter(got) == Counter((record["id"], 1) for record in interface.records)


def test_by_number_records_put_in_front_or_removed_while_we_were_down_neither_repeat_nor_hide_others(
    interface: Any,
) -> None:
    interface.records = [ticket(number) for number in range(60)]
    store = Store(interface, batch_records=20, **PAGINGS["page"])
    got = store.collect(pieces=1)
    interface.records = [ticket(-1), ticket(-2), *interface.records]
    got += store.collect(pieces=1)
    interface.records = interface.records[9:]
    got += store.collect()
    assert Counter(got) == Counter((number, 1) for number in range(60))


def test_a_broken_run_with_nothing_left_is_followed_by_one_that_asks_for_what_is_new(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(30)]
    store = Store(interface, batch_records=10, **SINCE, **PAGINGS["page"])
    store.collect(pieces=2)
    interface.records = [*interface.records[:20], ticket(70)]
    del interface.records[:15]
    assert store.collect() == [(70, 1)]
    assert store.collect() == []


def test_a_cursor_that_expired_starts_the_run_anew_without_a_gap(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(40)]
    store = Store(interface, batch_records=10, **SINCE, **PAGINGS["cursor"])
    got = store.collect(pieces=2)
    interface.expired = {"20"}
    with pytest.raises(ConfigError, match="HTTP 410"):
        store.collect()
    interface.expired = set()
    interface.records = [ticket(number) for number in range(40)]
    stale = {**(store.cursor or {}), "position": {"cursor": "gone"}}
    interface.expired, store.cursor = {"gone"}, stale
    got += store.collect()
    assert Counter(got) == Counter((number, 1) for number in range(40))


def test_more_ties_than_are_remembered_come_again_but_none_is_lost(
    interface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "MAX_REMEMBERED", 5)
    interface.records = [ticket(number, at=7) for number in range(12)]
    store = Store(interface, **SINCE, **PAGINGS["cursor"])
    assert len(store.collect()) == 12
    interface.records.append(ticket(50, at=7))
    again = store.collect()
    assert (50, 1) in again and len(again) == len(set(again)) == 8


@pytest.mark.parametrize(
    ("paging", "wrong"),
    [
        ("cursor", {"cursor_param": "after"}),
        ("page", {"page_param": "p"}),
    ],
)
def test_pages_that_lead_in_a_circle_end_with_an_error(interface: Any, paging: str, wrong: dict[str, str]) -> None:
    interface.records = [ticket(number) for number in range(40)]
    with pytest.raises(ConfigError, match="the same pages again and again"):
        Store(interface, **{**PAGINGS[paging], **wrong}).collect()
    assert len(interface.requests) < 12


def test_an_empty_page_with_the_cursor_it_was_asked_for_is_the_end(
    interface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface.records = [ticket(number) for number in range(10)]
    monkeypatch.setattr(
        interface,
        "_page",
        lambda path, query: (
            json.dumps({"data": {"items": [] if "cursor" in query else interface.records}, "next": "10"}).encode(),
            {},
        ),
    )
    assert len(Store(interface, **PAGINGS["cursor"]).collect()) == 10


@pytest.mark.parametrize("role", ["key", "since_path"])
def test_a_misspelt_path_of_a_record_is_said(interface: Any, role: str) -> None:
    interface.records = [ticket(1)]
    values = {"key": "id", **SINCE, role: "no.such"}
    settings_ = HttpSettings(url=interface.url, records="data.items", **values)
    with pytest.raises(ConfigError, match=rf"no record of a page has 'no\.such' \(http\.{role}\).* at, id, version"):
        list(fetch_http(settings_, None, environ={}))


def test_the_same_state_and_cursor_give_the_same_bytes(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(40)]
    store = Store(interface, batch_records=15, **PAGINGS["link"])
    once, again = (list(fetch_http(store.settings, None, environ={})) for _ in range(2))
    assert once == again


def test_an_interface_that_is_down_fails_with_what_landed_kept(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(40)]
    store = Store(interface, batch_records=10, attempts=3, **SINCE, **PAGINGS["cursor"])
    interface.faults = ["ok", "ok", "ok", "503", "503", "503"]
    got = []
    with pytest.raises(StageError, match=r"HTTP 503 \(after 3 tries\); what has landed stays"):
        for piece in fetch_http(store.settings, None, sleep=store.waits.append, environ={}):
            store.cursor = piece.cursor
            got += [json.loads(line)["id"] for line in piece.data.splitlines()]
    got += [number for number, _ in store.collect()]
    assert got == list(range(40))


def test_one_collection_after_settings_of_another_interface_starts_anew(interface: Any) -> None:
    interface.records = [ticket(number) for number in range(5)]
    store = Store(interface, **SINCE)
    store.collect()
    store.settings = store.settings.model_copy(update={"url": store.settings.url + "?of=all"})
    assert len(store.collect()) == 5
