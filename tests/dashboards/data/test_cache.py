"""The cache: one computation for many, never over limits or publications, never more than its bound, nothing shared."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.access.limits import Limits
from dashboards.data.cache import CachedReader


class _Warehouse:
    """Answers every statement with its number, and counts how often it was asked."""

    path = Path("voc.duckdb")
    exists = True

    def __init__(self) -> None:
        self.version = "1"
        self.asked: list[str] = []
        self.go = threading.Event()
        self.go.set()

    def query(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None, *, limits: Limits
    ) -> pd.DataFrame:
        self.asked.append(sql)
        self.go.wait(10)
        if sql == "wrong":
            raise ValueError("no such table")
        return pd.DataFrame({"n": [len(self.asked)], "ids": [np.array(["a", "b"], dtype=object)], "text": ["x" * 1000]})


def test_the_same_question_is_asked_once_for_each_publication_and_set_of_limits() -> None:
    warehouse = _Warehouse()
    reader = CachedReader(warehouse)
    assert reader.query("q", {"a": 1})["n"][0] == reader.query("q", {"a": 1})["n"][0] == 1
    others = [
        reader.query("q", {"a": 1}, limits=Limits(channels=("app",))),
        reader.query("q", {"a": 1}, limits=Limits(products=("app",))),
        reader.query("q", {"a": "1"}),
        reader.query("q", {"a": True}),
        reader.query("q", {"a": [1, 2]}),
        reader.query("q", {"a": [2, 1]}),
        reader.query("q"),
    ]
    assert [frame["n"][0] for frame in others] == [2, 3, 4, 5, 6, 7, 8]
    warehouse.version = "2"
    assert reader.query("q", {"a": 1})["n"][0] == 9
    assert reader.n_bytes < 4000, "what the older publication said is gone"


def test_nobody_changes_what_another_gets() -> None:
    reader = CachedReader(_Warehouse())
    mine = reader.query("q")
    mine.loc[0, "text"] = "changed"
    mine["more"] = 1
    with pytest.raises(ValueError, match="read-only"):
        mine["ids"][0][0] = "changed"
    assert list(reader.query("q").columns) == ["n", "ids", "text"]
    assert reader.query("q")["text"][0] == "x" * 1000


def test_twenty_who_ask_at_once_wait_for_one_answer() -> None:
    warehouse = _Warehouse()
    reader = CachedReader(warehouse)
    warehouse.go.clear()
    with ThreadPoolExecutor(20) as pool:
        found = [pool.submit(reader.query, "q") for _ in range(20)]
        warehouse.go.set()
        frames = [each.result(10) for each in found]
    assert warehouse.asked == ["q"]
    assert len({id(frame) for frame in frames}) == 20


def test_an_error_goes_to_all_who_wait_and_is_not_kept() -> None:
    warehouse = _Warehouse()
    reader = CachedReader(warehouse)
    for _ in range(2):
        with pytest.raises(ValueError, match="no such table"):
            reader.query("wrong")
    assert len(warehouse.asked) == 2


def test_it_keeps_no_more_than_its_bound_and_the_lately_asked() -> None:
    warehouse = _Warehouse()
    reader = CachedReader(warehouse, max_bytes=20_000)
    for number in range(40):
        reader.query("often")
        reader.query(f"q{number}")
        assert reader.n_bytes <= 20_000
    assert warehouse.asked.count("often") == 1
    assert reader.n_bytes > 10_000
    small = CachedReader(warehouse, max_bytes=4_000)
    small.query("often")
    assert small.n_bytes == 0, "one frame does not drive out all others"
