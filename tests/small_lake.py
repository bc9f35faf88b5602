"""A lake of a few made-up rows, for the tests of publish, alert and notify; loaded by path (no packages in tests)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.schema import TABLES

DAY = dt.date(2026, 9, 20)


def at(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    """Return a moment of Shanghai's clock in UTC."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=dt.UTC) - dt.timedelta(hours=8)


def write(lake: Path, table: str, rows: Sequence[dict[str, Any]], *, drop: Sequence[str] = ()) -> None:
    """Write rows as the jobs do: a folder a day without the day inside, or one file; absent columns are null."""
    schema = TABLES[table].arrow()
    if not TABLES[table].by_day:
        _write(lake / table / "part-0.parquet", pa.Table.from_pylist(list(rows), schema=schema))
        return
    for day in sorted({row["day"] for row in rows}):
        of_day = pa.Table.from_pylist([row for row in rows if row["day"] == day], schema=schema)
        _write(lake / table / f"day={day}" / "part-0.parquet", of_day.drop_columns(["day", *drop]))


def _write(file: Path, rows: pa.Table) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, file)


def contacts(n: int, day: dt.date = DAY, channel: str = "wechat", hour: int = 12) -> list[dict[str, Any]]:
    """Return `n` contacts of one hour, ids `c0`... with the day."""
    return [
        {
            "day": day,
            "contact_id": f"{day:%m%d}c{i}",
            "source": "demo",
            "kind": "chat",
            "channel": channel,
            "started_at": at(hour, i % 60, day),
            "n_turns": 2,
            "n_customer_turns": 1,
        }
        for i in range(n)
    ]


def turns(of: Sequence[dict[str, Any]], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return one customer turn and one agent turn a contact, texts taken in a circle."""
    return [
        {
            "day": contact["day"],
            "contact_id": contact["contact_id"],
            "turn": turn,
            "speaker": speaker,
            "said_at": contact["started_at"],
            "text": text,
            "text_simplified": text,
        }
        for i, contact in enumerate(of)
        for turn, (speaker, text) in enumerate([("customer", texts[i % len(texts)]), ("agent", "您好，马上为您查询")])
    ]


def moods(of: Sequence[dict[str, Any]], labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the mood of each contact, labels taken in a circle."""
    score = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}
    return [
        {
            "day": contact["day"],
            "contact_id": contact["contact_id"],
            "sentiment_score": score[labels[i % len(labels)]],
            "sentiment_label": labels[i % len(labels)],
        }
        for i, contact in enumerate(of)
    ]
